/*
 * looking: which of a camera's streams is looked at, on threads of their own.
 *
 * Without a second stream it is the recorded one. With one, the recorded
 * stream is looked at only until a looker on the second has learned the scene
 * and neither sees anybody; from then on it is only checked (stream_check).
 * When the second is lost, looking goes on at once with the last seconds of the
 * recorded one, and changes back when the second has come and is learned again.
 * Each change is told as a remark, and so is that looking falls behind.
 * Who hangs (look_thread) is left to itself, that nobody looks is told, what it
 * had told ends, and another begins with the next keyframe; the third to hang
 * ends the worker, whose memory they keep.
 * Pictures of both have the recorded one's times (join).
 *
 * Threads: one at a time; it never waits for who looks.
 */
#ifndef STING_WATCH_LOOKING_H
#define STING_WATCH_LOOKING_H

#include "watch/gop_ring.h"
#include "watch/join.h"
#include "watch/look_sink.h"
#include "watch/look_thread.h"
#include "watch/shelf.h"
#include "watch/stream_check.h"
#include "watch/substream.h"

struct looking {
    struct sender *sender;                  /* borrowed, as the next */
    const struct looker_settings *settings; /* for both */
    const struct shelf *shelf;              /* pages that may lie there */
    struct substream *substream;            /* borrowed; NULL: none */
    const struct stream *stream;            /* borrowed: the recorded one */
    const struct recorder *recorder;        /* borrowed: its times */
    struct look_thread *active;  /* owned, as the next: who looks now */
    struct look_thread *leaving; /* who looks at the rest of what it has */
    struct look_thread *trial;   /* who learns, on the second stream */
    struct looker *kept; /* owned: who goes on once headers have changed */
    struct stream_check check;        /* of the recorded one, while it is not */
    struct beside beside;             /* of that, and who looks at the second */
    struct look_sink *first, *second; /* owned; of who looks at which */
    struct look_thread *hung;         /* those that hang, left to themselves */
    int hangs;                        /* so many */
    bool is_second;                   /* active is on it */
    bool leaves_second;               /* leaving is */
    bool is_loss_told;
    bool is_behind;       /* active is, as told, ... */
    uint64_t unseen;      /* ... and what it had not taken before */
    struct stream timing; /* of the second one; has no parameters */
    struct join join;
    struct gop_ring ring; /* of the recorded one, where there is a second */
};

/* Begin with the recorded stream. `borrowed` fields of *looking are set.
 * Fails: as looker_new. */
STING_MUST_USE enum sting_status looking_begin(struct looking *looking,
                                               const struct stream *stream,
                                               const struct recorder *recorder,
                                               struct fault *fault);
/* `finish`: the worker ends, and what waits to be looked at is looked at first;
 * else its headers change: who looks at the recorded stream goes on with the
 * next looking_begin(), and what another told of ends. */
void looking_end(struct looking *looking, bool finish);

/* The next packet of the recorded stream; the second's are taken beside it.
 * Fails: E_IO when the core is gone, or too many hang. */
STING_MUST_USE enum sting_status looking_add(struct looking *looking,
                                             const struct packet *packet);

/* Too many hang for this worker to go on. */
bool looking_is_over(const struct looking *looking);

/* A page that came to the shelf. */
void looking_print(struct looking *looking, const struct page_print *print);

#endif
