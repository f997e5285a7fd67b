/*
 * live: pictures for whoever looks now, in pieces of a tenth of a second,
 * beside the recording and on its time line.
 *
 * Packets since the last keyframe are held (their bytes are shared with the
 * recorder), so that who begins to look sees something at once. Nothing is
 * packed while nobody looks. Limits: LIVE_MOST packets, LIVE_MOST_BYTES: a
 * longer run is let go of, and pictures begin at the next keyframe.
 * Threads: one.
 */
#ifndef STING_WATCH_LIVE_H
#define STING_WATCH_LIVE_H

#include "media/fragment.h"

#define LIVE_MOST 512
#define LIVE_MOST_BYTES ((size_t)8 << 20)

struct live;

/* `stream` is borrowed; shift_us: the recording's time less the packets'.
 * Pieces go to the sink. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status live_new(const struct stream *stream,
                                          int64_t shift_us, fragment_sink sink,
                                          void *context, struct live **out);
void live_free(struct live **live);

/* Somebody looks, or nobody any more. Fails: as the sink, E_NOMEM. */
STING_MUST_USE enum sting_status live_want(struct live *live, bool wanted);

/* The next packet, which came at boot_us. Fails: as the sink, E_NOMEM. */
STING_MUST_USE enum sting_status live_add(struct live *live,
                                          const struct packet *packet,
                                          int64_t boot_us);

#endif
