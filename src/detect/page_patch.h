/*
 * page_patch: the part of the picture around a zone, at most PATCH_MOST
 * pixels long. Only detect/ includes this.
 */
#ifndef STING_DETECT_PAGE_PATCH_H
#define STING_DETECT_PAGE_PATCH_H

#include "detect/detector.h"

#define PATCH_MOST 480
#define PATCH_LEAST 24 /* a smaller zone shows no page */

struct patch_place {
    int x0, y0, x1, y1; /* in the picture, end excluded */
    int width, height;  /* of the patch */
};

/* The zone's box and a fifth of it on each side, as far as the picture goes;
 * false when that is too small to see a page in. */
bool patch_place(const struct detect_zone *zone, int width_px, int height_px,
                 struct patch_place *out);

/* Fill a plane of the place's size by means of pixels. */
void patch_cut(const struct patch_place *place, const struct plane *picture,
               struct plane_f *out);

/* What print and edges are at the distance of a room: smoothed over 3 pixels
 * less smoothed over 13. `flat` gets the first. `sum` as of grid_mean. */
void patch_fine(const struct plane_f *patch, double *sum, struct plane_f *flat,
                struct plane_f *fine);

/* The middle value; reorders. 0 of nothing. */
float median_of(float *value, int count);

#endif
