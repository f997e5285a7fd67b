#include "media/access_unit.h"

#include <stdlib.h>
#include <string.h>

#include "media/nal.h"

#define MOST_PICTURE_BYTES ((size_t)16 << 20)

struct access_units {
    AVFormatContext *format; /* borrowed */
    int track;
    enum AVCodecID codec;
    AVCodecParserContext *parser;
    AVCodecContext *context;
    AVPacket *piece;
    struct buffer joined;
    int64_t joined_pts;
    int end; /* what the source said last, given when all is out */
};

void access_unit_release(struct access_unit *unit)
{
    av_packet_free(&unit->packet);
    buffer_release(&unit->header);
    *unit = (struct access_unit){0};
}

enum sting_status access_units_new(AVFormatContext *format, int track,
                                   struct access_units **out)
{
    const AVCodecParameters *p = format->streams[track]->codecpar;
    struct access_units *units STING_AUTO(access_units_free) =
        calloc(1, sizeof *units);
    if (!units) {
        return STING_E_NOMEM;
    }
    units->format = format;
    units->track = track;
    units->codec = p->codec_id;
    units->piece = av_packet_alloc();
    units->context = avcodec_alloc_context3(NULL);
    if (!units->piece || !units->context ||
        avcodec_parameters_to_context(units->context, p) < 0) {
        return STING_E_NOMEM;
    }
    units->parser = av_parser_init((int)p->codec_id);
    if (units->parser) {
        units->parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
    }
    *out = units;
    units = NULL;
    return STING_OK;
}

void access_units_free(struct access_units **units)
{
    struct access_units *u = *units;
    if (u) {
        av_packet_free(&u->piece);
        if (u->parser) {
            av_parser_close(u->parser);
        }
        avcodec_free_context(&u->context);
        buffer_release(&u->joined);
    }
    free(u);
    *units = NULL;
}

static bool is_header(enum AVCodecID codec, struct bytes unit)
{
    if (codec == AV_CODEC_ID_H264) {
        int type = nal_h264_type(unit);
        return type == NAL_H264_SPS || type == NAL_H264_PPS;
    }
    int type = nal_h265_type(unit);
    return codec == AV_CODEC_ID_HEVC && type >= 32 && type <= 34;
}

static enum sting_status header_collect(const struct access_units *units,
                                        struct bytes data, struct buffer *out)
{
    struct bytes unit;
    while (nal_next(&data, &unit)) {
        enum sting_status status =
            is_header(units->codec, unit) ? nal_append(out, unit) : STING_OK;
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

/* What the parser makes of one whole picture. Without a parser every picture
 * stands alone, as in motion JPEG. */
static void look_over(struct access_units *u, struct access_unit *out)
{
    out->key = true;
    if (!u->parser) {
        return;
    }
    uint8_t *ignored = NULL;
    int ignored_size = 0;
    av_parser_parse2(u->parser, u->context, &ignored, &ignored_size,
                     out->packet->data, out->packet->size, out->packet->pts,
                     AV_NOPTS_VALUE, 0);
    out->key =
        u->parser->key_frame == 1 ||
        (u->parser->key_frame < 0 && u->parser->pict_type == AV_PICTURE_TYPE_I);
    out->width_px = u->parser->width;
    out->height_px = u->parser->height;
}

static int picture_give(struct access_units *u, struct access_unit *out)
{
    struct access_unit unit = {.packet = av_packet_alloc()};
    struct bytes data = buffer_bytes(&u->joined);
    if (!unit.packet || av_new_packet(unit.packet, (int)data.size) < 0 ||
        header_collect(u, data, &unit.header)) {
        access_unit_release(&unit);
        return AVERROR(ENOMEM);
    }
    memcpy(unit.packet->data, data.data, data.size);
    unit.packet->pts = u->joined_pts;
    u->joined.size = 0;
    look_over(u, &unit);
    *out = unit;
    return 0;
}

/* Add the piece at hand to the open picture; one over the bound is dropped
 * whole, since no camera sends such. */
static int piece_add(struct access_units *u)
{
    size_t size = (size_t)u->piece->size;
    u->joined_pts = u->piece->pts;
    if (u->joined.size + size > MOST_PICTURE_BYTES) {
        u->joined.size = 0;
        return 0;
    }
    return buffer_append(&u->joined, (struct bytes){u->piece->data, size})
               ? AVERROR(ENOMEM)
               : 0;
}

int access_units_next(struct access_units *u, struct access_unit *out)
{
    while (u->end == 0) {
        u->end = av_read_frame(u->format, u->piece);
        if (u->end < 0) {
            break;
        }
        int error = 0;
        bool ours = u->piece->stream_index == u->track && u->piece->size > 0 &&
                    u->piece->pts != AV_NOPTS_VALUE;
        bool full =
            ours && u->joined.size > 0 && u->piece->pts != u->joined_pts;
        if (full) {
            error = picture_give(u, out);
        }
        if (ours && error >= 0) {
            error = piece_add(u);
        }
        av_packet_unref(u->piece);
        if (full || error < 0) {
            return error;
        }
    }
    return u->joined.size > 0 ? picture_give(u, out) : u->end;
}

int access_unit_reorder(const struct access_unit *unit,
                        const AVCodecParameters *parameters)
{
    const AVCodec *kind = avcodec_find_decoder(parameters->codec_id);
    AVCodecContext *codec STING_AUTO(avcodec_free_context) =
        kind ? avcodec_alloc_context3(kind) : NULL;
    AVFrame *frame STING_AUTO(av_frame_free) = av_frame_alloc();
    if (!codec || !frame ||
        avcodec_parameters_to_context(codec, parameters) < 0) {
        return 0;
    }
    codec->thread_count = 1;
    if (avcodec_open2(codec, kind, NULL) < 0 ||
        avcodec_send_packet(codec, unit->packet) < 0 ||
        avcodec_send_packet(codec, NULL) < 0 ||
        avcodec_receive_frame(codec, frame) < 0) {
        return 0;
    }
    return codec->has_b_frames;
}
