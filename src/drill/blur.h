/*
 * blur: what a lens and a moving hand do to a plane.
 */
#ifndef STING_DRILL_BLUR_H
#define STING_DRILL_BLUR_H

#include "base/plane.h"

/* Convolve with a Gaussian of that standard deviation; edges repeat. A
 * sigma below 0.05 px changes nothing. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status blur_gauss(struct plane_f *plane,
                                            float sigma_px);

/* Average along a straight way of (dx, dy) px, centred. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status blur_motion(struct plane_f *plane, float dx_px,
                                             float dy_px);

#endif
