#include "watch/cost.h"

#include <time.h>

static int64_t thread_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * INT64_C(1000000000) + used.tv_nsec;
}

void cost_begin(struct cost *cost)
{
    cost->begin_ns = thread_ns();
}

void cost_end(struct cost *cost)
{
    cost->used_ns += thread_ns() - cost->begin_ns;
}

bool cost_is_counted(const struct cost *cost)
{
    return cost->begin_ns > 0;
}

int cost_percent(struct cost *cost, int64_t now_us)
{
    if (!cost->from_us) {
        cost->from_us = now_us;
    }
    int64_t spent_us = now_us - cost->from_us;
    if (cost->is_told || spent_us < COST_TOLD_US) {
        return -1;
    }
    cost->is_told = true;
    return (int)((cost->used_ns / 10 + spent_us / 2) / spent_us);
}
