/*
 * clock_seen: how far a camera's own clock was off, and when, by what its
 * recordings say (`clock_ms` of `seg` lines): what its camera claimed.
 *
 * Stretches in which it was the same within 0.1 s are one. Limit:
 * CLOCK_SEEN_MOST of a camera, the oldest go first.
 */
#ifndef STING_OPERATION_CLOCK_SEEN_H
#define STING_OPERATION_CLOCK_SEEN_H

#include "ledger/line.h"

#define CLOCK_SEEN_MOST ((size_t)4096)

struct clock_seen {
    int64_t from_us, to_us; /* by the host's clock, UTC */
    int64_t off_ms;         /* ahead of it; negative: behind */
};

/* Of one camera; zero-initialise. */
struct clocks_seen {
    struct clock_seen *run; /* owned */
    size_t runs;
};
void clocks_seen_release(struct clocks_seen *clocks);

/* Take a `seg` line of that camera, in the ledger's order. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status clocks_seen_take(struct clocks_seen *clocks,
                                                  const struct line *line);

/* How far it was off at a moment, or at most 15 s before, since a recording is
 * told when it ends. False: nothing says so. */
bool clocks_seen_at(const struct clocks_seen *clocks, int64_t utc_us,
                    int64_t *off_ms);

#endif
