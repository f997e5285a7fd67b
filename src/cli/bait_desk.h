/*
 * bait_desk: what all `sting bait` commands have open, and how they tell of a
 * document.
 */
#ifndef STING_CLI_BAIT_DESK_H
#define STING_CLI_BAIT_DESK_H

#include "bait/bait.h"
#include "base/json.h"
#include "operation/access.h"

struct bait_desk {
    struct operation *operation;
    struct operation_keys keys;
    struct picture_worker *worker; /* NULL until it is needed */
};

void bait_desk_release(struct bait_desk *desk);

/* Open the operation, and its keys named in `which` (operation.h) as access
 * says; 0 and NULL for none. Fails: E_ARG a mistake in operation.yaml, as
 * opening and unlocking. */
STING_MUST_USE enum sting_status bait_desk_open(struct bait_desk *desk,
                                                const char *path,
                                                unsigned which,
                                                const struct access *access,
                                                struct fault *fault);

/* One JSON object on stdout, at once. */
void bait_print_line(const struct json *json);

/* Add what a document and its copies have in common: pages, units,
 * max_shift_pt, unmarkable_pages. */
void bait_add_pages(struct json *json, const struct bait *bait);

/* Why a page carries no mark, in words; "" when it carries one. */
const char *bait_page_why(const struct mark_page *page);

/* A line for each page that carries no mark, and why. */
void bait_print_unmarkable(const struct bait *bait);

/* A document; `budget` is NULL long after it was added. */
void bait_print_added(const struct bait *bait,
                      const struct picture_budget *budget, bool as_json);

#endif
