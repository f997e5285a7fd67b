/*
 * clock_trust: by how much does the wall clock show more than the ledger and
 * the boot clock bear out?
 *
 * A clock that went ahead, in one leap or while the machine was off, may be
 * wrong. It counts as right once a time daemon keeps it, or when nobody set it
 * right while the machine ran for CLOCK_TRUST_US. Reads no clock.
 */
#ifndef STING_OPERATION_CLOCK_TRUST_H
#define STING_OPERATION_CLOCK_TRUST_H

#include "base/clock.h"

#define CLOCK_TRUST_US (INT64_C(24) * 3600 * 1000000)

struct line;

/* Zero-initialised: nothing is known. */
struct clock_trust {
    bool has_last;
    struct moment last; /* of the line before */
    int64_t ahead_us;   /* negative: it was set back */
    int64_t stood_us;   /* so long since it last leapt */
};

/* Take a line of the ledger, in order. */
void clock_trust_take(struct clock_trust *trust, const struct line *line);

/* At a moment behind the last line; 0: as far as can be known it is right. */
int64_t clock_trust_ahead(const struct clock_trust *trust,
                          const struct clock_state *now);

#endif
