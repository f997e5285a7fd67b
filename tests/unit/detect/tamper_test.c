/* What is done to the camera itself. */
#include "tamper_rig.h"
#include "tests/check.h"

static void covered_lens_is_told_and_its_end(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.is_covered = true;
    rig_pass(&r, 8, false);
    rig_told(&r, from_us, TAMPER_COVERED);
    r.is_covered = false;
    rig_pass(&r, 8, false);
    assert_int_equal(r.ends, 1);
    rig_end(&r);
}

static void somebody_before_the_lens_for_three_seconds_is_no_tamper(
    void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    r.is_covered = true;
    rig_pass(&r, 3, false);
    r.is_covered = false;
    rig_pass(&r, 8, false);
    assert_int_equal(r.begins, 0);
    rig_end(&r);
}

static void turned_camera_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.left = 70;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void another_picture_before_the_lens_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.place = 1234;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void what_another_stream_does_not_show_is_told_at_once(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    assert_int_equal(tamper_own_us(r.tamper), rig_now_us(&r) - 5 * FRAME_US);
    int64_t from_us = rig_now_us(&r);
    r.is_beside = true;
    r.place = 1234;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    assert_true(r.first_us - from_us <= 2 * FRAME_US);
    rig_end(&r);
    rig_quiet(&r);
    from_us = rig_now_us(&r);
    r.is_beside = true;
    r.blur = 9;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_BLURRED);
    assert_true(r.first_us - from_us <= 2 * FRAME_US);
    rig_end(&r);
}

static void black_that_another_stream_does_not_show_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.is_check = true;
    r.light = 0.01;
    r.is_beside = true;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_COVERED);
    assert_true(tamper_own_us(r.tamper) == INT64_MIN);
    rig_end(&r);
}

/* Somebody may have come before the lens since. */
static void what_another_stream_showed_before_says_nothing(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.beside_us = from_us;
    r.place = 1234;
    rig_pass(&r, 3, false);
    assert_int_equal(r.begins, 0);
    rig_pass(&r, 4, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void lens_out_of_focus_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    int64_t from_us = rig_now_us(&r);
    r.blur = 12;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
}

/* So strong that no tile shows by itself that its fine structure is gone. */
static void lens_out_of_focus_in_strong_grain_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.light = 0.3;
    r.sigma = 10;
    rig_pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    int64_t from_us = rig_now_us(&r);
    r.blur = 9;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
}

/* All that there is to see is the page; another one is another page. */
static void page_that_is_turned_is_no_tamper(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .has_bait = true,
        .points = 4,
        .point = {{0.2f, 0.05f}, {0.8f, 0.05f}, {0.8f, 0.95f}, {0.2f, 0.95f}}};
    struct rig r;
    rig_begin(&r, &zone);
    r.page = 11;
    rig_pass(&r, 40, false);
    r.page = 12;
    rig_pass(&r, 9, false);
    assert_int_equal(r.begins, 0);
    r.page = 11;
    rig_pass(&r, 20, false);
    int64_t from_us = rig_now_us(&r);
    r.page = 0;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void lamp_dusk_and_infrared_are_no_tamper(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    r.light = 1;
    rig_pass(&r, 20, false);
    r.light = 0.35;
    rig_pass(&r, 20, false);
    r.has_infrared = true;
    r.sigma = 5;
    rig_pass(&r, 20, false);
    for (int i = 0; i < 200; i++) {
        r.light *= 0.995;
        rig_pass(&r, 1, false);
    }
    assert_int_equal(r.begins, 0);
    rig_end(&r);
}

static void new_view_is_taken_over_after_a_while(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    r.place = 77;
    rig_pass(&r, 320, false);
    assert_int_equal(r.begins, 1);
    assert_int_equal(r.ends, 1);
    r.place = 0;
    rig_pass(&r, 8, false);
    assert_int_equal(r.begins, 2);
    rig_end(&r);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(covered_lens_is_told_and_its_end),
        cmocka_unit_test(
            somebody_before_the_lens_for_three_seconds_is_no_tamper),
        cmocka_unit_test(turned_camera_is_told),
        cmocka_unit_test(another_picture_before_the_lens_is_told),
        cmocka_unit_test(what_another_stream_does_not_show_is_told_at_once),
        cmocka_unit_test(black_that_another_stream_does_not_show_is_told),
        cmocka_unit_test(what_another_stream_showed_before_says_nothing),
        cmocka_unit_test(lens_out_of_focus_is_told),
        cmocka_unit_test(lens_out_of_focus_in_strong_grain_is_told),
        cmocka_unit_test(page_that_is_turned_is_no_tamper),
        cmocka_unit_test(lamp_dusk_and_infrared_are_no_tamper),
        cmocka_unit_test(new_view_is_taken_over_after_a_while),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
