#include "media/enhance.h"

#include <math.h>
#include <stdlib.h>

#define STEADY 0.15F       /* share of the new picture where nothing moves */
#define STILL_LEVELS 6.0F  /* differences up to this are grain */
#define MOVED_LEVELS 18.0F /* from this on, something moved */
#define DARKEST 0.01       /* share of pixels that may become black */
#define BRIGHTEST 0.999
#define MIDDLE 0.38    /* where the median goes, of black to white */
#define MOST_GAMMA 1.7 /* more would show grain and nothing else */
#define LEAST_RANGE 24 /* levels; a picture of fog stays one */

struct enhancer {
    struct plane_f mean; /* of luma, over time */
    struct plane_f away; /* of the newest picture from it */
    float *column;       /* owned; sums of three rows of `away` */
    bool has_mean;
    uint8_t curve[256];
};

enum sting_status enhancer_new(int width_px, int height_px,
                               struct enhancer **out)
{
    struct enhancer *enhancer STING_AUTO(enhancer_free) =
        calloc(1, sizeof *enhancer);
    if (!enhancer) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        plane_f_init(&enhancer->mean, width_px, height_px);
    if (!status) {
        status = plane_f_init(&enhancer->away, width_px, height_px);
    }
    if (status) {
        return status;
    }
    enhancer->column = calloc((size_t)width_px, sizeof *enhancer->column);
    if (!enhancer->column) {
        return STING_E_NOMEM;
    }
    *out = enhancer;
    enhancer = NULL;
    return STING_OK;
}

void enhancer_free(struct enhancer **enhancer)
{
    if (*enhancer) {
        plane_f_release(&(*enhancer)->mean);
        plane_f_release(&(*enhancer)->away);
        free((*enhancer)->column);
    }
    free(*enhancer);
    *enhancer = NULL;
}

/* The level below which `share` of the pixels lie. */
static int level_at(const uint32_t count[256], double share)
{
    double total = 0;
    double seen = 0;
    int level = 0;
    for (int i = 0; i < 256; i++) {
        total += count[i];
    }
    while (level < 255 && seen + count[level] < share * total) {
        seen += count[level++];
    }
    return level;
}

static void curve_set(struct enhancer *enhancer,
                      const struct video_frame *first)
{
    uint32_t count[256] = {0};
    for (int y = 0; y < first->y.height_px; y++) {
        const uint8_t *row = plane_row(&first->y, y);
        for (int x = 0; x < first->y.width_px; x++) {
            count[row[x]]++;
        }
    }
    double black = first->full_range ? 0 : 16;
    double white = first->full_range ? 255 : 235;
    double low = level_at(count, DARKEST);
    /* Half way to white: a lamp may come in later. */
    double high = (level_at(count, BRIGHTEST) + white) / 2;
    high = fmax(high, low + LEAST_RANGE);
    double middle = (level_at(count, 0.5) - low) / (high - low);
    /* Never darker than it was: gamma is 1 or more. */
    double gamma = middle > 0.02 && middle < MIDDLE
                       ? fmin(log(middle) / log(MIDDLE), MOST_GAMMA)
                       : 1.0;
    for (int i = 0; i < 256; i++) {
        double part = fmin(fmax((i - low) / (high - low), 0), 1);
        enhancer->curve[i] =
            (uint8_t)lround(black + (white - black) * pow(part, 1 / gamma));
    }
}

/* A pixel's share of the new picture: small for grain, all when it moved. */
static inline float share_of(float difference)
{
    float rise = (1.0F - STEADY) / (MOVED_LEVELS - STILL_LEVELS);
    float share = STEADY + rise * (fabsf(difference) - STILL_LEVELS);
    share = share < STEADY ? STEADY : share;
    return share > 1.0F ? 1.0F : share;
}

static void away_set(struct enhancer *enhancer, const struct plane *luma)
{
    for (int y = 0; y < luma->height_px; y++) {
        const float *mean = plane_f_row(&enhancer->mean, y);
        float *away = plane_f_row(&enhancer->away, y);
        const uint8_t *row = plane_row(luma, y);
        for (int x = 0; x < luma->width_px; x++) {
            away[x] = (float)row[x] - mean[x];
        }
    }
}

/* Nine pixels around tell movement from grain better than one; at the edge,
 * the nearest row and column count twice. */
static void mean_move(struct enhancer *enhancer, int y)
{
    const struct plane_f *plane = &enhancer->away;
    int last_x = plane->width_px - 1;
    int last_y = plane->height_px - 1;
    const float *above = plane_f_row(plane, y > 0 ? y - 1 : 0);
    const float *here = plane_f_row(plane, y);
    const float *below = plane_f_row(plane, y < last_y ? y + 1 : last_y);
    float *mean = plane_f_row(&enhancer->mean, y);
    float *column = enhancer->column;
    for (int x = 0; x <= last_x; x++) {
        column[x] = above[x] + here[x] + below[x];
    }
    for (int x = 1; x < last_x; x++) {
        float sum = column[x - 1] + column[x] + column[x + 1];
        mean[x] += share_of(sum / 9.0F) * here[x];
    }
    if (last_x > 0) {
        mean[0] += share_of((2 * column[0] + column[1]) / 9.0F) * here[0];
        mean[last_x] +=
            share_of((2 * column[last_x] + column[last_x - 1]) / 9.0F) *
            here[last_x];
    }
}

static void mean_update(struct enhancer *enhancer, const struct plane *luma)
{
    away_set(enhancer, luma);
    for (int y = 0; y < luma->height_px; y++) {
        if (enhancer->has_mean) {
            mean_move(enhancer, y);
            continue;
        }
        const uint8_t *row = plane_row(luma, y);
        float *mean = plane_f_row(&enhancer->mean, y);
        for (int x = 0; x < luma->width_px; x++) {
            mean[x] = (float)row[x];
        }
    }
    enhancer->has_mean = true;
}

void enhancer_frame(struct enhancer *enhancer, struct video_frame *frame)
{
    if (!enhancer->has_mean) {
        curve_set(enhancer, frame);
    }
    mean_update(enhancer, &frame->y);
    for (int y = 0; y < frame->y.height_px; y++) {
        const float *mean = plane_f_row(&enhancer->mean, y);
        uint8_t *row = plane_row(&frame->y, y);
        for (int x = 0; x < frame->y.width_px; x++) {
            /* A mean of levels is one: from 0 to 255. */
            row[x] = enhancer->curve[(uint8_t)(mean[x] + 0.5F)];
        }
    }
}
