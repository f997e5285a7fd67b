/*
 * bait_strength: what photographs of a document will tell, in words, before
 * anything is printed.
 */
#ifndef STING_CLI_BAIT_STRENGTH_H
#define STING_CLI_BAIT_STRENGTH_H

#include "mark/predict.h"
#include "operation/baits.h"

#define BAIT_STRENGTH_SETTINGS 4

/* What is predicted for: the settings of mark/predict.h, and after them the
 * printer and telephone that were measured at a hand-over, if any. */
struct bait_strength {
    const struct bait *bait; /* borrowed */
    double tried;            /* copies times pages that a trace will score */
    size_t settings;
    struct mark_setting setting[BAIT_STRENGTH_SETTINGS];
};

void bait_strength_init(struct bait_strength *strength, const struct bait *bait,
                        double copies);
/* Add what was measured; kept when `noise` has none. */
void bait_strength_measured(struct bait_strength *strength,
                            const struct mark_noise *noise);

/* One line a setting: what a full, a half and a quarter page do. For long
 * documents some of the pages with marks stand for all. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_strength_words(
    const struct bait_strength *strength);

/* The same as lines of JSON: bait, setting, is_measured, part, pages, names,
 * leads. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_strength_lines(
    const struct bait_strength *strength, struct buffer *out);

/* All pages as a table, or as JSON: bait, page, setting, part, log10_lr, low,
 * named, says. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_strength_table(
    const struct bait_strength *strength, bool as_json);

#endif
