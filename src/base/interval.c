#include "base/interval.h"

#include <assert.h>
#include <math.h>

/* One step of Lentz's method: neither part of the fraction may vanish. */
static double apart_from_zero(double value)
{
    return fabs(value) < 1e-300 ? 1e-300 : value;
}

static double fraction(double a, double b, double x)
{
    double c = 1;
    double d = 1 / apart_from_zero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < 10000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / apart_from_zero(1 + even * d);
        c = apart_from_zero(1 + even / c);
        value *= d * c;
        double odd =
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / apart_from_zero(1 + odd * d);
        c = apart_from_zero(1 + odd / c);
        value *= d * c;
        if (fabs(d * c - 1) < 1e-15) {
            break;
        }
    }
    return value;
}

double interval_beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1) {
        return x <= 0 ? 0 : 1;
    }
    double front =
        exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    /* The fraction converges fast on this side of the mean only. */
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a
                                     : 1 - front * fraction(b, a, 1 - x) / b;
}

/* The x at which the distribution reaches p. */
static double quantile(double a, double b, double p)
{
    double low = 0;
    double high = 1;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if (interval_beta(a, b, middle) < p) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

struct interval interval_of(uint32_t hits, uint32_t trials, double level)
{
    assert(hits <= trials);
    double tail = (1 - level) / 2;
    double k = hits;
    double n = trials;
    return (struct interval){hits == 0 ? 0 : quantile(k, n - k + 1, tail),
                             hits == trials ? 1
                                            : quantile(k + 1, n - k, 1 - tail)};
}
