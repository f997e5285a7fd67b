/*
 * fragment: packets as received, put into fragmented MP4.
 *
 * A recording is `ftyp moov` once and then fragments, each at most a second
 * and each starting a moof of its own. Nothing is re-encoded. Presentation
 * times are the camera's plus one constant; decoding times are made here,
 * from the order of arrival and the stream's reorder depth, because RTSP
 * gives none that can be trusted.
 *
 * Source: ISO/IEC 14496-12:2015 8.8, 8.16.5; 14496-15 for units behind lengths.
 */
#ifndef STING_MEDIA_FRAGMENT_H
#define STING_MEDIA_FRAGMENT_H

#include "base/buffer.h"
#include "base/fault.h"
#include "media/packet.h"
#include "media/stream.h"

#define FRAGMENT_MOST_BYTES ((size_t)48 << 20)

struct fragment {
    struct bytes data; /* moof + mdat, borrowed */
    /* Where it lies: each begins where the one before ends. Of a closed GOP
     * it is when the first picture is shown; of an open one, some pictures are
     * shown before. */
    int64_t pts_us;
    int64_t duration_us;
    bool key; /* starts with a keyframe */
    int frames;
};

/* When a picture was taken, UTC. */
struct fragment_times {
    int64_t utc_us;    /* by the host's clock */
    int64_t camera_us; /* by the camera's own; 0: it did not say */
};

/* Called for each finished fragment. */
typedef enum sting_status (*fragment_sink)(void *context,
                                           const struct fragment *fragment);

/* Append `ftyp moov` of a recording of this stream. Fails: E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status fragment_head(const struct stream *stream,
                                               struct buffer *out);

struct fragment_writer;

/* A recording of `stream` (borrowed) whose first packet is shown at
 * origin_us, one second or later. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status fragment_writer_new(
    const struct stream *stream, int64_t origin_us, fragment_sink sink,
    void *context, struct fragment_writer **out);
void fragment_writer_free(struct fragment_writer **writer);

/* Add a packet. A fragment is given as soon as a later
 * packet shows where it ends. Fails: E_ARG, E_LIMIT, E_NOMEM, E_FORMAT, or
 * what the sink gave. */
STING_MUST_USE enum sting_status fragment_writer_add(
    struct fragment_writer *writer, const struct packet *packet);

/* The keyframe at `pts`, added last, was taken then: written before its
 * fragment (prft, one a clock), for whoever compares clocks. */
void fragment_writer_taken(struct fragment_writer *writer, int64_t pts,
                           struct fragment_times at);

/* Give what has been added so far as a fragment; nothing when empty. */
STING_MUST_USE enum sting_status fragment_writer_flush(
    struct fragment_writer *writer);

#endif
