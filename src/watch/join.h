/*
 * join: pictures of a second stream laid on the first one's time line, by the
 * host's clocks: when each was taken, as far as the host can tell (time_line).
 *
 * What is left of an error is the difference between the shortest ways that
 * the two streams have from the sensor to us. It changes at keyframes alone,
 * never so that time goes back.
 * Threads: one at a time.
 */
#ifndef STING_WATCH_JOIN_H
#define STING_WATCH_JOIN_H

#include "watch/time_line.h"

/* Zero-initialise for each connection, or recorder. */
struct join {
    struct time_line line;
    int64_t shift_us; /* the first stream's own time less the second's */
    int64_t last_us;  /* the latest, by the first one's time */
    bool has_begun;
};

/* The first stream's own time for a picture whose time in the second is at_us.
 * `less_boot_us`: the first one's time less the host's (recorder.h). */
int64_t join_place(struct join *join, int64_t at_us, struct moment came,
                   bool key, int64_t less_boot_us);

#endif
