#include "drill/tone.h"

#include <math.h>

static const double most = 4; /* light above is white anyway */

/* Exponential shoulder, gamma 2.2, a lifted black: half-light on a cheap
 * camera is grey, not black. */
void tone_init(struct tone *out, double light)
{
    for (int i = 0; i <= TONE_STEPS; i++) {
        double x = i * most / TONE_STEPS * light;
        double grey = pow(1 - exp(-2.1 * x), 1 / 2.2);
        out->grey[i] = (uint8_t)lround(12 + 241 * grey);
    }
    out->scale = (float)(TONE_STEPS / most);
}

uint8_t tone_map(const struct tone *tone, float light)
{
    float at = light * tone->scale;
    int i = at <= 0 ? 0 : at >= TONE_STEPS ? TONE_STEPS : (int)at;
    return tone->grey[i];
}
