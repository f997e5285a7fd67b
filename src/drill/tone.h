/*
 * tone: from light to grey values, as a camera exposes and displays it.
 */
#ifndef STING_DRILL_TONE_H
#define STING_DRILL_TONE_H

#include "base/base.h"

enum { TONE_STEPS = 8192 };

struct tone {
    uint8_t grey[TONE_STEPS + 1]; /* by the root of the light, up to 2 */
    float scale;
};

void tone_init(struct tone *out, double light);

uint8_t tone_map(const struct tone *tone, float light);

#endif
