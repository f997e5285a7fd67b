/*
 * read_columns: does a photograph show a screen that puts letters on whole
 * pixels, and where are its columns?
 *
 * Nobody says how a page was enlarged or where on the screen it stood: the
 * words of the page tell it together. Paper, and viewers that put letters
 * anywhere, show no columns. No key, no code.
 *
 * Source: a periodogram of places that are not evenly spaced (Lomb 1976)
 * names candidates; likelihood decides.
 */
#ifndef STING_MARK_READ_COLUMNS_H
#define STING_MARK_READ_COLUMNS_H

#include "mark/read_grid.h"
#include "mark/read_noise.h"

/* A unit on a level line as it was read, and which way it seems to have gone.
 */
struct column_unit {
    size_t word;
    double right; /* 1: a one moves right; -1: left */
    struct residual residual;
    double guess; /* -1 to 1 */
};

/* What the columns are found from. */
struct column_view {
    const struct grid_words *words; /* borrowed, both */
    const struct column_unit *unit;
    size_t units;
    struct noise noise; /* without columns */
};

/* The columns that make the displacements clearly likelier than letters that
 * stand anywhere, or on whole pixels unknown. *is_found: whether there are any.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status columns_find(const struct column_view *view,
                                              struct grid *out, bool *is_found);

/* Place known columns more exactly. */
void columns_sharpen(const struct column_view *view, struct grid *grid);

#endif
