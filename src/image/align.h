/*
 * align: by how much is this piece of the photograph displaced against the
 * same piece of the original? To hundredths of a pixel.
 *
 * Gauss-Newton on displacement, contrast, brightness and a slope of light,
 * which is held small, together. Source: Lucas and Kanade 1981; Baker and
 * Matthews, IJCV 56 (2004), with the gain and bias of section 4 there.
 */
#ifndef STING_IMAGE_ALIGN_H
#define STING_IMAGE_ALIGN_H

#include "base/plane.h"

/* The original, blurred as the photograph is. */
struct align_reference {
    struct plane_f value; /* owned */
};

/* Blur a copy of `plane`. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status align_reference_init(
    struct align_reference *out, const struct plane_f *plane, double blur_px);
void align_reference_release(struct align_reference *reference);

/* Pixels x0 to x1 - 1 and y0 to y1 - 1. */
struct box {
    int x0, y0, x1, y1;
};

struct alignment {
    double x, y;         /* the photograph's displacement, pixels */
    double gain;         /* its contrast against the original's */
    double var_x, var_y; /* of x and y, were the pixels' noise white */
    double residual;     /* mean squared, grey levels */
    double fit;          /* share of the photograph's variance explained */
};

/* Align the box, beginning at (out->x, out->y), in at most `rounds`.
 * False when the box has nothing to hold on to or the search ran away
 * (more than `reach_px` from where it began). */
bool align_box(const struct align_reference *reference,
               const struct plane_f *photo, struct box box, int rounds,
               double reach_px, struct alignment *out);

#endif
