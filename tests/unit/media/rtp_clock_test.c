/* Sender reports as cameras send them, and as liars do. */
#include "media/rtp_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"

#define TICKS 90000

/* RFC 5905, table "Interesting Historic NTP Dates": 1 January 1970 is second
 * 2,208,988,800; 31 December 1999 is second 3,155,587,200 of era 0. */
#define NTP_1970 2208988800u
#define NTP_1999 3155587200u
#define UTC_1999_US INT64_C(946598400000000)

static void put(uint8_t *to, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16),
                             (uint8_t)(value >> 8), (uint8_t)value};
    memcpy(to, bytes, sizeof bytes);
}

static void picture_hear(struct rtp_clock *clock, uint32_t time)
{
    uint8_t packet[20] = {0x80, 96, 0, 1};
    put(packet + 4, time);
    rtp_clock_packet(clock, (struct bytes){packet, sizeof packet});
}

static void report_hear(struct rtp_clock *clock, uint32_t second, uint32_t part,
                        uint32_t time)
{
    uint8_t packet[28] = {0x80, 200, 0, 6};
    put(packet + 8, second);
    put(packet + 12, part);
    put(packet + 16, time);
    rtp_clock_report(clock, (struct bytes){packet, sizeof packet});
}

static void report_gives_each_picture_its_time(void **state)
{
    struct rtp_clock clock = {0};
    (void)state;
    picture_hear(&clock, 1000);
    assert_int_equal(rtp_clock_utc_us(&clock, 1000, TICKS), 0);
    report_hear(&clock, NTP_1999, 0x80000000u, 1000 + TICKS);
    assert_int_equal(rtp_clock_utc_us(&clock, 1000 + TICKS, TICKS),
                     UTC_1999_US + 500000);
    assert_int_equal(rtp_clock_utc_us(&clock, 1000, TICKS),
                     UTC_1999_US - 500000);
    assert_int_equal(rtp_clock_utc_us(&clock, 1000 + 3 * TICKS, TICKS),
                     UTC_1999_US + 2500000);
}

static void counter_that_wraps_changes_nothing(void **state)
{
    struct rtp_clock clock = {0};
    (void)state;
    picture_hear(&clock, UINT32_MAX - TICKS + 1);
    report_hear(&clock, NTP_1999, 0, UINT32_MAX - TICKS + 1);
    picture_hear(&clock, 0);
    assert_int_equal(rtp_clock_utc_us(&clock, 0, TICKS), UTC_1999_US + 1000000);
    report_hear(&clock, NTP_1999 + 2, 0, TICKS);
    assert_int_equal(rtp_clock_utc_us(&clock, UINT32_MAX - TICKS + 1, TICKS),
                     UTC_1999_US);
}

static void time_since_the_cameras_start_is_no_wall_clock(void **state)
{
    struct rtp_clock clock = {0};
    (void)state;
    static const uint32_t second[] = {0, 1, 86400, 0x7fffffffu, NTP_1970 - 1};
    for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
        report_hear(&clock, NTP_1999, 0, 0);
        assert_int_not_equal(rtp_clock_utc_us(&clock, 0, TICKS), 0);
        report_hear(&clock, second[i], 7, 0);
        assert_int_equal(rtp_clock_utc_us(&clock, 0, TICKS), 0);
        assert_int_equal(rtp_clock_utc_us(&clock, 5 * TICKS, TICKS), 0);
    }
    report_hear(&clock, NTP_1970, 0x80000000u, 0);
    assert_int_equal(rtp_clock_utc_us(&clock, 0, TICKS), 500000);
    assert_int_equal(rtp_clock_utc_us(&clock, (uint32_t)-TICKS, TICKS), 0);
    report_hear(&clock, UINT32_MAX, UINT32_MAX, 0); /* 7 February 2036 */
    assert_int_equal(rtp_clock_utc_us(&clock, 0, TICKS),
                     INT64_C(2085978495999999));
    assert_int_equal(rtp_clock_utc_us(&clock, TICKS, TICKS), 0);
}

static void old_report_and_one_before_a_hole_say_nothing(void **state)
{
    struct rtp_clock clock = {0};
    (void)state;
    report_hear(&clock, NTP_1999, 0, 0);
    assert_int_not_equal(rtp_clock_utc_us(&clock, 100 * TICKS, TICKS), 0);
    assert_int_equal(rtp_clock_utc_us(&clock, 100 * TICKS + 1, TICKS), 0);
    picture_hear(&clock, 0);
    picture_hear(&clock, 2 * TICKS);
    assert_int_not_equal(rtp_clock_utc_us(&clock, 2 * TICKS, TICKS), 0);
    picture_hear(&clock, 5 * TICKS);
    assert_int_equal(rtp_clock_utc_us(&clock, 5 * TICKS, TICKS), 0);
    report_hear(&clock, NTP_1999, 0, 5 * TICKS);
    assert_int_equal(rtp_clock_utc_us(&clock, 5 * TICKS, TICKS), UTC_1999_US);
    picture_hear(&clock, 0);
    assert_int_equal(rtp_clock_utc_us(&clock, 0, TICKS), 0);
}

/* The largest error over a day, a picture each 40 ms, of a camera whose counter
 * is `ppm` fast against its wall clock and that reports each `every` s. */
static int64_t day_error_us(int ppm, int64_t every)
{
    struct rtp_clock clock = {0};
    int64_t worst_us = 0;
    for (int64_t n = 0; n < INT64_C(86400) * 25; n++) {
        int64_t at_us = n * 40000;
        uint32_t time =
            (uint32_t)(at_us * 9 / 100 + at_us / 1000000 * ppm * 9 / 100);
        picture_hear(&clock, time);
        if (n % (every * 25) == 0) {
            report_hear(&clock, NTP_1999 + (uint32_t)(n / 25), 0, time);
        }
        int64_t off_us =
            rtp_clock_utc_us(&clock, time, TICKS) - UTC_1999_US - at_us;
        worst_us = llabs(off_us) > worst_us ? llabs(off_us) : worst_us;
    }
    return worst_us;
}

/* 7,776,000,000 ticks: the counter wraps once. */
static void a_day_of_a_fast_counter_leaves_no_error_above_50_ms(void **state)
{
    (void)state;
    static const int ppm[] = {0, 500, -500};
    static const int64_t every[] = {1, 5, 60, 90};
    for (size_t i = 0; i < sizeof ppm / sizeof *ppm; i++) {
        for (size_t k = 0; k < sizeof every / sizeof *every; k++) {
            int64_t worst_us = day_error_us(ppm[i], every[k]);
            printf("%d ppm, a report each %d s: at most %.1f ms off\n", ppm[i],
                   (int)every[k], (double)worst_us / 1000);
            assert_true(worst_us <= 50000);
        }
    }
}

static void report_is_found_among_others_and_a_cut_one_is_none(void **state)
{
    static const uint8_t packet[] = {
        0x81, 202, 0, 1, 0, 0, 0, 0,                   /* a description */
        0x80, 200, 0, 6, 0, 0, 0, 9, 0xbc, 0x16, 0x70, /* 1999 */
        0x80, 0,   0, 0, 0, 0, 0, 0, 90,   0,    0,    0, 1, 0, 0, 0, 2};
    (void)state;
    assert_int_equal(0xbc167080u, NTP_1999);
    for (size_t size = 0; size <= sizeof packet; size++) {
        struct rtp_clock clock = {0};
        rtp_clock_report(&clock, (struct bytes){packet, size});
        assert_int_equal(rtp_clock_utc_us(&clock, 90, TICKS),
                         size == sizeof packet ? UTC_1999_US : 0);
    }
    /* One that by its own length ends before its counts. */
    uint8_t cut[24];
    struct rtp_clock clock = {0};
    memcpy(cut, packet + 8, sizeof cut);
    cut[3] = 5;
    rtp_clock_report(&clock, (struct bytes){cut, sizeof cut});
    assert_false(clock.has_report);
    rtp_clock_packet(&clock, (struct bytes){packet, 11});
    assert_false(clock.has_packet);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(report_gives_each_picture_its_time),
        cmocka_unit_test(counter_that_wraps_changes_nothing),
        cmocka_unit_test(time_since_the_cameras_start_is_no_wall_clock),
        cmocka_unit_test(old_report_and_one_before_a_hole_say_nothing),
        cmocka_unit_test(a_day_of_a_fast_counter_leaves_no_error_above_50_ms),
        cmocka_unit_test(report_is_found_among_others_and_a_cut_one_is_none),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
