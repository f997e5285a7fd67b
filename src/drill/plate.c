#include "drill/plate.h"

#include <math.h>

#define MEMORY_S 10.0   /* the mean follows the light in so many seconds */
#define APART_US 180000 /* of pictures that it learns from */
#define LEAST_PIXELS 2000

static const struct plane *plane_of(const struct video_frame *frame, int n)
{
    return n == 0 ? &frame->y : n == 1 ? &frame->u : &frame->v;
}

enum sting_status plate_begin(struct plate *plate,
                              const struct video_frame *like)
{
    plate_release(plate);
    for (int n = 0; n < 3 && plane_of(like, n)->data; n++) {
        const struct plane *plane = plane_of(like, n);
        enum sting_status status =
            plane_f_init(&plate->mean[n], plane->width_px, plane->height_px);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

void plate_release(struct plate *plate)
{
    for (int n = 0; n < 3; n++) {
        plane_f_release(&plate->mean[n]);
    }
    *plate = (struct plate){.has_begun = false};
}

static int level_of(float grey)
{
    int level = (int)grey * PLATE_LEVELS / 256;
    return level < 0 ? 0 : level >= PLATE_LEVELS ? PLATE_LEVELS - 1 : level;
}

/* ---- learning ---- */

static void mean_take(struct plane_f *mean, const struct plane *plane,
                      float share)
{
    for (int y = 0; y < mean->height_px; y++) {
        float *to = plane_f_row(mean, y);
        const uint8_t *from = plane_row(plane, y);
        for (int x = 0; x < mean->width_px; x++) {
            to[x] += share * ((float)from[x] - to[x]);
        }
    }
}

/* Every fourth row is enough of them. */
static void noise_take(struct plate *plate, const struct plane *luma)
{
    for (int y = 0; y < luma->height_px; y += 4) {
        const float *mean = plane_f_row(&plate->mean[0], y);
        const uint8_t *row = plane_row(luma, y);
        for (int x = 0; x < luma->width_px; x++) {
            double off = (double)((float)row[x] - mean[x]);
            int level = level_of(mean[x]);
            plate->square[level] += off * off;
            plate->count[level]++;
        }
    }
}

/* Where the room has no such brightness, that of the nearest which it has. */
static void noise_fill(struct plate *plate)
{
    for (int level = 0; level < PLATE_LEVELS; level++) {
        for (int off = 0; off < PLATE_LEVELS; off++) {
            int low = level - off;
            int high = level + off;
            int at = low >= 0 && plate->count[low] >= LEAST_PIXELS ? low : high;
            if (at < PLATE_LEVELS && plate->count[at] >= LEAST_PIXELS) {
                plate->noise[level] =
                    (float)sqrt(plate->square[at] / plate->count[at]);
                break;
            }
        }
    }
}

void plate_take(struct plate *plate, const struct video_frame *frame)
{
    double past_s = (double)(frame->pts_us - plate->last_us) / 1e6;
    if (plate->has_begun && past_s * 1e6 < APART_US) {
        return;
    }
    double age_s = (double)(frame->pts_us - plate->since_us) / 1e6;
    float share = 1;
    if (plate->has_begun) {
        noise_take(plate, &frame->y);
        noise_fill(plate);
        share = (float)(past_s / fmin(MEMORY_S, age_s + past_s));
    } else {
        plate->since_us = frame->pts_us;
    }
    for (int n = 0; n < 3 && plate->mean[n].data; n++) {
        mean_take(&plate->mean[n], plane_of(frame, n), share);
    }
    plate->has_begun = true;
    plate->last_us = frame->pts_us;
}

/* ---- laying over ---- */

static uint8_t grey(float value)
{
    return value <= 0 ? 0 : value >= 255 ? 255 : (uint8_t)(value + 0.5F);
}

/* How much more noise the camera has at that brightness than at this. */
static float noise_ratio(const struct plate *plate, float level, float than)
{
    float there = plate->noise[level_of(than)];
    float here = plate->noise[level_of(level)];
    return there > 0 ? fminf(3, fmaxf(0.33F, here / there)) : 1;
}

static void luma_put(const struct plate *plate, const struct matte *who,
                     float grain, int y, uint8_t *row)
{
    const struct plane_f *mean = &plate->mean[0];
    const float *room = plane_f_row(mean, y);
    for (int x = 0; x < mean->width_px; x++) {
        float noise = grain * ((float)row[x] - room[x]);
        float out = room[x] + noise;
        const struct matte_pixel *pixel = who ? matte_at(who, x, y) : NULL;
        if (pixel) {
            float ratio = noise_ratio(plate, pixel->luma, room[x]);
            out += pixel->cover * (pixel->luma + ratio * noise - out);
        }
        row[x] = grey(out);
    }
}

static void tint_put(const struct plane_f *mean, const struct matte *who,
                     int which, float grain, int y, uint8_t *row)
{
    const float *room = plane_f_row(mean, y);
    for (int x = 0; x < mean->width_px; x++) {
        float noise = grain * ((float)row[x] - room[x]);
        float out = room[x] + noise;
        const struct matte_pixel *pixel =
            who ? matte_at(who, 2 * x, 2 * y) : NULL;
        if (pixel) {
            out += pixel->cover * (128 + pixel->tint[which] + noise - out);
        }
        row[x] = grey(out);
    }
}

void plate_put(const struct plate *plate, const struct matte *who, float grain,
               struct video_frame *frame)
{
    bool is_whole = grain > 1;
    int top = !is_whole && who ? (who->top > 0 ? who->top : 0) : 0;
    int end = frame->y.height_px;
    if (!plate->has_begun || (!is_whole && !who)) {
        return;
    }
    if (!is_whole && who->top + who->height < end) {
        end = who->top + who->height;
    }
    for (int y = top; y < end; y++) {
        luma_put(plate, who, grain, y, plane_row(&frame->y, y));
    }
    for (int n = 1; n < 3 && plate->mean[n].data; n++) {
        struct plane *plane = n == 1 ? &frame->u : &frame->v;
        for (int y = top / 2; y < (end + 1) / 2 && y < plane->height_px; y++) {
            tint_put(&plate->mean[n], who, n - 1, grain, y,
                     plane_row(plane, y));
        }
    }
}

float plate_level(const struct plate *plate, int left, int top, int width,
                  int height)
{
    const struct plane_f *mean = &plate->mean[0];
    double sum = 0;
    double count = 0;
    for (int y = top < 0 ? 0 : top; y < top + height && y < mean->height_px;
         y++) {
        for (int x = left < 0 ? 0 : left;
             x < left + width && x < mean->width_px; x++) {
            sum += (double)plane_f_row(mean, y)[x];
            count++;
        }
    }
    return count > 0 ? (float)(sum / count) : 0;
}
