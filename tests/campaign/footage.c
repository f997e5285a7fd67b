#include "footage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "footage_room.h"

#define LANES 16
#define MOST_WIDE_PX 4096
#define DRIFTS 4
#define TURN 6.283185307179586

struct footage {
    struct footage_settings set;
    struct plane_f world; /* full light */
    struct plane_f shown; /* after the last smoothing in time */
    struct plane_f lamp;
    struct plane_f seen;  /* the room now, with light and who is in it */
    uint32_t lane[LANES]; /* of the noise */
    uint8_t *dice[2];     /* random bytes of two rows */
    float *across;        /* shading of each column */
    double light, lamp_strength, infrared;
    double wander[DRIFTS], lean[2]; /* logarithms of the light */
    double last_s;
    double insect_from_s, insect_to_s, insect[5];
    uint64_t next;
};

static double chance(struct footage *f)
{
    return part_of(f->set.seed, f->next++);
}

static double normal(struct footage *f)
{
    double radius = sqrt(-2 * log(1 - chance(f)));
    return radius * cos(TURN * chance(f));
}

enum sting_status footage_new(const struct footage_settings *settings,
                              struct footage **out)
{
    if (settings->width_px > MOST_WIDE_PX) {
        return STING_E_ARG;
    }
    struct footage *f STING_AUTO(footage_free) = calloc(1, sizeof *f);
    if (!f) {
        return STING_E_NOMEM;
    }
    f->set = *settings;
    f->light = 1;
    f->last_s = -1e9;
    f->insect_from_s = f->insect_to_s = -1;
    f->next = 1000;
    int w = settings->width_px, h = settings->height_px;
    struct plane_f *plane[] = {&f->world, &f->shown, &f->lamp, &f->seen};
    for (int i = 0; i < 4; i++) {
        enum sting_status status = plane_f_init(plane[i], w, h);
        if (status) {
            return status;
        }
    }
    for (int i = 0; i < LANES; i++) {
        f->lane[i] = (uint32_t)mix(settings->seed, 10 + (uint64_t)i) | 1;
    }
    size_t row = (size_t)(w / 64 + 2) * 64;
    f->dice[0] = calloc(row, 1);
    f->dice[1] = calloc(row, 1);
    f->across = calloc((size_t)w, sizeof(float));
    if (!f->dice[0] || !f->dice[1] || !f->across) {
        return STING_E_NOMEM;
    }
    *out = f;
    f = NULL;
    return STING_OK;
}

void footage_free(struct footage **footage)
{
    struct footage *f = *footage;
    if (f) {
        plane_f_release(&f->world);
        plane_f_release(&f->shown);
        plane_f_release(&f->lamp);
        plane_f_release(&f->seen);
        free(f->dice[0]);
        free(f->dice[1]);
        free(f->across);
    }
    free(f);
    *footage = NULL;
}

static void lamp_place(struct footage *f, uint64_t seed)
{
    double x0 = part_of(seed, 61), y0 = 0.3 * part_of(seed, 62);
    for (int y = 0; y < f->lamp.height_px; y++) {
        for (int x = 0; x < f->lamp.width_px; x++) {
            double dx = (double)x / f->lamp.width_px - x0;
            double dy = (double)y / f->lamp.height_px - y0;
            plane_f_row(&f->lamp, y)[x] =
                (float)(1 / (1 + 9 * (dx * dx + dy * dy)));
        }
    }
}

void footage_room(struct footage *footage, uint64_t seed)
{
    room_render(seed, &footage->world);
    lamp_place(footage, seed);
}

void footage_bare(struct footage *footage, uint64_t seed)
{
    room_bare(seed, &footage->world);
    lamp_place(footage, seed);
}

void footage_still(struct footage *footage, const struct plane *still,
                   uint64_t seed)
{
    room_vary(still, seed, &footage->world);
    lamp_place(footage, seed);
}

double footage_level(const struct footage *footage, int x, int y, int width,
                     int height)
{
    double sum = 0, count = 1e-9;
    for (int j = y; j < y + height; j++) {
        for (int i = x; i < x + width; i++) {
            if (i >= 0 && j >= 0 && i < footage->world.width_px &&
                j < footage->world.height_px) {
                sum += (double)plane_f_row(&footage->world, j)[i];
                count++;
            }
        }
    }
    return sum / count;
}

const struct plane_f *footage_world(const struct footage *footage)
{
    return &footage->world;
}

void footage_light(struct footage *footage, double times)
{
    footage->light *= times;
}

void footage_lamp(struct footage *footage, double strength)
{
    footage->lamp_strength = strength;
}

void footage_infrared(struct footage *footage, bool on)
{
    footage->infrared = on;
}

/* ---- light ---- */

/* Four wanderings with times of 3 to 500 s, of one size: 1/f. */
static void light_wander(struct footage *f, double past_s)
{
    double time_s = 3;
    for (int i = 0; i < DRIFTS; i++) {
        double keep = exp(-past_s / time_s), size = f->set.drift / 2;
        f->wander[i] =
            keep * f->wander[i] + size * sqrt(1 - keep * keep) * normal(f);
        time_s *= 5.5;
    }
    for (int i = 0; i < 2; i++) {
        double keep = exp(-past_s / 40);
        f->lean[i] = keep * f->lean[i] +
                     0.5 * f->set.drift * sqrt(1 - keep * keep) * normal(f);
    }
}

static double light_now(const struct footage *f, double at_s)
{
    double sum = 0;
    for (int i = 0; i < DRIFTS; i++) {
        sum += f->wander[i];
    }
    double period = 7 + 6 * sin(at_s / 50);
    double saw = f->set.agc * (fmod(at_s, period) / period - 0.5);
    return f->set.light * f->light * exp(sum) * (1 + saw);
}

/* ---- what comes between ---- */

/* One after another, some minutes apart: bright, blurred, unsteady. */
static void insect_draw(struct footage *f, double at_s)
{
    if (at_s > f->insect_to_s) {
        f->insect_from_s = at_s + 5 - 40 * log(1 - chance(f));
        f->insect_to_s = f->insect_from_s + 0.2 + 1.6 * chance(f);
        for (int i = 0; i < 5; i++) {
            f->insect[i] = chance(f);
        }
    }
    if (at_s < f->insect_from_s) {
        return;
    }
    int w = f->seen.width_px, h = f->seen.height_px;
    double t = at_s - f->insect_from_s, *p = f->insect;
    double x = w * (p[0] + (p[2] - 0.5) * 1.6 * t) + 0.06 * w * sin(t * 21);
    double y = h * (p[1] + (p[3] - 0.5) * 1.6 * t) + 0.08 * h * sin(t * 17);
    double r = w * (0.015 + 0.05 * p[4]), bright = 25 + 70 * p[2];
    for (int j = (int)fmax(0, y - 2 * r); j < fmin(h, y + 2 * r); j++) {
        for (int i = (int)fmax(0, x - 2 * r); i < fmin(w, x + 2 * r); i++) {
            double d = hypot(i - x, j - y) / r;
            plane_f_row(&f->seen, j)[i] += (float)(bright * exp(-d * d * 2));
        }
    }
}

static void rain_draw(struct footage *f)
{
    int w = f->seen.width_px, h = f->seen.height_px;
    for (int n = 0; n < 60; n++) {
        int x = (int)(chance(f) * w), y = (int)(chance(f) * h);
        int length = (int)(h * (0.02 + 0.06 * chance(f)));
        float bright = (float)(f->set.light * (6 + 24 * chance(f)));
        for (int j = y; j < y + length && j < h; j++) {
            for (int i = x; i < x + 2 + w / 640 && i < w; i++) {
                plane_f_row(&f->seen, j)[i] += bright;
            }
        }
    }
}

static void clock_paint(const struct footage *f, double at_s, struct plane *out)
{
    static const uint16_t digit[10] = {0x7b6f, 0x2c97, 0x73e7, 0x73cf, 0x5bc9,
                                       0x79cf, 0x79ef, 0x7249, 0x7bef, 0x7bcf};
    int dot = f->set.width_px / 320 + 1, x = 12 * dot, y = 6 * dot;
    int s = (int)at_s + 35990;
    int show[6] = {s / 36000 % 10, s / 3600 % 10, s / 600 % 6,
                   s / 60 % 10,    s / 10 % 6,    s % 10};
    for (int k = 0; k < 6; k++, x += (k % 2 ? 5 : 7) * dot) {
        for (int i = 0; i < 15 * dot * dot; i++) {
            int column = i % (3 * dot), row = i / (3 * dot);
            int bit = 14 - row / dot * 3 - column / dot;
            plane_row(out, y + row)[x + column] =
                digit[show[k]] >> bit & 1 ? 235 : 16;
        }
    }
}

/* ---- the sensor ---- */

static void dice_throw(struct footage *f, uint8_t *row)
{
    uint32_t lane[LANES];
    memcpy(lane, f->lane, sizeof lane);
    for (int x = 0; x < f->set.width_px + 1; x += 4 * LANES) {
        uint32_t out[LANES];
        for (int i = 0; i < LANES; i++) {
            lane[i] ^= lane[i] << 13;
            lane[i] ^= lane[i] >> 17;
            lane[i] ^= lane[i] << 5;
            out[i] = lane[i] * 0x9e3779b1u;
        }
        memcpy(row + x, out, sizeof out);
    }
    memcpy(f->lane, lane, sizeof lane);
}

/* Four bytes make a pixel's noise: neighbours share two of them, as after
 * the blur of an image processor; `white` throws four for each. */
static void noise_row(struct footage *f, int y, float *noise)
{
    int w = f->set.width_px;
    float unit = 1 / (2 * 73.9f);
    memset(noise, 0, (size_t)w * sizeof *noise);
    if (f->set.white) {
        for (int k = 0; k < 4; k++) {
            dice_throw(f, f->dice[0]);
            for (int x = 0; x < w; x++) {
                noise[x] += ((float)f->dice[0][x] - 127.5f) * unit;
            }
        }
        return;
    }
    uint8_t *above = f->dice[y & 1], *here = f->dice[!(y & 1)];
    if (y == 0) {
        dice_throw(f, above);
    }
    dice_throw(f, here);
    for (int x = 0; x < w; x++) {
        int sum = above[x] + above[x + 1] + here[x] + here[x + 1] - 510;
        noise[x] = (float)sum * unit;
    }
}

/* What moves is not smoothed. */
static void row_smooth(const struct footage *f, double smooth,
                       const float *shown, float *seen)
{
    float far = (float)(3 * f->set.noise);
    for (int x = 0; x < f->set.width_px; x++) {
        float off = fabsf(seen[x] - shown[x]) / far;
        float keep = (float)smooth * (off < 1 ? 1 - off : 0);
        seen[x] += keep * (shown[x] - seen[x]);
    }
}

static void row_sense(struct footage *f, int y, double smooth, uint8_t *out)
{
    float noise[MOST_WIDE_PX];
    int w = f->set.width_px;
    float *seen = plane_f_row(&f->seen, y), *shown = plane_f_row(&f->shown, y);
    /* After a gap: noise as smoothing had left it by then. */
    double steady = smooth > 0 ? 1 : (1 - f->set.smooth) / (1 + f->set.smooth);
    float n2 = (float)(f->set.noise * f->set.noise * steady);
    noise_row(f, y, noise);
    for (int x = 0; x < w; x++) {
        float v = seen[x] > 0 ? seen[x] : 0;
        seen[x] = v + sqrtf(n2 * (0.3f + v * (0.7f / 128))) * noise[x];
    }
    if (smooth > 0) {
        row_smooth(f, smooth, shown, seen);
    }
    memcpy(shown, seen, (size_t)w * sizeof *seen);
    for (int x = 0; x < w; x++) {
        float v = seen[x] + 0.5f;
        out[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
    }
}

static void row_light(struct footage *f, int y, double at_s, double light,
                      const struct cutout *who)
{
    int w = f->set.width_px, h = f->set.height_px;
    float *to = plane_f_row(&f->seen, y);
    const float *lamp = plane_f_row(&f->lamp, y);
    memcpy(to, plane_f_row(&f->world, y), (size_t)w * sizeof *to);
    if (who) {
        cutout_put(who, y, to, w);
    }
    double beat = f->set.flicker * sin(TURN * (1.7 * y / h + 0.37 * at_s));
    double down = (1 + f->lean[1] * ((double)y / h - 0.5)) * (1 + beat);
    float gain = (float)(light * down), on = (float)f->lamp_strength;
    float lift = f->infrared > 0 ? 12 : 0, flat = f->infrared > 0 ? 0.8f : 1;
    for (int x = 0; x < w; x++) {
        to[x] = to[x] * flat * gain * f->across[x] * (1 + on * lamp[x]) + lift;
    }
}

void footage_draw(struct footage *footage, double at_s,
                  const struct cutout *who, struct plane *out)
{
    struct footage *f = footage;
    double past_s = at_s - f->last_s;
    light_wander(f, past_s > 1e4 ? 1e4 : past_s);
    double light = light_now(f, at_s);
    for (int x = 0; x < f->set.width_px; x++) {
        f->across[x] =
            (float)(1 + f->lean[0] * ((double)x / f->set.width_px - 0.5));
    }
    for (int y = 0; y < f->set.height_px; y++) {
        row_light(f, y, at_s, light, who);
    }
    if (f->set.insects) {
        insect_draw(f, at_s);
    }
    if (f->set.rain) {
        rain_draw(f);
    }
    double smooth = past_s < 0.15 ? f->set.smooth : 0;
    for (int y = 0; y < f->set.height_px; y++) {
        row_sense(f, y, smooth, plane_row(out, y));
    }
    if (f->set.clock) {
        clock_paint(f, at_s, out);
    }
    f->last_s = at_s;
}
