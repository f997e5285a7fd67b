#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/detector.h"
#include "detect/grid.h"
#include "detect/quiet.h"
#include "detect/sight.h"
#include "tests/check.h"

#define WIDTH 320
#define HEIGHT 180
#define SECOND INT64_C(1000000)
#define FIRST_GRAIN 88172645463325252ull
#define ANOTHER 0x9e3779b97f4a7c15ull /* times a number: another grain */

static uint64_t chance;

static double uniform(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (double)(chance >> 11) * 0x1p-53;
}

static double gaussian(void)
{
    return (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508;
}

/* A room: a wall, shelves, a table; `light` on it and grain of `sigma`. */
struct room {
    struct plane still; /* without light and grain */
    struct plane shown;
    double light, sigma;
    double lamp;     /* a further light on the left side, 0 to 1 */
    double person_x; /* -1: nobody; a figure 26 x 70 pixels */
    double second_x; /* -1: nobody beside, else another figure */
    double contrast; /* of these figures */
    double tall;     /* of them, pixels; they stand at 130 */
    bool page_moved;
    bool covered;
    double shade;    /* at the left edge, a part of the light */
    int clock;       /* seconds shown in a corner, 0: none */
    double insect_x; /* -1: none; a bright blur */
    double insect_y;
};

static void room_begin(struct room *room, double light, double sigma)
{
    *room = (struct room){.light = light,
                          .sigma = sigma,
                          .person_x = -1,
                          .contrast = 40,
                          .tall = 70};
    room->insect_x = room->second_x = -1;
    assert_int_equal(plane_init(&room->still, WIDTH, HEIGHT), 0);
    assert_int_equal(plane_init(&room->shown, WIDTH, HEIGHT), 0);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            int v = 110 + (x / 23 * 37 + y / 17 * 53) % 60 - 20;
            plane_row(&room->still, y)[x] = (uint8_t)v;
        }
    }
}

static void room_end(struct room *room)
{
    plane_release(&room->still);
    plane_release(&room->shown);
}

static bool has_figure(const struct room *room, int x, int y)
{
    double wide = 13 * room->tall / 70;
    bool one = room->person_x >= 0 && fabs(x - room->person_x) < wide;
    bool two = room->second_x >= 0 && fabs(x - room->second_x) < wide;
    return (one || two) && y > 130 - room->tall && y < 130;
}

static double level(const struct room *room, int x, int y)
{
    double v = plane_row(&room->still, y)[x];
    if (room->page_moved && x > 200 && x < 230 && y > 120 && y < 140) {
        v = (x / 4 + y / 3) % 2 ? 190 : 90;
    }
    if (has_figure(room, x, y)) {
        v = 120 - room->contrast + (x + y) % 7;
    }
    v *= x < 40 && y > 30 && y < 170 ? 1 - room->shade : 1;
    v *= room->light * (1 + room->lamp * exp(-x / 120.0));
    if (room->insect_x >= 0) {
        double r = hypot(x - room->insect_x, y - room->insect_y) / 14;
        v += 70 * exp(-2 * r * r);
    }
    if (room->clock && y >= 4 && y < 14 && x >= 10 && x < 58) {
        int digit = room->clock / (x < 26 ? 100 : x < 42 ? 10 : 1) % 10;
        v = (x / 3 + digit * 7) * (y / 3 + digit * 3) % 5 < 2 ? 235 : 16;
    }
    return room->covered ? 12 : v;
}

static void room_show(struct room *room)
{
    for (int y = 0; y < HEIGHT; y++) {
        uint8_t *row = plane_row(&room->shown, y);
        for (int x = 0; x < WIDTH; x++) {
            double v = level(room, x, y) + room->sigma * gaussian();
            row[x] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v + 0.5);
        }
    }
}

struct heard {
    int begins[DETECT_KINDS], ends[DETECT_KINDS];
    int64_t first_us[DETECT_KINDS]; /* the look that told first, -1 */
    int zone;                       /* of the last event that has one */
    int looks, looks_at_all;
    int persons;               /* told apart, at most */
    struct detect_sight sight; /* of the last zone, as told last */
    int sights;
};

/* One camera with a keyframe a second and ten frames, and who watches it. */
struct watch {
    struct room room;
    struct detector *detector;
    struct heard heard;
    int64_t now_us;
    int frame;
    bool all;
};

static void watch_begin(struct watch *watch, double light, double sigma,
                        const struct detect_zone *zone)
{
    *watch = (struct watch){.all = true};
    chance = FIRST_GRAIN;
    for (int i = 0; i < DETECT_KINDS; i++) {
        watch->heard.first_us[i] = -1;
    }
    watch->heard.zone = -1;
    room_begin(&watch->room, light, sigma);
    assert_int_equal(
        detector_new(WIDTH, HEIGHT, zone, zone ? 1 : 0, &watch->detector), 0);
}

static void watch_end(struct watch *watch)
{
    detector_free(&watch->detector);
    room_end(&watch->room);
}

static void hear(struct watch *watch, const struct detect_look *look)
{
    struct heard *heard = &watch->heard;
    heard->sights += look->sights;
    heard->persons =
        look->persons > heard->persons ? look->persons : heard->persons;
    if (look->sights) {
        heard->sight = look->sight[look->sights - 1];
    }
    for (int i = 0; i < look->events; i++) {
        const struct detect_event *event = &look->event[i];
        int *count = event->begins ? heard->begins : heard->ends;
        count[event->kind]++;
        if (event->zone >= 0) {
            heard->zone = event->zone;
        }
        if (event->begins && heard->first_us[event->kind] < 0) {
            heard->first_us[event->kind] = watch->now_us;
        }
    }
}

/* Let the next frame come; it is looked at as a looker would. */
static void frame_pass(struct watch *watch)
{
    bool key = watch->frame++ % 10 == 0;
    if (key || watch->all) {
        struct detect_look look;
        room_show(&watch->room);
        detector_look(watch->detector, &watch->room.shown, watch->now_us, key,
                      &look);
        watch->all = look.wants_all;
        watch->heard.looks++;
        watch->heard.looks_at_all += !key;
        hear(watch, &look);
    }
    watch->now_us += SECOND / 10;
}

static void pass(struct watch *watch, double seconds)
{
    for (int i = 0; i < (int)(seconds * 10 + 0.5); i++) {
        frame_pass(watch);
    }
}

/* Somebody walks in from the left, stays a little unstill, and goes. */
static void visit(struct watch *watch, double seconds)
{
    struct room *room = &watch->room;
    int frames = (int)(seconds * 10);
    for (int i = 0; i < frames; i++) {
        double into = i < frames - i ? i : frames - i;
        room->person_x = into < 20 ? into * 8 : 160 + 4 * sin(i * 0.35);
        frame_pass(watch);
    }
    room->person_x = -1;
}

/* Half of what is told, and twice; and in the dark that nobody is seen. */
static void what_can_be_seen_is_told(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .points = 4,
        .point = {{0.2f, 0.2f}, {0.8f, 0.2f}, {0.8f, 0.9f}, {0.2f, 0.9f}},
        .metres = 1.7f,
        .mark = {{0.5f, 0.3f}, {0.5f, 0.7f}}};
    struct watch light, half, dark;
    watch_begin(&light, 1, 3, &zone);
    watch_begin(&half, 0.3, 6, &zone);
    zone.mark[1].y = 0.36f; /* far away, too */
    watch_begin(&dark, 0.01, 7, &zone);
    pass(&light, 40);
    pass(&half, 40);
    pass(&dark, 40);
    assert_int_equal(light.heard.sights, 2 * 2); /* at 5 s and 30 s later */
    assert_int_equal(light.heard.sight.zone, 0);
    assert_true(fabsf(light.heard.sight.tall - 0.4f) < 0.01f);
    assert_true(light.heard.sight.contrast < half.heard.sight.contrast / 2);
    assert_true(half.heard.sight.contrast < SIGHT_PLAIN);
    assert_true(dark.heard.sight.contrast > SIGHT_BLIND);
    half.room.contrast = 2.5 * 120 * (double)half.heard.sight.contrast;
    visit(&half, 10);
    assert_true(half.heard.begins[DETECT_PERSON] > 0);
    watch_end(&light);
    watch_end(&half);
    watch_end(&dark);
}

static void pixels_a_metre_have_a_class(void **state)
{
    (void)state;
    assert_string_equal(sight_class(12), "none");
    assert_string_equal(sight_class(25), "detect");
    assert_string_equal(sight_class(62), "detect");
    assert_string_equal(sight_class(63), "observe");
    assert_string_equal(sight_class(125), "recognise");
    assert_string_equal(sight_class(1e9), "inspect");
}

static void learning_takes_five_seconds(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    pass(&watch, 15);
    assert_int_equal(watch.heard.begins[DETECT_LEARNING], 1);
    assert_int_equal(watch.heard.ends[DETECT_LEARNING], 1);
    assert_in_range(watch.heard.looks, 51 + 9, 51 + 9 + 5); /* a glance */
    watch_end(&watch);
}

static void a_visit_is_one_person_and_ends(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    pass(&watch, 20);
    int64_t enters_us = watch.now_us;
    visit(&watch, 15);
    pass(&watch, 6);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.persons, 1);
    assert_true(watch.heard.first_us[DETECT_PERSON] - enters_us < 2 * SECOND);
    watch_end(&watch);
}

/* So many of the frames of the next seconds are looked at. */
static int looks_of_visit(struct watch *watch, int from_frame, int frames)
{
    int before = watch->heard.looks;
    for (int i = from_frame; i < from_frame + frames; i++) {
        watch->room.person_x = i < 20 ? i * 8 : 160 + 4 * sin(i * 0.35);
        frame_pass(watch);
    }
    return watch->heard.looks - before;
}

/* Three seconds at every frame, then keyframes and four frames every 5 s. */
static void who_is_certain_is_not_looked_at_in_every_frame(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    pass(&watch, 20);
    int soon = looks_of_visit(&watch, 0, 40);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_in_range(soon, 25, 40);
    assert_in_range(looks_of_visit(&watch, 40, 100), 12, 20);
    watch_end(&watch);
}

/* And three more from when he is at the bait. */
static void who_comes_to_the_bait_is_looked_at_in_every_frame(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.6f, 0.3f}, {0.8f, 0.3f}, {0.8f, 0.8f}, {0.6f, 0.8f}}};
    struct watch watch;
    watch_begin(&watch, 1, 3, &zone);
    pass(&watch, 20);
    (void)looks_of_visit(&watch, 0, 60);
    assert_in_range(looks_of_visit(&watch, 60, 20), 2, 8);
    for (int i = 0; i < 10; i++) {
        watch.room.person_x = 160 + 6 * i;
        frame_pass(&watch);
    }
    int before = watch.heard.looks;
    for (int i = 0; i < 20; i++) {
        watch.room.person_x = 220 + 4 * sin(i * 0.35);
        frame_pass(&watch);
    }
    assert_int_equal(watch.heard.zone, 0);
    assert_in_range(watch.heard.looks - before, 15, 20);
    watch_end(&watch);
}

/* What one of them moved counts for nobody. */
static void two_who_walk_apart_are_two_persons(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.5, 4, NULL);
    pass(&watch, 20);
    for (int i = 0; i < 60; i++) {
        watch.room.person_x = i < 40 ? 4 * i : 160 + 3 * sin(i * 0.4);
        watch.room.second_x = i < 25 ? -1 : 4 * (i - 25);
        frame_pass(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.persons, 2);
    watch.room.person_x = watch.room.second_x = -1;
    pass(&watch, 8);
    watch.heard.persons = 0;
    watch.room.page_moved = true;
    visit(&watch, 8);
    assert_int_equal(watch.heard.persons, 1);
    watch_end(&watch);
}

/* A keyframe a second shows him reading, hardly moving, for a minute. */
static void someone_who_stands_still_stays(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.5, 4, NULL);
    pass(&watch, 20);
    for (int i = 0; i < 20; i++) {
        watch.room.person_x = 8 * i;
        frame_pass(&watch);
    }
    for (int i = 0; i < 600; i++) {
        watch.room.person_x = 160 + 1.5 * sin(i * 0.02);
        frame_pass(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 0);
    for (int i = 20; i > 0; i--) {
        watch.room.person_x = 8 * i;
        frame_pass(&watch);
    }
    watch.room.person_x = -1;
    pass(&watch, 8);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* A chair moved by somebody who then goes is part of the room in seconds. */
static void what_a_visitor_left_does_not_ring_on(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.5, 4, NULL);
    pass(&watch, 20);
    visit(&watch, 6);
    watch.room.page_moved = true;
    visit(&watch, 6);
    pass(&watch, 12);
    assert_true(watch.heard.begins[DETECT_PERSON] >= 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON],
                     watch.heard.begins[DETECT_PERSON]);
    watch_end(&watch);
}

/* A door that stays ajar shades the wall a little where he went out. */
static void a_shade_where_someone_left_is_nobody_standing(void **state)
{
    (void)state;
    static const uint64_t grain[] = {0, 26, 31, 51, 57, 71};
    for (size_t i = 0; i < sizeof grain / sizeof *grain; i++) {
        struct watch watch;
        watch_begin(&watch, 1, 3, NULL);
        chance += grain[i] * ANOTHER;
        pass(&watch, 20);
        visit(&watch, 25);
        watch.room.shade = 0.04;
        pass(&watch, 12);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

/* Somebody small and faint walks in; when was he told of? Negative: never. */
static double faint_told_s(uint64_t grain)
{
    struct watch watch;
    watch_begin(&watch, 0.15, 6, NULL);
    chance += grain * ANOTHER;
    pass(&watch, 40);
    watch.room.tall = 30;
    watch.room.contrast = 2;
    for (int i = 0; i < 60; i++) {
        watch.room.person_x = 4 + 1.6 * i;
        frame_pass(&watch);
    }
    watch_end(&watch);
    return (double)watch.heard.first_us[DETECT_PERSON] * 1e-6 - 40;
}

/* In one keyframe he is less than chance shows in ten minutes. */
static void someone_faint_and_small_is_told_while_he_walks_in(void **state)
{
    (void)state;
    int soon = 0;
    for (uint64_t grain = 0; grain < 16; grain++) {
        double told_s = faint_told_s(grain);
        soon += told_s >= 0 && told_s < 2;
    }
    assert_in_range(soon, 14, 16);
}

/* A camera that is overloaded gives few pictures: who walks is elsewhere in
 * each, and part of him always bright. */
static void someone_in_three_pictures_a_second_is_seen(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    watch.room.contrast = -60;
    for (int i = 0; i < 100; i++) {
        watch.room.person_x = i < 70 ? -1 : 20 + i % 4 * 70 + i % 7;
        frame_pass(&watch);
        watch.now_us += SECOND * 7 / 30;
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch.room.person_x = -1;
    pass(&watch, 8);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* Contrast 40 x 0.2 = 8 grey levels under grain of 7: every pixel drowns. */
/* He may be lost from sight in between: an incident bridges ten seconds. */
static void a_visit_in_the_dark_is_seen(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.2, 7, NULL);
    pass(&watch, 30);
    int64_t enters_us = watch.now_us;
    visit(&watch, 12);
    pass(&watch, 6);
    assert_true(watch.heard.begins[DETECT_PERSON] >= 1);
    assert_true(watch.heard.first_us[DETECT_PERSON] - enters_us < 3 * SECOND);
    assert_int_equal(watch.heard.ends[DETECT_PERSON],
                     watch.heard.begins[DETECT_PERSON]);
    watch_end(&watch);
}

static void an_hour_of_grain_is_quiet(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.4, 6, NULL);
    pass(&watch, 3600);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_int_equal(watch.heard.begins[DETECT_LIGHT], 0);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    /* and cheap: one keyframe in ten has us glance, at three frames mostly */
    assert_true(watch.heard.looks_at_all < 51 + 3600 / 10 * 5);
    watch_end(&watch);
}

static void lamp_on(struct room *room)
{
    room->lamp = 1;
}
static void lamp_off(struct room *room)
{
    room->lamp = 0;
}
static void dim(struct room *room)
{
    room->light *= 0.4;
}
static void brighten(struct room *room)
{
    room->light *= 1.6;
}
static void grain_up(struct room *room)
{
    room->sigma *= 2;
}

static void a_change_of_light_is_no_person(void **state)
{
    (void)state;
    static void (*const change[])(struct room *) = {
        lamp_on, lamp_off, dim, brighten, lamp_on, grain_up, dim, lamp_off};
    struct watch watch;
    watch_begin(&watch, 0.8, 4, NULL);
    pass(&watch, 20);
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        change[i](&watch.room);
        pass(&watch, 15.3);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_true(watch.heard.begins[DETECT_LIGHT] >= 6);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    watch.room.light = 0.8;
    watch.room.sigma = 4;
    pass(&watch, 20);
    visit(&watch, 10);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

static void a_flash_and_a_slow_dusk_are_no_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 4, NULL);
    pass(&watch, 20);
    for (int i = 0; i < 10; i++) {
        watch.room.light = 1.8;
        pass(&watch, 0.1);
        watch.room.light = 1;
        pass(&watch, 7.9);
    }
    for (int i = 0; i < 600; i++) {
        watch.room.light -= 0.001;
        pass(&watch, 0.3);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    watch_end(&watch);
}

static void a_covered_lens_is_told(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    pass(&watch, 20);
    watch.room.covered = true;
    pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 1);
    watch.room.covered = false;
    pass(&watch, 8);
    assert_int_equal(watch.heard.ends[DETECT_TAMPER], 1);
    watch_end(&watch);
}

static void a_clock_in_the_picture_is_no_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    for (int i = 0; i < 3000; i++) {
        watch.room.clock = 100 + i / 10;
        frame_pass(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    visit(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

static void few_insects_at_the_lens_pass_for_a_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    pass(&watch, 20);
    for (int k = 0; k < 12; k++) {
        for (int i = 0; i < 6 + k; i++) {
            watch.room.insect_x = 40 + 20 * k + 25 * sin(i * 2.1);
            watch.room.insect_y = 40 + 8 * i + 14 * sin(i * 1.7);
            frame_pass(&watch);
        }
        watch.room.insect_x = -1;
        pass(&watch, 7.3);
    }
    assert_true(watch.heard.begins[DETECT_PERSON] <= 3); /* of twelve */
    watch_end(&watch);
}

/* Whom an insect could be taken for, but who walks and does not fly: his head
 * is loudest now, and his feet are then. */
static void someone_all_bright_is_told_in_half_a_second(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    watch.room.contrast = -70;
    pass(&watch, 20);
    int64_t stirs_us = -1;
    for (int i = 0; i < 25; i++) {
        watch.room.person_x = 5 * i;
        frame_pass(&watch);
        stirs_us = stirs_us < 0 && watch.all ? watch.now_us : stirs_us;
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_in_range(watch.heard.first_us[DETECT_PERSON] + SECOND / 10 -
                        stirs_us,
                    SECOND / 10, SECOND / 2);
    watch_end(&watch);
}

static const struct detect_zone table = {
    .has_bait = true,
    .points = 4,
    .point = {{0.58f, 0.62f}, {0.76f, 0.62f}, {0.76f, 0.82f}, {0.58f, 0.82f}},
};

/* A bare table, and on it a page that has all there is to see; or none. */
static void table_lay(struct room *room, bool has_page)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            bool is_page = has_page && x > 100 && x < 220 && y > 20 && y < 160;
            int v = is_page ? 150 + (x / 6 + y / 6) % 2 * 60 : 90;
            plane_row(&room->still, y)[x] = (uint8_t)v;
        }
    }
}

static void a_page_that_is_taken_covers_no_lens(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.3f, 0.1f}, {0.7f, 0.1f}, {0.7f, 0.9f}, {0.3f, 0.9f}}};
    struct watch watch;
    watch_begin(&watch, 0.3, 3, &zone);
    table_lay(&watch.room, true);
    pass(&watch, 20);
    table_lay(&watch.room, false);
    pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    assert_int_equal(watch.heard.begins[DETECT_LIGHT], 0);
    table_lay(&watch.room, true);
    pass(&watch, 30);
    watch.room.covered = true;
    pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 1);
    watch_end(&watch);
}

static void a_page_that_was_moved_is_told(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, &table);
    pass(&watch, 20);
    for (int i = 0; i < 100; i++) {
        watch.room.page_moved = i > 50;
        watch.room.person_x = 160 + 60 * sin(i * 0.063);
        frame_pass(&watch);
    }
    watch.room.person_x = -1;
    pass(&watch, 12);
    assert_int_equal(watch.heard.begins[DETECT_PAGE], 1);
    assert_int_equal(watch.heard.zone, 0);
    assert_true(watch.heard.begins[DETECT_PERSON] >= 1);
    assert_int_equal(watch.heard.begins[DETECT_PERSON],
                     watch.heard.ends[DETECT_PERSON]);
    watch_end(&watch);
}

static void someone_elsewhere_does_not_touch_the_page(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, &table);
    pass(&watch, 20);
    visit(&watch, 10);
    pass(&watch, 12);
    assert_int_equal(watch.heard.begins[DETECT_PAGE], 0);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

static void the_same_pictures_give_the_same_verdicts(void **state)
{
    (void)state;
    struct heard heard[2];
    for (int i = 0; i < 2; i++) {
        struct watch watch;
        watch_begin(&watch, 0.5, 5, NULL);
        pass(&watch, 20);
        visit(&watch, 6);
        pass(&watch, 6);
        heard[i] = watch.heard;
        watch_end(&watch);
    }
    assert_memory_equal(&heard[0], &heard[1], sizeof *heard);
}

/* Quantiles of a Gumbel law with mode 2 and scale 0.1. */
static void the_law_of_quiet_is_found_under_visits(void **state)
{
    (void)state;
    struct quiet quiet = {0};
    for (int i = 0; i < 200; i++) {
        double q = (i * 61 % 200 + 0.5) / 200;
        quiet_learn(&quiet, (float)(2 - 0.1 * log(-log(q))));
    }
    for (int i = 0; i < 60; i++) {
        quiet_learn(&quiet, 8); /* somebody was there */
    }
    quiet_fit(&quiet);
    assert_true(fabs((double)quiet.mode - 2) < 0.05);
    assert_true(fabs((double)quiet.scale - 0.1) < 0.03);
    float bound = quiet_threshold(&quiet, 600, NULL);
    assert_true(bound > 2.5f && bound < 3.0f);
}

static void cells_are_means(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    struct plane_f cells STING_AUTO(plane_f_release) = {0};
    assert_int_equal(plane_init(&picture, 1280, 720), 0);
    assert_int_equal(grid_height(1280, 720), 90);
    assert_int_equal(plane_f_init(&cells, GRID_WIDTH, 90), 0);
    for (int y = 0; y < 720; y++) {
        for (int x = 0; x < 1280; x++) {
            plane_row(&picture, y)[x] = (uint8_t)(x / 8 + (y / 8 > 45));
        }
    }
    grid_fill(&picture, &cells);
    assert_true(plane_f_row(&cells, 10)[100] == 100.0f);
    assert_true(plane_f_row(&cells, 50)[159] == 160.0f);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(cells_are_means),
        cmocka_unit_test(the_law_of_quiet_is_found_under_visits),
        cmocka_unit_test(what_can_be_seen_is_told),
        cmocka_unit_test(pixels_a_metre_have_a_class),
        cmocka_unit_test(learning_takes_five_seconds),
        cmocka_unit_test(a_visit_is_one_person_and_ends),
        cmocka_unit_test(who_is_certain_is_not_looked_at_in_every_frame),
        cmocka_unit_test(who_comes_to_the_bait_is_looked_at_in_every_frame),
        cmocka_unit_test(two_who_walk_apart_are_two_persons),
        cmocka_unit_test(someone_who_stands_still_stays),
        cmocka_unit_test(what_a_visitor_left_does_not_ring_on),

        cmocka_unit_test(a_shade_where_someone_left_is_nobody_standing),
        cmocka_unit_test(someone_faint_and_small_is_told_while_he_walks_in),
        cmocka_unit_test(someone_in_three_pictures_a_second_is_seen),
        cmocka_unit_test(a_visit_in_the_dark_is_seen),
        cmocka_unit_test(an_hour_of_grain_is_quiet),
        cmocka_unit_test(a_change_of_light_is_no_person),
        cmocka_unit_test(a_flash_and_a_slow_dusk_are_no_person),
        cmocka_unit_test(a_clock_in_the_picture_is_no_person),
        cmocka_unit_test(few_insects_at_the_lens_pass_for_a_person),
        cmocka_unit_test(someone_all_bright_is_told_in_half_a_second),
        cmocka_unit_test(a_covered_lens_is_told),
        cmocka_unit_test(a_page_that_is_taken_covers_no_lens),
        cmocka_unit_test(a_page_that_was_moved_is_told),
        cmocka_unit_test(someone_elsewhere_does_not_touch_the_page),
        cmocka_unit_test(the_same_pictures_give_the_same_verdicts),
    };
    return cmocka_run_group_tests_name("detector", test, NULL, NULL);
}
