/*
 * read_place: where each unit of a page is to be seen as a one, as a zero, and
 * when it stands still.
 *
 * On paper its shift away to either side; in a cell its own share of that; on
 * a screen that puts letters on whole pixels, where those columns are. There
 * some words are at one place whatever their bit, and others a whole pixel
 * apart.
 */
#ifndef STING_MARK_READ_PLACE_H
#define STING_MARK_READ_PLACE_H

#include "mark/read_columns.h"
#include "mark/read_field.h"
#include "mark/read_trend.h"

/* Displacements along the unit's direction: centre_pt + mark_pt of a one,
 * centre_pt - mark_pt of a zero, centre_pt + rest_pt of neither. */
struct unit_place {
    double centre_pt, mark_pt, rest_pt;
    double either; /* variance by letters that may go either way */
};

struct places {
    struct unit_place *unit;   /* owned; by unit */
    struct trend_point *rest;  /* owned; by word: where it is besides */
    struct grid_words letters; /* owned; whoever knows them puts them here */
    struct grid columns, rows;
    bool has_columns, has_rows;
};

void places_release(struct places *places);

/* Without columns and letters. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status places_init(struct places *out,
                                             const struct mark_page *page,
                                             const struct field_cells *cells,
                                             const struct word_readings *words);

/* Is it a unit of a level line whose letters are known? */
bool place_has_letters(const struct places *places,
                       const struct mark_unit *unit);

/* From here on with these columns or rows, for units whose letters are known.
 */
void places_put(struct places *places, const struct mark_page *page,
                const struct grid *grid);

#endif
