/* How often a camera's clock is told, in simulated time. */
#include "station/camera_clock.h"

#include "tests/check.h"

#define SECOND_US INT64_C(1000000)
#define UTC_US INT64_C(1320177600000000)

/* So many seconds pass, a picture in each; the clock is off_us ahead and
 * gains by_us a second. How often it was told, and what last. */
static int seconds_pass(struct camera_clock *clock, struct moment *now,
                        int64_t seconds, int64_t off_us, int64_t by_us,
                        char out[CAMERA_CLOCK_SIZE])
{
    int told = 0;
    for (int64_t i = 0; i < seconds; i++) {
        now->utc_us += SECOND_US;
        now->boot_us += SECOND_US;
        int64_t camera_us = now->utc_us + off_us + i * by_us;
        told += camera_clock_take(clock, now->utc_us, camera_us, *now, out);
    }
    return told;
}

static void clock_that_is_off_is_told_once_and_once_when_it_is_right(
    void **state)
{
    (void)state;
    struct camera_clock clock = {0};
    struct moment now = {UTC_US, 0};
    char text[CAMERA_CLOCK_SIZE] = "";
    assert_int_equal(seconds_pass(&clock, &now, 100, -2000000, 0, text), 0);
    assert_int_equal(seconds_pass(&clock, &now, 86400, -15000000, 0, text), 1);
    assert_string_equal(text, "its own clock is 15.0 s slow");
    assert_int_equal(clock.off_us, -15000000);
    assert_int_equal(seconds_pass(&clock, &now, 86400, 100000, 0, text), 1);
    assert_string_equal(text, "its own clock is right again");
    assert_int_equal(seconds_pass(&clock, &now, 1000, 7200000000, 0, text), 1);
    assert_string_equal(text, "its own clock is 2.0 h fast");
    assert_int_equal(seconds_pass(&clock, &now, 1000, 7203000000, 0, text), 1);
}

static void silence_is_neither_right_nor_off(void **state)
{
    (void)state;
    struct camera_clock clock = {0};
    struct moment now = {UTC_US, 0};
    char text[CAMERA_CLOCK_SIZE] = "";
    assert_false(camera_clock_take(&clock, UTC_US, 0, now, text));
    assert_false(clock.is_known);
    assert_int_equal(seconds_pass(&clock, &now, 9, -15000000, 0, text), 1);
    assert_false(camera_clock_take(&clock, UTC_US, 0, now, text));
    assert_false(clock.is_known);
    assert_int_equal(seconds_pass(&clock, &now, 9, -15000000, 0, text), 0);
}

static void drift_of_500_ppm_is_told_a_few_times_a_month(void **state)
{
    (void)state;
    struct camera_clock clock = {0};
    struct moment now = {UTC_US, 0};
    char text[CAMERA_CLOCK_SIZE] = "";
    int told = seconds_pass(&clock, &now, 30L * 86400, 0, 500, text);
    assert_in_range(told, 5, 20);
}

static void clock_that_says_anything_is_told_three_times_an_hour(void **state)
{
    (void)state;
    struct camera_clock clock = {0};
    struct moment now = {UTC_US, 0};
    char text[CAMERA_CLOCK_SIZE] = "";
    int told = 0;
    for (int64_t i = 0; i < 7200; i++) {
        int64_t off_us = (i % 2 ? -1 : 1) * i * 5000 * SECOND_US;
        told += seconds_pass(&clock, &now, 1, off_us, 0, text);
    }
    assert_in_range(told, 3, 6);
}

static void distances_are_told_in_units_that_fit(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } row[] = {{-15023, "15.0 s slow"},
               {40, "0.0 s fast"},
               {119949, "119.9 s fast"},
               {120000, "2 min fast"},
               {-7199000, "120 min slow"},
               {7200000, "2.0 h fast"},
               {-172800000, "2 days slow"},
               {INT64_C(1576800000000), "18250 days fast"}};
    char text[CLOCK_OFF_SIZE];
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_string_equal(clock_off_text(row[i].ms, text), row[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            clock_that_is_off_is_told_once_and_once_when_it_is_right),
        cmocka_unit_test(silence_is_neither_right_nor_off),
        cmocka_unit_test(drift_of_500_ppm_is_told_a_few_times_a_month),
        cmocka_unit_test(clock_that_says_anything_is_told_three_times_an_hour),
        cmocka_unit_test(distances_are_told_in_units_that_fit),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
