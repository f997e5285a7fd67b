#include <string.h>

#include "footage.h"
#include "tests/check.h"

#define WIDE 96
#define HIGH 54
#define EDGE 8 /* cells of a square that is laid on */

/* Who walks off to the right, which takes about 4 s. */
static const struct passerby walker = {.seed = 1,
                                       .height_px = 30,
                                       .speed = 1,
                                       .foot_px = 50,
                                       .aim_px = 60,
                                       .level = {20, 200, 40, 60}};

static void square(struct cutout *out, int left, int top)
{
    static float cover[EDGE * EDGE], level[EDGE * EDGE];
    for (int i = 0; i < EDGE * EDGE; i++) {
        cover[i] = 1;
        level[i] = 250;
    }
    *out = (struct cutout){
        left, top, EDGE, EDGE, cover, level, sizeof cover / sizeof *cover};
}

/* A picture without noise or drift, somebody in it or nobody (NULL). */
static void drawn(const struct cutout *who, struct plane *out)
{
    struct footage_settings set = {
        .width_px = WIDE, .height_px = HIGH, .seed = 1, .light = 1};
    struct footage *footage STING_AUTO(footage_free) = NULL;
    assert_int_equal(footage_new(&set, &footage), STING_OK);
    assert_int_equal(plane_init(out, WIDE, HIGH), STING_OK);
    footage_room(footage, 1);
    footage_draw(footage, 0, who, out);
}

static void what_hangs_over_an_edge_is_left_out(void **state)
{
    (void)state;
    static const int place[][2] = {
        {-3, 20},       {WIDE - 5, 20},       {20, -3},
        {20, HIGH - 5}, {WIDE - 5, HIGH - 5}, {-3, HIGH - 5},
        {-3, -3},       {WIDE + 3, HIGH - 5}, {-EDGE - 3, 20},
        {20, HIGH + 3}};
    struct plane empty STING_AUTO(plane_release) = {0};
    drawn(NULL, &empty);
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        int left = place[i][0], top = place[i][1];
        struct cutout who;
        struct plane shown STING_AUTO(plane_release) = {0};
        square(&who, left, top);
        drawn(&who, &shown);
        for (int p = 0; p < WIDE * HIGH; p++) {
            int x = p % WIDE, y = p / WIDE;
            bool is_laid =
                x >= left && x < left + EDGE && y >= top && y < top + EDGE;
            assert_int_equal(plane_row(&shown, y)[x],
                             is_laid ? 250 : plane_row(&empty, y)[x]);
        }
    }
}

static void a_box_outside_the_picture_has_no_cells(void **state)
{
    (void)state;
    static const int box[][4] = {{WIDE + 3, 10, WIDE + 9, 20},
                                 {-9, 10, -3, 20},
                                 {10, HIGH + 3, 20, HIGH + 9},
                                 {10, -9, 20, -3},
                                 {WIDE + 3, HIGH + 3, WIDE + 9, HIGH + 9}};
    struct cutout who STING_AUTO(cutout_release) = {0};
    for (size_t i = 0; i < sizeof box / sizeof *box; i++) {
        assert_int_equal(cutout_begin(&who, box[i], WIDE, HIGH), STING_OK);
        assert_int_equal(who.width * who.height, 0);
        assert_in_range(who.left, 0, WIDE);
        assert_in_range(who.top, 0, HIGH);
        assert_in_range(who.left + who.width, 0, WIDE);
        assert_in_range(who.top + who.height, 0, HIGH);
    }
}

static void a_box_over_every_edge_is_the_picture(void **state)
{
    (void)state;
    const int box[4] = {-3, -4, WIDE + 5, HIGH + 6};
    struct cutout who STING_AUTO(cutout_release) = {0};
    for (int again = 0; again < 2; again++) {
        assert_int_equal(cutout_begin(&who, box, WIDE, HIGH), STING_OK);
        assert_int_equal(who.left, 0);
        assert_int_equal(who.top, 0);
        assert_int_equal(who.width, WIDE);
        assert_int_equal(who.height, HIGH);
        for (int i = 0; i < WIDE * HIGH; i++) {
            assert_true(who.cover[i] == 0 && who.level[i] == 0);
            who.cover[i] = who.level[i] = 1;
        }
    }
}

/* One stands while the other walks off and is gone. */
static void two_stay_within_the_picture_when_one_has_left_it(void **state)
{
    (void)state;
    struct cutout one STING_AUTO(cutout_release) = {0};
    struct cutout two STING_AUTO(cutout_release) = {0};
    struct cutout both STING_AUTO(cutout_release) = {0};
    int gone = 0;
    assert_int_equal(passerby_draw(&walker, 2, WIDE, HIGH, &one), STING_OK);
    for (int i = 0; i < 60; i++) {
        assert_int_equal(passerby_draw(&walker, i * 0.1, WIDE, HIGH, &two),
                         STING_OK);
        assert_int_equal(
            cutout_join(i % 2 ? &one : &two, i % 2 ? &two : &one, &both),
            STING_OK);
        assert_in_range(both.left, 0, WIDE);
        assert_in_range(both.left + both.width, 1, WIDE);
        assert_in_range(both.top + both.height, 1, HIGH);
        if (two.width * two.height == 0) {
            gone++;
            assert_int_equal(both.left, one.left);
            assert_int_equal(both.top, one.top);
            assert_int_equal(both.width, one.width);
            assert_int_equal(both.height, one.height);
            assert_memory_equal(both.cover, one.cover,
                                (size_t)(one.width * one.height) *
                                    sizeof *one.cover);
        }
    }
    assert_in_range(gone, 10, 50);
}

static void two_who_both_left_join_to_nobody(void **state)
{
    (void)state;
    struct cutout one STING_AUTO(cutout_release) = {0};
    struct cutout both STING_AUTO(cutout_release) = {0};
    assert_int_equal(passerby_draw(&walker, 9, WIDE, HIGH, &one), STING_OK);
    assert_int_equal(one.width * one.height, 0);
    assert_int_equal(cutout_join(&one, &one, &both), STING_OK);
    assert_int_equal(both.width * both.height, 0);
}

static void where_two_meet_who_covers_more_is_seen(void **state)
{
    (void)state;
    struct cutout under STING_AUTO(cutout_release) = {0};
    struct cutout over STING_AUTO(cutout_release) = {0};
    struct cutout both STING_AUTO(cutout_release) = {0};
    assert_int_equal(
        cutout_begin(&under, (const int[4]){10, 10, 12, 11}, WIDE, HIGH),
        STING_OK);
    assert_int_equal(
        cutout_begin(&over, (const int[4]){11, 10, 13, 12}, WIDE, HIGH),
        STING_OK);
    const float cover[4] = {0.5f, 1, 0.25f, 1}, less = 0.75f;
    for (int i = 0; i < 2; i++) {
        under.cover[i] = less;
        under.level[i] = 100;
    }
    for (int i = 0; i < 4; i++) {
        over.cover[i] = cover[i];
        over.level[i] = 200;
    }
    assert_int_equal(cutout_join(&under, &over, &both), STING_OK);
    const float seen[6] = {less, less, 1, 0, 0.25f, 1};
    const float level[6] = {100, 100, 200, 0, 200, 200};
    assert_int_equal(both.width, 3);
    assert_int_equal(both.height, 2);
    assert_memory_equal(both.cover, seen, sizeof seen);
    assert_memory_equal(both.level, level, sizeof level);
}

static void a_picture_wider_than_a_row_of_noise_is_refused(void **state)
{
    (void)state;
    struct footage_settings set = {
        .width_px = 4097, .height_px = HIGH, .seed = 1, .light = 1};
    struct footage *footage STING_AUTO(footage_free) = NULL;
    assert_int_equal(footage_new(&set, &footage), STING_E_ARG);
    assert_null(footage);
    set.width_px = 4096;
    assert_int_equal(footage_new(&set, &footage), STING_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_hangs_over_an_edge_is_left_out),
        cmocka_unit_test(a_box_outside_the_picture_has_no_cells),
        cmocka_unit_test(a_box_over_every_edge_is_the_picture),
        cmocka_unit_test(two_stay_within_the_picture_when_one_has_left_it),
        cmocka_unit_test(two_who_both_left_join_to_nobody),
        cmocka_unit_test(where_two_meet_who_covers_more_is_seen),
        cmocka_unit_test(a_picture_wider_than_a_row_of_noise_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
