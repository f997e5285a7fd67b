/*
 * mp4: encoded packets in, one whole progressive MP4 out: moov first, no
 * edit list, no dates, no names of programs, one video track.
 */
#ifndef STING_MEDIA_MP4_H
#define STING_MEDIA_MP4_H

#include "media/encode.h"

struct mp4_writer; /* owns the packets written so far */

STING_MUST_USE enum sting_status mp4_writer_new(int width_px, int height_px,
                                                int frames_per_s,
                                                struct mp4_writer **out);
void mp4_writer_free(struct mp4_writer **writer);

/* Add a packet; the first must be a keyframe. `writer` is a void pointer so
 * that this function is an encode_sink. Fails: E_ARG, E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status mp4_writer_add(
    void *writer, const struct encode_packet *packet);

/* Append the finished file to *out. Fails: E_ARG without a packet, E_IO. */
STING_MUST_USE enum sting_status mp4_writer_finish(struct mp4_writer *writer,
                                                   struct buffer *out);

#endif
