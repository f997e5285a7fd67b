#include "mark/read_trend.h"

#include <math.h>

#include "image/linear.h"

#define NEAR_PT 40.0
#define MOST_REACHES 4.0   /* words beyond weigh nothing */
#define LINE_PT 60.0       /* along its own line */
#define OTHER_LINE 0.03    /* weight of other lines for what is across */
#define ENOUGH 10.0        /* neighbours, by weight: else look twice as far */
#define RIDGE 0.025        /* holds slopes down where neighbours lie in a row */
#define STRAY_PT 0.45      /* displaced so far from the rest: trusted less */
#define BASE_VARIANCE 0.01 /* pt^2: what all words have besides pixel noise */

/* What one word says about the trend at another place. */
struct witness {
    double x, y;  /* away, in units of the reach */
    double moved; /* along the direction asked about, points */
    double weight;
};

static double centre(float low, float high)
{
    return 0.5 * ((double)low + (double)high);
}

static bool is_far(const struct word_reading *word,
                   const struct mark_unit *unit, double reach)
{
    double most = 2 * MOST_REACHES * reach; /* both sums are of two edges */
    double x = (double)(word->x0_pt + word->x1_pt - unit->x0_pt - unit->x1_pt);
    double y = (double)(word->y0_pt + word->y1_pt - unit->y0_pt - unit->y1_pt);
    return x * x + y * y > most * most;
}

static struct witness witness_of(const struct word_readings *words,
                                 const struct trend_point *expected, size_t i,
                                 const struct mark_unit *unit, double reach)
{
    const struct word_reading *word = &words->word[i];
    double ux = (double)unit->ux;
    double uy = (double)unit->uy;
    struct witness w = {
        (centre(word->x0_pt, word->x1_pt) - centre(unit->x0_pt, unit->x1_pt)) /
            reach,
        (centre(word->y0_pt, word->y1_pt) - centre(unit->y0_pt, unit->y1_pt)) /
            reach,
        (word->x_pt - expected[i].x) * ux + (word->y_pt - expected[i].y) * uy,
        0};
    double variance = word->var_x * ux * ux + word->var_y * uy * uy;
    w.weight = exp(-0.5 * (w.x * w.x + w.y * w.y)) / (variance + BASE_VARIANCE);
    if (unit->axis == MARK_ACROSS && word->line != unit->line) {
        w.weight *= OTHER_LINE;
    }
    return w;
}

/* The value at the place itself of a weighted linear fit; `about` is a
 * first guess that strays are judged by. Gives the effective number of
 * witnesses in *witnesses. */
static bool trend_fit(const struct word_readings *words,
                      const struct trend_point *expected,
                      const struct mark_unit *unit, double reach, double *about,
                      double *witnesses)
{
    struct normal_equations normal;
    double sum = 0;
    double square = 0;
    double x[3];
    normal_init(&normal, 3);
    for (size_t i = 0; i < words->words; i++) {
        if (i == unit->word || !words->word[i].is_seen ||
            is_far(&words->word[i], unit, reach)) {
            continue;
        }
        struct witness w = witness_of(words, expected, i, unit, reach);
        double stray = (w.moved - *about) / STRAY_PT;
        const double row[3] = {1, w.x, w.y};
        w.weight /= 1 + stray * stray;
        if (w.weight < 1e-9) {
            continue;
        }
        normal_add(&normal, row, w.moved, w.weight);
        sum += w.weight;
        square += w.weight * w.weight;
    }
    normal.a[4] += RIDGE * sum;
    normal.a[8] += RIDGE * sum;
    if (!(sum > 0) || normal_solve(&normal, x)) {
        return false;
    }
    *about = x[0];
    *witnesses = sum * sum / square;
    return true;
}

double trend_residual(const struct word_readings *words,
                      const struct trend_point *expected,
                      const struct mark_unit *unit)
{
    const struct word_reading *word = &words->word[unit->word];
    double reach = unit->axis == MARK_ACROSS ? LINE_PT : NEAR_PT;
    double trend = 0;
    double witnesses = 0;
    bool is_found = trend_fit(words, expected, unit, reach, &trend, &witnesses);
    if (!is_found || witnesses < ENOUGH) {
        reach *= 2;
        is_found = trend_fit(words, expected, unit, reach, &trend, &witnesses);
    }
    if (is_found) {
        trend_fit(words, expected, unit, reach, &trend, &witnesses);
    }
    return word->x_pt * (double)unit->ux + word->y_pt * (double)unit->uy -
           trend;
}
