#include "image/seeded.h"

#include <math.h>

uint64_t seeded_next(struct seeded *seeded)
{
    uint64_t z = seeded->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

size_t seeded_below(struct seeded *seeded, size_t count)
{
    /* The bias of the remainder is below count / 2^64. */
    return (size_t)(seeded_next(seeded) % count);
}

double seeded_unit(struct seeded *seeded)
{
    return (double)(seeded_next(seeded) >> 11) * 0x1p-53;
}

double seeded_normal(struct seeded *seeded)
{
    double radius = sqrt(-2 * log(1 - seeded_unit(seeded)));
    return radius * cos(2 * M_PI * seeded_unit(seeded));
}
