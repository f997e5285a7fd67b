#include <math.h>

#include "tests/check.h"
#include "tests/unit/detect/room.h"

static void an_hour_of_grain_is_quiet(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.4, 6, NULL);
    watch_pass(&watch, 3600);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_int_equal(watch.heard.begins[DETECT_LIGHT], 0);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    /* and cheap: one keyframe in ten has us glance, at three frames mostly */
    assert_true(watch.heard.looks_at_all < 51 + 3600 / 10 * 5);
    watch_end(&watch);
}

/* Of a room so dark that a camera's gain makes nothing but noise of it, the
 * scene that was learned is noise itself. */
static void noise_alone_is_neither_light_nor_a_hand_before_the_lens(
    void **state)
{
    (void)state;
    static const double sigma[] = {30, 90};
    for (size_t i = 0; i < sizeof sigma / sizeof *sigma; i++) {
        struct watch watch;
        watch_begin(&watch, 0.1, sigma[i], NULL);
        watch_pass(&watch, 300);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
        assert_int_equal(watch.heard.begins[DETECT_LIGHT], 0);
        assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
        watch.room.light = 1; /* somebody puts the lamp on */
        watch_pass(&watch, 5);
        assert_int_equal(watch.heard.begins[DETECT_LIGHT], 1);
        assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
        watch_end(&watch);
    }
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
    watch_pass(&watch, 20);
    for (size_t i = 0; i < sizeof change / sizeof *change; i++) {
        change[i](&watch.room);
        watch_pass(&watch, 15.3);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_true(watch.heard.begins[DETECT_LIGHT] >= 6);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    watch.room.light = 0.8;
    watch.room.sigma = 4;
    watch_pass(&watch, 20);
    watch_visit(&watch, 10);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* Lit by the lamp he switched on, and dark from the moment he leaves on. */
static void who_puts_the_lamp_out_as_he_leaves_is_gone(void **state)
{
    (void)state;
    for (int grain = 0; grain < 6; grain++) {
        struct watch watch;
        watch_grain(100 + (uint64_t)grain);
        watch_begin(&watch, 0.28, 2.5 + 0.5 * grain, NULL);
        watch_pass(&watch, 20);
        watch.room.lamp = 1;
        watch.room.shade = -0.8; /* it lights a corner */
        watch_pass(&watch, 2);
        watch_visit(&watch, 10);
        watch.room.lamp = watch.room.shade = 0;
        watch_pass(&watch, 30);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

/* He stands, hardly moving, as somebody else switches it. */
static void who_stands_while_a_lamp_goes_on_and_out_stays(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.4, 4, NULL);
    watch_pass(&watch, 20);
    for (int i = 0; i < 20; i++) {
        watch.room.person_x = 8 * i;
        watch_frame(&watch);
    }
    for (int i = 0; i < 600; i++) {
        watch.room.lamp = i > 150 && i < 350;
        watch.room.person_x = 160 + 1.5 * sin(i * 0.05);
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 0);
    watch_end(&watch);
}

/* He takes a part of the light, too, and holds still. */
static void who_leans_over_the_camera_is_somebody_and_no_lamp(void **state)
{
    (void)state;
    static const double near[] = {0.25, 0.5, 0.8};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        struct watch watch;
        watch_begin(&watch, 0.5, 4, NULL);
        watch_pass(&watch, 20);
        watch.room.near = near[i];
        watch.room.light = 0.36;
        watch_pass(&watch, 3);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        watch.room.near = 0;
        watch.room.light = 0.5;
        watch_pass(&watch, 15);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

static void a_flash_and_a_slow_dusk_are_no_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 4, NULL);
    watch_pass(&watch, 20);
    for (int i = 0; i < 10; i++) {
        watch.room.light = 1.8;
        watch_pass(&watch, 0.1);
        watch.room.light = 1;
        watch_pass(&watch, 7.9);
    }
    for (int i = 0; i < 600; i++) {
        watch.room.light -= 0.001;
        watch_pass(&watch, 0.3);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    watch_end(&watch);
}

/* A coder goes on for a while at the bright edge of a window. */
static void what_coding_mends_after_a_light_is_no_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.7, 0.6, NULL);
    watch.room.window = true;
    watch_pass(&watch, 20);
    for (int turn = 0; turn < 6; turn++) {
        watch.room.lamp = turn % 2 == 0;
        watch_pass(&watch, 6);
        for (int step = 0; step < 4; step++) {
            watch.room.fringe += turn % 2 == 0 ? -2.5 : 2.5;
            watch_pass(&watch, 1);
        }
        watch_pass(&watch, 5);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    watch_visit(&watch, 10);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

static void a_covered_lens_is_told(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    watch_pass(&watch, 20);
    watch.room.covered = true;
    watch_pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 1);
    watch.room.covered = false;
    watch_pass(&watch, 8);
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
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    watch_visit(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* Its last figure changes in every picture, the one before it each second. */
static void a_clock_that_is_switched_on_is_no_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    watch_pass(&watch, 30);
    for (int i = 0; i < 1200; i++) {
        watch.room.clock = 100 + i;
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    watch_end(&watch);
}

static void who_is_small_and_walks_where_clocks_are_is_a_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    watch_pass(&watch, 30);
    watch.room.contrast = -30; /* brighter than the wall */
    watch.room.tall = 14;
    watch.room.feet_y = 180;
    for (int i = 0; i < 40; i++) {
        watch.room.person_x = 30 + i; /* half an own height a second */
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

static void few_insects_at_the_lens_pass_for_a_person(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.6, 4, NULL);
    watch_pass(&watch, 20);
    for (int k = 0; k < 12; k++) {
        for (int i = 0; i < 6 + k; i++) {
            watch.room.insect_x = 40 + 20 * k + 25 * sin(i * 2.1);
            watch.room.insect_y = 40 + 8 * i + 14 * sin(i * 1.7);
            watch_frame(&watch);
        }
        watch.room.insect_x = -1;
        watch_pass(&watch, 7.3);
    }
    assert_true(watch.heard.begins[DETECT_PERSON] <= 3); /* of twelve */
    watch_end(&watch);
}

/* Of five pictures a second, three are four tenths of it. */
static void hardly_an_insect_in_three_slow_pictures_passes_for_one(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.3, 4, NULL);
    for (int i = 0; i < 400; i++) {
        int k = i / 20, part = i % 20;
        bool flies = i >= 100 && part < 3;
        watch.room.insect_x = flies ? 60 + 8 * k + 9 * part : -1;
        watch.room.insect_y = 70 + 4 * part;
        watch_frame(&watch);
        watch.now_us += SECOND / 10;
    }
    assert_true(watch.heard.begins[DETECT_PERSON] <= 1); /* of fifteen */
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
    for (int y = 0; y < ROOM_HEIGHT; y++) {
        for (int x = 0; x < ROOM_WIDTH; x++) {
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
    watch_pass(&watch, 20);
    table_lay(&watch.room, false);
    watch_pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 0);
    assert_int_equal(watch.heard.begins[DETECT_LIGHT], 0);
    table_lay(&watch.room, true);
    watch_pass(&watch, 30);
    watch.room.covered = true;
    watch_pass(&watch, 8);
    assert_int_equal(watch.heard.begins[DETECT_TAMPER], 1);
    watch_end(&watch);
}

static void a_page_that_was_moved_is_told(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, &table);
    watch_pass(&watch, 20);
    for (int i = 0; i < 100; i++) {
        watch.room.page_moved = i > 50;
        watch.room.person_x = 160 + 60 * sin(i * 0.063);
        watch_frame(&watch);
    }
    watch.room.person_x = -1;
    watch_pass(&watch, 12);
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
    watch_pass(&watch, 20);
    watch_visit(&watch, 10);
    watch_pass(&watch, 12);
    assert_int_equal(watch.heard.begins[DETECT_PAGE], 0);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch_end(&watch);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_hour_of_grain_is_quiet),
        cmocka_unit_test(
            noise_alone_is_neither_light_nor_a_hand_before_the_lens),
        cmocka_unit_test(a_change_of_light_is_no_person),
        cmocka_unit_test(who_puts_the_lamp_out_as_he_leaves_is_gone),
        cmocka_unit_test(who_stands_while_a_lamp_goes_on_and_out_stays),
        cmocka_unit_test(who_leans_over_the_camera_is_somebody_and_no_lamp),
        cmocka_unit_test(a_flash_and_a_slow_dusk_are_no_person),
        cmocka_unit_test(a_clock_in_the_picture_is_no_person),
        cmocka_unit_test(a_clock_that_is_switched_on_is_no_person),
        cmocka_unit_test(who_is_small_and_walks_where_clocks_are_is_a_person),
        cmocka_unit_test(few_insects_at_the_lens_pass_for_a_person),
        cmocka_unit_test(
            hardly_an_insect_in_three_slow_pictures_passes_for_one),
        cmocka_unit_test(what_coding_mends_after_a_light_is_no_person),
        cmocka_unit_test(a_covered_lens_is_told),
        cmocka_unit_test(a_page_that_is_taken_covers_no_lens),
        cmocka_unit_test(a_page_that_was_moved_is_told),
        cmocka_unit_test(someone_elsewhere_does_not_touch_the_page),
    };
    return cmocka_run_group_tests_name("room_change", test, NULL, NULL);
}
