#include "cli/bait_desk.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#define MOST_GROWTH 0.02 /* of a file; more shows beside another copy */

void bait_desk_release(struct bait_desk *desk)
{
    picture_worker_free(&desk->worker);
    operation_keys_wipe(&desk->keys);
    operation_close(&desk->operation);
}

enum sting_status bait_desk_open(struct bait_desk *desk, const char *path,
                                 unsigned which, const struct access *access,
                                 struct fault *fault)
{
    enum sting_status status = operation_open(path, &desk->operation, fault);
    if (status || !which) {
        return status;
    }
    return access_open(desk->operation, which, access, &desk->keys, fault);
}

static struct json *unmarkable(const struct bait *bait)
{
    struct json *list = json_new_array();
    for (int p = 0; p < bait->pages; p++) {
        if (bait->page[p].units == 0) {
            json_add_integer(list, NULL, p + 1);
        }
    }
    return list;
}

/* By enum mark_page_state. */
static const char *const why[MARK_PAGE_STATES] = {
    "",
    "it is blank",
    "it has too few words",
    "too little of its picture can be displaced",
    ("its words are of a kind that stays: "
     "slanted, hidden, in formulas "
     "or drawn more than once"),
    ("a picture on it has more samples than can "
     "be displaced, 256 million")};

const char *bait_page_why(const struct mark_page *page)
{
    return page->state < MARK_PAGE_STATES ? why[page->state] : "";
}

static struct json *unmarkable_why(const struct bait *bait)
{
    struct json *list = json_new_array();
    for (int p = 0; p < bait->pages; p++) {
        if (bait->page[p].units == 0) {
            struct json *one = json_new_object();
            json_add_integer(one, "page", p + 1);
            json_add_text(one, "why", bait_page_why(&bait->page[p]));
            json_add_child(list, NULL, &one);
        }
    }
    return list;
}

void bait_print_unmarkable(const struct bait *bait)
{
    for (int p = 0; p < bait->pages; p++) {
        if (bait->page[p].units == 0) {
            printf("  page %d carries no mark: %s\n", p + 1,
                   bait_page_why(&bait->page[p]));
        }
    }
}

void bait_print_line(const struct json *json)
{
    struct buffer line STING_AUTO(buffer_release) = {0};
    if (json_line(json, &line) == STING_OK) {
        fputs(buffer_text(&line), stdout);
        fflush(stdout);
    }
}

static uint32_t bait_units(const struct bait *bait, double *max_shift_pt)
{
    uint32_t units = 0;
    float most = 0;
    for (int p = 0; p < bait->pages; p++) {
        units += bait->page[p].units;
        for (uint32_t u = 0; u < bait->page[p].units; u++) {
            float shift = bait->page[p].unit[u].shift_pt;
            most = shift > most ? shift : most;
        }
    }
    *max_shift_pt = (double)most;
    return units;
}

static void print_budget(const struct picture_budget *budget, uint32_t units)
{
    if (budget->left_out > 0) {
        printf("  %lld more would make copies outgrow the original and are "
               "not used.\n",
               (long long)budget->left_out);
    }
    if (budget->growth > MOST_GROWTH) {
        printf("  Its copies are still about %.1f %% larger than the original: "
               "with fewer than\n  these %u units a photograph would tell too "
               "little. Who compares sizes will see.\n",
               100 * budget->growth, units);
    }
}

void bait_add_pages(struct json *json, const struct bait *bait)
{
    double most = 0;
    uint32_t units = bait_units(bait, &most);
    struct json *list STING_AUTO(json_free) = unmarkable(bait);
    json_add_integer(json, "pages", bait->pages);
    json_add_integer(json, "units", units);
    json_add_number(json, "max_shift_pt", most);
    json_add_child(json, "unmarkable_pages", &list);
    struct json *reason STING_AUTO(json_free) = unmarkable_why(bait);
    json_add_child(json, "unmarkable", &reason);
}

void bait_print_added(const struct bait *bait,
                      const struct picture_budget *budget, bool as_json)
{
    double most = 0;
    char sha256[DIGEST_TEXT_SIZE];
    uint32_t units = bait_units(bait, &most);
    if (!as_json) {
        printf("Bait \"%s\": %d pages, %u units, none moves more than "
               "%.2f pt.\n",
               bait->name, bait->pages, units, most);
        if (budget) {
            print_budget(budget, units);
        }
        bait_print_unmarkable(bait);
        return;
    }
    struct json *json STING_AUTO(json_free) = json_new_object();
    json_add_text(json, "bait", bait->name);
    bait_add_pages(json, bait);
    json_add_text(json, "sha256", digest_text(bait->original, sha256));
    if (budget) {
        json_add_number(json, "growth", budget->growth);
        json_add_integer(json, "units_left_out", budget->left_out);
    }
    bait_print_line(json);
}
