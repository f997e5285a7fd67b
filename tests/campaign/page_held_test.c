/* A camera that sends one picture for ever, encoded anew each time. */
#include "tests/campaign/page_held.h"

#include "detect/tamper.h"
#include "tests/check.h"

#define HOLD_S 12.0
#define WITHIN_S 5.0 /* it is to be told */
#define SEEDS 6

static struct page_held_told half_light(uint64_t seed, double hold_s)
{
    return page_held_run(
        &(struct page_held){seed, 0.16, 12, hold_s, HOLD_S + WITHIN_S + 1});
}

static void a_held_picture_encoded_anew_is_told_within_five_seconds(
    void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct page_held_told told = half_light(seed, HOLD_S);
        assert_int_equal(told.tampers, 1);
        assert_int_equal(told.cause, TAMPER_HELD);
        assert_true(told.first_s > HOLD_S && told.first_s < HOLD_S + WITHIN_S);
    }
}

static void pictures_of_a_page_that_lies_there_are_not_held(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        assert_int_equal(half_light(seed, HELD_NEVER).tampers, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_held_picture_encoded_anew_is_told_within_five_seconds),
        cmocka_unit_test(pictures_of_a_page_that_lies_there_are_not_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
