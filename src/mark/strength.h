/*
 * strength: how strongly a page in a photograph speaks for one copy.
 *
 * With a_i from photograph and original only and S = sum a_i g(c_i),
 * g(1) = sqrt((1 - p) / p), g(0) = -sqrt(p / (1 - p)), p = threshold / 256:
 *   K(l) = sum log E[exp(l a_i g)] under the biases,
 *   LR   = mean over l in {0.25, 0.5 ... 2} of exp(l S - K(l)).
 * For a code that is independent of the photograph each exp(l S - K(l)) has
 * mean 1, so LR has mean 1 and P(LR >= x) <= 1 / x by Markov's inequality,
 * whatever the camera did and however the a_i came about.
 * Everything is in logarithms: LR goes far beyond what a double holds.
 *
 * Source: docs/design/strength.md; Ville 1939 for the bound.
 */
#ifndef STING_MARK_STRENGTH_H
#define STING_MARK_STRENGTH_H

#include "base/base.h"

#define STRENGTH_TILTS 8
#define STRENGTH_TILT 0.25 /* l = 0.25, 0.5 ... 2 */

/* The pages of one finding, ready to score any number of codes. */
struct strength {
    double k[STRENGTH_TILTS]; /* K(l), natural logarithms */
    uint32_t units;           /* with a_i other than 0 */
};

/* g of a code bit under a threshold of 1 to 255. */
double strength_g(uint8_t threshold, uint8_t bit);

/* No units yet. */
void strength_init(struct strength *strength);

/* Count one page's units in. Who judges several pages as one adds them to one
 * strength and their sums S to one S; ratios are never multiplied. */
void strength_add(struct strength *strength, const double *a,
                  const uint8_t *threshold, uint32_t units);

/* S of one code on one page. */
double strength_sum(const double *a, const uint8_t *threshold,
                    const uint8_t *bit, uint32_t units);

/* log10 of LR for a code of sum S. */
double strength_log10_lr(const struct strength *strength, double sum);

/* log10 of the chance that a run as this one names a copy wrongly: `tried`
 * scores in this run, the run being the run-th (from 1) on its question.
 * The factors 1 / (k (k + 1)) of all runs sum to 1. */
double strength_log10_false(double log10_lr, double tried, uint32_t run);

#define STRENGTH_ATTRIBUTED (-6.0) /* log10_false at most */
#define STRENGTH_LEAD (-3.0)

#endif
