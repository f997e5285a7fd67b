/*
 * rehearsal_worker: a rehearsal in a jail of its own, since footage is
 * hostile; both ends of its channel.
 */
#ifndef STING_DRILL_REHEARSAL_WORKER_H
#define STING_DRILL_REHEARSAL_WORKER_H

#include "base/buffer.h"
#include "drill/rehearsal.h"
#include "jail/worker.h"
#include "wire/wire.h"

/* The worker's side: one rehearsal of its input. */
int rehearsal_worker_serve(int channel);

struct rehearsal_order {
    int input;           /* the clip, open for this worker alone; borrowed */
    int people;          /* the same of another, or -1 */
    struct bytes camera; /* zones, masks: settings as to a camera worker */
    int light;
    int64_t quiet_us; /* after which an incident is over */
    uint32_t trials;
    uint64_t seed;
};

/* Start one. Fails: E_IO; *out is WORKER_NONE. */
STING_MUST_USE enum sting_status rehearsal_start(
    const struct rehearsal_order *order, struct worker *out,
    struct fault *fault);

enum rehearsal_news {
    REHEARSAL_FOOTAGE,
    REHEARSAL_AT,
    REHEARSAL_TRIAL,
    REHEARSAL_OVER
};

struct rehearsal_message {
    enum rehearsal_news news;
    struct rehearsal_footage footage; /* of the one, ... */
    double at_s;                      /* ... of the next, ... */
    struct rehearsal_trial trial;     /* ... or the third, checked */
    struct rehearsal_sum sum;
};

/* What it says next, without waiting; E_BUSY: not all of it is there yet. The
 * reader is of this worker alone. Fails: as rehearsal_run; E_FORMAT when it
 * died or what it says cannot be. */
STING_MUST_USE enum sting_status rehearsal_hear(const struct worker *worker,
                                                struct wire_reader *reader,
                                                struct rehearsal_message *out,
                                                struct fault *fault);

#endif
