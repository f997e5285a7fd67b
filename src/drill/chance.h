/*
 * chance: a stream of random numbers that a seed decides, the same on every
 * machine. For simulation only; secrets come from crypt/.
 *
 * Source: Blackman and Vigna, xoshiro256** (2018), seeded by splitmix64.
 */
#ifndef STING_DRILL_CHANCE_H
#define STING_DRILL_CHANCE_H

#include "base/base.h"

struct chance {
    uint64_t state[4];
    double spare; /* the second of a pair of normals */
    bool has_spare;
};

/* A stream of its own for each (seed, stream). */
struct chance chance_of(uint64_t seed, uint64_t stream);

uint64_t chance_bits(struct chance *chance);
double chance_uniform(struct chance *chance); /* in [0, 1) */
double chance_between(struct chance *chance, double low, double high);
int chance_below(struct chance *chance, int bound); /* 0 to bound - 1 */
double chance_normal(struct chance *chance);        /* mean 0, sd 1 */

/* How many of a process with this mean; the normal law above 40. */
double chance_poisson(struct chance *chance, double mean);

/* A number from a place, the same for the same seed: for textures. */
static inline uint32_t chance_hash(uint32_t x, uint32_t y, uint32_t seed)
{
    uint32_t h = seed * 0x9e3779b1U ^ x * 0x85ebca6bU ^ y * 0xc2b2ae35U;
    h = (h ^ (h >> 15)) * 0x2c1b3c6dU;
    h = (h ^ (h >> 12)) * 0x297a2d39U;
    return h ^ (h >> 15);
}

#endif
