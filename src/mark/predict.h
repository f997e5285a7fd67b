/*
 * predict: what a photograph of a page would tell, before it is taken.
 *
 * Draws photographs that show the whole page, a half or a quarter of it, with
 * the noise of a setting, reads them as mark/reading.h judges words, and says
 * how often the copy would be named. The noise is one number for each
 * direction: that which, on every word alike, would tell as much as the
 * words of a real reading did.
 *
 * Source of the settings' noise: tests/bench/predict.py, photographs of the
 * drill read by the real reader; docs/design/predict.md has table and check.
 */
#ifndef STING_MARK_PREDICT_H
#define STING_MARK_PREDICT_H

#include "mark/reading.h"
#include "mark/unit.h"

/* The noise of one reading, or of a setting. */
struct mark_noise {
    double along_pt, across_pt; /* deviations; 0: not measured */
    double seen;                /* share of the units in view measured */
};

/* As a reading has it; `seen` is of the whole page. */
struct mark_noise mark_noise_of(const struct mark_page *page,
                                const struct page_reading *reading);

enum mark_part { MARK_PART_WHOLE, MARK_PART_HALF, MARK_PART_QUARTER };
#define MARK_PARTS 3

/* A setting of the table; NULL past the last. */
struct mark_setting {
    const char *name;  /* "good light" */
    const char *drill; /* as sting drill --setting calls it */
    struct mark_noise noise;
};
const struct mark_setting *mark_setting(size_t index);

struct mark_prediction {
    double log10_lr; /* median */
    double low;      /* one of ten is weaker */
    double named;    /* share that names the copy */
    double lead;     /* share that gives at least a lead */
};

/* `tried` copies times pages are scored. Deterministic. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mark_predict(const struct mark_page *page,
                                              const struct mark_noise *noise,
                                              enum mark_part part, double tried,
                                              struct mark_prediction *out);

/* What nine of ten photographs do at least. */
enum mark_says { MARK_NAMES, MARK_LEADS, MARK_TELLS_NOTHING };
#define MARK_SAYS 3
enum mark_says mark_prediction_says(const struct mark_prediction *prediction);
/* "names the copy", "gives a lead", "tells nothing". */
const char *mark_says_text(enum mark_says says);

#endif
