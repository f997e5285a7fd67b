/*
 * pipeline: what becomes of each packet of one camera: recorded, shown to
 * people while they look, and looked at by the detector on a thread of its own.
 *
 * Begun anew with each stream. Neither people nor the detector are a reason
 * not to record. A camera whose clock jumps, or whose keyframes are far apart,
 * is told as a remark.
 * Threads: one at a time.
 */
#ifndef STING_WATCH_PIPELINE_H
#define STING_WATCH_PIPELINE_H

#include "media/source.h"
#include "watch/live.h"
#include "watch/looking.h"
#include "watch/sender.h"
#include "watch/settings.h"

struct pipeline {
    struct sender *sender;           /* borrowed */
    const struct settings *settings; /* borrowed */
    const struct source *source;     /* borrowed; set once it is open */
    const struct stream *stream; /* borrowed: that is recorded: the source's,
                                    or masked */
    const struct mend *masked;   /* borrowed: what mended the times of packets
                                    that are masked; NULL without masks */
    bool is_looked_at;           /* by people, now */
    struct recorder *recorder;   /* owned; NULL until the first picture */
    struct live *live;           /* owned; NULL as the recorder */
    struct looking looking;      /* begun as the recorder */
    bool is_on;                  /* told */
    int jumps_told;
    int64_t jump_told_us; /* boot time */
    int64_t key_us;       /* of the last keyframe, or the first packet */
    bool gop_told;
};

/* Take a packet of pipeline->stream; `is_new`: it is the first of another
 * stream. Fails: as the parts do; E_IO when the core is gone. */
STING_MUST_USE enum sting_status pipeline_take(struct pipeline *pipeline,
                                               struct packet *packet,
                                               bool is_new,
                                               struct fault *fault);

/* The stream is over. What is open is sent; `finish`: what waits to be looked
 * at is looked at first. */
void pipeline_end(struct pipeline *pipeline, bool finish);

#endif
