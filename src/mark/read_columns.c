#include "mark/read_columns.h"

#include <math.h>
#include <stdlib.h>

#define FINEST_PT 0.3 /* between columns: 240 an inch .. */
#define COARSEST_PT 1.25
#define FEWEST_UNITS 24
#define SURE 25.0     /* log likelihood that columns must gain */
#define CANDIDATES 24 /* of the periodogram */
#define FINE_STEPS 4  /* of its steps, each way */
#define FINE_PHASES 3 /* of PHASE, each way */
#define PHASE 0.04
#define LEAST_PHASE 0.0005
#define SPAN_STEPS 4.0 /* steps for each turn more over the page's width */

static const double floor_table[] = {0.025, 0.04, 0.065, 0.1};
#define FLOORS (sizeof floor_table / sizeof *floor_table)

/* Columns by how many there are in a point, their phase where the letters have
 * their middle: so one can be changed without the other. */
struct comb {
    double frequency, phase;
};

static double middle_of(const struct grid_words *words)
{
    double sum = 0;
    for (size_t i = 0; i < words->letters; i++) {
        sum += words->letter[i].x_pt;
    }
    return words->letters ? sum / (double)words->letters : 0;
}

static double width_of(const struct grid_words *words)
{
    double low = INFINITY;
    double high = -INFINITY;
    for (size_t i = 0; i < words->letters; i++) {
        low = fmin(low, words->letter[i].x_pt);
        high = fmax(high, words->letter[i].x_pt);
    }
    return fmax(high - low, 1);
}

static struct grid grid_of(const struct comb *comb, double middle_pt)
{
    double phase = comb->phase - comb->frequency * middle_pt;
    return (struct grid){1 / comb->frequency, phase - floor(phase),
                         GRID_COLUMNS, GRID_EITHER_PT};
}

static void unit_weigh(const struct column_view *view, size_t i,
                       const struct grid *grid, double sum[FLOORS])
{
    const struct column_unit *unit = &view->unit[i];
    const struct residual *r = &unit->residual;
    double moved = unit->right * r->mark_pt;
    struct grid_put one = grid_put(grid, view->words, unit->word, moved);
    struct grid_put zero = grid_put(grid, view->words, unit->word, -moved);
    double at = r->r_pt * unit->right;
    for (size_t f = 0; f < FLOORS; f++) {
        double variance =
            floor_table[f] * floor_table[f] + view->noise.factor * r->pixels;
        sum[f] +=
            noise_log_even(at - moved - one.by_pt, variance + one.variance,
                           at + moved - zero.by_pt, variance + zero.variance);
    }
}

/* log likelihood with columns, by the likeliest floor. */
static double likelihood(const struct column_view *view,
                         const struct grid *grid)
{
    double sum[FLOORS] = {0};
    double most = -INFINITY;
    for (size_t i = 0; i < view->units; i++) {
        unit_weigh(view, i, grid, sum);
    }
    for (size_t f = 0; f < FLOORS; f++) {
        most = fmax(most, sum[f]);
    }
    return most;
}

/* Where a copy has its words, and where a mean of two copies or three has
 * them, in marks. */
static const struct {
    size_t places;
    double at[4];
} mixture[] = {{2, {-1, 1}}, {3, {-1, 0, 1}}, {4, {-1, -1. / 3, 1. / 3, 1}}};
#define MIXTURES (sizeof mixture / sizeof *mixture)

/* log likelihood of a unit that is at one of the places, each as likely. */
static double log_mixed(const struct residual *r, size_t m, double variance)
{
    double sum = 0;
    for (size_t i = 0; i < mixture[m].places; i++) {
        sum += noise_density(r->r_pt - mixture[m].at[i] * r->mark_pt, variance);
    }
    return log(sum / (double)mixture[m].places);
}

static double likelihood_mixed(const struct column_view *view, size_t m,
                               double floor_pt)
{
    double sum = 0;
    for (size_t i = 0; i < view->units; i++) {
        const struct residual *r = &view->unit[i].residual;
        sum += log_mixed(r, m,
                         floor_pt * floor_pt + view->noise.factor * r->pixels);
    }
    return sum;
}

/* log likelihood without columns, be it a mixture. */
static double likelihood_without(const struct column_view *view)
{
    double most = 0;
    for (size_t i = 0; i < view->units; i++) {
        const struct residual *r = &view->unit[i].residual;
        most += log_mixed(r, 0, residual_variance(&view->noise, r));
    }
    for (size_t m = 0; m < MIXTURES; m++) {
        for (size_t f = 0; f < FLOORS; f++) {
            most = fmax(most, likelihood_mixed(view, m, floor_table[f]));
        }
    }
    return most;
}

struct wave {
    double re, im;
};

/* A letter's part of the periodogram, and how it turns from one frequency to
 * the next. */
struct turner {
    struct wave at, by;
};

static struct wave wave_of(double length, double angle)
{
    return (struct wave){length * cos(angle), length * sin(angle)};
}

static struct wave wave_turned(struct wave wave, struct wave by)
{
    return (struct wave){wave.re * by.re - wave.im * by.im,
                         wave.re * by.im + wave.im * by.re};
}

struct peak {
    double power;
    struct comb comb;
};

/* Keep it in place of its neighbour, or of the weakest, if it is stronger. */
static void peak_keep(struct peak kept[CANDIDATES], const struct peak *peak,
                      double apart)
{
    int at = 0;
    for (int i = 1; i < CANDIDATES; i++) {
        at = kept[i].power < kept[at].power ? i : at;
    }
    for (int i = 0; i < CANDIDATES; i++) {
        bool is_near =
            fabs(kept[i].comb.frequency - peak->comb.frequency) < apart;
        at = is_near ? i : at;
    }
    if (peak->power > kept[at].power) {
        kept[at] = *peak;
    }
}

/* Where the copy seems to have meant the unit to be, to the right. */
static double meant_pt(const struct column_unit *unit)
{
    return unit->right * unit->residual.mark_pt * (unit->guess < 0 ? -1 : 1);
}

/* How far the unit is beside that. */
static double beside_pt(const struct column_unit *unit)
{
    return unit->residual.r_pt * unit->right - meant_pt(unit);
}

/* Of all units, by how sure is where they were meant to be: typewriter text has
 * a period of its own, in which what all have in common would be a wave. */
static double beside_mean_pt(const struct column_view *view)
{
    double sum = 0;
    double weight = 0;
    for (size_t i = 0; i < view->units; i++) {
        sum += fabs(view->unit[i].guess) * beside_pt(&view->unit[i]);
        weight += fabs(view->unit[i].guess);
    }
    return weight > 0 ? sum / weight : 0;
}

/* One turner for each letter of each unit. */
static void turners_fill(const struct column_view *view, double middle_pt,
                         double step, struct turner *out)
{
    for (size_t i = 0; i < view->units; i++) {
        const struct column_unit *unit = &view->unit[i];
        const struct grid_word *w = &view->words->word[unit->word];
        double meant = meant_pt(unit);
        for (size_t k = 0; k < w->letters; k++) {
            const struct grid_letter *letter =
                &view->words->letter[w->first + k];
            double turn = 2 * M_PI * (letter->x_pt + meant - middle_pt);
            *out++ = (struct turner){wave_of(letter->share, turn / COARSEST_PT),
                                     wave_of(1, turn * step)};
        }
    }
}

static struct wave turners_sum(struct turner *turner, size_t turners)
{
    struct wave sum = {0, 0};
    for (size_t i = 0; i < turners; i++) {
        sum.re += turner[i].at.re;
        sum.im += turner[i].at.im;
        turner[i].at = wave_turned(turner[i].at, turner[i].by);
    }
    return sum;
}

/* The wave that displacements have in common at one frequency, over what
 * chance would give: at the period of typewriter text, where letters of a word
 * add up, that is more. What letters on columns do to a place is, at the
 * columns' frequency, a wave that begins a quarter of a turn behind: the sum's
 * angle tells their phase. */
static struct peak peak_at(const struct column_view *view, double frequency,
                           struct turner *turner)
{
    double mean = beside_mean_pt(view);
    struct wave sum = {0, 0};
    double chance = 0;
    for (size_t i = 0; i < view->units; i++) {
        const struct column_unit *unit = &view->unit[i];
        size_t letters = view->words->word[unit->word].letters;
        double weight = fabs(unit->guess) * (beside_pt(unit) - mean);
        struct wave own = turners_sum(turner, letters);
        turner += letters;
        sum.re += weight * own.re;
        sum.im += weight * own.im;
        chance += weight * weight * (own.re * own.re + own.im * own.im);
    }
    double angle = atan2(sum.im, sum.re);
    return (struct peak){chance > 0 ? hypot(sum.re, sum.im) / sqrt(chance) : 0,
                         {frequency, -(angle + M_PI / 2) / (2 * M_PI)}};
}

static size_t letters_of(const struct column_view *view)
{
    size_t letters = 0;
    for (size_t i = 0; i < view->units; i++) {
        letters += view->words->word[view->unit[i].word].letters;
    }
    return letters;
}

static enum sting_status peaks_find(const struct column_view *view,
                                    double middle_pt, double step,
                                    struct peak kept[CANDIDATES])
{
    struct turner *turner = calloc(letters_of(view) + 1, sizeof *turner);
    if (!turner) {
        return STING_E_NOMEM;
    }
    turners_fill(view, middle_pt, step, turner);
    double f = 1 / COARSEST_PT;
    while (f < 1 / FINEST_PT) {
        struct peak peak = peak_at(view, f, turner);
        peak_keep(kept, &peak, 3 * step);
        f += step;
    }
    free(turner);
    return STING_OK;
}

/* The likeliest of some around; gives how likely. */
static double comb_refine(const struct column_view *view, double middle_pt,
                          double step, double phase_step, struct comb *comb)
{
    struct comb about = *comb;
    double most = -INFINITY;
    for (int i = -FINE_STEPS; i <= FINE_STEPS; i++) {
        for (int k = -FINE_PHASES; k <= FINE_PHASES; k++) {
            struct comb now = {about.frequency + i * step / FINE_STEPS,
                               about.phase + k * phase_step};
            struct grid grid = grid_of(&now, middle_pt);
            double likely = likelihood(view, &grid);
            if (likely > most) {
                most = likely;
                *comb = now;
            }
        }
    }
    return most;
}

void columns_sharpen(const struct column_view *view, struct grid *grid)
{
    double middle_pt = middle_of(view->words);
    double step = 1 / (SPAN_STEPS * width_of(view->words));
    struct comb comb = {1 / grid->pitch_pt,
                        grid->phase + middle_pt / grid->pitch_pt};
    double phase = PHASE / 2;
    while (phase > LEAST_PHASE) {
        step /= 2;
        (void)comb_refine(view, middle_pt, step, phase, &comb);
        phase /= 2;
    }
    *grid = grid_of(&comb, middle_pt);
}

enum sting_status columns_find(const struct column_view *view, struct grid *out,
                               bool *is_found)
{
    struct peak kept[CANDIDATES] = {0};
    double middle_pt = middle_of(view->words);
    double step = 1 / (SPAN_STEPS * width_of(view->words));
    double most = likelihood_without(view) + SURE;
    *is_found = false;
    if (view->units < FEWEST_UNITS) {
        return STING_OK;
    }
    enum sting_status status = peaks_find(view, middle_pt, step, kept);
    for (int i = 0; !status && i < CANDIDATES; i++) {
        struct comb comb = kept[i].comb;
        double likely = kept[i].power > 0
                            ? comb_refine(view, middle_pt, step, PHASE, &comb)
                            : -INFINITY;
        if (likely > most) {
            most = likely;
            *out = grid_of(&comb, middle_pt);
            *is_found = true;
        }
    }
    if (*is_found) {
        columns_sharpen(view, out);
    }
    return status;
}
