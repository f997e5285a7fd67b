#include "detect/noise.h"

#include <math.h>
#include <string.h>

#define BINS 512
#define BINS_A_LEVEL 16.0f /* deviations up to 32 grey levels */
#define FEWEST_CELLS 60
#define SMALLEST 0.2f /* below this, rounding to whole levels dominates */

static int step_of(float brightness)
{
    int step = (int)(brightness * (NOISE_STEPS / 256.0f));
    return step < 0 ? 0 : step >= NOISE_STEPS ? NOISE_STEPS - 1 : step;
}

float noise_at(const struct noise *noise, float brightness)
{
    return noise->sigma[step_of(brightness)];
}

static float median_of(const uint32_t *bin, uint32_t count)
{
    uint32_t seen = 0;
    for (int i = 0; i < BINS; i++) {
        seen += bin[i];
        if (2 * seen >= count) {
            return ((float)i + 0.5f) / BINS_A_LEVEL;
        }
    }
    return BINS / BINS_A_LEVEL;
}

/* Steps with too few cells take over from their nearest neighbour. */
static void gaps_fill(struct noise *noise, const bool *has)
{
    for (int i = 0; i < NOISE_STEPS; i++) {
        for (int d = 1; !has[i] && d < NOISE_STEPS; d++) {
            int low = i - d, high = i + d;
            if (low >= 0 && has[low]) {
                noise->sigma[i] = noise->sigma[low];
                break;
            }
            if (high < NOISE_STEPS && has[high]) {
                noise->sigma[i] = noise->sigma[high];
                break;
            }
        }
    }
}

void noise_learn(struct noise *noise, const struct plane_f *scene,
                 const struct plane_f *deviation, float rate)
{
    static _Thread_local uint32_t bin[NOISE_STEPS][BINS];
    uint32_t count[NOISE_STEPS] = {0};
    bool has[NOISE_STEPS] = {false};
    memset(bin, 0, sizeof bin);
    for (int y = 0; y < scene->height_px; y++) {
        const float *m = plane_f_row(scene, y);
        const float *r = plane_f_row(deviation, y);
        for (int x = 0; x < scene->width_px; x++) {
            int step = step_of(m[x]);
            float size = fabsf(r[x]) * BINS_A_LEVEL;
            bin[step][size < BINS - 1 ? (int)size : BINS - 1]++;
            count[step]++;
        }
    }
    rate = noise->known ? rate : 1.0f;
    for (int i = 0; i < NOISE_STEPS; i++) {
        has[i] = count[i] >= FEWEST_CELLS;
        if (has[i]) {
            float sigma = median_of(bin[i], count[i]) / 0.6745f;
            sigma = sigma < SMALLEST ? SMALLEST : sigma;
            noise->sigma[i] += rate * (sigma - noise->sigma[i]);
        }
    }
    gaps_fill(noise, has);
    noise->known = true;
}

void noise_scale(struct noise *noise, const struct noise *before,
                 const struct noise *after)
{
    for (int i = 0; noise->known && i < NOISE_STEPS; i++) {
        float sigma = noise->sigma[i] * after->sigma[i] / before->sigma[i];
        noise->sigma[i] = sigma < SMALLEST ? SMALLEST : sigma;
    }
}
