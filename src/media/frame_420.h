/*
 * frame_420: what a decoder gives, as planes of 8 bits with chroma half as wide
 * and tall: that is all that is looked at, shown and encoded here.
 *
 * Known: planar YUV and grey of 8 to 12 bits in native order, chroma as fine
 * as luma down to a quarter as wide. 4:2:0 of 8 bits is borrowed, not copied.
 */
#ifndef STING_MEDIA_FRAME_420_H
#define STING_MEDIA_FRAME_420_H

#include "media/av.h"
#include "media/video_frame.h"

/* Room for planes that had to be made; zero-initialise. */
struct frame_420 {
    struct plane y, u, v;
};

void frame_420_release(struct frame_420 *room);

/* The planes of `frame` to out->y, u and v, borrowed from it or from `room`
 * until either is used again; grey has no u and v. Fails: E_UNSUPPORTED,
 * E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status frame_420_of(const AVFrame *frame,
                                              struct frame_420 *room,
                                              struct video_frame *out);

#endif
