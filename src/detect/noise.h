/*
 * noise: how much a cell of some brightness trembles while nothing happens.
 *
 * Measured as the median deviation from the known scene in each of 32 steps
 * of brightness, so that a person, who covers few cells, does not count.
 */
#ifndef STING_DETECT_NOISE_H
#define STING_DETECT_NOISE_H

#include "base/plane.h"

#define NOISE_STEPS 32

struct noise {
    float sigma[NOISE_STEPS]; /* grey levels, of a cell's mean */
    bool known;
};

/* Learn from deviations at the brightness of `scene`; `rate` 0 to 1. */
void noise_learn(struct noise *noise, const struct plane_f *scene,
                 const struct plane_f *deviation, float rate);

/* Change noise as another one changed. */
void noise_scale(struct noise *noise, const struct noise *before,
                 const struct noise *after);

/* Noise at this brightness. */
float noise_at(const struct noise *noise, float brightness);

#endif
