/*
 * develop: what a telephone makes of the sensor's numbers: white balance,
 * colours from the filter mosaic, less noise, sharper edges, a tone curve.
 */
#ifndef STING_DRILL_DEVELOP_H
#define STING_DRILL_DEVELOP_H

#include "drill/colour.h"

struct develop {
    float gain[3];    /* white balance and exposure */
    float denoise;    /* 0 none to 1 strong */
    float noise;      /* sd of a raw pixel near white, in units of light */
    float sharpen;    /* share of the high frequencies added again */
    float sharpen_px; /* scale of the sharpening */
};

/* Colours from a mosaic of colour filters. Fails: E_NOMEM.
 * Source: Malvar, He and Cutler, ICASSP 2004 (gradient-corrected linear). */
STING_MUST_USE enum sting_status develop_mosaic(const struct plane_f *raw,
                                                struct colour *out);

/* Each pixel moves by `share` to the mean of those around it that lie within
 * `reach` of it. Fails: E_NOMEM.
 * Source: Lee, Computer Vision, Graphics and Image Processing 24 (1983). */
STING_MUST_USE enum sting_status develop_denoise(struct plane_f *luma,
                                                 float reach, float share);

/* The whole chain; *colour is replaced by sRGB values, 0 to 1.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status develop_picture(const struct develop *develop,
                                                 struct colour *colour);

#endif
