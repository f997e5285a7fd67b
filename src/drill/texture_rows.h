/*
 * texture_rows: texture_noise for a whole row of places at once.
 *
 * Rows that follow one another share their lattice: its corners are drawn
 * once, and where a place lies between them is worked out once for all rows.
 * Gives what texture_noise gives, up to rounding.
 */
#ifndef STING_DRILL_TEXTURE_ROWS_H
#define STING_DRILL_TEXTURE_ROWS_H

#include "base/base.h"

struct texture_rows {
    int places, corners;
    int *corner;  /* owned, all: left of each place */
    float *share; /* of the corner right of it */
    float *upper, *lower, *between;
    float *value;
    int row; /* of the lattice that `upper` is */
    bool is_fresh;
    uint32_t seed;
};

/* Places 0, step, 2 step ... of each row; step above 0. The caller releases
 * *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status texture_rows_init(struct texture_rows *out,
                                                   float step, int places,
                                                   uint32_t seed);
void texture_rows_release(struct texture_rows *rows);

/* Noise of all places at y, in [-1, 1]; until the next call. */
const float *texture_rows_at(struct texture_rows *rows, float y);

#endif
