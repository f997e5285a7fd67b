#include "image/sign.h"

#include <stdlib.h>

#include "image/sign_table.h"

#define VALUES (SIGN_FIRST + SIGN_SECOND)

_Static_assert(SIGN_CELLS == SIGN_CENTRES * SIGN_CENTRES, "cells are pairs");

/* The learned values of a description; their first ones choose the cell. */
static void values_fill(const struct feature *feature, int32_t y[SIGN_BITS])
{
    for (int i = 0; i < SIGN_BITS; i++) {
        int32_t sum = 0;
        for (int j = 0; j < FEATURE_LENGTH; j++) {
            sum += sign_weight[i][j] * feature->part[j];
        }
        y[i] = sum >> SIGN_SHIFT;
    }
}

static uint64_t bits_of(const int32_t y[SIGN_BITS])
{
    uint64_t bits = 0;
    for (int i = 0; i < SIGN_BITS; i++) {
        bits |= (uint64_t)(y[i] > sign_median[i]) << i;
    }
    return bits;
}

/* A centre and how far it is, squared. */
struct near {
    int64_t far;
    int centre;
};

static int64_t far_of(const int32_t *y, const int16_t *centre, int values)
{
    int64_t sum = 0;
    for (int i = 0; i < values; i++) {
        int64_t d = y[i] - centre[i];
        sum += d * d;
    }
    return sum;
}

static int nearer(const void *left, const void *right)
{
    const struct near *a = left;
    const struct near *b = right;
    if (a->far != b->far) {
        return a->far < b->far ? -1 : 1;
    }
    return a->centre - b->centre;
}

static void halves_fill(const int32_t y[SIGN_BITS], struct near *first,
                        struct near *second)
{
    for (int c = 0; c < SIGN_CENTRES; c++) {
        first[c] = (struct near){far_of(y, sign_first[c], SIGN_FIRST), c};
        second[c] = (struct near){
            far_of(y + SIGN_FIRST, sign_second[c], SIGN_SECOND), c};
    }
}

static int nearest(const struct near *near)
{
    int best = 0;
    for (int c = 1; c < SIGN_CENTRES; c++) {
        best = near[c].far < near[best].far ? c : best;
    }
    return best;
}

struct sign sign_of(const struct feature *feature)
{
    int32_t y[SIGN_BITS];
    struct near first[SIGN_CENTRES];
    struct near second[SIGN_CENTRES];
    values_fill(feature, y);
    halves_fill(y, first, second);
    return (struct sign){bits_of(y), (uint16_t)(nearest(first) * SIGN_CENTRES +
                                                nearest(second))};
}

/* Only pairs (i, j) with (i + 1) (j + 1) <= wanted can be among the nearest
 * `wanted`: every pair before them in both lists is nearer. */
static int pairs_fill(const struct near *first, const struct near *second,
                      int wanted, struct near *pair)
{
    int pairs = 0;
    for (int i = 0; i < SIGN_CENTRES && i < wanted; i++) {
        for (int j = 0; j < SIGN_CENTRES && (i + 1) * (j + 1) <= wanted; j++) {
            pair[pairs++] = (struct near){first[i].far + second[j].far,
                                          first[i].centre * SIGN_CENTRES +
                                              second[j].centre};
        }
    }
    return pairs;
}

/* Pairs of a bound of 256: the sum of 256 / k for k to 128. */
#define MOST_PAIRS 1536

int sign_probe(const struct feature *feature, int wanted, struct sign *out,
               uint16_t cell[SIGN_MOST_PROBES])
{
    int32_t y[SIGN_BITS];
    struct near first[SIGN_CENTRES];
    struct near second[SIGN_CENTRES];
    struct near pair[MOST_PAIRS];
    wanted = wanted < SIGN_MOST_PROBES ? wanted : SIGN_MOST_PROBES;
    values_fill(feature, y);
    halves_fill(y, first, second);
    qsort(first, SIGN_CENTRES, sizeof *first, nearer);
    qsort(second, SIGN_CENTRES, sizeof *second, nearer);
    int pairs = pairs_fill(first, second, wanted, pair);
    qsort(pair, (size_t)pairs, sizeof *pair, nearer);
    *out = (struct sign){bits_of(y), (uint16_t)pair[0].centre};
    wanted = wanted < pairs ? wanted : pairs;
    for (int i = 0; i < wanted; i++) {
        cell[i] = (uint16_t)pair[i].centre;
    }
    return wanted;
}
