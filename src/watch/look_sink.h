/*
 * look_sink: where the looks of one looker go: to the core, or, while it only
 * gets ready beside another, nowhere.
 *
 * Threads: the looker's gives; another may ask and switch.
 */
#ifndef STING_WATCH_LOOK_SINK_H
#define STING_WATCH_LOOK_SINK_H

#include <stdatomic.h>

#include "watch/sender.h"

struct look_sink {
    struct sender *sender; /* borrowed */
    atomic_bool is_on;
    atomic_bool is_quiet; /* it has learned, and sees nobody now */
    bool has_learned;     /* these are the looker's alone */
    int64_t last_us;      /* its last look, and what it had not ended then */
    int opens;
    struct detect_event open[DETECT_MOST_EVENTS];
    int pages; /* held while it was not on, to be told yet */
    struct page_event page[2 * DETECT_MOST_ZONES]; /* last states and numbers */
};

void look_sink_init(struct look_sink *out, struct sender *sender, bool is_on);

/* Its looker hangs, or has ended: what it told of ends, but for its learning,
 * with its last look; nothing goes to the core from here any more. Fails: as
 * sender_look. */
STING_MUST_USE enum sting_status look_sink_close(struct look_sink *sink);

/* A looker_sink; `context` is the look_sink. Fails: as sender_look. */
STING_MUST_USE enum sting_status look_sink_take(void *context, int64_t at_us,
                                                const struct detect_look *look);

#endif
