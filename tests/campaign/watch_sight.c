#include "watch_sight.h"

#include <math.h>
#include <stdio.h>

#include "detect/detector_state.h"
#include "detect/sight.h"
#include "footage_room.h"

/* Somebody whose clothes are everywhere darker, or everywhere lighter, than
 * what is behind them by one part of it. */
struct target {
    struct passerby figure;
    double contrast;
};

/* Strips as wide as the picture, for each height that is tried. */
#define STRIP(top, bottom)                                                     \
    {                                                                          \
        .points = 4, .point = { {0, top}, {1, top}, {1, bottom}, {0, bottom} } \
    }

const struct detect_zone reach_zone[REACH_ZONES] = {
    STRIP(0.10f, 0.25f), STRIP(0.28f, 0.43f), STRIP(0.46f, 0.61f),
    STRIP(0.64f, 0.79f), STRIP(0.82f, 0.97f), STRIP(0.05f, 0.35f),
    STRIP(0.25f, 0.55f), STRIP(0.45f, 0.75f), STRIP(0.67f, 0.97f),
    STRIP(0.05f, 0.65f), STRIP(0.20f, 0.80f), STRIP(0.37f, 0.97f)};

static const struct {
    double tall;
    int first, zones;
} strip[] = {{0.15, 0, 5}, {0.3, 5, 4}, {0.6, 9, 3}};

static struct target target_of(const struct watch *w, uint64_t n, double tall,
                               double contrast)
{
    int width = w->shown.width_px, height = w->shown.height_px;
    uint64_t s = mix(w->seed, 40000 + n);
    struct target t = {.contrast = mix(s, 5) & 1 ? contrast : -contrast};
    t.figure = (struct passerby){
        .seed = s,
        .height_px = tall * height,
        .speed = 0.35 + 0.6 * part_of(s, 2),
        .stay_s = 3 + 6 * part_of(s, 3),
        .from_left = mix(s, 4) & 1,
        .aim_px = width * (0.25 + 0.5 * part_of(s, 6)),
        .foot_px = height * (tall + (0.97 - tall) * part_of(s, 7)),
    };
    return t;
}

static void target_draw(struct watch *w, const struct target *t, double into_s)
{
    const struct plane_f *world = footage_world(w->footage);
    struct cutout *who = &w->who;
    eye_must(passerby_draw(&t->figure, into_s, w->shown.width_px,
                           w->shown.height_px, who),
             "a target");
    for (int i = 0; i < who->width * who->height; i++) {
        int x = who->left + i % who->width, y = who->top + i / who->width;
        if (x >= 0 && y >= 0 && x < world->width_px && y < world->height_px) {
            double m = (double)plane_f_row(world, y)[x];
            who->level[i] = (float)(m * (1 + t->contrast));
        }
    }
}

static double lasts_s(const struct watch *w, const struct target *t)
{
    double all = passerby_lasts_s(&t->figure, w->shown.width_px);
    return all < 25 ? all : 25;
}

static void target_play(struct watch *w, uint64_t n, const char *what,
                        double part, const struct target *t)
{
    eye_pass(w, 20 + 5 * part_of(w->seed, 300 + n));
    eye_forget(w);
    double begin_s = eye_now_s(w);
    int frames = (int)(lasts_s(w, t) * w->fps);
    for (int i = 0; i < frames; i++) {
        target_draw(w, t, (double)i / w->fps);
        eye_frame(w, &w->who);
    }
    bool found = w->heard.begins[DETECT_PERSON] > 0;
    printf("{\"target\":\"%s\",\"part\":%.2f,\"tall\":%.3f,\"contrast\":%.4f,"
           "\"found\":%s,\"late_s\":%.1f}\n",
           what, part, t->figure.height_px / w->shown.height_px,
           fabs(t->contrast), found ? "true" : "false",
           found ? w->heard.first_s[DETECT_PERSON] - begin_s : -1);
    fflush(stdout);
}

/* Who walks through a strip, as faint or small as was said of it, or half. */
static void reach_try(struct watch *w, uint64_t n)
{
    struct detect_sight s;
    double part = n & 1 ? 0.5 : 1;
    bool by_size = n / 2 % 4 == 3;
    size_t k = by_size ? 0 : n / 2 % 4;
    int zone = strip[k].first +
               (int)(mix(w->seed, 6000 + n) % (uint64_t)strip[k].zones);
    if (!sight_of(w->detector, zone, (float)strip[k].tall, &s) ||
        s.contrast >= 1) {
        return;
    }
    double tall = by_size ? (double)s.size * part : strip[k].tall;
    struct target t = target_of(
        w, n, tall, by_size ? SIGHT_PLAIN : (double)s.contrast * part);
    const struct detect_point *point = reach_zone[zone].point;
    t.figure.foot_px =
        ((double)(point[0].y + point[2].y) + tall) / 2 * w->shown.height_px;
    target_play(w, n, by_size ? "size" : "contrast", part, &t);
    eye_pass(w, 15);
}

void reach(struct watch *w, const struct extras *extras)
{
    (void)extras;
    eye_pass(w, 60);
    for (uint64_t n = 0; n < (uint64_t)eye_number("targets", 12); n++) {
        reach_try(w, n);
    }
}

/* ---- how much of what there is to know is used ---- */

#define SIDE 4 /* pixels of a cell, as of a picture 640 pixels wide */
/* Of the mean of a cell's pixels in parts of a pixel's variance, when each
 * shares half of its noise with either neighbour. */
#define CELL_VARIANCE (196.0 / (4 * 256))

static double cell_evidence(const struct watch *w, int left, int top,
                            double light, double noise)
{
    const struct plane_f *world = footage_world(w->footage);
    const struct cutout *who = &w->who;
    double signal = 0, level = 0;
    for (int k = 0; k < SIDE * SIDE; k++) {
        int x = left + k % SIDE, y = top + k / SIDE;
        int i = x - who->left, j = y - who->top;
        if (x >= world->width_px || y >= world->height_px) {
            return 0;
        }
        double m = (double)plane_f_row(world, y)[x];
        level += m / (SIDE * SIDE);
        if (i >= 0 && j >= 0 && i < who->width && j < who->height) {
            int at = j * who->width + i;
            signal += light * (double)who->cover[at] *
                      ((double)who->level[at] - m) / (SIDE * SIDE);
        }
    }
    double variance =
        CELL_VARIANCE * noise * noise * (0.3 + 0.7 * light * level / 128);
    return signal * signal / variance / 2;
}

double sight_evidence(const struct watch *w)
{
    double light = eye_number("light", 1), noise = eye_number("noise", 1.5);
    const struct cutout *who = &w->who;
    double sum = 0;
    for (int y = who->top / SIDE * SIDE; y < who->top + who->height;
         y += SIDE) {
        for (int x = who->left / SIDE * SIDE; x < who->left + who->width;
             x += SIDE) {
            sum += cell_evidence(w, x, y, light, noise);
        }
    }
    return sum;
}

/* Half the squared signal in units of the noise of each pixel: what somebody
 * who knows the figure's outline, place and contrast has from one picture. */
static double ideal_of(const struct watch *w, double light, double noise)
{
    const struct plane_f *world = footage_world(w->footage);
    double sum = 0;
    for (int i = 0; i < w->who.width * w->who.height; i++) {
        int x = w->who.left + i % w->who.width;
        int y = w->who.top + i / w->who.width;
        if (w->who.cover[i] <= 0 || x < 0 || y < 0 || x >= world->width_px ||
            y >= world->height_px) {
            continue;
        }
        double m = (double)plane_f_row(world, y)[x];
        double signal =
            light * (double)w->who.cover[i] * ((double)w->who.level[i] - m);
        double variance =
            noise * noise * (0.3 + 0.7 * light * m / 128) + 1.0 / 12;
        sum += signal * signal / variance;
    }
    return sum / 2;
}

void ideal(struct watch *w, const struct extras *extras)
{
    (void)extras;
    double light = eye_number("light", 1), noise = eye_number("noise", 1.5);
    eye_pass(w, 60);
    for (uint64_t n = 0; n < (uint64_t)eye_number("targets", 12); n++) {
        double tall = 0.15 * pow(4, part_of(w->seed, 700 + n)), got = 0;
        struct detect_sight s;
        if (!sight_of(w->detector, -1, (float)tall, &s)) {
            continue;
        }
        struct target t = target_of(w, n, tall, 1.5 * (double)s.contrast);
        double whole = 0;
        int looks = 0, frames = (int)(lasts_s(w, &t) * w->fps), was = -1;
        eye_pass(w, 20);
        for (int i = 0; i < frames; i++) {
            target_draw(w, &t, (double)i / w->fps);
            w->all = true;
            eye_frame(w, &w->who);
            const struct evidence *e = &w->detector->evidence;
            bool inside = w->who.left > 8 &&
                          w->who.left + w->who.width + 8 < w->shown.width_px;
            bool walks = w->who.left != was;
            was = w->who.left;
            if (inside && walks && e->looks == EVIDENCE_LOOKS &&
                w->frame % w->gop != 1) {
                /* three squares of chance give 1.5 in the mean */
                got += fmax(0, (double)e->best.height - 1.5);
                whole += EVIDENCE_LOOKS * ideal_of(w, light, noise);
                looks++;
            }
        }
        printf("{\"ideal\":%.4f,\"tall\":%.3f,\"looks\":%d,\"mean\":%.1f}\n",
               whole > 0 ? got / whole : -1, tall, looks,
               looks ? got / looks : -1);
        fflush(stdout);
        eye_pass(w, 15);
    }
}
