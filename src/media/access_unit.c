#include "media/access_unit.h"

#include <stdlib.h>
#include <string.h>

#include "media/av1.h"
#include "media/codec.h"
#include "media/nal.h"

#define MOST_PICTURE_BYTES ((size_t)16 << 20)

struct access_units {
    access_unit_reader reader;
    void *reader_context; /* borrowed */
    const struct codec *codec;
    AVCodecParserContext *parser;
    AVCodecContext *context;
    AVPacket *piece;
    int64_t piece_us; /* when it came */
    struct buffer joined;
    int64_t joined_pts;
    int64_t joined_us; /* when the last of it came */
    bool has_picture;  /* joined is more than headers and remarks */
    struct av1_join av1;
    int end; /* what the source said last, given when all is out */
};

void access_unit_release(struct access_unit *unit)
{
    av_packet_free(&unit->packet);
    buffer_release(&unit->header);
    *unit = (struct access_unit){0};
}

enum sting_status access_units_new(const AVCodecParameters *p,
                                   access_unit_reader reader, void *context,
                                   struct access_units **out)
{
    struct access_units *units STING_AUTO(access_units_free) =
        calloc(1, sizeof *units);
    if (!units) {
        return STING_E_NOMEM;
    }
    units->reader = reader;
    units->reader_context = context;
    units->codec = codec_find(p->codec_id);
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
        av1_join_release(&u->av1);
    }
    free(u);
    *units = NULL;
}

/* What the parser makes of one whole picture. Of motion JPEG every picture
 * stands alone, and tells its size itself. */
static void look_over(struct access_units *u, struct access_unit *out)
{
    out->key = true;
    if (u->codec->kind == STREAM_JPEG) {
        struct bytes data = {out->packet->data, (size_t)out->packet->size};
        (void)codec_jpeg_size(data, &out->width_px, &out->height_px);
    }
    if (u->codec->kind == STREAM_JPEG || !u->parser) {
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
    struct access_unit unit = {.packet = av_packet_alloc(),
                               .came_us = u->joined_us};
    struct bytes data = buffer_bytes(&u->joined);
    if (!unit.packet || av_new_packet(unit.packet, (int)data.size) < 0 ||
        (u->codec->headers && u->codec->headers(data, &unit.header))) {
        access_unit_release(&unit);
        return AVERROR(ENOMEM);
    }
    memcpy(unit.packet->data, data.data, data.size);
    unit.packet->pts = u->joined_pts;
    u->joined.size = 0;
    u->has_picture = false;
    look_over(u, &unit);
    *out = unit;
    return 0;
}

/* The first unit of the piece at hand; false when it goes on with one that
 * began in a piece before. */
static bool piece_unit(const struct access_units *u, struct bytes *unit)
{
    struct bytes piece = {u->piece->data, (size_t)u->piece->size};
    bool begins = piece.size > 3 && piece.data[0] == 0 && piece.data[1] == 0 &&
                  piece.data[2] <= 1;
    return begins && nal_next(&piece, unit);
}

/* Pieces of one time are one picture, but cameras give two pictures one time
 * as well. What is no picture yet waits for one, whatever its time. */
static bool piece_begins_picture(const struct access_units *u)
{
    struct bytes unit;
    if (!u->has_picture) {
        return false;
    }
    return u->piece->pts != u->joined_pts ||
           (u->codec->begins_picture && piece_unit(u, &unit) &&
            u->codec->begins_picture(unit));
}

static void picture_notice(struct access_units *u)
{
    struct bytes piece = {u->piece->data, (size_t)u->piece->size};
    struct bytes unit;
    if (!u->codec->is_of_picture) {
        u->has_picture = u->joined.size > 0;
        return;
    }
    while (!u->has_picture && nal_next(&piece, &unit)) {
        u->has_picture = u->codec->is_of_picture(unit);
    }
}

/* Add the piece at hand to the open picture; one over the bound is dropped
 * whole, since no camera sends such. */
static int piece_add(struct access_units *u)
{
    struct bytes piece = {u->piece->data, (size_t)u->piece->size};
    enum sting_status status = STING_OK;
    if (u->joined.size + piece.size > MOST_PICTURE_BYTES) {
        u->joined.size = 0;
        u->has_picture = false;
        return 0;
    }
    if (u->codec->kind == STREAM_AV1) {
        if (u->piece->pts != u->joined_pts) {
            av1_join_begin(&u->av1);
        }
        status = av1_join_add(&u->av1, piece, &u->joined);
    } else {
        status = buffer_append(&u->joined, piece);
    }
    u->joined_pts = u->piece->pts;
    u->joined_us = u->piece_us;
    picture_notice(u);
    return status == STING_E_NOMEM ? AVERROR(ENOMEM) : 0;
}

int access_units_next(struct access_units *u, struct access_unit *out)
{
    while (u->end == 0) {
        u->end = u->reader(u->reader_context, u->piece, &u->piece_us);
        if (u->end < 0) {
            break;
        }
        int error = 0;
        bool ours = u->piece->size > 0 && u->piece->pts != AV_NOPTS_VALUE;
        bool full = ours && piece_begins_picture(u);
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
    return u->has_picture ? picture_give(u, out) : u->end;
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
