/*
 * bait_progress: how far the making of copies is, for JSON, for words and for
 * a terminal; and an end in order at Ctrl-C.
 */
#ifndef STING_CLI_BAIT_PROGRESS_H
#define STING_CLI_BAIT_PROGRESS_H

#include "bait/bait.h"

struct bait_progress {
    bool json;
    bool is_quiet; /* no line a copy, unless as JSON */
    bool is_terminal;
    size_t written, there; /* copies told of */
    int64_t began_us, shown_us;
    const char *what; /* under way */
    bool is_shown;    /* a line about progress stands on the terminal */
};

void bait_progress_init(struct bait_progress *progress, bool json);

/* For struct bait_order; the context is the progress. */
enum sting_status bait_progress_sink(void *context,
                                     const struct bait_made *made);
void bait_progress_step(void *context, uint32_t done, uint32_t all,
                        const char *what);
void bait_progress_repacked(void *context, const struct register_batch *batch,
                            const char *packers);

/* From now on Ctrl-C asks for an end between two copies; a second one ends
 * at once, which does no harm either. */
void bait_stop_at_interrupt(void);
bool bait_is_stopped(void);

#endif
