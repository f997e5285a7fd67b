#include "drill/walkers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/body.h"
#include "drill/empty_room.h"
#include "drill/reel.h"

#define APART_US 60000   /* of those that are kept */
#define HOLD_US 1000000  /* gone for less, it is the same visit */
#define LEAST_US 2000000 /* of a visit */
#define WINDOW 3         /* px to each side, over which differences count */
#define LEAST_AREA 0.002 /* of the picture, that is somebody */

void walkers_release(struct walkers *walkers)
{
    for (size_t i = 0; i < walkers->frames; i++) {
        free(walkers->frame[i].cell);
    }
    free(walkers->frame);
    plane_release(&walkers->empty);
    *walkers = (struct walkers){.count = 0};
}

double walker_lasts_s(const struct walker *walker)
{
    return (double)(walker->ends_us - walker->begins_us) / 1e6;
}

/* ---- who is in it ---- */

struct cutting {
    struct walkers *walkers;
    uint32_t *sum;      /* owned: of differences, above and left of a place */
    struct plane cover; /* owned: of the picture */
    int64_t last_us;
};

static void cutting_release(struct cutting *cutting)
{
    free(cutting->sum);
    plane_release(&cutting->cover);
}

static void difference_sum(struct cutting *c, const struct plane *picture)
{
    const struct plane *empty = &c->walkers->empty;
    float gain = empty_room_exposure(picture, empty);
    size_t wide = (size_t)picture->width_px + 1;
    for (int y = 0; y < picture->height_px; y++) {
        uint32_t line = 0;
        const uint32_t *above = c->sum + (size_t)y * wide;
        uint32_t *row = c->sum + ((size_t)y + 1) * wide;
        for (int x = 0; x < picture->width_px; x++) {
            float usual = gain * (float)plane_row(empty, y)[x];
            float off = fabsf((float)plane_row(picture, y)[x] - usual);
            /* In eighths of a ninth of the level: who stands out by a ninth
             * of it begins to be seen, by a fifth is. */
            line += (uint32_t)(fminf(32, 9 * off / (usual + 16)) * 8);
            row[x + 1] = above[x + 1] + line;
        }
    }
}

static uint8_t cover_of(const struct cutting *c, int x, int y)
{
    size_t wide = (size_t)c->walkers->width_px + 1;
    const uint32_t *above = c->sum + (size_t)(y - WINDOW) * wide;
    const uint32_t *below = c->sum + (size_t)(y + WINDOW + 1) * wide;
    uint32_t sum = below[x + WINDOW + 1] - above[x + WINDOW + 1] -
                   below[x - WINDOW] + above[x - WINDOW];
    float ninths = (float)sum / (8 * (2 * WINDOW + 1) * (2 * WINDOW + 1));
    float part = (ninths - 1) / 0.7F;
    return (uint8_t)(255 * fmaxf(0, fminf(1, part)));
}

/* Cover of the largest thing that is not the room's, and the box around it;
 * gives its area. */
static double cover_fill(struct cutting *c, int box[4])
{
    int width = c->walkers->width_px;
    int height = c->walkers->height_px;
    memset(c->cover.data, 0, (size_t)c->cover.stride * (size_t)height);
    for (int y = WINDOW; y < height - WINDOW; y++) {
        for (int x = WINDOW; x < width - WINDOW; x++) {
            plane_row(&c->cover, y)[x] = cover_of(c, x, y);
        }
    }
    return body_keep(&c->cover, box);
}

static enum sting_status frame_keep(struct cutting *c, const int box[4],
                                    const struct video_frame *frame)
{
    struct walkers *w = c->walkers;
    int width = box[2] - box[0];
    int height = box[3] - box[1];
    size_t cells = (size_t)width * (size_t)height;
    struct walker_frame *more =
        realloc(w->frame, (w->frames + 1) * sizeof *more);
    w->frame = more ? more : w->frame;
    uint8_t *cell = malloc(2 * cells);
    if (!more || !cell || w->bytes + 2 * cells > WALKERS_MOST_BYTES) {
        free(cell);
        return more && cell ? STING_E_LIMIT : STING_E_NOMEM;
    }
    for (int y = 0; y < height; y++) {
        size_t at = (size_t)y * (size_t)width;
        memcpy(cell + at, plane_row(&c->cover, box[1] + y) + box[0],
               (size_t)width);
        memcpy(cell + cells + at, plane_row(&frame->y, box[1] + y) + box[0],
               (size_t)width);
    }
    w->bytes += 2 * cells;
    w->frame[w->frames++] = (struct walker_frame){frame->pts_us, box[0], box[1],
                                                  width,         height, cell};
    return STING_OK;
}

/* Of the one who is there, or of the next. */
static struct walker *walker_of(struct walkers *w, int64_t at_us)
{
    struct walker *last = w->count ? &w->walker[w->count - 1] : NULL;
    if (last && at_us - last->ends_us < HOLD_US) {
        return last;
    }
    if (last && last->ends_us - last->begins_us < LEAST_US) {
        *last = (struct walker){at_us, at_us, w->frames, 0, 0, 0};
        return last; /* that was nobody */
    }
    if (w->count == WALKERS_MOST) {
        return NULL;
    }
    w->walker[w->count] = (struct walker){at_us, at_us, w->frames, 0, 0, 0};
    return &w->walker[w->count++];
}

static enum sting_status picture_cut(void *context, struct video_frame *frame)
{
    struct cutting *c = context;
    struct walkers *w = c->walkers;
    int box[4];
    if (frame->y.width_px != w->width_px ||
        frame->y.height_px != w->height_px) {
        return STING_E_UNSUPPORTED; /* it has changed meanwhile */
    }
    if (frame->pts_us - c->last_us < APART_US) {
        return STING_OK;
    }
    c->last_us = frame->pts_us;
    difference_sum(c, &frame->y);
    double area = cover_fill(c, box);
    if (area < LEAST_AREA * w->width_px * w->height_px) {
        return STING_OK;
    }
    struct walker *walker = walker_of(w, frame->pts_us);
    if (!walker) {
        return STING_E_BUSY;
    }
    enum sting_status status = frame_keep(c, box, frame);
    if (status) {
        return status == STING_E_LIMIT ? STING_E_BUSY : status;
    }
    walker->ends_us = frame->pts_us;
    walker->frames = w->frames - walker->first;
    walker->area_px = fmax(walker->area_px, area);
    walker->height_px = fmaxf(walker->height_px, (float)(box[3] - box[1]));
    return STING_OK;
}

static enum sting_status everybody_cut(int input, struct walkers *out,
                                       struct fault *fault)
{
    struct cutting cutting STING_AUTO(cutting_release) = {.walkers = out,
                                                          .last_us = -APART_US};
    cutting.sum =
        calloc(((size_t)out->width_px + 1) * ((size_t)out->height_px + 1),
               sizeof *cutting.sum);
    enum sting_status status =
        plane_init(&cutting.cover, out->width_px, out->height_px);
    if (status || !cutting.sum) {
        return STING_E_NOMEM;
    }
    status = reel_play(input, picture_cut, &cutting, fault);
    struct walker *last = out->count ? &out->walker[out->count - 1] : NULL;
    out->count -= last && last->ends_us - last->begins_us < LEAST_US;
    return status;
}

enum sting_status walkers_cut(int input, struct walkers *out,
                              struct fault *fault)
{
    struct likeness_sample sample STING_AUTO(likeness_release) = {.frames = 0};
    struct reel reel;
    *out = (struct walkers){.count = 0};
    enum sting_status status = reel_survey(input, &reel, &sample, fault);
    likeness_release(&sample);
    status =
        status ? status : empty_room_find(input, reel.us, &out->empty, fault);
    out->width_px = out->empty.width_px;
    out->height_px = out->empty.height_px;
    status = status ? status : everybody_cut(input, out, fault);
    return !status && out->count == 0
               ? fault_set(fault, STING_E_ABSENT,
                           "give a clip in which somebody walks before a "
                           "camera that stands still",
                           "nobody can be cut out of it")
               : status;
}

/* ---- laid over another picture ---- */

static const struct walker_frame *frame_at(const struct walkers *walkers,
                                           const struct walker *walker,
                                           double into_s)
{
    int64_t at_us = walker->begins_us + (int64_t)(into_s * 1e6);
    const struct walker_frame *frame = &walkers->frame[walker->first];
    for (size_t i = 1; i < walker->frames && frame[1].at_us <= at_us; i++) {
        frame++;
    }
    return frame;
}

/* How much brighter that room is than the clip's, where he is. */
static float light_of(const struct walkers *walkers,
                      const struct walker_frame *frame, float times,
                      const struct plate *room)
{
    double sum = 1;
    for (int y = frame->top; y < frame->top + frame->height; y++) {
        for (int x = frame->left; x < frame->left + frame->width; x++) {
            sum += plane_row(&walkers->empty, y)[x];
        }
    }
    float mine = (float)(sum / ((double)frame->width * frame->height));
    float other = plate_level(room, (int)((float)frame->left * times),
                              (int)((float)frame->top * times),
                              (int)((float)frame->width * times) + 1,
                              (int)((float)frame->height * times) + 1);
    return fmaxf(0.05F, fminf(20, other / mine));
}

enum sting_status walker_draw(const struct walkers *walkers,
                              const struct walker *walker, double into_s,
                              const struct plate *room, struct matte *out)
{
    const struct walker_frame *frame = frame_at(walkers, walker, into_s);
    float times = (float)room->mean[0].width_px / (float)walkers->width_px;
    float light = light_of(walkers, frame, times, room);
    size_t cells = (size_t)frame->width * (size_t)frame->height;
    enum sting_status status = matte_begin(
        out, (int)((float)frame->left * times),
        (int)((float)frame->top * times), (int)((float)frame->width * times),
        (int)((float)frame->height * times));
    for (int y = 0; !status && y < out->height; y++) {
        int row = (int)((float)y / times);
        row = row < frame->height ? row : frame->height - 1;
        for (int x = 0; x < out->width; x++) {
            int column = (int)((float)x / times);
            column = column < frame->width ? column : frame->width - 1;
            size_t at = (size_t)row * (size_t)frame->width + (size_t)column;
            out->pixel[(size_t)y * (size_t)out->width + (size_t)x] =
                (struct matte_pixel){
                    (float)frame->cell[at] / 255,
                    fminf(255, light * (float)frame->cell[cells + at]),
                    {0, 0}};
        }
    }
    return status;
}
