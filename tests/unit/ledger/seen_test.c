/* A hash has come before only when it has, also when many begin alike. */
#include "ledger/verify_seen.h"

#include "tests/check.h"

#define MANY 200000

static struct digest nth(uint32_t n)
{
    return digest_of((struct bytes){(const uint8_t *)&n, sizeof n});
}

static void what_came_once_is_new_and_twice_is_not(void **state)
{
    (void)state;
    struct verify_seen seen STING_AUTO(verify_seen_release) = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        assert_false(verify_seen_add(&seen, nth(i)));
    }
    assert_int_equal(seen.used, MANY);
    for (uint32_t i = 0; i < MANY; i += 7) {
        assert_true(verify_seen_add(&seen, nth(i)));
    }
    assert_false(verify_seen_add(&seen, nth(MANY)));
    assert_int_equal(seen.used, MANY + 1);
}

static void hashes_that_differ_in_one_of_eight_bytes_are_two(void **state)
{
    (void)state;
    struct verify_seen seen STING_AUTO(verify_seen_release) = {0};
    struct digest hash = nth(1);
    assert_false(verify_seen_add(&seen, hash));
    for (int i = 0; i < 8; i++) {
        struct digest other = hash;
        other.byte[i] ^= 1;
        assert_false(verify_seen_add(&seen, other));
        assert_true(verify_seen_add(&seen, other));
    }
    assert_true(verify_seen_add(&seen, hash));
}

static void of_all_hashes_one_part_is_kept_and_no_other(void **state)
{
    (void)state;
    struct verify_seen seen STING_AUTO(verify_seen_release) = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        assert_false(verify_seen_add(&seen, nth(i)));
    }
    verify_seen_keep(&seen, 3, 5);
    assert_in_range(seen.used, MANY / 8 - 1000, MANY / 8 + 1000);
    for (uint32_t i = 0; i < MANY; i++) {
        bool is_kept = verify_seen_part(nth(i), 3) == 5;
        assert_int_equal(verify_seen_add(&seen, nth(i)), is_kept);
    }
    assert_int_equal(seen.used, MANY);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_came_once_is_new_and_twice_is_not),
        cmocka_unit_test(hashes_that_differ_in_one_of_eight_bytes_are_two),
        cmocka_unit_test(of_all_hashes_one_part_is_kept_and_no_other),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
