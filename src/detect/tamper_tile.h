/*
 * tamper_tile: what a piece of the picture says of the view, at one scale. Only
 * detect/ includes this.
 */
#ifndef STING_DETECT_TAMPER_TILE_H
#define STING_DETECT_TAMPER_TILE_H

#include "detect/tamper_view.h"

#define TILE 32       /* cells across */
#define TILE_OWN 0.5F /* correlation of what is in its place */

struct tile {
    double known, now, both; /* sums of squares and products */
    double floor;            /* of noise in `now` */
};

struct tile tile_of(const struct view_scale *scale, int x, int y);

/* Does its structure stand out so many times over the noise? */
bool tile_tells(const struct tile *tile, float times);

/* How much it is as it was, noise apart: a correlation. */
double tile_same(const struct tile *tile);

#endif
