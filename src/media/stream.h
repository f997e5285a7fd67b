/*
 * stream: what must be known about a source's video before its packets mean
 * anything: codec, size, ticks, and the headers that a decoder starts from.
 */
#ifndef STING_MEDIA_STREAM_H
#define STING_MEDIA_STREAM_H

#include "base/base.h"

enum stream_codec {
    STREAM_H264,
    STREAM_H265,
    STREAM_AV1,
    STREAM_JPEG,
    STREAM_OTHER
};

struct stream {
    enum stream_codec codec;
    int width_px;
    int height_px;
    int ticks_per_s;
    int reorder;      /* frames that a later-shown one may arrive early */
    int frame_ticks;  /* usual distance of frames, a guess until seen */
    int length_bytes; /* before each NAL unit; 0: start codes; -1: no units */
    uint32_t tag;     /* four letters of the codec as in MP4, "avc1"; "jpeg" */
    void *parameters; /* owned, FFmpeg's own account of the same */
};

/* The stream of which `keyframe`, a byte stream with its parameter sets, is
 * the first picture; in microseconds, without reordering. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status stream_of_h264(int width_px, int height_px,
                                                struct bytes keyframe,
                                                struct stream *out);
/* The same, with parameters of its own. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status stream_copy(const struct stream *stream,
                                             struct stream *out);
void stream_release(struct stream *stream);

/* Ticks as microseconds, rounded to nearest. */
int64_t stream_us(const struct stream *stream, int64_t ticks);
int64_t stream_ticks(const struct stream *stream, int64_t us);

#endif
