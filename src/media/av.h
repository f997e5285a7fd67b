/*
 * av: what every file of this room shares: FFmpeg's errors in our words, its
 * silence, and its frames filled from ours. Only media/ includes this.
 */
#ifndef STING_MEDIA_AV_H
#define STING_MEDIA_AV_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

#include "base/fault.h"
#include "media/video_frame.h"

/* Bytes of one picture that we are ready to decode. */
#define AV_MOST_PIXELS ((int64_t)160 << 20)

/* FFmpeg prints nothing: what it knows reaches people through a fault. */
void av_silence(void);

/* A status for FFmpeg's error; `why` is completed with its text. */
enum sting_status av_fault(struct fault *fault, int error, const char *todo,
                           const char *why);

/* An AVFrame with room for a picture like ours, in the given format.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status av_frame_new(AVFrame **out, int format,
                                              int width_px, int height_px);

/* Copy y, u and v into a planar 4:2:0 or grey AVFrame of the same size;
 * missing chroma becomes grey. */
void av_frame_fill(AVFrame *to, const struct video_frame *from);

#endif
