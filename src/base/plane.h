/*
 * plane: one channel of a picture, the picture type all rooms speak.
 *
 * Origin top left, pixel centres at +0.5, rows `stride` elements apart.
 * Grey is 0 black to 255 white; float planes keep the same scale.
 */
#ifndef STING_BASE_PLANE_H
#define STING_BASE_PLANE_H

#include "base/base.h"

#define PLANE_MOST_PX 65535 /* wider or taller is refused */

struct plane {
    uint8_t *data; /* owned by whoever made it, unless said otherwise */
    int width_px;
    int height_px;
    int stride; /* elements from one row to the next, >= width_px */
};

struct plane_f {
    float *data;
    int width_px;
    int height_px;
    int stride;
};

/* Give a zeroed plane of width x height (each 1 to PLANE_MOST_PX) in *out;
 * the caller releases it. Fails: E_ARG, E_NOMEM; *out kept. */
STING_MUST_USE enum sting_status plane_init(struct plane *out, int width_px,
                                            int height_px);
STING_MUST_USE enum sting_status plane_f_init(struct plane_f *out, int width_px,
                                              int height_px);

/* Free the pixels and make the plane empty. */
void plane_release(struct plane *plane);
void plane_f_release(struct plane_f *plane);

/* Row y, counted from 0; no check. */
static inline uint8_t *plane_row(const struct plane *plane, int y)
{
    return plane->data + (ptrdiff_t)y * plane->stride;
}

static inline float *plane_f_row(const struct plane_f *plane, int y)
{
    return plane->data + (ptrdiff_t)y * plane->stride;
}

#endif
