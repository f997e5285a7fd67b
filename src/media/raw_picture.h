/*
 * raw_picture: pictures as a device gives them without a codec, in frames
 * that can be encoded. An odd last row or column is left out.
 *
 * Only media/ includes this.
 * Source: Video for Linux 2, "Image formats": YUYV, NV12, YU12.
 */
#ifndef STING_MEDIA_RAW_PICTURE_H
#define STING_MEDIA_RAW_PICTURE_H

#include "media/device.h"
#include "media/video_frame.h"

/* Whether pictures of this format are raw, and of a kind that is read here. */
bool raw_picture_is(const struct device_format *format);

/* Put the picture into a frame of the format's size, made even, with colour.
 * Fails: E_FORMAT when it has too few bytes, E_ARG. */
STING_MUST_USE enum sting_status raw_picture_read(
    const struct device_format *format, struct bytes data,
    struct video_frame *out);

#endif
