#include "mark/read_edge.h"

#include <math.h>
#include <stdlib.h>

#include "image/filter.h"
#include "image/linear.h"
#include "mark/cell.h"

#define WHITE 255.0
#define EDGE_PX 2    /* beyond the cell, as its reader looks */
#define FEWEST 20    /* samples; fewer tell edges from marks too badly */
#define USUAL 0.3    /* strength, either way: points, and parts of a tone */
#define STRAY_PT 0.3 /* so far from the rest: trusted less */
#define ROUNDS 3

void edges_release(struct edges *edges)
{
    free(edges->unit);
    *edges = (struct edges){0};
}

static double pixel(const struct plane_f *plane, int x, int y)
{
    x = x < 0 ? 0 : x >= plane->width_px ? plane->width_px - 1 : x;
    y = y < 0 ? 0 : y >= plane->height_px ? plane->height_px - 1 : y;
    return (double)plane_f_row(plane, y)[x];
}

/* Sums over the pixels of a cell. */
struct sums {
    double slope, square, pixels;
    double value[EDGE_EFFECTS], product[EDGE_EFFECTS];
};

static void sums_add(struct sums *sums, const struct plane_f *blurred,
                     enum mark_axis axis, int x, int y)
{
    double right = (pixel(blurred, x + 1, y) - pixel(blurred, x - 1, y)) / 2;
    double down = (pixel(blurred, x, y + 1) - pixel(blurred, x, y - 1)) / 2;
    double grey = pixel(blurred, x, y);
    double slope = axis == MARK_CELL_X ? right : down;
    const double value[EDGE_EFFECTS] = {hypot(right, down),
                                        grey * (1 - grey / WHITE)};
    sums->slope += slope;
    sums->square += slope * slope;
    sums->pixels++;
    for (int i = 0; i < EDGE_EFFECTS; i++) {
        sums->value[i] += value[i];
        sums->product[i] += slope * value[i];
    }
}

/* What a change of grey by `value` seems to move the cell by, in pixels: the
 * slope times it over the slope squared, what is the same all over left out. */
static void fill(const struct plane_f *blurred, double px_per_pt,
                 const struct mark_unit *unit, struct edge_pull *out)
{
    struct sums sums = {0};
    int x1 = (int)ceil((double)unit->x1_pt * px_per_pt) + EDGE_PX;
    int y1 = (int)ceil((double)unit->y1_pt * px_per_pt) + EDGE_PX;
    for (int y = (int)floor((double)unit->y0_pt * px_per_pt) - EDGE_PX; y < y1;
         y++) {
        int x = (int)floor((double)unit->x0_pt * px_per_pt) - EDGE_PX;
        for (; x < x1; x++) {
            sums_add(&sums, blurred, (enum mark_axis)unit->axis, x, y);
        }
    }
    for (int i = 0; i < EDGE_EFFECTS && sums.square > 0; i++) {
        double mean = sums.value[i] / sums.pixels;
        out->by[i] = (sums.product[i] - sums.slope * mean) / sums.square;
    }
}

enum sting_status edges_init(struct edges *out, const struct plane *original,
                             double dpi, double blur_px,
                             const struct mark_page *page)
{
    struct plane_f blurred STING_AUTO(plane_f_release) = {0};
    struct edges made STING_AUTO(edges_release) = {0};
    *out = (struct edges){0};
    if (!mark_has_cells(page)) {
        return STING_OK;
    }
    made.unit = calloc(page->units, sizeof *made.unit);
    enum sting_status status =
        made.unit ? plane_to_float(original, &blurred) : STING_E_NOMEM;
    status = status ? status : plane_blur_light(&blurred, WHITE, blur_px);
    if (status) {
        return status;
    }
    for (uint32_t u = 0; u < page->units; u++) {
        if (mark_is_cell(&page->unit[u])) {
            fill(&blurred, dpi / 72, &page->unit[u], &made.unit[u]);
        }
    }
    *out = made;
    made = (struct edges){0};
    return STING_OK;
}

double edges_pulled_pt(const struct edges *edges, uint32_t unit)
{
    double sum = 0;
    for (int i = 0; edges->unit && i < EDGE_EFFECTS; i++) {
        sum += edges->strength[i] * edges->unit[unit].by[i];
    }
    return sum;
}

/* One round of least squares with strays held down. */
static bool improve(struct edges *edges, const struct edge_sample *sample,
                    size_t count)
{
    struct normal_equations normal;
    normal_init(&normal, EDGE_EFFECTS);
    for (size_t i = 0; i < count; i++) {
        double left = sample[i].r_pt - edges_pulled_pt(edges, sample[i].unit);
        double stray = left / STRAY_PT;
        normal_add(&normal, edges->unit[sample[i].unit].by, sample[i].r_pt,
                   1 / (sample[i].variance * (1 + stray * stray)));
    }
    for (int i = 0; i < EDGE_EFFECTS; i++) {
        normal.a[i * EDGE_EFFECTS + i] += 1 / (USUAL * USUAL);
    }
    return normal_solve(&normal, edges->strength) == STING_OK;
}

void edges_fit(struct edges *edges, const struct edge_sample *sample,
               size_t count)
{
    bool is_better = edges->unit && count >= FEWEST;
    for (int round = 0; is_better && round < ROUNDS; round++) {
        is_better = improve(edges, sample, count);
    }
    for (int i = 0; i < EDGE_EFFECTS && !is_better; i++) {
        edges->strength[i] = 0;
    }
}
