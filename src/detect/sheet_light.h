/*
 * sheet_light: paper and table in a patch, and how the light falls off over it.
 * Only detect/ includes this.
 *
 * Two kinds of pixels (Otsu 1979), parted anew after each step of the light's
 * slope.
 */
#ifndef STING_DETECT_SHEET_LIGHT_H
#define STING_DETECT_SHEET_LIGHT_H

#include "base/plane.h"

#define SHEET_BLACK 16.0F /* what a camera gives for no light */

/* Grey levels over black, where the light is 1. */
struct sheet_light {
    float paper, table;
    float across, down; /* the light is 1 + across * x + down * y, x and y
                           -1 to 1 over the patch */
};

/* Learn light and levels from a smoothed patch in which a sheet lies. */
void sheet_light_learn(const struct plane_f *flat, struct sheet_light *out);

/* Of the light at a pixel. */
float sheet_light_at(const struct sheet_light *light,
                     const struct plane_f *flat, int x, int y);

#endif
