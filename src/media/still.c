#include "media/still.h"

#include <libavutil/frame.h>

#include "media/av.h"

static enum sting_status encode_one(AVCodecContext *codec, AVFrame *frame,
                                    struct buffer *out)
{
    AVPacket *packet STING_AUTO(av_packet_free) = av_packet_alloc();
    if (!packet) {
        return STING_E_NOMEM;
    }
    if (avcodec_open2(codec, NULL, NULL) < 0 ||
        avcodec_send_frame(codec, frame) < 0 ||
        avcodec_send_frame(codec, NULL) < 0 ||
        avcodec_receive_packet(codec, packet) < 0) {
        return STING_E_IO;
    }
    return buffer_append(out,
                         (struct bytes){packet->data, (size_t)packet->size});
}

static enum sting_status codec_new(AVCodecContext **out, enum AVCodecID id,
                                   const AVFrame *frame)
{
    av_silence();
    const AVCodec *kind = avcodec_find_encoder(id);
    AVCodecContext *codec = kind ? avcodec_alloc_context3(kind) : NULL;
    if (!codec) {
        return STING_E_NOMEM;
    }
    codec->width = frame->width;
    codec->height = frame->height;
    codec->pix_fmt = (enum AVPixelFormat)frame->format;
    codec->color_range = AVCOL_RANGE_JPEG;
    codec->time_base = (AVRational){1, 25};
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT; /* no comment that names Lavc */
    *out = codec;
    return STING_OK;
}

static void range_widen(uint8_t *row, int width, int low, int span, int full)
{
    for (int x = 0; x < width; x++) {
        int v = ((row[x] - low) * full + span / 2) / span;
        v += low == 128 ? 128 : 0;
        row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

/* Television range to the full range that JPEG means. */
static void frame_widen(AVFrame *frame)
{
    for (int y = 0; y < frame->height; y++) {
        range_widen(frame->data[0] + (ptrdiff_t)y * frame->linesize[0],
                    frame->width, 16, 219, 255);
    }
    for (int y = 0; y < (frame->height + 1) / 2; y++) {
        for (int i = 1; i < 3; i++) {
            range_widen(frame->data[i] + (ptrdiff_t)y * frame->linesize[i],
                        (frame->width + 1) / 2, 128, 224, 255);
        }
    }
}

/* FFmpeg's scale of quantisers, 2 finest to 31 coarsest. */
static int quantiser_of(int quality)
{
    int q = 2 + (100 - quality) * 29 / 100;
    return q > 31 ? 31 : q;
}

enum sting_status still_jpeg(const struct video_frame *frame, int quality,
                             struct buffer *out)
{
    if (quality < 1 || quality > 100 || !frame->y.data) {
        return STING_E_ARG;
    }
    AVFrame *av STING_AUTO(av_frame_free) = NULL;
    AVCodecContext *codec STING_AUTO(avcodec_free_context) = NULL;
    enum sting_status status = av_frame_new(
        &av, AV_PIX_FMT_YUVJ420P, frame->y.width_px, frame->y.height_px);
    if (!status) {
        status = codec_new(&codec, AV_CODEC_ID_MJPEG, av);
    }
    if (status) {
        return status;
    }
    av_frame_fill(av, frame);
    if (!frame->full_range) {
        frame_widen(av);
    }
    codec->flags |= AV_CODEC_FLAG_QSCALE;
    codec->global_quality = FF_QP2LAMBDA * quantiser_of(quality);
    av->quality = codec->global_quality;
    return encode_one(codec, av, out);
}

enum sting_status still_png(const struct plane *grey, struct buffer *out)
{
    if (!grey->data) {
        return STING_E_ARG;
    }
    AVFrame *av STING_AUTO(av_frame_free) = NULL;
    AVCodecContext *codec STING_AUTO(avcodec_free_context) = NULL;
    enum sting_status status =
        av_frame_new(&av, AV_PIX_FMT_GRAY8, grey->width_px, grey->height_px);
    if (!status) {
        status = codec_new(&codec, AV_CODEC_ID_PNG, av);
    }
    if (status) {
        return status;
    }
    struct video_frame frame = {.y = *grey};
    av_frame_fill(av, &frame);
    return encode_one(codec, av, out);
}
