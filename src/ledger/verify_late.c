#include "ledger/verify_late.h"

#include "ledger/verify_state.h"

#define CLOCKS_DIFFER_US INT64_C(300000000)

/* The earliest and the latest time that a line of the stretch tells: the clock
 * may have been set in it. */
static void stretch_take(struct verify_outside *outside, uint64_t seq,
                         int64_t utc_us)
{
    if (seq == outside->stretch_from || utc_us < outside->earliest_us) {
        outside->earliest_us = utc_us;
    }
    if (seq == outside->stretch_from || utc_us > outside->latest_us) {
        outside->latest_us = utc_us;
        outside->latest = seq;
    }
}

void verify_late_line(struct verify_run *run, int64_t utc_us)
{
    struct verify_outside *outside = &run->outside;
    size_t reached = outside->next;
    stretch_take(outside, run->tree.leaves - 1, utc_us);
    while (reached < outside->claims &&
           outside->claim[reached].size == run->tree.leaves) {
        struct verify_claim *claim = &outside->claim[reached++];
        claim->from = outside->stretch_from;
        claim->earliest_us = outside->earliest_us;
        claim->latest_us = outside->latest_us;
        claim->latest = outside->latest;
    }
    if (reached > outside->next) {
        outside->stretch_from = run->tree.leaves;
    }
}

static void take_late(struct verify_report *report,
                      const struct verify_claim *claim, int64_t seen_us)
{
    struct verify_late *late = &report->late;
    int64_t us = seen_us - claim->earliest_us;
    if (claim->earliest_us > 0 &&
        (late->seen_us == 0 || us > late->seen_us - late->said_us)) {
        *late = (struct verify_late){.from = claim->from,
                                     .said_us = claim->earliest_us,
                                     .to = claim->size - 1,
                                     .seen_us = seen_us};
    }
}

/* An outsider had seen it before the time that it tells. */
static void take_ahead(struct verify_report *report,
                       const struct verify_claim *claim, int64_t seen_us)
{
    struct verify_late *ahead = &report->ahead;
    int64_t us = claim->latest_us - seen_us;
    if (us > CLOCKS_DIFFER_US && us > ahead->said_us - ahead->seen_us) {
        *ahead = (struct verify_late){.from = claim->latest,
                                      .said_us = claim->latest_us,
                                      .to = claim->latest,
                                      .seen_us = seen_us};
    }
}

void verify_late_end(struct verify_run *run)
{
    int64_t seen_us = 0; /* whoever saw more lines saw these too */
    for (size_t i = run->outside.claims; i-- > 0;) {
        const struct verify_claim *claim = &run->outside.claim[i];
        if (!claim->is_judged) {
            continue;
        }
        if (claim->seen_us > 0 && (seen_us == 0 || claim->seen_us < seen_us)) {
            seen_us = claim->seen_us;
        }
        if (seen_us > 0) {
            take_late(run->report, claim, seen_us);
            take_ahead(run->report, claim, seen_us);
        }
    }
}
