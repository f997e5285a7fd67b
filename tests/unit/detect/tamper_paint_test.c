/* Parts of the picture that become one grey, and what looks like it. */
#include "tamper_rig.h"
#include "tests/check.h"

#define WITHIN_US INT64_C(5000000)
#define BLACK 16

struct room {
    struct rig rig;   /* the first: of it the room is known */
    double lamp;      /* over all but the left sixth, a part of the light */
    double painted;   /* a part of the picture, from the right */
    double drawn;     /* of it, structure that is left */
    int grey;         /* that it is painted in */
    int sway;         /* pixels that its edge goes to and fro */
    bool is_infrared; /* it sees other colours of things */
};

/* Things of 12 and of 45 pixels beside a wall of one grey. */
static double room_at(const struct room *r, int x, int y)
{
    bool is_wall = x < 180 && y < 80;
    double v = is_wall ? 120
                       : 40 + 90 * rig_lattice(x / 45, y / 45, 7) +
                             50 * rig_lattice(x / 12, y / 12, 99);
    return r->is_infrared ? 30 + 0.5 * v + 60 * rig_lattice(x / 45, y / 45, 31)
                          : v;
}

static double seen_at(const struct rig *rig, int x, int y)
{
    const struct room *r = (const struct room *)rig;
    int to_px = r->sway ? rig->frame % 7 * r->sway / 7 : 0;
    double lamp = x < RIG_WIDE / 6 ? 1 : r->lamp;
    double v = BLACK + rig->light * lamp * room_at(r, x, y);
    bool is_painted = x + to_px >= RIG_WIDE - (int)(r->painted * RIG_WIDE);
    return 0.5 + (is_painted ? r->grey + r->drawn * (v - BLACK) : v);
}

static void room_begin(struct room *r, double light, double sigma)
{
    *r = (struct room){.lamp = 1};
    rig_begin(&r->rig, NULL);
    r->rig.light = light;
    r->rig.sigma = sigma;
    r->rig.level_at = seen_at;
    /* The next frame is just after a keyframe. */
    rig_pass(&r->rig, 31.2, false);
    assert_int_equal(r->rig.begins, 0);
}

static void told_painted(int key_frames, double sigma, double part, int grey)
{
    struct room r;
    room_begin(&r, 0.6, sigma);
    r.rig.key_frames = key_frames;
    rig_pass(&r.rig, 5.2, false);
    while (r.rig.frame % key_frames != 1) { /* just after one: the latest */
        rig_pass(&r.rig, 0.2, false);
    }
    int64_t from_us = rig_now_us(&r.rig);
    r.painted = part;
    r.grey = grey;
    rig_pass(&r.rig, 6, false);
    assert_int_equal(r.rig.begins, 1);
    assert_int_equal(r.rig.cause, TAMPER_COVERED);
    assert_true(r.rig.first_us - from_us <= WITHIN_US);
    assert_int_equal(r.rig.ends, 0);
    r.painted = 0;
    rig_pass(&r.rig, 8, false);
    assert_int_equal(r.rig.ends, 1);
    rig_end(&r.rig);
}

static void paint_on_the_lens_is_told(void **state)
{
    (void)state;
    static const double part[] = {0.4, 0.6, 0.85, 1};
    static const int grey[] = {BLACK, 110, 235};
    static const double sigma[] = {0.8, 4};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                told_painted(5, sigma[k], part[i], grey[j]);
            }
        }
    }
}

static void paint_is_told_where_keyframes_are_two_seconds_apart(void **state)
{
    (void)state;
    told_painted(10, 0.8, 0.6, 110);
    told_painted(10, 4, 0.6, BLACK);
    told_painted(10, 4, 1, 235);
}

static void not_told(struct room *r, double seconds)
{
    rig_pass(&r->rig, seconds, false);
    assert_int_equal(r->rig.begins, 0);
}

static void light_is_no_paint(void **state)
{
    (void)state;
    static const double sigma[] = {0.8, 4};
    for (int k = 0; k < 2; k++) {
        struct room r;
        room_begin(&r, 0.6, sigma[k]);
        r.rig.light = 1.3; /* the brightest things burn */
        not_told(&r, 12);
        r.rig.light = 0.08;
        not_told(&r, 12);
        r.rig.light = 0.6;
        not_told(&r, 30);
        r.lamp = 0.04;
        not_told(&r, 12);
        r.lamp = 1;
        not_told(&r, 30);
        r.lamp = 0.02;
        not_told(&r, 12);
        r.lamp = 1;
        not_told(&r, 30);
        r.is_infrared = true;
        not_told(&r, 12);
        r.is_infrared = false;
        not_told(&r, 20);
        rig_end(&r.rig);
    }
}

static void who_comes_close_is_no_paint(void **state)
{
    (void)state;
    static const double part[] = {0.33, 0.6};
    for (int k = 0; k < 2; k++) {
        struct room r;
        room_begin(&r, 0.6, 2);
        r.painted = part[k];
        r.grey = 50;
        r.sway = k ? 60 : 8;
        not_told(&r, k ? 2.8 : 20);
        r.painted = 0;
        not_told(&r, 12);
        rig_end(&r.rig);
    }
}

static void what_is_seen_through_is_no_paint(void **state)
{
    (void)state;
    struct room r;
    room_begin(&r, 0.6, 2);
    r.painted = 0.7;
    r.grey = 90;
    r.drawn = 0.05;
    not_told(&r, 15);
    rig_end(&r.rig);
}

static void dark_room_has_nothing_to_paint(void **state)
{
    (void)state;
    struct room r;
    room_begin(&r, 0.015, 4);
    not_told(&r, 40);
    rig_end(&r.rig);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(paint_on_the_lens_is_told),
        cmocka_unit_test(paint_is_told_where_keyframes_are_two_seconds_apart),
        cmocka_unit_test(light_is_no_paint),
        cmocka_unit_test(who_comes_close_is_no_paint),
        cmocka_unit_test(what_is_seen_through_is_no_paint),
        cmocka_unit_test(dark_room_has_nothing_to_paint),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
