/*
 * still: one picture as a JPEG or PNG file, without metadata.
 */
#ifndef STING_MEDIA_STILL_H
#define STING_MEDIA_STILL_H

#include "base/buffer.h"
#include "media/video_frame.h"

/* Append a JPEG; quality 1 to 100. Fails: E_ARG, E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status still_jpeg(const struct video_frame *frame,
                                            int quality, struct buffer *out);

/* Append a grey PNG, lossless. Fails: E_ARG, E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status still_png(const struct plane *grey,
                                           struct buffer *out);

#endif
