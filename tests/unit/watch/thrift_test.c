#include "watch/thrift.h"

#include "tests/check.h"

#define SECOND INT64_C(1000000)
#define MS INT64_C(1000000) /* nanoseconds */

/* 640x360 with a keyframe a second beside 1080p25, as measured. */
static const struct thrift_of second = {6 * MS, SECOND};

static void a_second_stream_that_spares_is_looked_at_as_its_keyframes_come(
    void **state)
{
    (void)state;
    assert_int_equal(
        thrift_apart_us(second, (struct thrift_of){15 * MS, SECOND}), 0);
    assert_int_equal(
        thrift_apart_us(second, (struct thrift_of){60 * MS, 2 * SECOND}), 0);
}

static void one_that_spares_nothing_as_seldom_as_the_recorded(void **state)
{
    (void)state;
    int64_t apart_us =
        thrift_apart_us(second, (struct thrift_of){15 * MS, 2 * SECOND});
    assert_in_range(apart_us, SECOND + 1, 2 * SECOND);
}

static void nor_is_anything_missed_for_more_than_two_seconds(void **state)
{
    (void)state;
    int64_t apart_us =
        thrift_apart_us(second, (struct thrift_of){15 * MS, 10 * SECOND});
    assert_in_range(apart_us, SECOND + 1, 2 * SECOND);
}

static void what_has_keyframes_as_seldom_itself_is_not_thinned_out(void **state)
{
    (void)state;
    const struct thrift_of recorded = {MS, 2 * SECOND};
    assert_int_equal(
        thrift_apart_us((struct thrift_of){9 * MS, 2 * SECOND}, recorded), 0);
    assert_int_equal(
        thrift_apart_us((struct thrift_of){9 * MS, 3 * SECOND}, recorded), 0);
}

static void before_a_few_looks_were_measured_nothing_is_said(void **state)
{
    (void)state;
    struct thrift thrift = {0};
    const struct thrift_of recorded = {MS, 2 * SECOND};
    for (int i = 0; i < 3; i++) {
        thrift_take(&thrift, 9 * MS);
        assert_int_equal(thrift_look_ns(&thrift), 0);
    }
    assert_int_equal(
        thrift_apart_us((struct thrift_of){thrift_look_ns(&thrift), SECOND},
                        recorded),
        0);
    assert_int_equal(thrift_apart_us(second, (struct thrift_of){0, 2 * SECOND}),
                     0);
    thrift_take(&thrift, 9 * MS);
    assert_int_equal(thrift_look_ns(&thrift), 9 * MS);
    for (int i = 0; i < 60; i++) {
        thrift_take(&thrift, 3 * MS);
    }
    assert_in_range(thrift_look_ns(&thrift), 3 * MS, 3 * MS + MS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_second_stream_that_spares_is_looked_at_as_its_keyframes_come),
        cmocka_unit_test(one_that_spares_nothing_as_seldom_as_the_recorded),
        cmocka_unit_test(nor_is_anything_missed_for_more_than_two_seconds),
        cmocka_unit_test(
            what_has_keyframes_as_seldom_itself_is_not_thinned_out),
        cmocka_unit_test(before_a_few_looks_were_measured_nothing_is_said),
    };
    return cmocka_run_group_tests_name("thrift", tests, NULL, NULL);
}
