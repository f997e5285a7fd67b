#include "watch/masker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/encode.h"

#define CRF 23 /* better than a camera's, since it is the second coding */
#define BLACK_FULL 0
#define BLACK_TELEVISION 16

struct masker {
    struct masks masks;
    int frames_per_s;
    struct decoder *decoder;
    struct encoder *encoder; /* NULL until the first picture */
    struct video_frame frame;
    struct plane cover; /* 255 where a mask lies */
    struct stream stream;
    bool is_new; /* the next packet begins a stream */
    int64_t last_us;
    masker_sink sink;
    void *context; /* borrowed, for the sink */
};

/* Pixels of a row from `from` to `to` (in pixels, any order), and one more on
 * either side. */
static void span_cover(struct plane *cover, int y, double from, double to)
{
    int left = (int)floor(from < to ? from : to) - 1;
    int right = (int)ceil(from < to ? to : from) + 1;
    left = left < 0 ? 0 : left;
    right = right > cover->width_px ? cover->width_px : right;
    if (y >= 0 && y < cover->height_px && left < right) {
        memset(plane_row(cover, y) + left, 255, (size_t)(right - left));
    }
}

static int rising(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The inside of a polygon along one line, by crossings. */
static void line_cover(struct plane *cover, const struct mask *mask, int y,
                       double at_px)
{
    double crossing[DETECT_MOST_POINTS];
    int crossings = 0;
    for (int i = 0; i < mask->points; i++) {
        const struct detect_point *p = &mask->point[i];
        const struct detect_point *q = &mask->point[(i + 1) % mask->points];
        double py = (double)p->y * cover->height_px;
        double qy = (double)q->y * cover->height_px;
        if ((py <= at_px) != (qy <= at_px)) {
            double part = (at_px - py) / (qy - py);
            crossing[crossings++] =
                ((double)p->x + part * ((double)q->x - (double)p->x)) *
                cover->width_px;
        }
    }
    qsort(crossing, (size_t)crossings, sizeof *crossing, rising);
    for (int i = 0; i + 1 < crossings; i += 2) {
        span_cover(cover, y, crossing[i], crossing[i + 1]);
    }
}

/* An edge, so that no pixel which it only grazes is left out. */
static void edge_cover(struct plane *cover, const struct detect_point *p,
                       const struct detect_point *q)
{
    double px = (double)p->x * cover->width_px;
    double py = (double)p->y * cover->height_px;
    double dx = (double)q->x * cover->width_px - px;
    double dy = (double)q->y * cover->height_px - py;
    int steps = (int)(2 * (fabs(dx) + fabs(dy))) + 1;
    for (int i = 0; i <= steps; i++) {
        double x = px + dx * i / steps;
        int y = (int)floor(py + dy * i / steps);
        for (int near = y - 1; near <= y + 1; near++) {
            span_cover(cover, near, x, x);
        }
    }
}

static void mask_cover(struct plane *cover, const struct mask *mask)
{
    for (int y = 0; y < cover->height_px; y++) {
        line_cover(cover, mask, y, y + 0.5);
    }
    for (int i = 0; i < mask->points; i++) {
        edge_cover(cover, &mask->point[i],
                   &mask->point[(i + 1) % mask->points]);
    }
}

static void plane_take(struct plane *to, const struct plane *from)
{
    for (int y = 0; y < to->height_px; y++) {
        memcpy(plane_row(to, y), plane_row(from, y), (size_t)to->width_px);
    }
}

/* Black wherever one of the pixels is covered that share a sample. */
static void plane_fill(struct plane *plane, const struct plane *cover,
                       int scale, uint8_t value)
{
    for (int y = 0; y < cover->height_px; y++) {
        const uint8_t *covered = plane_row(cover, y);
        uint8_t *row = plane_row(plane, y / scale);
        for (int x = 0; x < cover->width_px; x++) {
            if (covered[x]) {
                row[x / scale] = value;
            }
        }
    }
}

static void frame_fill(struct masker *m)
{
    uint8_t black = m->frame.full_range ? BLACK_FULL : BLACK_TELEVISION;
    plane_fill(&m->frame.y, &m->cover, 1, black);
    plane_fill(&m->frame.u, &m->cover, 2, 128);
    plane_fill(&m->frame.v, &m->cover, 2, 128);
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
        status = plane_init(&m->cover, width, height);
    }
    if (!status) {
        status = encoder_new(&settings, packet_give, m, &m->encoder, NULL);
    }
    if (status) {
        return status == STING_E_NOMEM ? status : STING_E_UNSUPPORTED;
    }
    plane_fill(&m->cover, &m->cover, 1, 0);
    for (int i = 0; i < m->masks.count; i++) {
        mask_cover(&m->cover, &m->masks.mask[i]);
    }
    return STING_OK;
}

/* Encoders want even sizes: an odd last row or column is left out. */
static enum sting_status picture_mask(void *context,
                                      const struct video_frame *from)
{
    struct masker *m = context;
    int width = from->y.width_px & ~1, height = from->y.height_px & ~1;
    if (from->pts_us <= m->last_us && m->encoder) {
        return STING_OK;
    }
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
    m->frame.pts_us = m->last_us = from->pts_us;
    m->frame.full_range = from->full_range;
    frame_fill(m);
    return encoder_frame(m->encoder, &m->frame);
}

enum sting_status masker_new(const struct stream *from,
                             const struct masks *masks, masker_sink sink,
                             void *context, struct masker **out,
                             struct fault *fault)
{
    if (masks->count < 1 || masks->count > MASKER_MOST) {
        return STING_E_ARG;
    }
    struct masker *m STING_AUTO(masker_free) = calloc(1, sizeof *m);
    if (!m) {
        return STING_E_NOMEM;
    }
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

enum sting_status masker_add(struct masker *masker, const struct packet *packet)
{
    return decoder_add(masker->decoder, packet);
}
