/*
 * cutout: somebody's picture, cut out, to be laid over a picture of a room.
 */
#ifndef STING_TESTS_CUTOUT_H
#define STING_TESTS_CUTOUT_H

#include "base/base.h"

/* How much of each pixel is covered, and by what (0 to 255 in full light), at
 * a place of the picture. */
struct cutout {
    int left, top, width, height;
    float *cover; /* owned */
    float *level; /* owned */
    size_t room;  /* cells that both have */
};

void cutout_release(struct cutout *cutout);

/* Begin one, nothing covered, where `box` (left, top, right, bottom) lies in a
 * picture of that size: clipped at its edges, so that it never reaches past
 * them; without cells where all of the box lies outside. Fails: E_NOMEM; *out
 * is without cells then. */
STING_MUST_USE enum sting_status cutout_begin(struct cutout *out,
                                              const int box[4], int width_px,
                                              int height_px);

/* Lay `over` on `under`, both of one picture, into `out`, which is neither of
 * them and no larger than both. Where they meet, the one that covers more is
 * seen. Fails as cutout_begin. */
STING_MUST_USE enum sting_status cutout_join(const struct cutout *under,
                                             const struct cutout *over,
                                             struct cutout *out);

/* Lay it on row y of a picture that is `width_px` wide. It may hang over any
 * edge: what does is left out. */
void cutout_put(const struct cutout *cutout, int y, float *row, int width_px);

#endif
