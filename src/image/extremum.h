/*
 * extremum: blobs, light or dark, found where a scale space changes most.
 *
 * Source: Lowe, IJCV 60 (2004), sections 3.1 and 4: extrema of differences
 * of blurs in place and scale, refined by a parabola, weak ones and edges
 * left out.
 */
#ifndef STING_IMAGE_EXTREMUM_H
#define STING_IMAGE_EXTREMUM_H

#include "image/scale_space.h"

struct extremum {
    float x, y;     /* in pixels of its octave, centres at +0.5 */
    float level;    /* in its octave */
    float contrast; /* of the blob, grey levels, 0 or more */
    int octave;
};

struct extremum_list {
    struct extremum *extremum; /* owned */
    size_t count;
    size_t capacity;
};

/* All extrema of at least that contrast and at most that ratio of
 * curvatures. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status extremum_find(const struct scale_space *space,
                                               double contrast, double edge,
                                               struct extremum_list *out);
void extremum_list_release(struct extremum_list *list);

#endif
