/*
 * read_field: what cells of one page do to each other's displacement.
 *
 * What is drawn in a cell follows the field, which near the cell's edge is as
 * much its neighbours' as its own, and words in it go their own ways. How far
 * each unit of the page moves a cell, as the photograph's reader measures it,
 * is known from the original: the mean of the field over the cell, every
 * pixel weighted by the square of its slope, as Gauss and Newton do. So a
 * cell's own share of its shift is known, and what its neighbours seem to
 * have done can be taken out. No key, no code.
 */
#ifndef STING_MARK_READ_FIELD_H
#define STING_MARK_READ_FIELD_H

#include "base/plane.h"
#include "mark/unit.h"

/* Unit `unit` moves the cell by `part` of its own shift. */
struct field_pull {
    uint32_t unit;
    float part;
};

#define FIELD_MOST_PULLS 16

/* Of one unit: what else moves it. */
struct field_cell {
    double own; /* share of its own shift; of words 1 */
    uint32_t pulls;
    struct field_pull pull[FIELD_MOST_PULLS];
};

struct field_cells {
    struct field_cell
        *cell; /* owned; one a unit; NULL on pages without cells */
};

void field_cells_release(struct field_cells *cells);

/* `original` is the page rendered at `dpi`. The caller releases *out. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status field_cells_init(struct field_cells *out,
                                                  const struct plane *original,
                                                  double dpi,
                                                  const struct mark_page *page);

/* The unit's shift as a reader sees it: all of a word's, the share of a
 * cell's. Points. */
double field_mark_pt(const struct field_cells *cells,
                     const struct mark_page *page, uint32_t unit);

/* How far all others move it when guess[k], from -1 to 1, is which way unit k
 * seems to have gone. Points. */
double field_pulled_pt(const struct field_cells *cells,
                       const struct mark_page *page, const double *guess,
                       uint32_t unit);

#endif
