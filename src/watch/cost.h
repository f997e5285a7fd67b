/*
 * cost: how much of a processor something takes that is done to every picture,
 * told once, after half a minute of it.
 *
 * Threads: the one that calls is the one that is measured.
 */
#ifndef STING_WATCH_COST_H
#define STING_WATCH_COST_H

#include "base/base.h"

#define COST_TOLD_US INT64_C(30000000)

struct cost { /* zero: not begun */
    int64_t used_ns;
    int64_t begin_ns; /* of what is being done */
    int64_t from_us;  /* boot time at which counting began, or 0 */
    bool is_told;
};

/* Around what is measured. */
void cost_begin(struct cost *cost);
void cost_end(struct cost *cost);
bool cost_is_counted(const struct cost *cost);

/* Parts of a hundred since the first call, at boot time now_us; -1 while it is
 * too early, and once it was told. */
int cost_percent(struct cost *cost, int64_t now_us);

#endif
