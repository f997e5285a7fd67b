#include "media/enhance.h"

#include <math.h>
#include <stdlib.h>

#define STEADY 0.15F       /* share of the new picture where nothing moves */
#define STILL_LEVELS 6.0F  /* differences up to this are grain */
#define MOVED_LEVELS 18.0F /* from this on, something moved */
#define DARKEST 0.01       /* share of pixels that may become black */
#define BRIGHTEST 0.995
#define MIDDLE 0.38    /* where the median goes, of black to white */
#define MOST_GAMMA 2.2 /* more would show grain and nothing else */
#define LEAST_RANGE 24 /* levels; a picture of fog stays one */

struct enhancer {
    struct plane_f mean; /* of luma, over time */
    bool has_mean;
    uint8_t curve[256];
};

enum sting_status enhancer_new(int width_px, int height_px,
                               struct enhancer **out)
{
    struct enhancer *enhancer = calloc(1, sizeof *enhancer);
    if (!enhancer) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        plane_f_init(&enhancer->mean, width_px, height_px);
    if (status) {
        free(enhancer);
        return status;
    }
    *out = enhancer;
    return STING_OK;
}

void enhancer_free(struct enhancer **enhancer)
{
    if (*enhancer) {
        plane_f_release(&(*enhancer)->mean);
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
    double high = fmax(level_at(count, BRIGHTEST), low + LEAST_RANGE);
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
static float share_of(float difference)
{
    float size = fabsf(difference);
    if (size <= STILL_LEVELS) {
        return STEADY;
    }
    if (size >= MOVED_LEVELS) {
        return 1.0F;
    }
    return STEADY + (1.0F - STEADY) * (size - STILL_LEVELS) /
                        (MOVED_LEVELS - STILL_LEVELS);
}

/* Nine pixels around tell movement from grain better than one; those above
 * and to the left are compared with a mean that has taken them in already,
 * which only makes movement seem a little smaller. */
static float difference_at(const struct enhancer *enhancer,
                           const struct plane *plane, int x, int y)
{
    float sum = 0;
    int used = 0;
    for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
            int at_x = x + dx;
            int at_y = y + dy;
            if (at_x >= 0 && at_y >= 0 && at_x < plane->width_px &&
                at_y < plane->height_px) {
                sum += (float)plane_row(plane, at_y)[at_x] -
                       plane_f_row(&enhancer->mean, at_y)[at_x];
                used++;
            }
        }
    }
    return sum / (float)used;
}

static void mean_update(struct enhancer *enhancer, const struct plane *luma)
{
    for (int y = 0; y < luma->height_px; y++) {
        float *mean = plane_f_row(&enhancer->mean, y);
        const uint8_t *row = plane_row(luma, y);
        for (int x = 0; x < luma->width_px; x++) {
            float share = enhancer->has_mean
                              ? share_of(difference_at(enhancer, luma, x, y))
                              : 1.0F;
            mean[x] += share * ((float)row[x] - mean[x]);
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
            long level = lroundf(mean[x]);
            row[x] = enhancer->curve[level < 0 ? 0 : level > 255 ? 255 : level];
        }
    }
}
