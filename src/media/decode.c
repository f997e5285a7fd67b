#include "media/decode.h"

#include <malloc.h>
#include <stdlib.h>

#include "media/av.h"
#include "media/frame_420.h"

struct decoder {
    struct stream stream;  /* a copy */
    AVCodecContext *codec; /* NULL: it rests */
    AVFrame *frame;
    AVPacket *packet; /* the last one that is decoded, while it can go on */
    decode_sink sink;
    void *context; /* borrowed, for the sink */
    enum decode_what what;
    bool synced; /* a keyframe went in since the last start */
    bool is_seldom;
    bool can_go_on; /* a keyframe came out whole: what follows it may go in */
    struct frame_420 room;
};

/* libavcodec reads all of them anew for every packet. */
static void codec_tell(struct decoder *decoder)
{
    if (decoder->what == DECODE_HEALING) {
        decoder->codec->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
        decoder->codec->flags2 |= AV_CODEC_FLAG2_SHOW_ALL;
    }
    decoder->codec->skip_loop_filter =
        decoder->is_seldom ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
}

static enum sting_status codec_open(struct decoder *decoder,
                                    struct fault *fault)
{
    const AVCodecParameters *p = decoder->stream.parameters;
    const AVCodec *kind = avcodec_find_decoder(p->codec_id);
    if (!kind) {
        return fault_set(fault, STING_E_UNSUPPORTED,
                         "set the camera to H.264 or H.265",
                         "no decoder for %s", avcodec_get_name(p->codec_id));
    }
    decoder->codec = avcodec_alloc_context3(kind);
    if (!decoder->codec ||
        avcodec_parameters_to_context(decoder->codec, p) < 0) {
        avcodec_free_context(&decoder->codec);
        return STING_E_NOMEM;
    }
    decoder->codec->thread_count = 1;
    decoder->codec->max_pixels = AV_MOST_PIXELS;
    codec_tell(decoder);
    int error = avcodec_open2(decoder->codec, kind, NULL);
    if (error < 0) {
        avcodec_free_context(&decoder->codec);
        return av_fault(fault, error, "", "the decoder does not start");
    }
    return STING_OK;
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
    decoder->sink = sink;
    decoder->context = context;
    decoder->what = DECODE_ALL;
    decoder->frame = av_frame_alloc();
    decoder->packet = av_packet_alloc();
    enum sting_status status = decoder->frame && decoder->packet
                                   ? stream_copy(stream, &decoder->stream)
                                   : STING_E_NOMEM;
    status = status ? status : codec_open(decoder, fault);
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
        frame_420_release(&(*decoder)->room);
        stream_release(&(*decoder)->stream);
    }
    free(*decoder);
    *decoder = NULL;
}

/* As new. */
static void codec_clear(struct decoder *decoder)
{
    avcodec_flush_buffers(decoder->codec);
    av_packet_unref(decoder->packet);
    decoder->can_go_on = false;
}

void decoder_set(struct decoder *decoder, enum decode_what what)
{
    bool is_other = decoder->what != what;
    decoder->what = what;
    if (is_other) {
        decoder->synced = false;
    }
    if (decoder->codec) {
        if (is_other && !(decoder->can_go_on && what == DECODE_ALL)) {
            codec_clear(decoder);
        }
        codec_tell(decoder);
    }
}

void decoder_seldom(struct decoder *decoder)
{
    decoder->is_seldom = true;
    if (decoder->codec) {
        codec_tell(decoder);
    }
}

static enum sting_status frame_give(struct decoder *d)
{
    const AVFrame *f = d->frame;
    struct video_frame given = {
        .full_range = f->color_range == AVCOL_RANGE_JPEG, .key = f->key_frame};
    enum sting_status status = frame_420_of(f, &d->room, &given);
    if (status) {
        return status;
    }
    given.pts_us = stream_us(&d->stream, f->best_effort_timestamp);
    return d->sink(d->context, &given);
}

static enum sting_status frames_give(struct decoder *d, int *given)
{
    for (*given = 0;; ++*given) {
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

/* All that is inside, and then it is as new. */
static enum sting_status codec_drain(struct decoder *decoder)
{
    int given = 0;
    int error = avcodec_send_packet(decoder->codec, NULL);
    enum sting_status status =
        error == AVERROR(ENOMEM) ? STING_E_NOMEM : frames_give(decoder, &given);
    codec_clear(decoder);
    return status;
}

static enum sting_status packet_send(struct decoder *decoder,
                                     const struct packet *packet)
{
    av_packet_unref(decoder->packet);
    if (av_packet_ref(decoder->packet, packet->hold) < 0) {
        return STING_E_NOMEM;
    }
    decoder->packet->pts = packet->pts;
    decoder->packet->dts = AV_NOPTS_VALUE;
    int error = avcodec_send_packet(decoder->codec, decoder->packet);
    return error == AVERROR(ENOMEM) ? STING_E_NOMEM : STING_OK;
}

/* Where its picture comes out at once, the next packets could follow; each
 * keyframe is decoded by a decoder that is as new all the same. */
static enum sting_status key_decode(struct decoder *decoder,
                                    const struct packet *packet)
{
    int given = 0;
    enum sting_status status = packet_send(decoder, packet);
    status = status ? status : frames_give(decoder, &given);
    if (status || given != 1 || decoder->is_seldom) {
        enum sting_status drained = codec_drain(decoder);
        status = status ? status : drained;
    } else {
        decoder->can_go_on = true;
    }
    if (decoder->is_seldom) {
        avcodec_free_context(&decoder->codec);
        (void)malloc_trim(0);
    }
    return status;
}

/* Is it the keyframe that was decoded last, to go on from? */
static bool is_again(const struct decoder *decoder, const struct packet *packet)
{
    const AVPacket *hold = packet->hold;
    return decoder->can_go_on && decoder->what == DECODE_ALL &&
           hold->data == decoder->packet->data &&
           packet->pts == decoder->packet->pts;
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
    if (!decoder->codec) {
        struct fault ignored = {"", ""};
        enum sting_status status = codec_open(decoder, &ignored);
        if (status) {
            return status;
        }
    }
    if (is_again(decoder, packet)) {
        decoder->can_go_on = false;
        return STING_OK;
    }
    if (decoder->can_go_on) {
        codec_clear(decoder);
    }
    if (keys_only) {
        return key_decode(decoder, packet);
    }
    int given = 0;
    enum sting_status status = packet_send(decoder, packet);
    av_packet_unref(decoder->packet);
    return status ? status : frames_give(decoder, &given);
}

enum sting_status decoder_finish(struct decoder *decoder)
{
    if (!decoder->codec) {
        return STING_OK;
    }
    decoder->synced = false;
    return codec_drain(decoder);
}
