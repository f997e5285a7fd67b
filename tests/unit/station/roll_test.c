#include "station/roll.h"

#include "tests/check.h"

#define SECOND_US INT64_C(1000000)

static struct recording_fragment fragment(int64_t at_s, bool key,
                                          struct bytes data)
{
    return (struct recording_fragment){
        .data = data, .utc_us = at_s * SECOND_US, .starts_with_key = key};
}

static void add(struct roll *roll, int64_t at_s, bool key, const char *text)
{
    const struct recording_fragment one =
        fragment(at_s, key, bytes_of_text(text));
    assert_int_equal(roll_add(roll, &one, 10 * SECOND_US), STING_OK);
}

static void it_goes_back_ten_seconds_to_a_keyframe(void **state)
{
    (void)state;
    static struct roll roll;
    for (int64_t s = 0; s < 60; s++) {
        add(&roll, s, s % 4 == 0, "water");
        const struct recording_fragment *oldest = roll_oldest(&roll);
        assert_true(oldest->starts_with_key);
        assert_true(s < 10 || (oldest->utc_us <= (s - 10) * SECOND_US &&
                               oldest->utc_us > (s - 14) * SECOND_US));
    }
    roll_clear(&roll);
    assert_null(roll_oldest(&roll));
    assert_int_equal(roll.bytes, 0);
}

static void it_gives_copies_in_order(void **state)
{
    (void)state;
    static struct roll roll;
    char text[] = "tank a";
    for (int64_t s = 0; s < 3; s++) {
        add(&roll, s, s == 0, text);
        text[5]++;
    }
    for (int expected = 'a'; expected <= 'c'; expected++) {
        const struct recording_fragment *oldest = roll_oldest(&roll);
        assert_int_equal(oldest->data.size, 6);
        assert_int_equal(oldest->data.data[5], expected);
        roll_drop(&roll);
    }
    assert_null(roll_oldest(&roll));
    roll_drop(&roll); /* of nothing: nothing */
}

static void it_begins_with_a_keyframe_and_without_one_is_empty(void **state)
{
    (void)state;
    static struct roll roll;
    for (int64_t s = 0; s < ROLL_MOST + 10; s++) {
        add(&roll, s, false, "no keyframe");
    }
    assert_null(roll_oldest(&roll));
}

static void it_stays_within_its_bounds(void **state)
{
    (void)state;
    static struct roll roll;
    static uint8_t much[ROLL_MOST_BYTES / 8];
    for (int64_t n = 0; n < 40; n++) {
        const struct recording_fragment one =
            fragment(0, n % 3 == 0, (struct bytes){much, sizeof much});
        assert_int_equal(roll_add(&roll, &one, SECOND_US), STING_OK);
        assert_true(roll.bytes <= ROLL_MOST_BYTES);
        assert_true(!roll.count || roll_oldest(&roll)->starts_with_key);
    }
    roll_clear(&roll);
    for (int64_t n = 0; n < INT64_C(4) * ROLL_MOST; n++) {
        add(&roll, 0, n % 5 == 0, "small");
        assert_true(roll.count <= ROLL_MOST);
    }
    roll_clear(&roll);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(it_goes_back_ten_seconds_to_a_keyframe),
        cmocka_unit_test(it_gives_copies_in_order),
        cmocka_unit_test(it_begins_with_a_keyframe_and_without_one_is_empty),
        cmocka_unit_test(it_stays_within_its_bounds),
    };
    return cmocka_run_group_tests_name("roll", test, NULL, NULL);
}
