#include "mark/read_field.h"

#include <math.h>
#include <stdlib.h>

#include "mark/cell.h"

#define LEAST_PART 0.02 /* less is not followed */
#define LEAST_OWN 0.2   /* of a cell: it was seen to move by more */
#define SPAN 1          /* pixels each way for slopes */
#define NODES 9         /* a cell's own middle and those around it */

/* Which unit each cell of the page is, by axis; and where words are. */
struct lattice {
    const struct mark_page *page;
    const struct plane *original;
    double px_per_pt;
    float side_pt; /* of a cell */
    int columns, rows;
    uint32_t *at[2]; /* owned; unit + 1, 0: none */
};

static void lattice_release(struct lattice *lattice)
{
    free(lattice->at[0]);
    free(lattice->at[1]);
}

void field_cells_release(struct field_cells *cells)
{
    free(cells->cell);
    *cells = (struct field_cells){0};
}

static int column_of(const struct lattice *l, const struct mark_unit *unit)
{
    return (int)((unit->x0_pt + unit->x1_pt) / 2 / l->side_pt);
}

static int row_of(const struct lattice *l, const struct mark_unit *unit)
{
    return (int)((unit->y0_pt + unit->y1_pt) / 2 / l->side_pt);
}

static uint32_t *place_of(const struct lattice *l, int axis, int column,
                          int row)
{
    bool is_in =
        column >= 0 && row >= 0 && column < l->columns && row < l->rows;
    return is_in ? &l->at[axis][row * l->columns + column] : NULL;
}

static enum sting_status lattice_init(struct lattice *l)
{
    l->side_pt = mark_cell_pt(l->page);
    l->columns = (int)ceilf(l->page->width_pt / l->side_pt);
    l->rows = (int)ceilf(l->page->height_pt / l->side_pt);
    size_t cells = (size_t)l->columns * (size_t)l->rows + 1;
    for (int axis = 0; axis < 2; axis++) {
        l->at[axis] = calloc(cells, sizeof *l->at[axis]);
        if (!l->at[axis]) {
            return STING_E_NOMEM;
        }
    }
    for (uint32_t u = 0; u < l->page->units; u++) {
        const struct mark_unit *unit = &l->page->unit[u];
        if (mark_is_cell(unit)) {
            uint32_t *at = place_of(l, unit->axis == MARK_CELL_Y,
                                    column_of(l, unit), row_of(l, unit));
            if (at) {
                *at = u + 1;
            }
        }
    }
    return STING_OK;
}

static int pixel(const struct plane *plane, int x, int y)
{
    x = x < 0 ? 0 : x >= plane->width_px ? plane->width_px - 1 : x;
    y = y < 0 ? 0 : y >= plane->height_px ? plane->height_px - 1 : y;
    return plane_row(plane, y)[x];
}

/* The slope along the axis, squared. */
static double slope(const struct plane *plane, int axis, int x, int y)
{
    int dx = axis ? 0 : SPAN, dy = axis ? SPAN : 0;
    double rise = pixel(plane, x + dx, y + dy) - pixel(plane, x - dx, y - dy);
    return rise * rise;
}

/* As the field has it (pdf/field.h), of the middles at -1, 0 and 1 cells. */
static void weigh(double at, double weight[3])
{
    double t = at < 0 ? at + 1 : at;
    double s = t * t * (3 - 2 * t);
    weight[0] = at < 0 ? 1 - s : 0;
    weight[1] = at < 0 ? s : 1 - s;
    weight[2] = at < 0 ? 0 : s;
}

/* A word that moves, with what of it lies in the cell. */
struct inside {
    uint32_t unit;
    int x0, y0, x1, y1;
    double sum;
};

#define MOST_INSIDE 7

struct sums {
    double all, node[NODES];
    struct inside word[MOST_INSIDE];
    int words;
};

static bool moves_along(const struct mark_unit *unit, int axis)
{
    return fabsf(axis ? unit->uy : unit->ux) > 0.9F;
}

static void find_words(const struct lattice *l, const struct mark_unit *cell,
                       int axis, struct sums *sums)
{
    for (uint32_t u = 0; u < l->page->units && sums->words < MOST_INSIDE; u++) {
        const struct mark_unit *unit = &l->page->unit[u];
        if (mark_is_cell(unit) || !moves_along(unit, axis) ||
            unit->x1_pt < cell->x0_pt || unit->x0_pt > cell->x1_pt ||
            unit->y1_pt < cell->y0_pt || unit->y0_pt > cell->y1_pt) {
            continue;
        }
        double k = l->px_per_pt;
        sums->word[sums->words++] =
            (struct inside){u,
                            (int)floor((double)unit->x0_pt * k) - SPAN,
                            (int)floor((double)unit->y0_pt * k) - SPAN,
                            (int)ceil((double)unit->x1_pt * k) + SPAN,
                            (int)ceil((double)unit->y1_pt * k) + SPAN,
                            0};
    }
}

static struct inside *word_at(struct sums *sums, int x, int y)
{
    for (int i = 0; i < sums->words; i++) {
        struct inside *w = &sums->word[i];
        if (x >= w->x0 && x < w->x1 && y >= w->y0 && y < w->y1) {
            return w;
        }
    }
    return NULL;
}

static void add_pixel(struct sums *sums, double weight, const double across[3],
                      const double down[3])
{
    for (int i = 0; i < NODES; i++) {
        sums->node[i] += weight * across[i % 3] * down[i / 3];
    }
}

static void sum_cell(const struct lattice *l, const struct mark_unit *cell,
                     int axis, struct sums *sums)
{
    double k = l->px_per_pt;
    int x0 = (int)lround((double)cell->x0_pt * k);
    int y0 = (int)lround((double)cell->y0_pt * k);
    int side = (int)lround((double)l->side_pt * k);
    find_words(l, cell, axis, sums);
    for (int y = y0; y < y0 + side; y++) {
        double across[3], down[3];
        weigh((y - y0 + 0.5) / side - 0.5, down);
        for (int x = x0; x < x0 + side; x++) {
            double weight = slope(l->original, axis, x, y);
            struct inside *word = word_at(sums, x, y);
            sums->all += weight;
            if (word) {
                word->sum += weight;
            } else if (weight > 0) {
                weigh((x - x0 + 0.5) / side - 0.5, across);
                add_pixel(sums, weight, across, down);
            }
        }
    }
}

static void note(struct field_cell *cell, uint32_t unit, double part)
{
    if (fabs(part) >= LEAST_PART && cell->pulls < FIELD_MOST_PULLS) {
        cell->pull[cell->pulls++] = (struct field_pull){unit, (float)part};
    }
}

static void fill_cell(const struct lattice *l, uint32_t u,
                      struct field_cell *out)
{
    const struct mark_unit *unit = &l->page->unit[u];
    int axis = unit->axis == MARK_CELL_Y;
    struct sums sums = {0};
    sum_cell(l, unit, axis, &sums);
    if (!(sums.all > 0)) {
        return;
    }
    out->own = fmax(sums.node[NODES / 2] / sums.all, LEAST_OWN);
    for (int i = 0; i < NODES; i++) {
        const uint32_t *at = place_of(l, axis, column_of(l, unit) + i % 3 - 1,
                                      row_of(l, unit) + i / 3 - 1);
        if (i != NODES / 2 && at && *at) {
            note(out, *at - 1, sums.node[i] / sums.all);
        }
    }
    for (int i = 0; i < sums.words; i++) {
        const struct mark_unit *word = &l->page->unit[sums.word[i].unit];
        double way = (double)(axis ? word->uy : word->ux) > 0 ? 1 : -1;
        note(out, sums.word[i].unit, way * sums.word[i].sum / sums.all);
    }
}

enum sting_status field_cells_init(struct field_cells *out,
                                   const struct plane *original, double dpi,
                                   const struct mark_page *page)
{
    struct lattice lattice STING_AUTO(lattice_release) = {
        .page = page, .original = original, .px_per_pt = dpi / 72};
    *out = (struct field_cells){0};
    if (!mark_has_cells(page)) {
        return STING_OK;
    }
    out->cell = calloc(page->units, sizeof *out->cell);
    if (!out->cell) {
        return STING_E_NOMEM;
    }
    enum sting_status status = lattice_init(&lattice);
    for (uint32_t u = 0; !status && u < page->units; u++) {
        out->cell[u].own = 1;
        if (mark_is_cell(&page->unit[u])) {
            fill_cell(&lattice, u, &out->cell[u]);
        }
    }
    return status;
}

double field_mark_pt(const struct field_cells *cells,
                     const struct mark_page *page, uint32_t unit)
{
    return (double)page->unit[unit].shift_pt *
           (cells->cell ? cells->cell[unit].own : 1);
}

double field_pulled_pt(const struct field_cells *cells,
                       const struct mark_page *page, const double *guess,
                       uint32_t unit)
{
    double sum = 0;
    const struct field_cell *cell = cells->cell ? &cells->cell[unit] : NULL;
    for (uint32_t i = 0; cell && i < cell->pulls; i++) {
        uint32_t k = cell->pull[i].unit;
        sum += (double)cell->pull[i].part * guess[k] *
               (double)page->unit[k].shift_pt;
    }
    return sum;
}
