/*
 * death: a worker that ended before its time, or could not be started: told,
 * one line of the ledger, and a pause before there is another.
 *
 * Of workers that serve the station as a whole; cameras have their own words.
 * The pause is 0.25, 0.5 ... 30 s, the short one again once one of them has
 * done its work. Threads: the station's.
 */
#ifndef STING_STATION_DEATH_H
#define STING_STATION_DEATH_H

#include "base/clock.h"
#include "jail/worker.h"

struct desk;

/* Of one worker and those that followed it; zero-initialise. */
struct deaths {
    unsigned count;    /* since one did its work */
    int64_t again_us;  /* boot time before which there is no other */
    bool is_unstarted; /* the last could not be started, and that is told */
};

/* `worker` has ended, or is ended now. `of`: whom it serves, as of `worker`
 * lines; `cause`: why we end it, NULL when it ended by itself. */
void death_tell(struct deaths *deaths, struct desk *desk, struct moment now,
                struct worker *worker, const char *of, const char *cause);

/* The cause of an end that shows when a worker is read: NULL where it has
 * gone, else that what it sent is none. */
const char *death_cause(enum sting_status status);

/* Start one, if there may be another now. That it cannot be started is told
 * once, and a line, until one starts again. Fails: E_BUSY in the pause, E_IO.
 */
STING_MUST_USE enum sting_status deaths_start(
    struct deaths *deaths, struct desk *desk, struct moment now,
    enum worker_kind kind, struct worker *out, const char *of);

/* May there be another one now? */
bool deaths_are_over(const struct deaths *deaths, struct moment now);

#endif
