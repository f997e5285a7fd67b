#include "cli/bait_strength.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/bait_desk.h"

#define MOST_LOOKED_AT 12 /* pages, for words */

static const char *const part_name[MARK_PARTS] = {"full", "half", "quarter"};

void bait_strength_init(struct bait_strength *strength, const struct bait *bait,
                        double copies)
{
    *strength = (struct bait_strength){.bait = bait,
                                       .tried = fmax(copies, 1) * bait->pages};
    const struct mark_setting *setting = NULL;
    while (strength->settings < BAIT_STRENGTH_SETTINGS - 1 &&
           (setting = mark_setting(strength->settings))) {
        strength->setting[strength->settings++] = *setting;
    }
}

void bait_strength_measured(struct bait_strength *strength,
                            const struct mark_noise *noise)
{
    if (noise->along_pt > 0 && strength->settings < BAIT_STRENGTH_SETTINGS) {
        strength->setting[strength->settings++] =
            (struct mark_setting){"as at the hand-over", "", *noise};
    }
}

/* Of so many pages with marks one is looked at. */
static int step_of(const struct bait *bait)
{
    int marked = 0;
    for (int p = 0; p < bait->pages; p++) {
        marked += bait->page[p].units > 0;
    }
    return (marked + MOST_LOOKED_AT - 1) / MOST_LOOKED_AT;
}

/* How many pages do what, for one setting and part. */
static enum sting_status tally_fill(const struct bait_strength *strength,
                                    const struct mark_noise *noise,
                                    enum mark_part part, int step,
                                    int tally[MARK_SAYS])
{
    const struct bait *bait = strength->bait;
    enum sting_status status = STING_OK;
    int marked = 0;
    for (int p = 0; !status && p < bait->pages; p++) {
        struct mark_prediction is;
        if (bait->page[p].units == 0 || marked++ % step != 0) {
            continue;
        }
        status =
            mark_predict(&bait->page[p], noise, part, strength->tried, &is);
        if (!status) {
            tally[mark_prediction_says(&is)]++;
        }
    }
    return status;
}

static void tally_print(const char *part, const int tally[MARK_SAYS])
{
    int all = tally[0] + tally[1] + tally[2];
    printf("%s page ", part);
    if (all == 0) {
        printf("tells nothing: no page carries a mark");
        return;
    }
    for (int says = 0; says < MARK_SAYS; says++) {
        if (tally[says] == all) {
            printf("%s", mark_says_text((enum mark_says)says));
            return;
        }
    }
    printf("names it on %d of %d pages, gives a lead on %d", tally[MARK_NAMES],
           all, tally[MARK_LEADS]);
}

enum sting_status bait_strength_words(const struct bait_strength *strength)
{
    const struct bait *bait = strength->bait;
    int step = step_of(bait);
    enum sting_status status = STING_OK;
    puts("What a photograph of a copy will tell:");
    for (size_t s = 0; !status && s < strength->settings; s++) {
        const struct mark_setting *setting = &strength->setting[s];
        printf("  %s: ", setting->name);
        for (int part = 0; !status && part < MARK_PARTS; part++) {
            int tally[MARK_SAYS] = {0};
            status = tally_fill(strength, &setting->noise, (enum mark_part)part,
                                step, tally);
            printf("%s", part ? "; a " : "a ");
            tally_print(part_name[part], tally);
        }
        puts("");
    }
    if (step > 1) {
        printf("  (of the pages with marks, one in %d was looked at; all: "
               "sting bait strength)\n",
               step);
    }
    return status;
}

static enum sting_status part_line(const struct bait_strength *strength,
                                   size_t setting, int part, struct buffer *out)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    int tally[MARK_SAYS] = {0};
    int all = 0;
    int step = step_of(strength->bait);
    enum sting_status status =
        tally_fill(strength, &strength->setting[setting].noise,
                   (enum mark_part)part, step, tally);
    for (int says = 0; says < MARK_SAYS; says++) {
        all += tally[says];
    }
    json_add_text(json, "bait", strength->bait->name);
    json_add_text(json, "setting", strength->setting[setting].name);
    json_add_bool(json, "is_measured", !strength->setting[setting].drill[0]);
    json_add_text(json, "part", part_name[part]);
    json_add_integer(json, "pages", all);
    json_add_integer(json, "names", tally[MARK_NAMES]);
    json_add_integer(json, "leads", tally[MARK_LEADS]);
    return status ? status : json_line(json, out);
}

enum sting_status bait_strength_lines(const struct bait_strength *strength,
                                      struct buffer *out)
{
    enum sting_status status = STING_OK;
    for (size_t s = 0; !status && s < strength->settings; s++) {
        for (int part = 0; !status && part < MARK_PARTS; part++) {
            status = part_line(strength, s, part, out);
        }
    }
    return status;
}

static void json_print(const struct bait_strength *strength, int page,
                       const struct mark_setting *setting, int part,
                       const struct mark_prediction *is)
{
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "bait", strength->bait->name);
    json_add_integer(json, "page", page + 1);
    json_add_integer(json, "units", strength->bait->page[page].units);
    json_add_text(json, "setting", setting->name);
    json_add_text(json, "part", part_name[part]);
    json_add_number(json, "log10_lr", round(is->log10_lr * 100) / 100);
    json_add_number(json, "low", round(is->low * 100) / 100);
    json_add_number(json, "named", round(is->named * 1000) / 1000);
    json_add_text(json, "says", mark_says_text(mark_prediction_says(is)));
    bait_print_line(json);
}

/* What all parts of a page give in one setting. */
static enum sting_status setting_print(const struct bait_strength *strength,
                                       int page,
                                       const struct mark_setting *setting,
                                       bool as_json)
{
    enum sting_status status = STING_OK;
    const struct mark_page *units = &strength->bait->page[page];
    for (int part = 0; !status && part < MARK_PARTS; part++) {
        struct mark_prediction is;
        status = mark_predict(units, &setting->noise, (enum mark_part)part,
                              strength->tried, &is);
        if (!status && as_json) {
            json_print(strength, page, setting, part, &is);
        } else if (!status) {
            printf("%s%5.0f%c", part ? "" : "  ", is.log10_lr,
                   " ?-"[mark_prediction_says(&is)]);
        }
    }
    return status;
}

static enum sting_status page_print(const struct bait_strength *strength,
                                    int page, bool as_json)
{
    enum sting_status status = STING_OK;
    if (!as_json) {
        printf("%6d %6u", page + 1, strength->bait->page[page].units);
    }
    for (size_t s = 0; !status && s < strength->settings; s++) {
        status = setting_print(strength, page, &strength->setting[s], as_json);
    }
    if (!as_json) {
        puts("");
    }
    return status;
}

static void heading_print(const struct bait_strength *strength)
{
    printf("  page  units");
    for (size_t s = 0; s < strength->settings; s++) {
        printf("  %-18.18s", strength->setting[s].name);
    }
    printf("\n             ");
    for (size_t s = 0; s < strength->settings; s++) {
        printf("   full  half  qrtr");
    }
    puts("");
}

static void unmarked_print(const struct bait_strength *strength, int page,
                           bool as_json)
{
    const char *why = bait_page_why(&strength->bait->page[page]);
    if (!as_json) {
        printf("%6d      -  carries no mark: %s\n", page + 1, why);
        return;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "bait", strength->bait->name);
    json_add_integer(json, "page", page + 1);
    json_add_integer(json, "units", 0);
    json_add_text(json, "why", why);
    bait_print_line(json);
}

enum sting_status bait_strength_table(const struct bait_strength *strength,
                                      bool as_json)
{
    enum sting_status status = STING_OK;
    if (!as_json) {
        heading_print(strength);
    }
    for (int p = 0; !status && p < strength->bait->pages; p++) {
        const struct mark_page *page = &strength->bait->page[p];
        if (page->units > 0) {
            status = page_print(strength, p, as_json);
        } else {
            unmarked_print(strength, p, as_json);
        }
    }
    if (!as_json && !status) {
        printf("log10 of the likelihood ratio, median; naming a copy takes "
               "%.1f. ? gives a lead,\n- tells nothing, at least once in ten "
               "photographs.\n",
               6 + log10(2 * strength->tried));
    }
    return status;
}
