/*
 * light: what of a change is light. Light scales and lifts grey levels and
 * leaves edges where they were; a person covers them.
 */
#ifndef STING_DETECT_LIGHT_H
#define STING_DETECT_LIGHT_H

#include <stdbool.h>

#include "base/plane.h"

#define LIGHT_BURNT                                                            \
    232.0f /* grey levels: above it, more light shows little                   \
            */

struct light {
    float gain; /* the picture is about gain * scene + lift */
    float lift;
};

/* Fit by least squares, three times, each time over the 60 % of cells that
 * the last fit left smallest; burnt cells say nothing of the light. */
struct light light_fit(const struct plane_f *scene,
                       const struct plane_f *picture);

/* What is left of the light when gain and lift have been taken away, since a
 * lamp that swings or fades leans over the picture: a further gain and lift,
 * and the share by which it is lighter to the right and further down, each
 * from one edge to the other. `rest` is what was left of the picture; least
 * squares over cells that stay under `bound` grey levels. */
struct lean {
    float gain, lift, right, down;
};
struct lean light_lean(const struct plane_f *scene, const struct plane_f *rest,
                       float bound);

/* Correlation of the fine structure of two grids, over the cells where
 * `where` is not zero (NULL: all): 1 same edges, about 0 covered. The fine
 * structure is what is left after the mean over 5 x 5 cells. `strength` is
 * the rms of that of `scene`, in grey levels; `gain` how many times it is there
 * in the picture. */
struct light_edges {
    float correlation;
    float strength;
    float gain;
};
struct light_edges light_edges_compare(const struct plane_f *scene_fine,
                                       const struct plane_f *picture_fine,
                                       const uint8_t *where);

/* The light by the texture of blocks in view, where the rest of it is hidden:
 * what hides much of a scene, and is as bright as some light would leave it,
 * has a fit over all cells follow it. False: too little texture, or all of it
 * is there, more here and less there, as under an uneven light. Else
 * in_view[] becomes 1 at each cell of a block in view. */
bool light_fit_edges(const struct plane_f *scene, const struct plane_f *picture,
                     const struct plane_f *scene_fine,
                     const struct plane_f *picture_fine, struct light *out,
                     uint8_t *in_view);

#endif
