/*
 * light: what of a change is light. Light scales and lifts grey levels and
 * leaves edges where they were; a person covers them.
 */
#ifndef STING_DETECT_LIGHT_H
#define STING_DETECT_LIGHT_H

#include "base/plane.h"

struct light {
    float gain; /* the picture is about gain * scene + lift */
    float lift;
};

/* Fit by least squares, three times, each time over the 60 % of cells that
 * the last fit left smallest. */
struct light light_fit(const struct plane_f *scene,
                       const struct plane_f *picture);

/* Correlation of the fine structure of two grids, over the cells where
 * `where` is not zero (NULL: all): 1 same edges, about 0 covered. The fine
 * structure is what is left after the mean over 5 x 5 cells. *strength is
 * the rms of that of `scene`, in grey levels. */
struct light_edges {
    float correlation;
    float strength;
};
struct light_edges light_edges_compare(const struct plane_f *scene_fine,
                                       const struct plane_f *picture_fine,
                                       const uint8_t *where);

#endif
