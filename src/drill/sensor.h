/*
 * sensor: from light on the chip to numbers: colour filters, photons, noise.
 *
 * Light 1 is the reference white; there each pixel collects as many photons
 * as give the signal-to-noise ratio asked for, read noise included.
 */
#ifndef STING_DRILL_SENSOR_H
#define STING_DRILL_SENSOR_H

#include "drill/chance.h"
#include "drill/colour.h"

struct sensor {
    double snr;        /* of one pixel at light 1 */
    double read_share; /* of read noise in the variance there, 0 to 1 */
    double bits;       /* of the converter, over light 0 to 1.15 */
};

/* The channel under the colour filter at (x, y): red, green / green, blue. */
int sensor_filter(int x, int y);

/* Expose: one number a pixel, in units of light, with noise and rounding.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status sensor_expose(const struct sensor *sensor,
                                               const struct colour *light,
                                               struct chance *chance,
                                               struct plane_f *out);

#endif
