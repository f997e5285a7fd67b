/* Pictures that are held or played again, and keyframes far apart. */
#include <stdlib.h>
#include <string.h>

#include "tamper_rig.h"
#include "tests/check.h"

static void held_picture_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    rig_pass(&r, 1, true);
    int64_t from_us = rig_now_us(&r);
    for (int i = 1; i < r.held; i++) { /* the last one, for ever */
        memcpy(r.kept[i].data, r.kept[0].data, rig_picture_bytes(&r));
    }
    r.play = 0;
    rig_pass(&r, 6, false);
    rig_told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
}

static void recording_played_again_is_told(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    rig_pass(&r, 8, true);
    rig_pass(&r, 20, false);
    int64_t from_us = rig_now_us(&r);
    r.play = 0;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_PLAYED);
    rig_end(&r);
}

/* As `quiet`, of a camera whose keyframes are so far apart; what comes then
 * comes just after one. */
static int64_t quiet_far(struct rig *r, int seconds)
{
    rig_begin(r, NULL);
    r->key_frames = seconds * KEY_FRAMES;
    rig_pass(r, 40 * seconds + 0.2, false);
    assert_int_equal(r->begins, 0);
    return rig_now_us(r);
}

static void what_is_hidden_is_told_where_keyframes_are_far_apart(void **state)
{
    (void)state;
    struct rig r;
    int64_t from_us = quiet_far(&r, 2);
    r.is_covered = true;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_COVERED);
    rig_end(&r);
    from_us = quiet_far(&r, 2);
    r.blur = 12;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_BLURRED);
    rig_end(&r);
    from_us = quiet_far(&r, 2);
    r.place = 1234;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_TURNED);
    rig_end(&r);
}

static void what_is_held_or_played_is_told_where_keyframes_are_far_apart(
    void **state)
{
    (void)state;
    struct rig r;
    quiet_far(&r, 2);
    rig_pass(&r, 0.2, true);
    int64_t from_us = rig_now_us(&r);
    r.play = 0;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
    quiet_far(&r, 2);
    rig_pass(&r, 1.8, false);
    rig_pass(&r, 8, true);
    rig_pass(&r, 20.2, false);
    from_us = rig_now_us(&r);
    r.play = 0;
    rig_pass(&r, 7, false);
    rig_told(&r, from_us, TAMPER_PLAYED);
    rig_end(&r);
}

/* A keyframe or two have to come first. */
static void what_is_done_is_told_late_where_keyframes_are_four_seconds_apart(
    void **state)
{
    (void)state;
    struct rig r;
    int64_t from_us = quiet_far(&r, 4);
    r.is_covered = true;
    rig_pass(&r, 9, false);
    assert_int_equal(r.cause, TAMPER_COVERED);
    assert_true(r.first_us - from_us <= 7 * SECOND);
    rig_end(&r);
    quiet_far(&r, 4);
    rig_pass(&r, 0.2, true);
    from_us = rig_now_us(&r);
    r.play = 0;
    rig_pass(&r, 9, false);
    assert_int_equal(r.cause, TAMPER_HELD);
    assert_true(r.first_us - from_us <= 8 * SECOND);
    rig_end(&r);
}

/* Of a camera that leaves little noise: seldom, and never once more. */
static void still_that_comes_twice_by_itself_is_told_once_at_most(void **state)
{
    (void)state;
    struct rig r;
    quiet_far(&r, 2);
    for (int i = 0; i < 6; i++) {
        r.held = 0;
        rig_pass(&r, 1.8, false);
        rig_pass(&r, 0.2, true);
        r.play = 0;
        rig_pass(&r, 2, false);
        r.play = -1;
        rig_pass(&r, 10, false);
        plane_release(&r.kept[0]);
    }
    r.held = 0;
    assert_int_equal(r.begins, 1);
    rig_end(&r);
}

/* Eight seconds are shown again, twenty later, through another lens and
 * encoder: every pixel a little off. */
static void play_again(struct rig *r)
{
    rig_pass(r, 8, true);
    rig_pass(r, 20, false);
    for (int i = 0; i < r->held; i++) {
        for (size_t k = 0; k < rig_picture_bytes(r); k++) {
            r->kept[i].data[k] =
                (uint8_t)(r->kept[i].data[k] + (rig_uniform(r) < 0.3 ? 1 : 0));
        }
    }
    r->play = 0;
    rig_pass(r, 7, false);
}

static void recording_shown_again_with_new_noise_is_told_by_its_old(
    void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    play_again(&r);
    assert_int_equal(r.cause, TAMPER_PLAYED);
    rig_end(&r);
}

/* Black is the same in all pictures, and most of these is black. */
static void what_is_masked_is_no_picture_played_again(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.masked = 0.7;
    rig_pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    assert_int_equal(r.repeats, 0);
    play_again(&r);
    assert_int_equal(r.cause, TAMPER_PLAYED);
    rig_end(&r);
}

/* Not one grey level of noise: a shut lens, or a night without a lamp. The
 * second one is like the first, and nobody played it. */
static void black_pictures_are_told_as_nothing_seen_not_as_played(void **state)
{
    (void)state;
    struct rig r;
    rig_quiet(&r);
    for (int night = 1; night <= 2; night++) {
        r.light = r.sigma = 0;
        rig_pass(&r, 12, false);
        assert_int_equal(r.begins, night);
        assert_int_equal(r.cause, TAMPER_BLANK);
        r.light = 0.6;
        r.sigma = 3;
        rig_pass(&r, 40, false);
        assert_int_equal(r.ends, night);
    }
    rig_end(&r);
}

static void still_pictures_without_noise_are_no_tamper(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.sigma = 0;
    rig_pass(&r, 60, false);
    assert_int_equal(r.begins, 0);
    assert_int_equal(r.repeats, 1); /* what cannot be told is told, once */
    rig_end(&r);
}

/* A camera that begins in the dark, or before its lens opens. */
static void black_pictures_at_first_switch_nothing_off(void **state)
{
    (void)state;
    struct rig r;
    rig_begin(&r, NULL);
    r.light = r.sigma = 0;
    rig_pass(&r, 3, false);
    r.light = 0.6;
    r.sigma = 3;
    rig_pass(&r, 40, false);
    assert_int_equal(r.repeats, 0);
    r.begins = 0;
    rig_pass(&r, 1, true);
    int64_t from_us = rig_now_us(&r);
    for (int i = 1; i < r.held; i++) {
        memcpy(r.kept[i].data, r.kept[0].data, rig_picture_bytes(&r));
    }
    r.play = 0;
    rig_pass(&r, 6, false);
    rig_told(&r, from_us, TAMPER_HELD);
    rig_end(&r);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(held_picture_is_told),
        cmocka_unit_test(recording_played_again_is_told),
        cmocka_unit_test(what_is_hidden_is_told_where_keyframes_are_far_apart),
        cmocka_unit_test(
            what_is_held_or_played_is_told_where_keyframes_are_far_apart),
        cmocka_unit_test(
            what_is_done_is_told_late_where_keyframes_are_four_seconds_apart),
        cmocka_unit_test(still_that_comes_twice_by_itself_is_told_once_at_most),
        cmocka_unit_test(
            recording_shown_again_with_new_noise_is_told_by_its_old),
        cmocka_unit_test(what_is_masked_is_no_picture_played_again),
        cmocka_unit_test(black_pictures_are_told_as_nothing_seen_not_as_played),
        cmocka_unit_test(still_pictures_without_noise_are_no_tamper),
        cmocka_unit_test(black_pictures_at_first_switch_nothing_off),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
