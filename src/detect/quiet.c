#include "detect/quiet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIT_EVERY 10      /* looks */
#define SCALE_LEAST 0.06f /* frames that repeat each other look too calm */
#define KNOWN_LOOKS 30.0f /* that what is known of evidence counts for */
#define SCALE_MOST 0.15f  /* more is no chance: something goes on */

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float quantile(const float *sorted, int count, float q)
{
    float at = q * (float)(count - 1);
    int i = (int)at;
    float part = at - (float)i;
    return i + 1 < count ? sorted[i] + part * (sorted[i + 1] - sorted[i])
                         : sorted[i];
}

void quiet_fit(struct quiet *quiet)
{
    float sorted[QUIET_MOST];
    quiet->since_fit = 0;
    if (quiet->count < 4) {
        return;
    }
    memcpy(sorted, quiet->seen, (size_t)quiet->count * sizeof *sorted);
    qsort(sorted, (size_t)quiet->count, sizeof *sorted, ascending);
    float q5 = quantile(sorted, quiet->count, 0.05f);
    float q30 = quantile(sorted, quiet->count, 0.30f);
    /* Quantile q of a Gumbel law is mode - scale ln(-ln q):
     * -1.0972 scales for 5 %, -0.1856 for 30 %. */
    float scale = (q30 - q5) / 0.9116f;
    float least = quiet->least > 0 ? quiet->least : SCALE_LEAST;
    float most = quiet->most > 0 ? quiet->most : SCALE_MOST;
    scale = scale < least ? least : scale > most ? most : scale;
    /* Of few looks it is known badly; theory gives one, if anything. */
    float known = quiet->least > 0 ? KNOWN_LOOKS : 0, n = (float)quiet->count;
    quiet->scale = (n * scale + known) / (n + known);
    quiet->q30 = q30;
    quiet->mode = q30 + 0.1856f * quiet->scale;
    quiet->fitted = quiet->count >= QUIET_FEWEST;
}

void quiet_learn(struct quiet *quiet, float height)
{
    quiet->seen[quiet->next] = height;
    quiet->next = (quiet->next + 1) % QUIET_MOST;
    quiet->count += quiet->count < QUIET_MOST;
    if (++quiet->since_fit >= FIT_EVERY || quiet->count < 2 * QUIET_FEWEST) {
        quiet_fit(quiet);
    }
}

void quiet_forget(struct quiet *quiet)
{
    *quiet = (struct quiet){.least = quiet->least, .most = quiet->most};
}

float quiet_threshold(const struct quiet *quiet, double looks,
                      const struct quiet *other)
{
    float scale = quiet->scale, mode = quiet->mode;
    if (!quiet->fitted && other && other->fitted) {
        scale = other->scale;
        mode = quiet->q30 + 0.1856f * scale;
    }
    return mode + scale * (float)log(looks);
}
