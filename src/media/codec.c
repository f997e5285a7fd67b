#include "media/codec.h"

#include "media/av1.h"
#include "media/nal.h"

#define LETTERS(a, b, c, d)                                                    \
    ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 |                \
     (uint32_t)(d) << 24)

static enum sting_status h264_headers(struct bytes picture, struct buffer *out)
{
    return nal_h264_header_append(out, picture);
}

/* Video, sequence and picture parameter sets. */
static enum sting_status h265_headers(struct bytes picture, struct buffer *out)
{
    struct bytes unit;
    enum sting_status status = STING_OK;
    while (!status && nal_next(&picture, &unit)) {
        int type = nal_h265_type(unit);
        if (type >= 32 && type <= 34) {
            status = nal_append(out, unit);
        }
    }
    return status;
}

static bool h264_is_of_picture(struct bytes unit)
{
    int type = nal_h264_type(unit);
    return type >= NAL_H264_SLICE && type <= NAL_H264_IDR;
}

/* A delimiter, or a slice whose first_mb_in_slice is 0, one set bit. Headers
 * begin nothing: there are cameras that repeat them before each slice. */
static bool h264_begins_picture(struct bytes unit)
{
    return nal_h264_type(unit) == NAL_H264_DELIMITER ||
           (h264_is_of_picture(unit) && unit.size > 1 && unit.data[1] & 0x80);
}

static bool h265_is_of_picture(struct bytes unit)
{
    int type = nal_h265_type(unit);
    return type >= 0 && type < 32;
}

/* first_slice_segment_in_pic_flag stands behind the header of two bytes. */
static bool h265_begins_picture(struct bytes unit)
{
    int type = nal_h265_type(unit);
    return type == NAL_H265_DELIMITER ||
           (h265_is_of_picture(unit) && unit.size > 2 && unit.data[2] & 0x80);
}

static const struct codec table[] = {
    {AV_CODEC_ID_H264, STREAM_H264, LETTERS('a', 'v', 'c', '1'), 4,
     h264_headers, h264_begins_picture, h264_is_of_picture},
    {AV_CODEC_ID_HEVC, STREAM_H265, LETTERS('h', 'e', 'v', '1'), 21,
     h265_headers, h265_begins_picture, h265_is_of_picture},
    {AV_CODEC_ID_AV1, STREAM_AV1, LETTERS('a', 'v', '0', '1'), 0, av1_headers,
     NULL, NULL},
    {AV_CODEC_ID_MJPEG, STREAM_JPEG, LETTERS('j', 'p', 'e', 'g'), 0, NULL, NULL,
     NULL},
    {AV_CODEC_ID_NONE, STREAM_OTHER, LETTERS('m', 'p', '4', 'v'), 0, NULL, NULL,
     NULL},
};

const struct codec *codec_find(enum AVCodecID id)
{
    size_t i = 0;
    while (table[i].id != AV_CODEC_ID_NONE && table[i].id != id) {
        i++;
    }
    return &table[i];
}

static bool is_frame_header(unsigned marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
           marker != 0xc8 && marker != 0xcc;
}

bool codec_jpeg_size(struct bytes picture, int *width_px, int *height_px)
{
    const uint8_t *d = picture.data;
    size_t at = 2;
    while (at + 9 <= picture.size && d[at] == 0xff) {
        unsigned marker = d[at + 1];
        if (is_frame_header(marker)) {
            *height_px = d[at + 5] << 8 | d[at + 6];
            *width_px = d[at + 7] << 8 | d[at + 8];
            return true;
        }
        at += 2 + ((size_t)d[at + 2] << 8 | d[at + 3]);
    }
    return false;
}
