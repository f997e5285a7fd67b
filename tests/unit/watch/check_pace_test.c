#include "watch/check_pace.h"

#include "tests/check.h"

#define BETWEEN 9 /* packets from a keyframe to the next */
#define SECOND INT64_C(1000000)

/* A keyframe and what follows it, of so many bytes each; how long may be
 * waited at the next keyframe. */
static int64_t gop_add(struct check_pace *pace, size_t key, size_t other)
{
    struct packet packet = {.data = {.size = key}, .key = true};
    int64_t at_us = pace->key_us + SECOND;
    check_pace_add(pace, &packet, at_us);
    int64_t us = check_pace_us(pace);
    pace->checks++;
    packet = (struct packet){.data = {.size = other}};
    for (int i = 0; i < BETWEEN; i++) {
        check_pace_add(pace, &packet, at_us + (i + 1) * SECOND / 10);
    }
    return us;
}

/* Sizes tremble as a camera's do. */
static size_t about(size_t bytes, int at)
{
    return bytes + bytes * (size_t)(at * 7 % 11) / 200;
}

static void known(struct check_pace *pace)
{
    *pace = (struct check_pace){0};
    for (int i = 0; i < 60; i++) {
        int64_t us = gop_add(pace, about(100000, i), about(9000, i + 3));
        assert_int_equal(us, i < 10 ? CHECK_SOON_US : CHECK_APART_US - SECOND);
    }
}

static void at_first_it_looks_often_then_seldom(void **state)
{
    (void)state;
    struct check_pace pace;
    known(&pace);
}

static void almost_nothing_between_keyframes_is_looked_at_at_once(void **state)
{
    (void)state;
    struct check_pace pace;
    known(&pace);
    (void)gop_add(&pace, 100000, 200);
    for (int i = 0; i < 60; i++) { /* and for as long as it lasts */
        assert_int_equal(gop_add(&pace, 100000, 200), CHECK_SOON_US);
    }
    (void)gop_add(&pace, 100000, 9000);
    assert_int_equal(gop_add(&pace, 100000, 9000), CHECK_APART_US - SECOND);
}

/* The longest between two checks, by keyframes so far apart. */
static int64_t longest_us(int64_t apart_us)
{
    struct check_pace pace = {0};
    int64_t last_us = 0, most_us = 0;
    for (int i = 0; i < 60; i++) {
        struct packet packet = {.data = {.size = about(100000, i)},
                                .key = true};
        int64_t at_us = i * apart_us;
        check_pace_add(&pace, &packet, at_us);
        if (at_us - last_us < check_pace_us(&pace)) {
            continue;
        }
        most_us = at_us - last_us > most_us ? at_us - last_us : most_us;
        last_us = at_us;
        pace.checks++;
    }
    return most_us;
}

static void two_checks_are_four_seconds_apart_at_most(void **state)
{
    (void)state;
    assert_int_equal(longest_us(SECOND / 2), 4 * SECOND);
    assert_int_equal(longest_us(SECOND), 4 * SECOND);
    assert_int_equal(longest_us(3 * SECOND / 2), 3 * SECOND);
    assert_int_equal(longest_us(2 * SECOND), 4 * SECOND);
    assert_int_equal(longest_us(3 * SECOND), 3 * SECOND);
    assert_int_equal(longest_us(4 * SECOND), 4 * SECOND);
    assert_int_equal(longest_us(10 * SECOND), 10 * SECOND);
}

static void a_keyframe_of_another_size_is_looked_at_at_once(void **state)
{
    (void)state;
    struct check_pace pace;
    known(&pace);
    assert_int_equal(gop_add(&pace, 130000, 9000), CHECK_SOON_US);
    known(&pace);
    assert_int_equal(gop_add(&pace, 70000, 9000), CHECK_SOON_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_first_it_looks_often_then_seldom),
        cmocka_unit_test(almost_nothing_between_keyframes_is_looked_at_at_once),
        cmocka_unit_test(a_keyframe_of_another_size_is_looked_at_at_once),
        cmocka_unit_test(two_checks_are_four_seconds_apart_at_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
