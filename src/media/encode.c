#include "media/encode.h"

#include <libavutil/opt.h>
#include <stdlib.h>

#include "media/av.h"
#include "media/nal.h"

struct encoder {
    AVCodecContext *codec;
    AVFrame *frame;
    AVPacket *packet;
    encode_sink sink;
    void *context;       /* borrowed, for the sink */
    struct buffer clean; /* the packet without what names the encoder */
    int64_t last_pts_us;
    int64_t gop_us;
    int64_t key_pts_us; /* of the last keyframe that was asked for by time */
    bool full_range_known;
};

static bool settings_are_sane(const struct encode_settings *s)
{
    return s->width_px >= 16 && s->height_px >= 16 && s->width_px % 2 == 0 &&
           s->height_px % 2 == 0 && s->width_px <= 8192 &&
           s->height_px <= 8192 && s->frames_per_s >= 1 &&
           s->frames_per_s <= 240 && s->gop_frames >= 1 && s->crf >= 0 &&
           s->crf <= 51;
}

static void codec_set(AVCodecContext *codec, const struct encode_settings *s)
{
    codec->width = s->width_px;
    codec->height = s->height_px;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->color_range = AVCOL_RANGE_JPEG;
    codec->time_base = (AVRational){1, 1000000};
    codec->framerate = (AVRational){s->frames_per_s, 1};
    codec->gop_size = s->gop_frames;
    codec->keyint_min = s->gop_frames;
    codec->max_b_frames = 0;
    codec->thread_count = 1;
    av_opt_set(codec->priv_data, "profile", "high", 0);
    av_opt_set(codec->priv_data, "preset", s->thorough ? "faster" : "superfast",
               0);
    av_opt_set(codec->priv_data, "tune", "zerolatency", 0);
    av_opt_set_int(codec->priv_data, "crf", s->crf, 0);
    av_opt_set(codec->priv_data, "x264-params", "scenecut=0:force-cfr=1", 0);
}

static enum sting_status codec_open(struct encoder *encoder,
                                    const struct encode_settings *settings,
                                    struct fault *fault)
{
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "install libavcodec with libx264",
                         "there is no H.264 encoder on this machine");
    }
    encoder->codec = avcodec_alloc_context3(x264);
    encoder->packet = av_packet_alloc();
    if (!encoder->codec || !encoder->packet) {
        return STING_E_NOMEM;
    }
    codec_set(encoder->codec, settings);
    int error = avcodec_open2(encoder->codec, x264, NULL);
    if (error < 0) {
        return av_fault(fault, error, "", "the encoder does not start");
    }
    return av_frame_new(&encoder->frame, AV_PIX_FMT_YUV420P, settings->width_px,
                        settings->height_px);
}

enum sting_status encoder_new(const struct encode_settings *settings,
                              encode_sink sink, void *context,
                              struct encoder **out, struct fault *fault)
{
    if (!settings_are_sane(settings)) {
        return fault_set(fault, STING_E_ARG, "",
                         "no such video can be encoded: %dx%d at %d a second",
                         settings->width_px, settings->height_px,
                         settings->frames_per_s);
    }
    av_silence();
    struct encoder *encoder STING_AUTO(encoder_free) =
        calloc(1, sizeof *encoder);
    if (!encoder) {
        return STING_E_NOMEM;
    }
    encoder->sink = sink;
    encoder->context = context;
    encoder->last_pts_us = INT64_MIN;
    enum sting_status status = codec_open(encoder, settings, fault);
    if (status) {
        return status;
    }
    *out = encoder;
    encoder = NULL;
    return STING_OK;
}

void encoder_free(struct encoder **encoder)
{
    if (*encoder) {
        avcodec_free_context(&(*encoder)->codec);
        av_frame_free(&(*encoder)->frame);
        av_packet_free(&(*encoder)->packet);
        buffer_release(&(*encoder)->clean);
    }
    free(*encoder);
    *encoder = NULL;
}

void encoder_key_every(struct encoder *encoder, int64_t apart_us)
{
    encoder->gop_us = apart_us;
}

static enum sting_status packet_give(struct encoder *encoder)
{
    const AVPacket *packet = encoder->packet;
    struct bytes all = {packet->data, (size_t)packet->size}, unit;
    encoder->clean.size = 0;
    while (nal_next(&all, &unit)) {
        if (nal_h264_type(unit) == NAL_H264_SEI) {
            continue;
        }
        enum sting_status status = nal_append(&encoder->clean, unit);
        if (status) {
            return status;
        }
    }
    struct encode_packet given = {buffer_bytes(&encoder->clean), packet->pts,
                                  packet->flags & AV_PKT_FLAG_KEY};
    return encoder->sink(encoder->context, &given);
}

static enum sting_status packets_give(struct encoder *encoder)
{
    for (;;) {
        int error = avcodec_receive_packet(encoder->codec, encoder->packet);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) {
            return STING_OK;
        }
        if (error < 0) {
            return STING_E_IO;
        }
        enum sting_status status = packet_give(encoder);
        av_packet_unref(encoder->packet);
        if (status) {
            return status;
        }
    }
}

/* A keyframe where it is time for one, else as the encoder likes. */
static enum AVPictureType type_of(struct encoder *encoder,
                                  const struct video_frame *frame)
{
    bool is_first = encoder->last_pts_us == INT64_MIN;
    bool is_due = encoder->gop_us > 0 &&
                  frame->pts_us - encoder->key_pts_us >= encoder->gop_us;
    if (!is_first && !is_due) {
        return AV_PICTURE_TYPE_NONE;
    }
    encoder->key_pts_us = frame->pts_us;
    return encoder->gop_us > 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
}

enum sting_status encoder_frame(struct encoder *encoder,
                                const struct video_frame *frame)
{
    if (frame->y.width_px != encoder->codec->width ||
        frame->y.height_px != encoder->codec->height ||
        frame->pts_us <= encoder->last_pts_us) {
        return STING_E_ARG;
    }
    if (av_frame_make_writable(encoder->frame) < 0) {
        return STING_E_NOMEM;
    }
    av_frame_fill(encoder->frame, frame);
    encoder->frame->pts = frame->pts_us;
    encoder->frame->color_range =
        frame->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    encoder->frame->pict_type = type_of(encoder, frame);
    encoder->last_pts_us = frame->pts_us;
    if (avcodec_send_frame(encoder->codec, encoder->frame) < 0) {
        return STING_E_IO;
    }
    return packets_give(encoder);
}

enum sting_status encoder_finish(struct encoder *encoder)
{
    if (avcodec_send_frame(encoder->codec, NULL) < 0) {
        return STING_E_IO;
    }
    return packets_give(encoder);
}
