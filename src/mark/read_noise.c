#include "mark/read_noise.h"

#include <math.h>

#define STRAY 0.02   /* share of units that are anywhere .. */
#define STRAY_PT 4.0 /* .. in a range of this width */
#define LEAST_NOISE 0.012
#define FLOORS 21 /* up to 1 pt */
#define SURE 8.0  /* log likelihood that units standing still must gain */
#define MOST_STILL                                                             \
    0.5 /* evidence is never less than half of what it may be                  \
         */

/* Log likelihood that letters on whole pixels must gain; on paper it was 9 at
 * most in 60 pictures, off screens 15 and more in most. */
#define LETTERS_SURE 16.0
#define MOST_GRAIN 0.15 /* of the variance that is left, at most */
#define LETTER_WIDTH_PT 5.0

static const double letter_table[] = {0.1, 0.15, 0.2, 0.25, 0.3};
#define LETTERS (sizeof letter_table / sizeof *letter_table)

static const double factor_table[] = {0.1, 0.5, 1, 2, 4};
#define FACTORS (sizeof factor_table / sizeof *factor_table)

double noise_variance(const struct noise *noise, double pixels, double brevity)
{
    return noise->floor_pt * noise->floor_pt + noise->factor * pixels +
           noise->letter_pt * noise->letter_pt * brevity;
}

double residual_variance(const struct noise *noise,
                         const struct residual *residual)
{
    return noise_variance(noise, residual->pixels, residual->brevity) +
           residual->either;
}

double noise_brevity(double width_pt, double height_pt)
{
    double side = fmax(width_pt, height_pt);
    return side > 0 ? LETTER_WIDTH_PT / side : 0;
}

double noise_density(double away_pt, double variance)
{
    double normal =
        exp(-0.5 * away_pt * away_pt / variance) / sqrt(2 * M_PI * variance);
    return (1 - STRAY) * normal + STRAY / STRAY_PT;
}

double noise_log_even(double one_away_pt, double one_variance,
                      double zero_away_pt, double zero_variance)
{
    return log(0.5 * noise_density(one_away_pt, one_variance) +
               0.5 * noise_density(zero_away_pt, zero_variance));
}

/* With a share of units standing still. */
static double likelihood(const struct residual *residual, size_t count,
                         const struct noise *noise)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct residual *r = &residual[i];
        double variance = residual_variance(noise, r);
        double moved = 0;
        double still = 0;
        if (noise->still < 1) {
            moved = 0.5 * noise_density(r->r_pt - r->mark_pt, variance) +
                    0.5 * noise_density(r->r_pt + r->mark_pt, variance);
        }
        if (noise->still > 0) {
            still = noise_density(r->r_pt - r->rest_pt, variance);
        }
        sum += log((1 - noise->still) * moved + noise->still * still);
    }
    return sum;
}

static double floor_of(int step)
{
    return LEAST_NOISE * pow(1.25, step);
}

/* The likeliest of a grid. */
static struct noise fit(const struct residual *residual, size_t count,
                        double still, double *most)
{
    struct noise best = {.floor_pt = 0.2, .factor = 1, .still = still};
    *most = -INFINITY;
    for (int step = 0; step < FLOORS; step++) {
        double floor_pt = floor_of(step);
        for (size_t i = 0; i < FACTORS; i++) {
            struct noise noise = {.floor_pt = floor_pt,
                                  .factor = factor_table[i],
                                  .still = still};
            double now = likelihood(residual, count, &noise);
            if (now > *most) {
                *most = now;
                best = noise;
            }
        }
    }
    return best;
}

/* Of what the pixels' noise does to short words, which letters on whole pixels
 * do too, one could be taken for the other. */
static bool is_grainy(const struct residual *residual, size_t count,
                      const struct noise *noise)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += residual[i].pixels;
    }
    return sum > MOST_GRAIN * (double)count * noise->floor_pt * noise->floor_pt;
}

/* With letters on whole pixels of a screen, where that is clearly likelier:
 * of few letters the mean is off by more. */
static struct noise fit_letters(const struct residual *residual, size_t count,
                                const struct noise *without)
{
    struct noise best = *without;
    if (is_grainy(residual, count, without)) {
        return best;
    }
    double most = likelihood(residual, count, without) + LETTERS_SURE;
    for (int step = 0; step < FLOORS; step++) {
        for (size_t i = 0; i < LETTERS; i++) {
            struct noise noise = *without;
            noise.floor_pt = floor_of(step);
            noise.letter_pt = letter_table[i];
            double now = likelihood(residual, count, &noise);
            if (now > most) {
                most = now;
                best = noise;
            }
        }
    }
    return best;
}

struct noise noise_fit(const struct residual *residual, size_t count)
{
    double most;
    struct noise noise = fit(residual, count, 0, &most);
    return fit_letters(residual, count, &noise);
}

struct noise noise_fit_still(const struct residual *residual, size_t count)
{
    static const double still_table[] = {0.25, 0.5, 0.75, 1};
    double all_moved;
    double none = 0;
    struct noise best = fit(residual, count, 0, &all_moved);
    double most = all_moved + SURE;
    for (size_t i = 0; i < sizeof still_table / sizeof *still_table; i++) {
        struct noise noise = fit(residual, count, still_table[i], &none);
        if (none > most) {
            most = none;
            best = noise;
        }
    }
    best.moved = all_moved - none; /* the last fit is of none moved */
    return fit_letters(residual, count, &best);
}

double noise_evidence(double r_pt, double mark_pt, double variance,
                      double still)
{
    double share = fmin(still, MOST_STILL);
    double at_rest = share > 0 ? share * noise_density(r_pt, variance) : 0;
    double one = (1 - share) * noise_density(r_pt - mark_pt, variance);
    double zero = (1 - share) * noise_density(r_pt + mark_pt, variance);
    return log(one + at_rest) - log(zero + at_rest);
}
