/*
 * sender: what a camera's worker says to the core, as WIRE_CAMERA_* messages,
 * each whole, in the recording's time and UTC.
 *
 * Threads: any; sender_look() from one.
 */
#ifndef STING_WATCH_SENDER_H
#define STING_WATCH_SENDER_H

#include <pthread.h>

#include "detect/detector.h"
#include "media/fragment.h"
#include "watch/recorder.h"
#include "wire/wire.h"

struct sender {
    int channel;                     /* borrowed */
    pthread_mutex_t sending;         /* whole messages, from two threads */
    const struct recorder *recorder; /* borrowed: whose times are told; NULL
                                        until the first picture, or of a
                                        replay */
    int64_t replay_us;               /* a replay's time less the clip's */
    int64_t looks_made;
};
void sender_init(struct sender *out, int channel);
void sender_release(struct sender *sender);

/* All fail as wire_send. */

STING_MUST_USE enum sting_status sender_state(struct sender *sender,
                                              enum camera_state state,
                                              const char *why);

/* It is lost; `is_soon`: it may be had again at any moment; `is_ours`: not for
 * what the camera does. */
STING_MUST_USE enum sting_status sender_lost(struct sender *sender,
                                             bool is_soon, bool is_ours,
                                             const char *why);

/* A stream begins: its `ftyp moov`, and how it is made. Fails besides: as
 * fragment_head. */
STING_MUST_USE enum sting_status sender_stream(struct sender *sender,
                                               const struct stream *stream,
                                               int64_t masks, bool encodes);

/* A fragment for the record (a recorder_sink); a piece for people, with the
 * time of its last picture (a live_sink); a look with all that it saw (a
 * looker_sink). `context` is the sender. */
STING_MUST_USE enum sting_status sender_fragment(
    void *context, const struct fragment *fragment,
    struct fragment_times taken);
STING_MUST_USE enum sting_status sender_piece(void *context,
                                              const struct fragment *fragment);
STING_MUST_USE enum sting_status sender_look(void *context, int64_t at_us,
                                             const struct detect_look *look);

/* What a check of the recorded stream found: tampering, and its cause. */
STING_MUST_USE enum sting_status sender_check(struct sender *sender,
                                              const struct detect_look *look);

#endif
