/*
 * colour: three planes of light, red, green and blue, in linear units.
 */
#ifndef STING_DRILL_COLOUR_H
#define STING_DRILL_COLOUR_H

#include "base/plane.h"

struct colour {
    struct plane_f channel[3];
};

/* Black, of that size; the caller releases it. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status colour_init(struct colour *out, int width_px,
                                             int height_px);
void colour_release(struct colour *colour);

int colour_width(const struct colour *colour);
int colour_height(const struct colour *colour);

/* Turn by quarters, clockwise; put left and right in each other's place.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status colour_turn(struct colour *colour,
                                             int quarters);
void colour_mirror(struct colour *colour);

/* Between 8-bit sRGB and linear light, 0 to 1 (IEC 61966-2-1). */
float colour_linear(uint8_t srgb);
float colour_srgb(float linear);

#endif
