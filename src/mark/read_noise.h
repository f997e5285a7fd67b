/*
 * read_noise: how noisy the displacements of a page are, and what each of
 * them then says of its unit's bit.
 *
 * Nobody knows the bits, but half of the units went each way: the noise is
 * what makes the displacements seen likeliest. Some units may stand still,
 * as they do in the original or where copies were averaged.
 */
#ifndef STING_MARK_READ_NOISE_H
#define STING_MARK_READ_NOISE_H

#include "base/base.h"

/* One unit's displacement, trend taken out. */
struct residual {
    double r_pt;
    double mark_pt; /* +mark_pt for a one, -mark_pt for a zero */
    double pixels;  /* variance by the pixels' noise, pt^2 */
    double brevity; /* 1 / letters of its word, about; 0: no word */
    double rest_pt; /* where it is when its unit stands still */
    double either;  /* variance by letters that may go either way: read_grid */
};

/* variance = floor^2 + factor * pixels + letter^2 * brevity; `still` of all
 * units did not move. */
struct noise {
    double floor_pt;
    double factor;
    double letter_pt; /* of screens, which put each letter on whole pixels */
    double still;
    double moved; /* log likelihood of "all moved" over "none did" */
};

double noise_variance(const struct noise *noise, double pixels, double brevity);

/* All of it that a residual has. */
double residual_variance(const struct noise *noise,
                         const struct residual *residual);

/* Of a word with a box of this size, its longer side counted in letters of
 * 5 pt. */
double noise_brevity(double width_pt, double height_pt);

/* The likeliest noise when all units moved; and when some may not have. */
struct noise noise_fit(const struct residual *residual, size_t count);
struct noise noise_fit_still(const struct residual *residual, size_t count);

/* How likely r is around `mean`; a few units may be anywhere. */
double noise_density(double away_pt, double variance);

/* log likelihood of a unit that is as likely a one as a zero, so far away from
 * where it would be as either. */
double noise_log_even(double one_away_pt, double one_variance,
                      double zero_away_pt, double zero_variance);

/* log P(r | one) - log P(r | zero). */
double noise_evidence(double r_pt, double mark_pt, double variance,
                      double still);

#endif
