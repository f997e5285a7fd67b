#include "media/decode.h"

#include <stdlib.h>

#include "media/av.h"

struct decoder {
    struct stream stream; /* its parameters are not ours to use later */
    AVCodecContext *codec;
    AVFrame *frame;
    AVPacket *packet;
    decode_sink sink;
    void *context; /* borrowed, for the sink */
    enum decode_what what;
    bool synced;         /* a keyframe went in since the last start */
    struct plane narrow; /* luma of deeper pictures, brought to 8 bits */
};

static enum sting_status codec_open(struct decoder *decoder,
                                    const struct stream *stream,
                                    struct fault *fault)
{
    const AVCodecParameters *p = stream->parameters;
    const AVCodec *kind = avcodec_find_decoder(p->codec_id);
    if (!kind) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "set the camera to H.264 or H.265",
                         "no decoder for %s", avcodec_get_name(p->codec_id));
    }
    decoder->codec = avcodec_alloc_context3(kind);
    decoder->frame = av_frame_alloc();
    decoder->packet = av_packet_alloc();
    if (!decoder->codec || !decoder->frame || !decoder->packet ||
        avcodec_parameters_to_context(decoder->codec, p) < 0) {
        return STING_E_NOMEM;
    }
    decoder->codec->thread_count = 1;
    decoder->codec->max_pixels = AV_MOST_PIXELS;
    int error = avcodec_open2(decoder->codec, kind, NULL);
    return error < 0 ? av_fault(fault, error, "", "the decoder does not start")
                     : STING_OK;
}

enum sting_status decoder_new(const struct stream *stream, decode_sink sink,
                              void *context, struct decoder **out,
                              struct fault *fault)
{
    av_silence();
    struct decoder *decoder STING_AUTO(decoder_free) =
        calloc(1, sizeof *decoder);
    if (!decoder) {
        return STING_E_NOMEM;
    }
    decoder->stream = *stream;
    decoder->stream.parameters = NULL;
    decoder->sink = sink;
    decoder->context = context;
    decoder->what = DECODE_ALL;
    enum sting_status status = codec_open(decoder, stream, fault);
    if (status) {
        return status;
    }
    *out = decoder;
    decoder = NULL;
    return STING_OK;
}

void decoder_free(struct decoder **decoder)
{
    if (*decoder) {
        avcodec_free_context(&(*decoder)->codec);
        av_frame_free(&(*decoder)->frame);
        av_packet_free(&(*decoder)->packet);
        plane_release(&(*decoder)->narrow);
    }
    free(*decoder);
    *decoder = NULL;
}

void decoder_set(struct decoder *decoder, enum decode_what what)
{
    if (decoder->what != what) {
        avcodec_flush_buffers(decoder->codec);
        decoder->synced = false;
    }
    decoder->what = what;
    /* libavcodec reads both anew for every packet. */
    if (what == DECODE_HEALING) {
        decoder->codec->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
        decoder->codec->flags2 |= AV_CODEC_FLAG2_SHOW_ALL;
    }
}

void decoder_hurry(struct decoder *decoder, bool hurry)
{
    decoder->codec->skip_loop_filter =
        hurry ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
}

/* Luma of 10 or 12 bits, in rows of little-endian words, as 8 bits. */
static enum sting_status luma_narrow(struct decoder *d, int depth)
{
    const AVFrame *frame = d->frame;
    if (d->narrow.width_px != frame->width ||
        d->narrow.height_px != frame->height) {
        plane_release(&d->narrow);
        enum sting_status status =
            plane_init(&d->narrow, frame->width, frame->height);
        if (status) {
            return status;
        }
    }
    for (int y = 0; y < frame->height; y++) {
        const uint8_t *from =
            frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
        uint8_t *to = plane_row(&d->narrow, y);
        for (int x = 0; x < frame->width; x++) {
            const uint8_t *two = from + (ptrdiff_t)2 * x;
            to[x] = (uint8_t)((two[0] | two[1] << 8) >> (depth - 8));
        }
    }
    return STING_OK;
}

static struct plane borrow(const AVFrame *frame, int part, int width,
                           int height)
{
    return (struct plane){frame->data[part], width, height,
                          frame->linesize[part]};
}

static enum sting_status frame_give(struct decoder *d)
{
    const AVFrame *f = d->frame;
    struct video_frame given = {.y = borrow(f, 0, f->width, f->height)};
    enum AVPixelFormat format = (enum AVPixelFormat)f->format;
    if (format == AV_PIX_FMT_YUV420P10LE || format == AV_PIX_FMT_YUV420P12LE) {
        enum sting_status status =
            luma_narrow(d, format == AV_PIX_FMT_YUV420P10LE ? 10 : 12);
        if (status) {
            return status;
        }
        given.y = d->narrow;
    } else if (format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P) {
        int w = (f->width + 1) / 2, h = (f->height + 1) / 2;
        given.u = borrow(f, 1, w, h);
        given.v = borrow(f, 2, w, h);
    } else if (format != AV_PIX_FMT_YUVJ422P && format != AV_PIX_FMT_YUV422P &&
               format != AV_PIX_FMT_YUVJ444P && format != AV_PIX_FMT_YUV444P &&
               format != AV_PIX_FMT_GRAY8) {
        return STING_E_UNSUPPORTED;
    }
    given.full_range = f->color_range == AVCOL_RANGE_JPEG;
    given.key = f->key_frame;
    given.pts_us = stream_us(&d->stream, f->best_effort_timestamp);
    return d->sink(d->context, &given);
}

static enum sting_status frames_give(struct decoder *d)
{
    for (;;) {
        int error = avcodec_receive_frame(d->codec, d->frame);
        if (error < 0) {
            return error == AVERROR(ENOMEM) ? STING_E_NOMEM : STING_OK;
        }
        enum sting_status status = frame_give(d);
        av_frame_unref(d->frame);
        if (status) {
            return status;
        }
    }
}

enum sting_status decoder_add(struct decoder *decoder,
                              const struct packet *packet)
{
    bool keys_only = decoder->what == DECODE_KEYFRAMES;
    bool heals = decoder->what == DECODE_HEALING;
    if (!packet->key && !heals && (keys_only || !decoder->synced)) {
        return STING_OK;
    }
    decoder->synced = true;
    if (av_packet_ref(decoder->packet, packet->hold) < 0) {
        return STING_E_NOMEM;
    }
    decoder->packet->pts = packet->pts;
    decoder->packet->dts = AV_NOPTS_VALUE;
    int error = avcodec_send_packet(decoder->codec, decoder->packet);
    av_packet_unref(decoder->packet);
    if (error == AVERROR(ENOMEM)) {
        return STING_E_NOMEM;
    }
    return keys_only ? decoder_finish(decoder) : frames_give(decoder);
}

enum sting_status decoder_finish(struct decoder *decoder)
{
    int error = avcodec_send_packet(decoder->codec, NULL);
    enum sting_status status =
        error == AVERROR(ENOMEM) ? STING_E_NOMEM : frames_give(decoder);
    avcodec_flush_buffers(decoder->codec);
    decoder->synced = false;
    return status;
}
