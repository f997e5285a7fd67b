/*
 * flate_sum: Adler-32 of a text that is known in pieces.
 *
 * The sums of a piece are taken once, by themselves; those of a whole follow
 * from its pieces' in order.
 * Source: RFC 1950, section 8.2.
 */
#ifndef STING_PDF_FLATE_SUM_H
#define STING_PDF_FLATE_SUM_H

#include "base/base.h"

/* Of `size` bytes; nothing at all is {0}. */
struct flate_sums {
    uint32_t size, first, second;
};

struct flate_sums flate_sums_of(const uint8_t *byte, size_t size);

/* Put `more` behind `all`. */
void flate_sums_add(struct flate_sums *all, const struct flate_sums *more);

uint32_t flate_sums_check(const struct flate_sums *all);

#endif
