/*
 * gop_ring: the last packets of a stream, from a keyframe on, so that somebody
 * who begins to look sees what was before.
 *
 * It holds at least GOP_RING_US where its bounds allow.
 * Threads: one at a time.
 */
#ifndef STING_WATCH_GOP_RING_H
#define STING_WATCH_GOP_RING_H

#include "media/packet.h"

#define GOP_RING_US INT64_C(7000000)
#define GOP_RING_MOST 450 /* packets */
#define GOP_RING_BYTES ((size_t)16 * 1024 * 1024)

/* Zero-initialise. */
struct gop_ring {
    struct packet packet[GOP_RING_MOST];
    int64_t at_us[GOP_RING_MOST];
    int first, count;
    size_t bytes;
};

/* Keep a packet whose time is at_us; what cannot be kept is let go. */
void gop_ring_add(struct gop_ring *ring, const struct packet *packet,
                  int64_t at_us);
void gop_ring_clear(struct gop_ring *ring);

/* The packet so many after the oldest. */
const struct packet *gop_ring_at(const struct gop_ring *ring, int index);

#endif
