/* Parts of the picture that become one grey, and what looks like it. */
#include "detect/tamper.h"
#include "tests/check.h"

#define WIDE 480
#define HIGH 270
#define SECOND INT64_C(1000000)
#define FRAME_US INT64_C(200000)
#define WITHIN_US INT64_C(5000000)
#define BLACK 16

struct rig {
    uint64_t chance;
    double light, sigma;
    double lamp;      /* over all but the left sixth, a part of the light */
    double painted;   /* a part of the picture, from the right */
    double drawn;     /* of it, structure that is left */
    int grey;         /* that it is painted in */
    int sway;         /* pixels that its edge goes to and fro */
    bool is_infrared; /* it sees other colours of things */
    struct plane shown;
    struct detector *detector;
    struct tamper *tamper;
    int key_frames;
    int frame;
    bool wants_all;
    int begins, ends;
    int64_t first_us;
    enum tamper_cause cause;
};

static double uniform(struct rig *r)
{
    r->chance = r->chance * 6364136223846793005U + 1442695040888963407U;
    return (double)(r->chance >> 11) * 0x1p-53;
}

static double lattice(int x, int y, uint64_t seed)
{
    uint64_t z = seed + (uint64_t)(uint32_t)x * 0x9e3779b97f4a7c15U +
                 (uint64_t)(uint32_t)y * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 29)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 32)) & 0xffff) / 65535;
}

/* Things of 12 and of 45 pixels beside a wall of one grey. */
static double room_at(const struct rig *r, int x, int y)
{
    bool is_wall = x < 180 && y < 80;
    double v = is_wall ? 120
                       : 40 + 90 * lattice(x / 45, y / 45, 7) +
                             50 * lattice(x / 12, y / 12, 99);
    return r->is_infrared ? 30 + 0.5 * v + 60 * lattice(x / 45, y / 45, 31) : v;
}

static double seen_at(const struct rig *r, int x, int y)
{
    int to_px = r->sway ? r->frame % 7 * r->sway / 7 : 0;
    double lamp = x < WIDE / 6 ? 1 : r->lamp;
    double v = BLACK + r->light * lamp * room_at(r, x, y);
    bool is_painted = x + to_px >= WIDE - (int)(r->painted * WIDE);
    return is_painted ? r->grey + r->drawn * (v - BLACK) : v;
}

static void room_draw(struct rig *r)
{
    for (int y = 0; y < HIGH; y++) {
        for (int x = 0; x < WIDE; x++) {
            double grain = uniform(r) + uniform(r) + uniform(r) - 1.5;
            double v = seen_at(r, x, y) + 2 * r->sigma * grain;
            plane_row(&r->shown, y)[x] = (uint8_t)(v < 0     ? 0
                                                   : v > 255 ? 255
                                                             : v + 0.5);
        }
    }
}

static int64_t now_us(const struct rig *r)
{
    return (int64_t)r->frame * FRAME_US + 10 * SECOND;
}

static void hear(struct rig *r, const struct detect_look *look)
{
    for (int i = 0; i < look->events; i++) {
        bool is_tamper = look->event[i].kind == DETECT_TAMPER;
        if (is_tamper && look->event[i].begins) {
            r->first_us = r->begins++ ? r->first_us : now_us(r);
            r->cause = (enum tamper_cause)look->cause;
        }
        r->ends += is_tamper && !look->event[i].begins;
    }
}

static void pass(struct rig *r, double seconds)
{
    for (int i = 0; i < (int)(seconds * SECOND / FRAME_US); i++, r->frame++) {
        bool key = r->frame % r->key_frames == 0;
        if (key || r->wants_all) {
            struct detect_look look = {0};
            room_draw(r);
            detector_look(r->detector, &r->shown, now_us(r), key, &look);
            tamper_look(r->tamper, &r->shown, now_us(r), key, &look);
            hear(r, &look);
            r->wants_all = look.wants_all;
        }
    }
}

static void rig_begin(struct rig *r, double light, double sigma)
{
    *r = (struct rig){.chance = 5, .light = light, .sigma = sigma, .lamp = 1};
    r->wants_all = true;
    r->key_frames = 5;
    assert_int_equal(plane_init(&r->shown, WIDE, HIGH), 0);
    assert_int_equal(detector_new(WIDE, HIGH, NULL, 0, &r->detector), 0);
    assert_int_equal(tamper_new(WIDE, HIGH, NULL, 0, &r->tamper), 0);
    pass(r, 31.2); /* the next frame is just after a keyframe */
    assert_int_equal(r->begins, 0);
}

static void rig_end(struct rig *r)
{
    plane_release(&r->shown);
    detector_free(&r->detector);
    tamper_free(&r->tamper);
}

static void told_painted(int key_frames, double sigma, double part, int grey)
{
    struct rig r;
    rig_begin(&r, 0.6, sigma);
    r.key_frames = key_frames;
    pass(&r, 5.2);
    while (r.frame % key_frames != 1) { /* just after one: the latest */
        pass(&r, 0.2);
    }
    int64_t from_us = now_us(&r);
    r.painted = part;
    r.grey = grey;
    pass(&r, 6);
    assert_int_equal(r.begins, 1);
    assert_int_equal(r.cause, TAMPER_COVERED);
    assert_true(r.first_us - from_us <= WITHIN_US);
    assert_int_equal(r.ends, 0);
    r.painted = 0;
    pass(&r, 8);
    assert_int_equal(r.ends, 1);
    rig_end(&r);
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

static void not_told(struct rig *r, double seconds)
{
    pass(r, seconds);
    assert_int_equal(r->begins, 0);
}

static void light_is_no_paint(void **state)
{
    (void)state;
    static const double sigma[] = {0.8, 4};
    for (int k = 0; k < 2; k++) {
        struct rig r;
        rig_begin(&r, 0.6, sigma[k]);
        r.light = 1.3; /* the brightest things burn */
        not_told(&r, 12);
        r.light = 0.08;
        not_told(&r, 12);
        r.light = 0.6;
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
        rig_end(&r);
    }
}

static void who_comes_close_is_no_paint(void **state)
{
    (void)state;
    static const double part[] = {0.33, 0.6};
    for (int k = 0; k < 2; k++) {
        struct rig r;
        rig_begin(&r, 0.6, 2);
        r.painted = part[k];
        r.grey = 50;
        r.sway = k ? 60 : 8;
        not_told(&r, k ? 2.8 : 20);
        r.painted = 0;
        not_told(&r, 12);
        rig_end(&r);
    }
}

static void what_is_seen_through_is_no_paint(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, 0.6, 2);
    r.painted = 0.7;
    r.grey = 90;
    r.drawn = 0.05;
    not_told(&r, 15);
    rig_end(&r);
}

static void dark_room_has_nothing_to_paint(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, 0.015, 4);
    not_told(&r, 40);
    rig_end(&r);
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
