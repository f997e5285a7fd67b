#include "mark/strength.h"

#include <math.h>

static double share_of(uint8_t threshold)
{
    return threshold / 256.0;
}

double strength_g(uint8_t threshold, uint8_t bit)
{
    double p = share_of(threshold);
    return bit ? sqrt((1 - p) / p) : -sqrt(p / (1 - p));
}

void strength_init(struct strength *strength)
{
    *strength = (struct strength){0};
}

/* log(p e^x + q e^y) without overflow, p + q = 1. */
static double log_mixture(double p, double x, double q, double y)
{
    double most = fmax(x, y);
    return most + log(p * exp(x - most) + q * exp(y - most));
}

void strength_add(struct strength *strength, const double *a,
                  const uint8_t *threshold, uint32_t units)
{
    for (uint32_t u = 0; u < units; u++) {
        if (a[u] == 0) {
            continue;
        }
        double p = share_of(threshold[u]);
        double one = a[u] * strength_g(threshold[u], 1);
        double zero = a[u] * strength_g(threshold[u], 0);
        for (int i = 0; i < STRENGTH_TILTS; i++) {
            double l = STRENGTH_TILT * (i + 1);
            strength->k[i] += log_mixture(p, l * one, 1 - p, l * zero);
        }
        strength->units++;
    }
}

double strength_sum(const double *a, const uint8_t *threshold,
                    const uint8_t *bit, uint32_t units)
{
    double sum = 0;
    for (uint32_t u = 0; u < units; u++) {
        sum += a[u] * strength_g(threshold[u], bit[u]);
    }
    return sum;
}

double strength_log10_lr(const struct strength *strength, double sum)
{
    double exponent[STRENGTH_TILTS];
    double most = -INFINITY;
    double total = 0;
    for (int i = 0; i < STRENGTH_TILTS; i++) {
        exponent[i] = STRENGTH_TILT * (i + 1) * sum - strength->k[i];
        most = fmax(most, exponent[i]);
    }
    for (int i = 0; i < STRENGTH_TILTS; i++) {
        total += exp(exponent[i] - most);
    }
    return (most + log(total / STRENGTH_TILTS)) / M_LN10;
}

double strength_log10_false(double log10_lr, double tried, uint32_t run)
{
    return log10(tried) + log10(run) + log10(run + 1.0) - log10_lr;
}
