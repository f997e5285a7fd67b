/*
 * sign: a feature's description as 64 bits that can be compared fast, and
 * the cell of an index in which features like it stand.
 *
 * Source: linear discriminant analysis as in Cai, Mikolajczyk and Matas,
 * IEEE PAMI 33 (2011), one bit a direction; cells of an inverted
 * multi-index, Babenko and Lempitsky, CVPR 2012. The numbers are learned
 * (tools/train_sign.py) from photographs of the drill's camera.
 * All of it is in whole numbers: one page, one signature, on any machine.
 */
#ifndef STING_IMAGE_SIGN_H
#define STING_IMAGE_SIGN_H

#include "image/feature.h"

#define SIGN_CELLS 16384

struct sign {
    uint64_t bits;
    uint16_t cell; /* the nearest */
};

struct sign sign_of(const struct feature *feature);

/* The same, and the `wanted` (at most SIGN_MOST_PROBES) cells nearest to it,
 * in no order; gives how many. */
#define SIGN_MOST_PROBES 256
int sign_probe(const struct feature *feature, int wanted, struct sign *out,
               uint16_t cell[SIGN_MOST_PROBES]);

static inline int sign_distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}

#endif
