/* What is no tampering, and looks a little like it. */
#include <math.h>

#include "footage_room.h"
#include "tamper_acts.h"

#define AFTER_S 8

static double between(const struct tamper_camera *c, uint64_t n, double low,
                      double high)
{
    return low + (high - low) * part_of(mix(c->room, 8500), n);
}

static void pass(struct tamper_camera *c, double seconds)
{
    for (int i = 0; i < seconds * TAMPER_FPS; i++) {
        tamper_camera_live(c, NULL);
    }
}

static void lamp(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    footage_lamp(c->footage, between(c, 1, 0.6, 2));
    pass(c, 12);
    footage_lamp(c->footage, 0);
    pass(c, 12);
}

/* Most of the light goes, and comes again. */
static void dim(struct tamper_camera *c, struct tamper_tape *tape)
{
    double left = between(c, 2, 0.1, 0.4);
    (void)tape;
    footage_light(c->footage, left);
    pass(c, 12);
    footage_light(c->footage, 1 / left);
    pass(c, 12);
}

static void infrared(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    footage_infrared(c->footage, true);
    pass(c, 12);
    footage_infrared(c->footage, false);
    pass(c, 12);
}

/* In 3 s to 1.6 to 2.4 times, and back. */
static void exposure(struct tamper_camera *c, struct tamper_tape *tape)
{
    double step = pow(between(c, 3, 1.6, 2.4), 1.0 / 30);
    (void)tape;
    for (int i = 0; i < 60; i++) {
        footage_light(c->footage, i < 30 ? step : 1 / step);
        tamper_camera_live(c, NULL);
        if (i == 29) {
            pass(c, 8);
        }
    }
    pass(c, AFTER_S);
}

/* Takes 0.3 to 0.6 of the contrast, in 6 s, and stays for 10 s. */
static void haze(struct tamper_camera *c, struct tamper_tape *tape)
{
    const int box[4] = {0, 0, TAMPER_WIDE_PX, TAMPER_HIGH_PX};
    struct cutout air = {0};
    double most = between(c, 4, 0.3, 0.6), level = between(c, 5, 90, 200);
    (void)tape;
    tamper_must(!cutout_begin(&air, box, TAMPER_WIDE_PX, TAMPER_HIGH_PX),
                "memory");
    for (int i = 0; i < 220; i++) {
        double part = i < 60 ? i / 60.0 : i < 160 ? 1 : (220 - i) / 60.0;
        for (int k = 0; k < TAMPER_WIDE_PX * TAMPER_HIGH_PX; k++) {
            air.cover[k] = (float)(most * part);
            air.level[k] = (float)level;
        }
        tamper_camera_live(c, &air);
    }
    cutout_release(&air);
    pass(c, AFTER_S);
}

static void walk(struct tamper_camera *c, double high, double stay_s)
{
    struct cutout one = {0};
    struct passerby who = {
        .seed = mix(c->room, 8600),
        .height_px = high * TAMPER_HIGH_PX,
        .speed = between(c, 6, 0.35, 0.95),
        .stay_s = stay_s,
        .from_left = between(c, 7, -1, 1) < 0,
        .contrast = between(c, 8, 0.18, 0.6),
        .aim_px = TAMPER_WIDE_PX * between(c, 9, 0.25, 0.75),
        .behind =
            footage_level(c->footage, 0, 0, TAMPER_WIDE_PX, TAMPER_HIGH_PX)};
    who.foot_px = TAMPER_HIGH_PX * between(c, 10, 0.6, 0.9) +
                  (high > 1 ? 0.75 : 0.2) * who.height_px;
    passerby_dress(&who);
    double lasts_s = fmin(passerby_lasts_s(&who, TAMPER_WIDE_PX), 30);
    for (int i = 0; i < lasts_s * TAMPER_FPS; i++) {
        tamper_must(!passerby_draw(&who, (double)i / TAMPER_FPS, TAMPER_WIDE_PX,
                                   TAMPER_HIGH_PX, &one),
                    "a figure");
        tamper_camera_live(c, &one);
    }
    cutout_release(&one);
    pass(c, AFTER_S);
}

static void visit(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    walk(c, between(c, 11, 0.3, 0.9), between(c, 12, 3, 9));
}

/* So near that head and shoulders alone fill much of the picture. */
static void near(struct tamper_camera *c, struct tamper_tape *tape)
{
    (void)tape;
    walk(c, between(c, 13, 1.4, 3), between(c, 14, 0, 1));
}

const struct tamper_act tamper_innocents[] = {
    {"lamp on and off", lamp},
    {"most of the light gone", dim},
    {"infrared on and off", infrared},
    {"exposure up and down", exposure},
    {"haze", haze},
    {"somebody comes", visit},
    {"somebody near the lens", near},
    {NULL, NULL}};
