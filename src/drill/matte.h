/*
 * matte: what is laid over a picture: how much of each pixel it covers, and
 * with what, in the values of a video (luma, and two colour differences).
 */
#ifndef STING_DRILL_MATTE_H
#define STING_DRILL_MATTE_H

#include "base/base.h"

struct matte_pixel {
    float cover;   /* 0 to 1 */
    float luma;    /* 0 to 255, as is `colour`, of which grey is 128 */
    float tint[2]; /* added to grey: blue and red difference */
};

struct matte {
    int left, top, width, height; /* in the picture; may lie outside of it */
    struct matte_pixel *pixel;    /* owned */
    size_t room;                  /* pixels that there is memory for */
};

void matte_release(struct matte *matte);

/* Begin one of that place and size, nothing covered. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status matte_begin(struct matte *matte, int left,
                                             int top, int width, int height);

/* The pixel at that place of the picture; NULL where the matte does not reach
 * or nothing is covered. */
const struct matte_pixel *matte_at(const struct matte *matte, int x, int y);

/* How many pixels are covered, in a picture of that size. */
double matte_area(const struct matte *matte, int width_px, int height_px);

#endif
