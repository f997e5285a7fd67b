#include "mark/predict.h"

#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "mark/cell.h"
#include "mark/code.h"
#include "mark/strength.h"

#define DRAWS 40
#define MOST_VIEWS 40
#define FEW_UNITS 40.0
#define STRAY 0.02 /* as mark/read_noise.c has it */
#define STRAY_PT 4.0
#define AMONG 0.75 /* of a cell's shift: deviation of what is around it */
#define MOST 0.9   /* what is told of nine of ten photographs */

static const struct mark_setting table[] = {
    {"good light", "room", {0.037, 0.057, 0.90}},
    {"half-light", "half-light", {0.047, 0.053, 0.90}},
    {"garage", "garage", {0.082, 0.082, 0.90}},
};

const struct mark_setting *mark_setting(size_t index)
{
    return index < sizeof table / sizeof *table ? &table[index] : NULL;
}

/* Cells count with what goes the same way. */
static bool is_along(const struct mark_unit *unit)
{
    return unit->axis == MARK_ALONG || unit->axis == MARK_CELL_X;
}

/* What the camera's noise is multiplied by: few slopes stand against it. */
static double faintness(const struct mark_unit *unit)
{
    return exp2(fmax(unit->faint / MARK_FAINT_OCTAVE - MARK_FULL_OCTAVES, 0));
}

/* In a cell its neighbours, and words that stay or go their own ways, have as
 * much of a say as the camera's noise, in any light. */
static double noise_among(const struct mark_unit *unit, double noise)
{
    return mark_is_cell(unit) ? hypot(noise, AMONG * mark_unit_shift_pt(unit))
                              : noise;
}

/* What the camera had in it. */
static double noise_alone(const struct mark_unit *unit, double noise)
{
    double among = AMONG * mark_unit_shift_pt(unit);
    return mark_is_cell(unit)
               ? sqrt(fmax(noise * noise - among * among, noise * noise / 4))
               : noise;
}

/* Shifts squared, as they are and over the noise's square. */
struct told {
    double power, told;
};

static double noise_of(const struct told told[2], int axis)
{
    return told[axis].told > 0 ? sqrt(told[axis].power / told[axis].told) : 0;
}

/* The noise that would tell as much: the sum of (shift / noise)^2 stays. Where
 * words were read, by theirs: a cell's holds more than the camera's, and that
 * is more of what is faint. */
struct mark_noise mark_noise_of(const struct mark_page *page,
                                const struct page_reading *reading)
{
    struct told words[2] = {{0}}, cells[2] = {{0}};
    for (uint32_t u = 0; u < page->units; u++) {
        const struct mark_unit *unit = &page->unit[u];
        double noise = noise_alone(unit, (double)reading->unit[u].noise_pt) /
                       faintness(unit);
        double shift = mark_unit_shift_pt(unit);
        if (!(noise > 0)) {
            continue;
        }
        struct told *at = mark_is_cell(unit) ? cells : words;
        at += !is_along(unit);
        at->power += shift * shift;
        at->told += shift * shift / (noise * noise);
    }
    return (struct mark_noise){
        words[0].told > 0 ? noise_of(words, 0) : noise_of(cells, 0),
        words[1].told > 0 ? noise_of(words, 1) : noise_of(cells, 1),
        page->units ? (double)reading->seen / page->units : 0};
}

/* One photograph under way. */
struct draw {
    const struct mark_page *page;
    const struct mark_noise *noise;
    struct seeded *seeded;
    double x0, y0, x1, y1; /* in view */
    double fewness;        /* what the noise is multiplied by */
    double *a;
    uint8_t *threshold, *bit;
};

static void view_draw(struct draw *draw, enum mark_part part)
{
    double w = (double)draw->page->width_pt, h = (double)draw->page->height_pt;
    bool lower = seeded_unit(draw->seeded) < 0.5;
    bool right = seeded_unit(draw->seeded) < 0.5;
    draw->x0 = draw->y0 = 0;
    draw->x1 = w;
    draw->y1 = h;
    if (part != MARK_PART_WHOLE) {
        draw->y0 = lower ? h / 2 : 0;
        draw->y1 = lower ? h : h / 2;
    }
    if (part == MARK_PART_QUARTER) {
        draw->x0 = right ? w / 2 : 0;
        draw->x1 = right ? w : w / 2;
    }
}

static bool is_in_view(const struct draw *draw, const struct mark_unit *unit)
{
    return (double)unit->x0_pt >= draw->x0 && (double)unit->x1_pt <= draw->x1 &&
           (double)unit->y0_pt >= draw->y0 && (double)unit->y1_pt <= draw->y1;
}

/* Few words give no trend to measure against: the noise grows. */
static double fewness_of(uint32_t units)
{
    double few = FEW_UNITS / fmax(units, 1);
    return 1 + few * few;
}

/* Nobody photographs an empty corner: the view shows at least half as much
 * as a part of its size has on average. */
static void view_choose(struct draw *draw, enum mark_part part)
{
    static const uint32_t parts[MARK_PARTS] = {1, 2, 4};
    for (int i = 0; i < MOST_VIEWS; i++) {
        uint32_t units = 0;
        view_draw(draw, part);
        for (uint32_t u = 0; u < draw->page->units; u++) {
            units += is_in_view(draw, &draw->page->unit[u]);
        }
        draw->fewness = fewness_of(units);
        if (units * 2 * parts[part] >= draw->page->units) {
            return;
        }
    }
}

static double density(double away, double variance)
{
    return (1 - STRAY) * exp(-0.5 * away * away / variance) /
               sqrt(2 * M_PI * variance) +
           STRAY / STRAY_PT;
}

static double step_of_g(void)
{
    double p = MARK_THRESHOLD_LOW / 256.0;
    return sqrt((1 - p) / p) + sqrt(p / (1 - p));
}

/* Code and evidence of one unit. */
static void unit_draw(struct draw *draw, uint32_t u)
{
    const struct mark_unit *unit = &draw->page->unit[u];
    double noise = draw->fewness * (is_along(unit) ? draw->noise->along_pt
                                                   : draw->noise->across_pt);
    bool is_high = seeded_unit(draw->seeded) < 0.5;
    draw->threshold[u] = is_high ? MARK_THRESHOLD_HIGH : MARK_THRESHOLD_LOW;
    draw->bit[u] = seeded_next(draw->seeded) >> 56 < draw->threshold[u];
    draw->a[u] = 0;
    if (!is_in_view(draw, unit) || !(noise > 0) ||
        seeded_unit(draw->seeded) >= draw->noise->seen) {
        return;
    }
    double shift = mark_unit_shift_pt(unit);
    noise = noise_among(unit, noise * faintness(unit));
    double r =
        (draw->bit[u] ? shift : -shift) + noise * seeded_normal(draw->seeded);
    draw->a[u] = (log(density(r - shift, noise * noise)) -
                  log(density(r + shift, noise * noise))) /
                 step_of_g();
}

static double photograph(struct draw *draw, enum mark_part part)
{
    struct strength strength;
    view_choose(draw, part);
    for (uint32_t u = 0; u < draw->page->units; u++) {
        unit_draw(draw, u);
    }
    strength_init(&strength);
    strength_add(&strength, draw->a, draw->threshold, draw->page->units);
    return strength_log10_lr(
        &strength,
        strength_sum(draw->a, draw->threshold, draw->bit, draw->page->units));
}

static int order(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void summarise(double lr[DRAWS], double tried,
                      struct mark_prediction *out)
{
    *out = (struct mark_prediction){0};
    for (int i = 0; i < DRAWS; i++) {
        double chance = strength_log10_false(lr[i], tried, 1);
        out->named += (chance <= STRENGTH_ATTRIBUTED) / (double)DRAWS;
        out->lead += (chance <= STRENGTH_LEAD) / (double)DRAWS;
    }
    qsort(lr, DRAWS, sizeof *lr, order);
    out->log10_lr = 0.5 * (lr[DRAWS / 2 - 1] + lr[DRAWS / 2]);
    out->low = lr[DRAWS / 10];
}

enum sting_status mark_predict(const struct mark_page *page,
                               const struct mark_noise *noise,
                               enum mark_part part, double tried,
                               struct mark_prediction *out)
{
    double lr[DRAWS];
    struct seeded seeded = {page->units * 4U + part};
    size_t room = (size_t)page->units + 1;
    struct draw draw = {.page = page,
                        .noise = noise,
                        .seeded = &seeded,
                        .a = calloc(room, sizeof *draw.a),
                        .threshold = calloc(room, 1),
                        .bit = calloc(room, 1)};
    enum sting_status status = STING_E_NOMEM;
    if (draw.a && draw.threshold && draw.bit) {
        for (int i = 0; i < DRAWS; i++) {
            lr[i] = photograph(&draw, part);
        }
        summarise(lr, tried, out);
        status = STING_OK;
    }
    free(draw.a);
    free(draw.threshold);
    free(draw.bit);
    return status;
}

enum mark_says mark_prediction_says(const struct mark_prediction *prediction)
{
    return prediction->named >= MOST  ? MARK_NAMES
           : prediction->lead >= MOST ? MARK_LEADS
                                      : MARK_TELLS_NOTHING;
}

const char *mark_says_text(enum mark_says says)
{
    static const char *const text[MARK_SAYS] = {
        "names the copy", "gives a lead", "tells nothing"};
    return text[says];
}
