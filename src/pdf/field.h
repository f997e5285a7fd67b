/*
 * field: by how much each place of a page is displaced.
 *
 * A lattice of square cells covers the page as displayed, from its top left
 * corner. Each cell's middle is displaced by its own amount; between middles
 * the displacement passes smoothly, never beyond those of the four middles
 * around, so that what is drawn keeps its connections and no place moves
 * further than the largest of them. Beyond the lattice nothing moves.
 */
#ifndef STING_PDF_FIELD_H
#define STING_PDF_FIELD_H

#include "pdf/place.h"

struct pdf_node {
    float x_pt, y_pt; /* displacement on the page: right, down */
};

struct pdf_field {
    double cell_pt; /* side of a cell */
    int columns, rows;
    const struct pdf_node *node; /* borrowed; row after row */
};

/* The displacement at a place of the page, points. */
struct place pdf_field_at(const struct pdf_field *field, double x_pt,
                          double y_pt);

#endif
