#include "operation/recapture.h"

#include <math.h>

static const double tail = 0.025; /* on each side */

/* So many visits were seen by each. */
struct counts {
    uint32_t first, second, both;
};

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* That exactly `m` are common, when `total` were there. */
static double chance(const struct counts *c, double total, uint32_t m)
{
    double rest = total - c->first;
    return c->second - m > rest
               ? 0
               : exp(log_choose(c->first, m) + log_choose(rest, c->second - m) -
                     log_choose(total, c->second));
}

static double at_most(const struct counts *c, double total)
{
    double sum = 0;
    for (uint32_t m = 0; m <= c->both; m++) {
        sum += chance(c, total, m);
    }
    return sum;
}

static double at_least(const struct counts *c, double total)
{
    uint32_t most = c->first < c->second ? c->first : c->second;
    double sum = 0;
    for (uint32_t m = c->both; m <= most; m++) {
        sum += chance(c, total, m);
    }
    return sum;
}

/* The more there were, the fewer are common: the least total at which so few
 * are no wonder. */
static double lowest(const struct counts *c, double seen, double high)
{
    while (seen < high) {
        double middle = floor((seen + high) / 2);
        if (at_most(c, middle) > tail) {
            high = middle;
        } else {
            seen = middle + 1;
        }
    }
    return seen;
}

/* And the greatest at which so many are none. */
static double highest(const struct counts *c, double seen)
{
    double low = seen;
    double high = 2 * seen + 1;
    while (at_least(c, high) > tail) {
        low = high;
        high = 2 * high;
    }
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (at_least(c, middle) > tail) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

bool recapture_estimate(uint32_t first, uint32_t second, uint32_t both,
                        struct recapture *out)
{
    const struct counts c = {first, second, both};
    double seen = (double)first + second - both;
    if (both == 0) {
        return false;
    }
    out->total = (first + 1.0) * (second + 1.0) / (both + 1.0) - 1;
    out->high = highest(&c, seen);
    out->low = lowest(&c, seen, out->high);
    return true;
}
