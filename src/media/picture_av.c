/* JPEG, PNG and WebP, through FFmpeg's decoders. */
#include <libavutil/intreadwrite.h>
#include <libavutil/pixdesc.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "media/av.h"
#include "media/picture_kind.h"

static enum sting_status codec_open(enum AVCodecID id, AVCodecContext **out)
{
    const AVCodec *decoder = avcodec_find_decoder(id);
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

static enum sting_status frame_decode(const char *kind, enum AVCodecID id,
                                      struct bytes file, AVFrame *frame,
                                      struct fault *fault)
{
    AVCodecContext *codec STING_AUTO(avcodec_free_context) = NULL;
    AVPacket *packet STING_AUTO(av_packet_free) = av_packet_alloc();
    enum sting_status status = codec_open(id, &codec);
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
        return picture_too_large(kind, codec->width, codec->height, fault);
    }
    if (error < 0 || frame->decode_error_flags ||
        (frame->flags & AV_FRAME_FLAG_CORRUPT)) {
        return picture_damaged(kind, fault);
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

/* Grey, alpha laid over white. Chroma of YUV is never looked at. `row` has
 * room for four rows of components. */
static void grey_row(const AVFrame *frame, int y, uint16_t *row, uint8_t *to)
{
    const AVPixFmtDescriptor *desc =
        av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    bool palette = desc->flags & AV_PIX_FMT_FLAG_PAL;
    bool colour = palette || (desc->flags & AV_PIX_FMT_FLAG_RGB);
    bool alpha = palette || (desc->flags & AV_PIX_FMT_FLAG_ALPHA);
    int parts = palette ? 4 : desc->nb_components;
    int width = frame->width;
    for (int i = 0; i < parts; i++) {
        if (i == 0 || colour || (alpha && i == parts - 1)) {
            component_row(frame, i, y, row + (ptrdiff_t)i * width);
        }
    }
    const uint16_t *a = row + (ptrdiff_t)(parts - 1) * width;
    for (int x = 0; x < width; x++) {
        to[x] = colour
                    ? picture_grey(row[x], row[width + x], row[2 * width + x])
                    : (uint8_t)row[x];
    }
    if (!colour && frame->color_range == AVCOL_RANGE_MPEG &&
        desc->nb_components > 2) {
        picture_range_widen(to, width);
    }
    for (int x = 0; alpha && x < width; x++) {
        to[x] = (uint8_t)((to[x] * a[x] + 255u * (255u - a[x]) + 127u) / 255u);
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
            picture_range_widen(to, frame->width);
        }
    }
    *out = grey;
    return STING_OK;
}

static enum sting_status av_picture(const char *kind, enum AVCodecID id,
                                    struct bytes file, struct plane *out,
                                    struct fault *fault)
{
    av_silence();
    AVFrame *frame STING_AUTO(av_frame_free) = av_frame_alloc();
    if (!frame) {
        return STING_E_NOMEM;
    }
    enum sting_status status = frame_decode(kind, id, file, frame, fault);
    return status ? status : grey_of(frame, out);
}

static bool makes_pixels(const uint8_t *chunk)
{
    static const char kept[] = "IHDRPLTEtRNSIDATIEND";
    bool is_kept = false;
    for (size_t k = 0; k + 1 < sizeof kept; k += 4) {
        is_kept = is_kept || !memcmp(chunk, kept + k, 4);
    }
    return is_kept;
}

/* Texts and colour profiles, which nobody reads, would be inflated by the
 * decoder whatever their size. */
static enum sting_status png_strip(struct bytes file, struct buffer *out)
{
    struct bytes rest = {file.data + 8, file.size - 8};
    enum sting_status status = buffer_append(out, (struct bytes){file.data, 8});
    while (!status && rest.size >= 12) {
        size_t size = (size_t)AV_RB32(rest.data) + 12;
        if (size > rest.size) {
            return STING_E_FORMAT;
        }
        if (makes_pixels(rest.data + 4)) {
            status = buffer_append(out, (struct bytes){rest.data, size});
        }
        rest = (struct bytes){rest.data + size, rest.size - size};
    }
    return status;
}

static enum sting_status png_picture(const char *kind, enum AVCodecID id,
                                     struct bytes file, struct plane *out,
                                     struct fault *fault)
{
    struct buffer lean STING_AUTO(buffer_release) = {0};
    enum sting_status status = png_strip(file, &lean);
    if (status == STING_E_FORMAT) {
        return picture_damaged(kind, fault);
    }
    return status ? status
                  : av_picture(kind, id, buffer_bytes(&lean), out, fault);
}

/* What the three have in common is written once. */
#define AV_KIND(lower, text, id, picture)                                      \
    static enum sting_status lower##_facts(                                    \
        struct bytes file, struct picture_facts *out, struct fault *fault)     \
    {                                                                          \
        (void)fault;                                                           \
        out->exif = exif_of_##lower(file);                                     \
        return STING_OK;                                                       \
    }                                                                          \
    static enum sting_status lower##_decode(                                   \
        struct bytes file, int sheet, struct plane *out, int *orientation,     \
        struct fault *fault)                                                   \
    {                                                                          \
        (void)sheet;                                                           \
        (void)orientation;                                                     \
        return picture(text, id, file, out, fault);                            \
    }                                                                          \
    const struct picture_kind picture_##lower = {                              \
        text, lower##_is, lower##_facts, lower##_decode}

static bool begins(struct bytes file, const char *signature, size_t size)
{
    return file.size >= size && memcmp(file.data, signature, size) == 0;
}

static bool jpeg_is(struct bytes file)
{
    return begins(file, "\xff\xd8\xff", 3);
}

static bool png_is(struct bytes file)
{
    return begins(file, "\x89PNG\r\n\x1a\n", 8);
}

static bool webp_is(struct bytes file)
{
    return begins(file, "RIFF", 4) && file.size >= 12 &&
           memcmp(file.data + 8, "WEBP", 4) == 0;
}

AV_KIND(jpeg, "JPEG", AV_CODEC_ID_MJPEG, av_picture);
AV_KIND(png, "PNG", AV_CODEC_ID_PNG, png_picture);
AV_KIND(webp, "WebP", AV_CODEC_ID_WEBP, av_picture);
