/*
 * seeded: numbers that look random and come again with the same seed, for
 * estimators and tests. Never for keys or codes.
 *
 * Source: splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
#ifndef STING_IMAGE_SEEDED_H
#define STING_IMAGE_SEEDED_H

#include "base/base.h"

struct seeded {
    uint64_t state; /* any value is a good seed */
};

uint64_t seeded_next(struct seeded *seeded);

/* From 0 up to, not including, count (at least 1). */
size_t seeded_below(struct seeded *seeded, size_t count);

/* Uniform in [0, 1), and normal with mean 0 and deviation 1. */
double seeded_unit(struct seeded *seeded);
double seeded_normal(struct seeded *seeded);

#endif
