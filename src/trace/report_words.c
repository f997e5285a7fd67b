#include "trace/report_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"

/* A number as its digits, raised. */
static void raised_text(double number, char text[REPORT_TEXT_SIZE])
{
    static const char *const digit[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
        "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
        "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char plain[32];
    size_t used = 0;
    snprintf(plain, sizeof plain, "%.0f", number);
    text[0] = '\0';
    for (const char *c = plain; *c && used + 4 < REPORT_TEXT_SIZE; c++) {
        const char *part =
            *c >= '0' && *c <= '9' ? digit[*c - '0'] : "\xe2\x81\xbb";
        used +=
            (size_t)snprintf(text + used, REPORT_TEXT_SIZE - used, "%s", part);
    }
}

/* 10 to a power in digits: "1,000,000" up to that, then raised. */
const char *report_power(double exponent, char text[REPORT_TEXT_SIZE])
{
    double whole = floor(exponent);
    if (whole >= 0 && whole <= 2) {
        snprintf(text, REPORT_TEXT_SIZE, "%.0f", pow(10, whole));
    } else if (whole > 2 && whole <= 5) {
        snprintf(text, REPORT_TEXT_SIZE, "%.0f,000", pow(10, whole - 3));
    } else if (whole == 6) {
        snprintf(text, REPORT_TEXT_SIZE, "1,000,000");
    } else {
        char raised[REPORT_TEXT_SIZE];
        raised_text(whole, raised);
        snprintf(text, REPORT_TEXT_SIZE, "10%.200s", raised);
    }
    return text;
}

/* ENFSI's words for a likelihood ratio. */
const char *report_support(double log10_lr)
{
    static const struct {
        double least;
        const char *word;
    } scale[] = {{6, "extremely strong"},  {4, "very strong"}, {3, "strong"},
                 {2, "moderately strong"}, {1, "moderate"},    {0.3, "weak"}};
    for (size_t i = 0; i < sizeof scale / sizeof *scale; i++) {
        if (log10_lr >= scale[i].least) {
            return scale[i].word;
        }
    }
    return "no";
}

/* "IMG_1.jpg", "scan.pdf, sheet 2", "clip.mp4 at 3.2 s" */
void report_source(const struct trace_picture *picture,
                   char text[REPORT_TEXT_SIZE])
{
    int size =
        snprintf(text, REPORT_TEXT_SIZE, "%.200s", file_base(picture->name));
    if (picture->at_us >= 0) {
        snprintf(text + size, REPORT_TEXT_SIZE - (size_t)size, " at %.1f s",
                 (double)picture->at_us / 1e6);
    } else if (picture->file.sheets > 1) {
        snprintf(text + size, REPORT_TEXT_SIZE - (size_t)size, ", sheet %d",
                 picture->sheet + 1);
    }
}

void report_alike(const struct trace_picture *picture,
                  const struct trace_finding *finding, struct document *d)
{
    size_t others = 0, silent = 0;
    for (size_t i = 0; i < picture->scored; i++) {
        const struct trace_finding *other = &picture->finding[i];
        if (other != finding && other->spot == finding->spot) {
            others++;
            silent += other->score.units == 0;
        }
    }
    if (others > 0 || finding->left > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Other registered pages that look the same: %zu. Each "
                      "was measured against its own record and is counted in "
                      "what was tried; on %zu of them no mark could be "
                      "measured. More that may look the same and were not "
                      "measured: %zu.",
                      others, silent, finding->left);
    }
}

static void swaps_tell(const struct handover_list *list, uint32_t copy,
                       const struct library *names, struct document *d)
{
    char words[HANDOVER_SWAP_SIZE];
    for (size_t i = 0; i < list->swaps; i++) {
        const struct handover_swap *swap = &list->swap[i];
        if (swap->shows == copy) {
            document_text(
                d, DOCUMENT_PLAIN,
                "This speaks for the holder of copy %u: %s. The copies may "
                "have been swapped when they were handed over.",
                copy,
                handover_swap_words(
                    swap, names ? library_holder(names, swap->given_for) : NULL,
                    words));
        }
    }
}

void report_handover(const struct handover_list *list, uint32_t copy,
                     const struct library *names, struct document *d)
{
    static const char *const known[] = {
        [HANDOVER_NONE] = "Nothing in the ledger shows that it reached them.",
        [HANDOVER_CLAIMED] = "Somebody of the operation says so.",
        [HANDOVER_RECEIPT] = "A receipt is sealed there.",
        [HANDOVER_VERIFIED] =
            "A photograph, given as of the hand-over, names it.",
    };
    char words[HANDOVER_TEXT_SIZE];
    const struct handover is = handover_find(list, copy);
    document_text(d, DOCUMENT_PLAIN, "Hand-over of copy %u: %s. %s", copy,
                  handover_words(&is, words), known[is.state]);
    if (is.traced_utc_us > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "That photograph was given only after a trace had named "
                      "copy %u. It shows who had it then, or a picture of it, "
                      "and not who had it before.",
                      copy);
    }
    if (is.refused > 0) {
        document_text(d, DOCUMENT_PLAIN,
                      "Photographs given as of its hand-over that named "
                      "another copy: %u.",
                      is.refused);
    }
    swaps_tell(list, copy, names, d);
}

void report_handovers(const struct trace_run *run,
                      const struct trace_finding *finding, struct document *d)
{
    for (size_t i = 0; i < finding->names; i++) {
        report_handover(&run->library->handover, finding->name[i].copy,
                        run->library, d);
    }
}

void report_presence(const struct trace_picture *picture, struct document *d)
{
    static const char *const part[PRESENCE_SIZES] = {"half", "a quarter",
                                                     "an eighth"};
    const struct presence *presence = &picture->presence;
    char source[REPORT_TEXT_SIZE];
    char found[REPORT_TEXT_SIZE] = "";
    report_source(picture, source);
    for (size_t i = 0; i < presence->sizes; i++) {
        size_t used = strlen(found);
        snprintf(found + used, sizeof found - used, "%s%zu that filled %s",
                 i ? ", " : "", presence->size[i].found, part[i]);
    }
    document_text(d, DOCUMENT_PLAIN,
                  "In the picture %s no page of this operation's documents was "
                  "found. To know whether one would have been, pages of ours "
                  "were put into that very picture, as dark, as blurred and as "
                  "grainy as it is, %zu of each size. Found were: %s of its "
                  "width or height.",
                  source, presence->put, found);
}

void report_about(int64_t made_us, char text[REPORT_TEXT_SIZE])
{
    char when[CLOCK_TEXT_SIZE];
    (void)clock_text(made_us, when);
    snprintf(text, REPORT_TEXT_SIZE, "Examined on %.10s at %.5s UTC, sting %s",
             when, when + 11, STING_VERSION);
}

/* Odds as "1 to x" or "x to 1". */
static void odds_text(double log10_odds, char out[2 * REPORT_TEXT_SIZE])
{
    char power[REPORT_TEXT_SIZE];
    bool is_for = log10_odds >= 0;
    (void)report_power(is_for ? log10_odds : ceil(-log10_odds), power);
    snprintf(out, 2 * REPORT_TEXT_SIZE, is_for ? "%s to 1" : "1 to %s", power);
}

void report_posterior(size_t copies, double log10_lr, struct document *d)
{
    static const char *const head[] = {"Held before, for other reasons",
                                       "Odds before", "Odds after"};
    static const double share[] = {4.4, -2, -2};
    char each[REPORT_TEXT_SIZE];
    size_t others = copies > 2 ? copies - 1 : 1;
    snprintf(each, sizeof each, "each of the %zu copies is as likely", copies);
    const struct {
        const char *told;
        double log10_odds;
    } prior[] = {{"as likely as not", 0},
                 {each, -log10((double)others)},
                 {"one chance in a thousand", -3},
                 {"one chance in a million", -6},
                 {"one chance in a thousand million", -9}};
    document_table(d, 3, head, share);
    for (size_t i = 0; i < sizeof prior / sizeof *prior; i++) {
        char before[2 * REPORT_TEXT_SIZE], after[2 * REPORT_TEXT_SIZE];
        char power[REPORT_TEXT_SIZE];
        odds_text(prior[i].log10_odds + log10_lr, after);
        if (i == 1) {
            snprintf(before, sizeof before, "1 to %zu", others);
        } else {
            snprintf(before, sizeof before, "1 to %s",
                     report_power(-prior[i].log10_odds, power));
        }
        const char *cell[] = {prior[i].told, before, after};
        document_row(d, cell);
    }
}
