#include <math.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/detect/room.h"

static void learning_takes_five_seconds(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    watch_pass(&watch, 15);
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
    watch_pass(&watch, 20);
    int64_t enters_us = watch.now_us;
    watch_visit(&watch, 15);
    watch_pass(&watch, 6);
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
        watch_frame(watch);
    }
    return watch->heard.looks - before;
}

/* Three seconds at every frame, then keyframes and four frames every 5 s. */
static void who_is_certain_is_not_looked_at_in_every_frame(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    watch_pass(&watch, 20);
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
    watch_pass(&watch, 20);
    (void)looks_of_visit(&watch, 0, 60);
    assert_in_range(looks_of_visit(&watch, 60, 20), 2, 8);
    for (int i = 0; i < 10; i++) {
        watch.room.person_x = 160 + 6 * i;
        watch_frame(&watch);
    }
    int before = watch.heard.looks;
    for (int i = 0; i < 20; i++) {
        watch.room.person_x = 220 + 4 * sin(i * 0.35);
        watch_frame(&watch);
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
    watch_pass(&watch, 20);
    for (int i = 0; i < 60; i++) {
        watch.room.person_x = i < 40 ? 4 * i : 160 + 3 * sin(i * 0.4);
        watch.room.second_x = i < 25 ? -1 : 4 * (i - 25);
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.persons, 2);
    watch.room.person_x = watch.room.second_x = -1;
    watch_pass(&watch, 8);
    watch.heard.persons = 0;
    watch.room.page_moved = true;
    watch_visit(&watch, 8);
    assert_int_equal(watch.heard.persons, 1);
    watch_end(&watch);
}

/* A keyframe a second shows him reading, hardly moving, for a minute. */
static void someone_who_stands_still_stays(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.5, 4, NULL);
    watch_pass(&watch, 20);
    for (int i = 0; i < 20; i++) {
        watch.room.person_x = 8 * i;
        watch_frame(&watch);
    }
    for (int i = 0; i < 600; i++) {
        watch.room.person_x = 160 + 1.5 * sin(i * 0.02);
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 0);
    for (int i = 20; i > 0; i--) {
        watch.room.person_x = 8 * i;
        watch_frame(&watch);
    }
    watch.room.person_x = -1;
    watch_pass(&watch, 8);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* A chair moved by somebody who then goes is part of the room in seconds. */
static void what_a_visitor_left_does_not_ring_on(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 0.5, 4, NULL);
    watch_pass(&watch, 20);
    watch_visit(&watch, 6);
    watch.room.page_moved = true;
    watch_visit(&watch, 6);
    watch_pass(&watch, 12);
    assert_true(watch.heard.begins[DETECT_PERSON] >= 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON],
                     watch.heard.begins[DETECT_PERSON]);
    watch_end(&watch);
}

static void wall_paint(struct room *room, uint8_t level)
{
    for (int y = 0; y < ROOM_HEIGHT; y++) {
        memset(plane_row(&room->still, y), level, ROOM_WIDTH);
    }
}

/* Loud at first, then so faint that he is not seen to move from one keyframe to
 * the next: what differs is elsewhere each time, and so no thing. */
static void who_walks_into_the_dark_becomes_no_thing(void **state)
{
    (void)state;
    for (uint64_t grain = 0; grain < 6; grain++) {
        struct watch watch;
        watch_begin(&watch, 0.5, 4, NULL);
        watch_grain(grain);
        wall_paint(&watch.room, 120);
        watch_pass(&watch, 20);
        for (int i = 0; i < 110; i++) {
            watch.room.contrast = i < 40 ? 40 : 6;
            watch.room.person_x = 2.8 * i;
            watch_frame(&watch);
        }
        watch.room.person_x = -1;
        watch_pass(&watch, 8);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

/* A door that stays ajar shades the wall a little where he went out. */
static void a_shade_where_someone_left_is_nobody_standing(void **state)
{
    (void)state;
    static const uint64_t grain[] = {0, 26, 31, 51, 57, 71};
    for (size_t i = 0; i < sizeof grain / sizeof *grain; i++) {
        struct watch watch;
        watch_begin(&watch, 1, 3, NULL);
        watch_grain(grain[i]);
        watch_pass(&watch, 20);
        watch_visit(&watch, 25);
        watch.room.shade = 0.04;
        watch_pass(&watch, 12);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

/* Somebody small walks in, whom every third picture shows with another
 * contrast; in how many of 16 grains is he told of within two seconds? */
static int told_within(double budget, double contrast, double third,
                       double *late_s)
{
    int soon = 0;
    *late_s = 0;
    for (uint64_t grain = 0; grain < 16; grain++) {
        struct watch watch;
        watch_begin(&watch, 0.15, 6, NULL);
        if (budget > 0) {
            detector_budget(watch.detector, budget);
        }
        watch_grain(grain);
        watch_pass(&watch, 40);
        watch.room.tall = 30;
        for (int i = 0; i < 60; i++) {
            watch.room.contrast = i % 3 == 2 ? third : contrast;
            watch.room.person_x = 4 + 1.6 * i;
            watch_frame(&watch);
        }
        watch_end(&watch);
        double told_s = (double)watch.heard.first_us[DETECT_PERSON] * 1e-6 - 40;
        soon += told_s >= 0 && told_s < 2;
        *late_s += (told_s >= 0 ? told_s : 6) / 16;
    }
    return soon;
}

static int told_soon(double contrast, double third)
{
    double late_s;
    return told_within(0, contrast, third, &late_s);
}

/* In one keyframe he is less than chance shows in ten minutes. */
static void someone_faint_and_small_is_told_while_he_walks_in(void **state)
{
    (void)state;
    assert_in_range(told_soon(2, 2), 14, 16);
}

/* The only setting: who allows more false alarms is told sooner of who is
 * faint. */
static void false_alarms_that_are_allowed_buy_time(void **state)
{
    (void)state;
    static const double budget[3] = {0.0001, 1, 500};
    double late_s[3];
    for (int i = 0; i < 3; i++) {
        (void)told_within(budget[i], 2, 2, &late_s[i]);
    }
    print_message("told after %.2f, %.2f, %.2f s\n", late_s[0], late_s[1],
                  late_s[2]);
    assert_true(late_s[0] > late_s[1] && late_s[1] > late_s[2]);
}

/* Somebody is there all the time: it is given up after twenty seconds. */
static void learning_ends_in_an_unquiet_room(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    for (int i = 0; i < 400 && watch.heard.ends[DETECT_LEARNING] == 0; i++) {
        watch.room.person_x = i % 20 < 14 ? -1 : 20 + 41 * i % 260;
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.ends[DETECT_LEARNING], 1);
    assert_in_range(watch.now_us, 6 * SECOND, 20 * SECOND + SECOND / 2);
    watch_end(&watch);
}

/* A codec shows him well in one picture, and hardly in the next two. */
static void someone_who_fades_for_a_picture_is_told(void **state)
{
    (void)state;
    assert_in_range(told_soon(20, 100), 14, 16);
}

/* What coding left in a small place is part of the scene soon, and is then
 * coded anew in the middle of each second: more of it, or less. */
static void what_coding_left_in_one_place_is_nobody(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 2, NULL);
    watch_pass(&watch, 20);
    for (int i = 0; i < 120; i++) {
        watch.room.rest = i < 36 ? 12 : 12 + 4 * ((i + 6) / 10 % 2);
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
    watch_end(&watch);
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
        watch_frame(&watch);
        watch.now_us += SECOND * 7 / 30;
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    watch.room.person_x = -1;
    watch_pass(&watch, 8);
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
    watch_pass(&watch, 30);
    int64_t enters_us = watch.now_us;
    watch_visit(&watch, 12);
    watch_pass(&watch, 6);
    assert_true(watch.heard.begins[DETECT_PERSON] >= 1);
    assert_true(watch.heard.first_us[DETECT_PERSON] - enters_us < 3 * SECOND);
    assert_int_equal(watch.heard.ends[DETECT_PERSON],
                     watch.heard.begins[DETECT_PERSON]);
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
    watch_pass(&watch, 20);
    int64_t stirs_us = -1;
    for (int i = 0; i < 25; i++) {
        watch.room.person_x = 5 * i;
        watch_frame(&watch);
        stirs_us = stirs_us < 0 && watch.all ? watch.now_us : stirs_us;
    }
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_in_range(watch.heard.first_us[DETECT_PERSON] + SECOND / 10 -
                        stirs_us,
                    SECOND / 10, SECOND / 2);
    watch_end(&watch);
}

static void the_same_pictures_give_the_same_verdicts(void **state)
{
    (void)state;
    struct heard heard[2];
    for (int i = 0; i < 2; i++) {
        struct watch watch;
        watch_begin(&watch, 0.5, 5, NULL);
        watch_pass(&watch, 20);
        watch_visit(&watch, 6);
        watch_pass(&watch, 6);
        heard[i] = watch.heard;
        watch_end(&watch);
    }
    assert_memory_equal(&heard[0], &heard[1], sizeof *heard);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(learning_takes_five_seconds),
        cmocka_unit_test(a_visit_is_one_person_and_ends),
        cmocka_unit_test(who_is_certain_is_not_looked_at_in_every_frame),
        cmocka_unit_test(who_comes_to_the_bait_is_looked_at_in_every_frame),
        cmocka_unit_test(two_who_walk_apart_are_two_persons),
        cmocka_unit_test(someone_who_stands_still_stays),
        cmocka_unit_test(what_a_visitor_left_does_not_ring_on),
        cmocka_unit_test(who_walks_into_the_dark_becomes_no_thing),
        cmocka_unit_test(a_shade_where_someone_left_is_nobody_standing),
        cmocka_unit_test(someone_faint_and_small_is_told_while_he_walks_in),
        cmocka_unit_test(false_alarms_that_are_allowed_buy_time),
        cmocka_unit_test(learning_ends_in_an_unquiet_room),
        cmocka_unit_test(someone_who_fades_for_a_picture_is_told),
        cmocka_unit_test(what_coding_left_in_one_place_is_nobody),
        cmocka_unit_test(someone_in_three_pictures_a_second_is_seen),
        cmocka_unit_test(a_visit_in_the_dark_is_seen),
        cmocka_unit_test(someone_all_bright_is_told_in_half_a_second),
        cmocka_unit_test(the_same_pictures_give_the_same_verdicts),
    };
    return cmocka_run_group_tests_name("detector", test, NULL, NULL);
}
