/*
 * video_frame: one picture of a video, as it comes out of a decoder and goes
 * into an encoder: 4:2:0, or grey when u and v are empty.
 */
#ifndef STING_MEDIA_VIDEO_FRAME_H
#define STING_MEDIA_VIDEO_FRAME_H

#include "base/plane.h"

struct video_frame {
    struct plane y;
    struct plane u, v; /* half as wide and tall, rounded up; or data NULL */
    int64_t pts_us;    /* when it is shown */
    bool key;
    bool full_range; /* y is 0 to 255; else 16 to 235 as in television */
};

/* Give a frame of width x height (each 1 to PLANE_MOST_PX), black, grey
 * chroma when `colour`. The caller releases it. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status video_frame_init(struct video_frame *out,
                                                  int width_px, int height_px,
                                                  bool colour);
void video_frame_release(struct video_frame *frame);

/* The same picture, time and all, as far as the planes of `to` reach. */
void video_frame_copy(struct video_frame *to, const struct video_frame *from);

#endif
