/*
 * retention: recordings that are deleted on purpose, and the line that says
 * so. The lines of what was recorded stay: that it existed, when, and with
 * which hash can be shown for ever.
 *
 * What lies within RETENTION_AROUND_US of an incident that its camera saw,
 * or in which it was covered or gone, stays, and so does everything of a
 * camera's newest day.
 *
 * Reads the ledger without a lock, so that a station goes on meanwhile.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_RETENTION_H
#define STING_OPERATION_RETENTION_H

#include "base/clock.h"
#include "operation/change.h"

#define RETENTION_AROUND_US INT64_C(60000000)

struct retention_order {
    int64_t days;       /* older days go; 0: none for that */
    int64_t bytes;      /* the oldest days go until all fit; 0: none for that */
    const char *camera; /* with date: this day goes, whatever its age */
    const char *date;   /* "2027-03-31" */
    struct clock_state now;
    struct change change;
};

struct retention_done {
    uint64_t days; /* of one camera each */
    uint64_t files;
    uint64_t bytes;
    uint64_t kept;       /* files of these days that incidents hold */
    uint64_t bytes_left; /* of all recordings */
    int64_t ahead_us;    /* that the clock shows too much, as it seems: age is
                            counted without it (clock_trust.h) */
};

/* An `erase` line for each camera's day, durable before its first file goes.
 * Fails: E_ARG, also for an imported record, whose ledger is not ours to write
 * into; as the writer and reading do. */
STING_MUST_USE enum sting_status retention_apply(
    const struct operation *operation, const struct retention_order *order,
    struct retention_done *out, struct fault *fault);

#endif
