/* People of a clip, cut out by how they differ from its empty scene. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/decode.h"
#include "media/source.h"
#include "passerby.h"

#define FPS 10
#define MOST 300

/* Visits and emptiness as told beside the clip. */
static const struct stretch {
    int begin, end, empty_begin, empty_end;
} stretch[] = {
    {56, 206, 5, 50},     {226, 455, 465, 495},    {502, 712, 710, 735},
    {746, 878, 885, 905}, {918, 1210, 1212, 1230}, {1236, 1366, 1212, 1230},
};

struct extras {
    struct plane frame[MOST];
    struct plane cover[MOST]; /* 0 to 255 */
    struct plane empty;
    uint32_t *sum; /* of empty frames */
    int frames, seen, emptied;
    const struct stretch *part;
};

static enum sting_status empty_add(struct extras *e, const struct plane *y)
{
    size_t n = (size_t)y->width_px * (size_t)y->height_px;
    e->sum = e->sum ? e->sum : calloc(n, sizeof *e->sum);
    if (!e->sum) {
        return STING_E_NOMEM;
    }
    for (int j = 0; j < y->height_px; j++) {
        for (int i = 0; i < y->width_px; i++) {
            e->sum[(size_t)j * (size_t)y->width_px + (size_t)i] +=
                plane_row(y, j)[i];
        }
    }
    e->emptied++;
    return STING_OK;
}

static enum sting_status frame_take(void *context,
                                    const struct video_frame *frame)
{
    struct extras *e = context;
    const struct plane *y = &frame->y;
    int n = e->seen++;
    if (n >= e->part->empty_begin && n < e->part->empty_end) {
        enum sting_status status = empty_add(e, y);
        if (status) {
            return status;
        }
    }
    if (n < e->part->begin || n >= e->part->end || e->frames == MOST) {
        return STING_OK;
    }
    struct plane *to = &e->frame[e->frames];
    enum sting_status status = plane_init(to, y->width_px, y->height_px);
    for (int j = 0; !status && j < y->height_px; j++) {
        memcpy(plane_row(to, j), plane_row(y, j), (size_t)y->width_px);
    }
    e->frames += !status;
    return status;
}

static enum sting_status clip_read(struct extras *e, const char *path)
{
    struct source_settings settings = {.url = path};
    struct source *source STING_AUTO(source_free) = NULL;
    struct decoder *decoder STING_AUTO(decoder_free) = NULL;
    enum sting_status status = source_open(&settings, &source, NULL);
    status = status ? status
                    : decoder_new(source_stream(source), frame_take, e,
                                  &decoder, NULL);
    while (!status) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(source, &packet, &is_new, NULL);
        if (status == STING_E_ABSENT) {
            return decoder_finish(decoder);
        }
        status = status ? status : decoder_add(decoder, &packet);
    }
    return status;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The clip's camera changed its exposure when somebody came. */
static double exposure(const struct plane *f, const struct plane *b)
{
    static _Thread_local double ratio[4096];
    int n = 0, every = f->width_px * f->height_px / 4000;
    for (int i = 0; i < f->width_px * f->height_px && n < 4096; i += every) {
        ratio[n++] = (f->data[i] + 1.0) / (b->data[i] + 1.0);
    }
    qsort(ratio, (size_t)n, sizeof *ratio, ascending);
    return ratio[n / 2];
}

/* Mean difference from emptiness over 7 x 7 pixels, 14 to 24 levels. */
static void cover_fill(struct extras *e, int n)
{
    const struct plane *f = &e->frame[n], *b = &e->empty;
    int w = f->width_px, h = f->height_px;
    double gain = exposure(f, b);
    static _Thread_local int sum[1081][1921];
    for (int y = 0; y < h; y++) {
        int line = 0;
        for (int x = 0; x < w; x++) {
            line += abs(plane_row(f, y)[x] -
                        (int)(gain * plane_row(b, y)[x] + 0.5));
            sum[y + 1][x + 1] = sum[y][x + 1] + line;
        }
    }
    for (int y = 3; y < h - 3; y++) {
        for (int x = 3; x < w - 3; x++) {
            int d = sum[y + 4][x + 4] - sum[y - 3][x + 4] - sum[y + 4][x - 3] +
                    sum[y - 3][x - 3];
            double part = (d / 49.0 - 14) / 10;
            plane_row(&e->cover[n], y)[x] =
                (uint8_t)(255 * fmin(1, fmax(0, part)));
        }
    }
}

static enum sting_status cut(struct extras *e)
{
    if (e->frames == 0 || e->emptied == 0 || e->frame[0].width_px > 1920 ||
        e->frame[0].height_px > 1080) {
        return STING_E_FORMAT;
    }
    int w = e->frame[0].width_px, h = e->frame[0].height_px;
    enum sting_status status = plane_init(&e->empty, w, h);
    for (int i = 0; !status && i < w * h; i++) {
        e->empty.data[i] = (uint8_t)(e->sum[i] / (uint32_t)e->emptied);
    }
    for (int n = 0; !status && n < e->frames; n++) {
        status = plane_init(&e->cover[n], w, h);
        if (!status) {
            cover_fill(e, n);
        }
    }
    return status;
}

enum sting_status extras_load(const char *clip, int person, struct extras **out)
{
    struct extras *e STING_AUTO(extras_free) = calloc(1, sizeof *e);
    if (!e || person < 1 || person > 6) {
        return STING_E_ARG;
    }
    e->part = &stretch[person - 1];
    enum sting_status status = clip_read(e, clip);
    status = status ? status : cut(e);
    if (status) {
        return status;
    }
    *out = e;
    e = NULL;
    return STING_OK;
}

void extras_free(struct extras **extras)
{
    struct extras *e = *extras;
    for (int i = 0; e && i < MOST; i++) {
        plane_release(&e->frame[i]);
        plane_release(&e->cover[i]);
    }
    if (e) {
        plane_release(&e->empty);
        free(e->sum);
    }
    free(e);
    *extras = NULL;
}

double extras_lasts_s(const struct extras *extras)
{
    return (double)extras->frames / FPS;
}

const struct plane *extras_empty(const struct extras *extras)
{
    return &extras->empty;
}

static int within(int at, int size)
{
    return at < 0 ? 0 : at >= size ? size - 1 : at;
}

/* One row of a cutout from one of the clip. */
static void row_draw(const uint8_t *level, const uint8_t *cover, int width_px,
                     const struct extras_place *place, int y,
                     struct cutout *out)
{
    for (int x = 0; x < out->width; x++) {
        int from = within(
            (int)((out->left + x - place->left_px) / place->scale), width_px);
        from = place->mirrored ? width_px - 1 - from : from;
        size_t at = (size_t)y * (size_t)out->width + (size_t)x;
        out->cover[at] = (float)cover[from] / 255.0f;
        out->level[at] = level[from];
    }
}

enum sting_status extras_draw(const struct extras *extras,
                              const struct extras_place *place, double into_s,
                              int width_px, int height_px, struct cutout *out)
{
    int n = within((int)(into_s * FPS), extras->frames);
    const struct plane *f = &extras->frame[n], *c = &extras->cover[n];
    double top = place->foot_px - place->scale * f->height_px;
    int box[4] = {(int)place->left_px, (int)top,
                  (int)(place->left_px + place->scale * f->width_px),
                  (int)place->foot_px};
    enum sting_status status = cutout_begin(out, box, width_px, height_px);
    for (int y = 0; !status && y < out->height; y++) {
        int from =
            within((int)((out->top + y - top) / place->scale), f->height_px);
        row_draw(plane_row(f, from), plane_row(c, from), f->width_px, place, y,
                 out);
    }
    return status;
}
