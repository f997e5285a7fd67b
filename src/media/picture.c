#include "media/picture.h"

#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "media/av.h"
#include "media/exif.h"

struct picture_kind {
    const char *name;
    const char *signature;
    size_t signature_bytes;
    enum AVCodecID codec;
    struct exif (*exif)(struct bytes file);
};

static const struct picture_kind kind_table[] = {
    {"JPEG", "\xff\xd8\xff", 3, AV_CODEC_ID_MJPEG, exif_of_jpeg},
    {"PNG", "\x89PNG\r\n\x1a\n", 8, AV_CODEC_ID_PNG, exif_of_png},
};

static const struct picture_kind *kind_of(struct bytes file)
{
    for (size_t i = 0; i < sizeof kind_table / sizeof *kind_table; i++) {
        const struct picture_kind *kind = &kind_table[i];
        if (file.size >= kind->signature_bytes &&
            memcmp(file.data, kind->signature, kind->signature_bytes) == 0) {
            return kind;
        }
    }
    return NULL;
}

static enum sting_status codec_open(const struct picture_kind *kind,
                                    AVCodecContext **out)
{
    const AVCodec *decoder = avcodec_find_decoder(kind->codec);
    AVCodecContext *codec = decoder ? avcodec_alloc_context3(decoder) : NULL;
    if (!codec) {
        return STING_E_NOMEM;
    }
    codec->max_pixels = PICTURE_MOST_PIXELS;
    codec->thread_count = 1;
    codec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (avcodec_open2(codec, decoder, NULL) < 0) {
        avcodec_free_context(&codec);
        return STING_E_NOMEM;
    }
    *out = codec;
    return STING_OK;
}

static enum sting_status frame_decode(const struct picture_kind *kind,
                                      struct bytes file, AVFrame *frame,
                                      struct fault *fault)
{
    AVCodecContext *codec STING_AUTO(avcodec_free_context) = NULL;
    AVPacket *packet STING_AUTO(av_packet_free) = av_packet_alloc();
    enum sting_status status = codec_open(kind, &codec);
    if (status || !packet || av_new_packet(packet, (int)file.size) < 0) {
        return STING_E_NOMEM;
    }
    memcpy(packet->data, file.data, file.size);
    int error = avcodec_send_packet(codec, packet);
    if (error >= 0) {
        error = avcodec_receive_frame(codec, frame);
    }
    if (error < 0 &&
        (int64_t)codec->width * codec->height > PICTURE_MOST_PIXELS) {
        return fault_set(fault, STING_E_LIMIT, "", "the %s is too large: %dx%d",
                         kind->name, codec->width, codec->height);
    }
    if (error < 0 || frame->decode_error_flags ||
        (frame->flags & AV_FRAME_FLAG_CORRUPT)) {
        return fault_set(fault, STING_E_FORMAT, "save it again from its source",
                         "the %s is damaged", kind->name);
    }
    return STING_OK;
}

/* One row of one component, brought to 0..255. */
static void component_row(const AVFrame *frame, int component, int y,
                          uint16_t *row)
{
    const AVPixFmtDescriptor *desc =
        av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    bool palette = desc->flags & AV_PIX_FMT_FLAG_PAL;
    int depth = palette ? 8 : desc->comp[component].depth;
    unsigned most = (1u << depth) - 1;
    av_read_image_line2(row, (const uint8_t **)(uintptr_t)frame->data,
                        frame->linesize, desc, 0, y, component, frame->width,
                        palette, sizeof *row);
    for (int x = 0; depth != 8 && x < frame->width; x++) {
        row[x] = (uint16_t)((row[x] * 255u + most / 2) / most);
    }
}

/* Grey of red, green, blue (ITU-R BT.601), alpha laid over white. `row` has
 * room for four rows of components. */
static void grey_row(const AVFrame *frame, int y, uint16_t *row, uint8_t *to)
{
    const AVPixFmtDescriptor *desc =
        av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    bool palette = desc->flags & AV_PIX_FMT_FLAG_PAL;
    int parts = palette ? 4 : desc->nb_components;
    int width = frame->width;
    for (int i = 0; i < parts; i++) {
        component_row(frame, i, y, row + (ptrdiff_t)i * width);
    }
    bool colour = parts >= 3;
    bool alpha = palette || (desc->flags & AV_PIX_FMT_FLAG_ALPHA);
    const uint16_t *a = row + (ptrdiff_t)(parts - 1) * width;
    for (int x = 0; x < width; x++) {
        unsigned grey = row[x];
        if (colour) {
            grey = (77u * row[x] + 150u * row[width + x] +
                    29u * row[2 * width + x] + 128u) >>
                   8;
        }
        if (alpha) {
            grey = (grey * a[x] + 255u * (255u - a[x]) + 127u) / 255u;
        }
        to[x] = (uint8_t)grey;
    }
}

/* Y of a JPEG that says it uses television range, brought to 0..255. */
static void range_widen(uint8_t *row, int width)
{
    for (int x = 0; x < width; x++) {
        int v = ((row[x] - 16) * 255 + 109) / 219;
        row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static enum sting_status grey_of(const AVFrame *frame, struct plane *out)
{
    const AVPixFmtDescriptor *desc =
        av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    uint16_t *row STING_AUTO(av_freep) =
        av_malloc_array((size_t)frame->width, 4 * sizeof *row);
    struct plane grey;
    if (!desc || !row || plane_init(&grey, frame->width, frame->height)) {
        return STING_E_NOMEM;
    }
    bool luma_first =
        !(desc->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL |
                         AV_PIX_FMT_FLAG_ALPHA)) &&
        desc->comp[0].depth == 8;
    for (int y = 0; y < frame->height; y++) {
        uint8_t *to = plane_row(&grey, y);
        if (!luma_first) {
            grey_row(frame, y, row, to);
            continue;
        }
        memcpy(to, frame->data[0] + (ptrdiff_t)y * frame->linesize[0],
               (size_t)frame->width);
        if (frame->color_range == AVCOL_RANGE_MPEG && desc->nb_components > 1) {
            range_widen(to, frame->width);
        }
    }
    *out = grey;
    return STING_OK;
}

/* Where the upright pixel (x, y) stands in a stored picture of w x h. */
static uint8_t turned(const struct plane *from, int orientation, int x, int y)
{
    int w = from->width_px - 1, h = from->height_px - 1;
    bool swaps = orientation >= 5;
    int sx = swaps ? y : x, sy = swaps ? x : y;
    /* 2 3 7 8: the stored columns run against ours; 3 4 6 7: the rows. */
    if (orientation == 2 || orientation == 3 || orientation == 7 ||
        orientation == 8) {
        sx = w - sx;
    }
    if (orientation == 3 || orientation == 4 || orientation == 6 ||
        orientation == 7) {
        sy = h - sy;
    }
    return plane_row(from, sy)[sx];
}

static enum sting_status plane_turn(struct plane *plane, int orientation)
{
    if (orientation == 1) {
        return STING_OK;
    }
    bool swaps = orientation >= 5;
    struct plane upright;
    enum sting_status status =
        plane_init(&upright, swaps ? plane->height_px : plane->width_px,
                   swaps ? plane->width_px : plane->height_px);
    if (status) {
        return status;
    }
    for (int y = 0; y < upright.height_px; y++) {
        for (int x = 0; x < upright.width_px; x++) {
            plane_row(&upright, y)[x] = turned(plane, orientation, x, y);
        }
    }
    plane_release(plane);
    *plane = upright;
    return STING_OK;
}

enum sting_status picture_decode(struct bytes file, struct plane *out,
                                 struct fault *fault)
{
    av_silence();
    if (file.size > PICTURE_MOST_BYTES) {
        return fault_set(fault, STING_E_LIMIT, "", "the file is too large");
    }
    const struct picture_kind *kind = kind_of(file);
    if (!kind) {
        return fault_set(fault, STING_E_UNSUPPORTED, "give a JPEG or a PNG",
                         file.size ? "this is not a picture that we know"
                                   : "the file is empty");
    }
    struct exif exif = kind->exif(file);
    if (!exif.is_whole) {
        return fault_set(fault, STING_E_FORMAT, "save it again from its source",
                         "the %s is cut short", kind->name);
    }
    AVFrame *frame STING_AUTO(av_frame_free) = av_frame_alloc();
    if (!frame) {
        return STING_E_NOMEM;
    }
    struct plane grey;
    enum sting_status status = frame_decode(kind, file, frame, fault);
    if (!status) {
        status = grey_of(frame, &grey);
    }
    if (status) {
        return status;
    }
    status = plane_turn(&grey, exif.orientation);
    if (status) {
        plane_release(&grey);
        return status;
    }
    *out = grey;
    return STING_OK;
}
