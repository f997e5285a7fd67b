/*
 * tamper_blur: is the lens out of focus? What is broad is in its place, and
 * what was fine is gone. Only detect/ includes this.
 *
 * Tile by tile where fine structure stands out over the noise, in any light.
 * Where noise hides it in a tile, as at night, all that is known of the fine
 * structure is laid over all of the picture at once, and over each quarter: a
 * hundred times fainter things show so; only while it is about as light as it
 * was, since a coder drops what is fine and faint.
 */
#ifndef STING_DETECT_TAMPER_BLUR_H
#define STING_DETECT_TAMPER_BLUR_H

#include "detect/tamper_tile.h"

#define BLUR_QUARTERS 4

struct blur_sum {
    double known, both, floor; /* of the fine scale */
    int tiles;
};

/* Zero-initialise for each look. */
struct blur {
    int tiles, blurred; /* where fine structure would show */
    int telling;        /* where broad structure does, .. */
    int places;         /* .. and is in its place */
    double broad_known, broad_both;
    struct blur_sum quarter[BLUR_QUARTERS];
};

/* A tile at all scales, in that quarter of the picture; -1: with a page. */
void blur_add(struct blur *blur, const struct tile tile[VIEW_SCALES],
              int quarter);

/* Of so many tiles that tell of the view; it was learned in so many looks. */
bool blur_judge(const struct blur *blur, int telling, int looks);

#endif
