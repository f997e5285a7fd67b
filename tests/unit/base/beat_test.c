#include "base/beat.h"
#include "tests/check.h"

#define S INT64_C(1000000)

static void who_runs_all_the_time_never_stood_still(void **state)
{
    (void)state;
    struct beat beat = {.last_us = 0};
    for (int64_t at = 100 * S; at < 200 * S; at += 3 * S) {
        assert_false(beat_take(&beat, at));
        assert_false(beat_stood(&beat, at));
    }
}

static void who_stood_still_is_to_blame_for_a_while(void **state)
{
    (void)state;
    struct beat beat = {.last_us = 0};
    assert_false(beat_take(&beat, 100 * S));
    assert_true(beat_take(&beat, 140 * S));
    assert_int_equal(beat_stood_s(&beat), 40);
    assert_false(beat_take(&beat, 141 * S));
    assert_true(beat_stood(&beat, 149 * S));
    assert_false(beat_stood(&beat, 151 * S));
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(who_runs_all_the_time_never_stood_still),
        cmocka_unit_test(who_stood_still_is_to_blame_for_a_while),
    };
    return cmocka_run_group_tests_name("beat", test, NULL, NULL);
}
