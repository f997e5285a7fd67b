#include "media/recode.h"

#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/encode.h"

#define USUAL_FPS 25
#define MOST_FPS 120

struct recoder {
    struct decoder *decoder;
    struct encoder *encoder; /* NULL until the first picture */
    struct fragment_writer *writer;
    struct stream
        stream; /* of what is given; no parameters until it is known */
    struct video_frame frame; /* what is encoded next */
    int frames_per_s;
    int crf;
    int by; /* pixels of the camera in one of ours, each way */
    int64_t from_us;
    int64_t last_us;
    fragment_sink sink;
    void *context; /* borrowed, for the sink */
};

/* Each pixel is the mean of by x by. */
static void plane_reduce(const struct plane *to, const struct plane *from,
                         int by)
{
    for (int y = 0; y < to->height_px; y++) {
        uint8_t *row = plane_row(to, y);
        if (by == 1) {
            memcpy(row, plane_row(from, y), (size_t)to->width_px);
            continue;
        }
        for (int x = 0; x < to->width_px; x++) {
            int sum = by * by / 2;
            for (int i = 0; i < by * by; i++) {
                sum += plane_row(from, y * by + i / by)[x * by + i % by];
            }
            row[x] = (uint8_t)(sum / (by * by));
        }
    }
}

/* The first packet tells what the stream is. */
static enum sting_status stream_begin(struct recoder *r,
                                      const struct encode_packet *first)
{
    enum sting_status status = stream_of_h264(
        r->frame.y.width_px, r->frame.y.height_px, first->data, &r->stream);
    r->stream.frame_ticks = 1000000 / r->frames_per_s;
    return status ? status
                  : fragment_writer_new(&r->stream, first->pts_us, r->sink,
                                        r->context, &r->writer);
}

static enum sting_status packet_take(void *context,
                                     const struct encode_packet *encoded)
{
    struct recoder *r = context;
    struct packet packet STING_AUTO(packet_release) = {0};
    enum sting_status status = r->writer ? STING_OK : stream_begin(r, encoded);
    if (!status) {
        status =
            packet_new(encoded->data, encoded->pts_us, encoded->key, &packet);
    }
    return status ? status : fragment_writer_add(r->writer, &packet);
}

/* Even sizes: an odd last row or column is left out. */
static enum sting_status size_begin(struct recoder *r, int width_px,
                                    int height_px)
{
    r->by = 1;
    while ((int64_t)width_px * height_px / r->by / r->by > RECODE_MOST_PX) {
        r->by *= 2;
    }
    const struct encode_settings settings = {.width_px = width_px / r->by & ~1,
                                             .height_px =
                                                 height_px / r->by & ~1,
                                             .frames_per_s = r->frames_per_s,
                                             .gop_frames = r->frames_per_s,
                                             .crf = r->crf};
    enum sting_status status = video_frame_init(&r->frame, settings.width_px,
                                                settings.height_px, true);
    return status ? status
                  : encoder_new(&settings, packet_take, r, &r->encoder, NULL);
}

static enum sting_status picture_take(void *context,
                                      const struct video_frame *from)
{
    struct recoder *r = context;
    struct video_frame *to = &r->frame;
    if (from->pts_us < r->from_us || from->pts_us <= r->last_us) {
        return STING_OK;
    }
    enum sting_status status =
        r->encoder ? STING_OK
                   : size_begin(r, from->y.width_px, from->y.height_px);
    if (status) {
        return status;
    }
    if ((from->y.width_px / r->by & ~1) != to->y.width_px ||
        (from->y.height_px / r->by & ~1) != to->y.height_px) {
        return STING_E_FORMAT;
    }
    plane_reduce(&to->y, &from->y, r->by);
    if (from->u.data) {
        plane_reduce(&to->u, &from->u, r->by);
        plane_reduce(&to->v, &from->v, r->by);
    }
    to->pts_us = r->last_us = from->pts_us;
    to->full_range = from->full_range;
    return encoder_frame(r->encoder, to);
}

enum sting_status recoder_new(const struct stream *from, int crf,
                              fragment_sink sink, void *context,
                              struct recoder **out, struct fault *fault)
{
    struct recoder *r STING_AUTO(recoder_free) = calloc(1, sizeof *r);
    if (!r) {
        return STING_E_NOMEM;
    }
    r->crf = crf;
    r->sink = sink;
    r->context = context;
    r->from_us = r->last_us = INT64_MIN;
    int usual =
        from->frame_ticks > 0 ? from->ticks_per_s / from->frame_ticks : 0;
    r->frames_per_s = usual >= 1 && usual <= MOST_FPS ? usual : USUAL_FPS;
    enum sting_status status =
        decoder_new(from, picture_take, r, &r->decoder, fault);
    if (!status) {
        *out = r;
        r = NULL;
    }
    return status;
}

void recoder_free(struct recoder **recoder)
{
    struct recoder *r = *recoder;
    if (r) {
        decoder_free(&r->decoder);
        encoder_free(&r->encoder);
        fragment_writer_free(&r->writer);
        video_frame_release(&r->frame);
        stream_release(&r->stream);
    }
    free(r);
    *recoder = NULL;
}

void recoder_from(struct recoder *recoder, int64_t from_us)
{
    recoder->from_us = from_us;
}

enum sting_status recoder_add(struct recoder *recoder,
                              const struct packet *packet)
{
    return decoder_add(recoder->decoder, packet);
}

enum sting_status recoder_flush(struct recoder *recoder)
{
    return recoder->writer ? fragment_writer_flush(recoder->writer) : STING_OK;
}

enum sting_status recoder_finish(struct recoder *recoder)
{
    enum sting_status status = decoder_finish(recoder->decoder);
    if (!status && recoder->encoder) {
        status = encoder_finish(recoder->encoder);
    }
    return status ? status : recoder_flush(recoder);
}

enum sting_status recoder_head(const struct recoder *recoder,
                               struct buffer *out)
{
    return recoder->stream.parameters ? fragment_head(&recoder->stream, out)
                                      : STING_E_ABSENT;
}
