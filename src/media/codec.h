/*
 * codec: what differs between the kinds of video that a camera sends: its
 * name in MP4, where a decoder can begin, which headers it needs first.
 * Only media/ includes this.
 *
 * Source: H.264 7.3.1 and 7.3.3, H.265 7.3.1.2 and 7.3.6.1, AV1 5.3 and 6.2,
 * T.81 B.2.
 */
#ifndef STING_MEDIA_CODEC_H
#define STING_MEDIA_CODEC_H

#include <libavcodec/avcodec.h>

#include "base/buffer.h"
#include "media/stream.h"

struct codec {
    enum AVCodecID id;
    enum stream_codec kind;
    uint32_t tag;        /* four letters for people and players */
    int length_bytes_at; /* of the length size in extradata; 0: no units */
    /* Append what a decoder needs before this picture. May be NULL. */
    enum sting_status (*headers)(struct bytes picture, struct buffer *out);
    /* Whether no picture is open any more once this unit comes, and whether
     * it holds a part of one. NULL where units are not told apart. */
    bool (*begins_picture)(struct bytes unit);
    bool (*is_of_picture)(struct bytes unit);
};

/* Never NULL: the last row of the table stands for all that is unknown. */
const struct codec *codec_find(enum AVCodecID id);

/* Width and height in a JPEG's frame header. False: there is none. */
bool codec_jpeg_size(struct bytes picture, int *width_px, int *height_px);

#endif
