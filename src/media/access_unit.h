/*
 * access_unit: a live stream's pieces joined into whole pictures, and each
 * picture looked over: can decoding begin here, how large, which headers.
 * Only media/ includes this.
 *
 * FFmpeg's own joining loses the time of a connection's first picture and
 * guesses others, so it is switched off: pieces that carry one RTP time are
 * one picture, complete when a piece with another time arrives, or one that
 * begins a picture itself. Headers and remarks go with the picture that
 * follows them.
 */
#ifndef STING_MEDIA_ACCESS_UNIT_H
#define STING_MEDIA_ACCESS_UNIT_H

#include <libavcodec/avcodec.h>

#include "base/buffer.h"

struct access_unit {
    AVPacket *packet; /* owned; pts as received */
    int64_t came_us;  /* when its last piece did, as the reader said */
    bool key;
    int width_px; /* 0 while unknown */
    int height_px;
    struct buffer header; /* owned; parameter sets inside, may be empty */
};

void access_unit_release(struct access_unit *unit);

struct access_units;

/* Give the next piece of the video in an empty packet and when it came, or
 * FFmpeg's error. */
typedef int (*access_unit_reader)(void *context, AVPacket *out,
                                  int64_t *came_us);

/* Read the pictures of a video whose codec is told by `p`; everything is
 * borrowed. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status access_units_new(const AVCodecParameters *p,
                                                  access_unit_reader reader,
                                                  void *context,
                                                  struct access_units **out);
void access_units_free(struct access_units **units);

/* The next picture in *out, or FFmpeg's error. */
int access_units_next(struct access_units *units, struct access_unit *out);

/* How many pictures a keyframe's stream may deliver early, as the decoder
 * reads it from the headers; 0 when they do not say. */
int access_unit_reorder(const struct access_unit *unit,
                        const AVCodecParameters *parameters);

#endif
