/*
 * stream_check: is what is recorded still what the camera sees, while another
 * stream of it is looked at? A keyframe in four seconds (check_pace) is
 * decoded on a thread of its own and shown to the tamper watch alone: held,
 * played again, turned, out of focus. What it finds is told as of the
 * recording. Where the view is another, all frames are seen for some seconds,
 * and the other stream is asked at once whether it shows that too (beside).
 * Limits: as tamper; a person that only one of the streams shows is no cause.
 * Threads: one at a time; it never waits for the check.
 */
#ifndef STING_WATCH_STREAM_CHECK_H
#define STING_WATCH_STREAM_CHECK_H

#include "watch/look_thread.h"
#include "watch/sender.h"

/* Zero-initialise. */
struct stream_check {
    struct sender *sender;      /* borrowed */
    struct look_thread *thread; /* owned; NULL: nothing is checked */
    int64_t last_us;            /* its thread's alone, as the next: */
    bool is_open;               /* what was told has not ended */
};

/* `beside`, borrowed, is shared with who looks at the other stream. Fails: as
 * looker_new. */
STING_MUST_USE enum sting_status stream_check_begin(
    struct stream_check *check, struct sender *sender,
    const struct stream *stream, const struct looker_settings *settings,
    struct beside *beside, struct fault *fault);

/* The next packet of the recorded stream. */
void stream_check_add(struct stream_check *check, const struct packet *packet);

/* What was told and goes on ends with it. Does nothing where none began. */
void stream_check_end(struct stream_check *check);

#endif
