#include "watch/masker.h"

#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/encode.h"

#define CRF 23 /* better than a camera's, since it is the second coding */

struct masker {
    const struct stream *from; /* borrowed */
    struct mend mend;
    struct masks masks;
    int frames_per_s;
    struct decoder *decoder;
    struct encoder *encoder; /* NULL until the first picture */
    struct video_frame frame;
    struct plane cover; /* 255 where a mask lies */
    struct stream stream;
    bool is_new; /* the next packet begins a stream */
    bool has_last;
    int64_t last_us; /* encoders want later times only */
    masker_sink sink;
    void *context; /* borrowed, for the sink */
};

static void plane_take(struct plane *to, const struct plane *from)
{
    for (int y = 0; y < to->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(from, y), (size_t)to->width_px);
    }
}

static void frame_fill(struct masker *m)
{
    uint8_t black =
        m->frame.full_range ? COVER_BLACK_FULL : COVER_BLACK_TELEVISION;
    cover_black(&m->frame.y, &m->cover, 1, black);
    cover_black(&m->frame.u, &m->cover, 2, 128);
    cover_black(&m->frame.v, &m->cover, 2, 128);
}

static enum sting_status packet_give(void *context,
                                     const struct encode_packet *encoded)
{
    struct masker *m = context;
    if (m->is_new) {
        stream_release(&m->stream);
        enum sting_status status =
            stream_of_h264(m->frame.y.width_px, m->frame.y.height_px,
                           encoded->data, &m->stream);
        if (status) {
            return status;
        }
    }
    struct packet packet STING_AUTO(packet_release) = {0};
    enum sting_status status =
        packet_new(encoded->data, stream_ticks(&m->stream, encoded->pts_us),
                   encoded->key, &packet);
    if (!status) {
        status = m->sink(m->context, &m->stream, &packet, m->is_new);
    }
    m->is_new = false;
    return status;
}

/* For pictures of another size than before. */
static enum sting_status size_begin(struct masker *m, int width, int height)
{
    struct encode_settings settings = {.width_px = width,
                                       .height_px = height,
                                       .frames_per_s = m->frames_per_s,
                                       .gop_frames = m->frames_per_s,
                                       .crf = CRF};
    encoder_free(&m->encoder);
    video_frame_release(&m->frame);
    plane_release(&m->cover);
    m->is_new = true;
    enum sting_status status = video_frame_init(&m->frame, width, height, true);
    if (!status) {
        status = cover_of(&m->masks, width, height, 0, &m->cover);
    }
    if (!status) {
        status = encoder_new(&settings, packet_give, m, &m->encoder, NULL);
    }
    return status && status != STING_E_NOMEM ? STING_E_UNSUPPORTED : status;
}

/* Encoders want even sizes: an odd last row or column is left out. */
static enum sting_status picture_mask(void *context,
                                      const struct video_frame *from)
{
    struct masker *m = context;
    int width = from->y.width_px & ~1, height = from->y.height_px & ~1;
    if (!m->encoder || m->frame.y.width_px != width ||
        m->frame.y.height_px != height) {
        enum sting_status status = size_begin(m, width, height);
        if (status) {
            return status;
        }
    }
    plane_take(&m->frame.y, &from->y);
    if (from->u.data) {
        plane_take(&m->frame.u, &from->u);
        plane_take(&m->frame.v, &from->v);
    }
    bool is_after = !m->has_last || from->pts_us > m->last_us;
    m->last_us = is_after ? from->pts_us : m->last_us + 1;
    m->has_last = true;
    m->frame.pts_us = m->last_us;
    m->frame.full_range = from->full_range;
    frame_fill(m);
    return encoder_frame(m->encoder, &m->frame);
}

enum sting_status masker_new(const struct stream *from,
                             const struct masks *masks, masker_sink sink,
                             void *context, struct masker **out,
                             struct fault *fault)
{
    if (masks->count < 1 || masks->count > MASKS_MOST) {
        return STING_E_ARG;
    }
    struct masker *m STING_AUTO(masker_free) = calloc(1, sizeof *m);
    if (!m) {
        return STING_E_NOMEM;
    }
    m->from = from;
    m->masks = *masks;
    m->sink = sink;
    m->context = context;
    int usual =
        from->frame_ticks > 0 ? from->ticks_per_s / from->frame_ticks : 0;
    m->frames_per_s = usual >= 1 && usual <= 120 ? usual : 25;
    enum sting_status status =
        decoder_new(from, picture_mask, m, &m->decoder, fault);
    if (status) {
        return status;
    }
    *out = m;
    m = NULL;
    return STING_OK;
}

void masker_free(struct masker **masker)
{
    struct masker *m = *masker;
    if (m) {
        decoder_free(&m->decoder);
        encoder_free(&m->encoder);
        video_frame_release(&m->frame);
        plane_release(&m->cover);
        stream_release(&m->stream);
    }
    free(m);
    *masker = NULL;
}

enum sting_status masker_add(struct masker *masker, struct packet *packet,
                             struct moment now)
{
    if (!masker->mend.stream) {
        mend_begin(&masker->mend, masker->from, packet, now.boot_us, now);
    }
    (void)mend_packet(&masker->mend, packet, now);
    return decoder_add(masker->decoder, packet);
}

const struct mend *masker_mend(const struct masker *masker)
{
    return &masker->mend;
}
