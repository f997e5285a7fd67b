/* Cameras of all kinds of clocks, in simulated time. */
#include "watch/time_line.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/check.h"

#define SECOND_US INT64_C(1000000)
#define DAY_S 86400
#define UTC_US INT64_C(1700000000000000)
#define FRAMES_A_S 25

/* Small numbers that look random, the same every time. */
static uint32_t chance(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

static struct moment moment_of(int64_t boot_us)
{
    return (struct moment){UTC_US + boot_us, boot_us};
}

/* How late a packet comes: 2 to 30 ms, and a stall of three seconds in each
 * ten minutes, after which everything comes at once. */
static int64_t lateness_us(int64_t taken_us, uint32_t *state)
{
    int64_t jitter_us = 2000 + chance(state) % 28000;
    int64_t in_turn_us = taken_us % (600 * SECOND_US);
    return in_turn_us < 3 * SECOND_US ? 3 * SECOND_US - in_turn_us + jitter_us
                                      : jitter_us;
}

/* The largest error of the host's time over a day, of every picture. */
static int64_t day_error_us(int ppm)
{
    struct time_line line;
    uint32_t state = 1;
    int64_t worst_us = 0;
    int64_t begin_us = 3600 * SECOND_US;
    for (int64_t n = 0; n < (int64_t)DAY_S * FRAMES_A_S; n++) {
        int64_t taken_us = begin_us + n * SECOND_US / FRAMES_A_S;
        int64_t camera_us = 77 + (taken_us - begin_us) +
                            (taken_us - begin_us) / SECOND_US * ppm;
        struct moment now = moment_of(taken_us + lateness_us(taken_us, &state));
        bool jumped = false;
        if (n == 0) {
            time_line_begin(&line, camera_us, now.boot_us, now);
        }
        int64_t at_us = time_line_add(&line, camera_us, now, &jumped);
        assert_false(jumped);
        assert_int_equal(at_us - camera_us, line.shift_us);
        int64_t off_us = time_line_host(&line, at_us, now).boot_us - taken_us;
        /* The first seconds know of no faster packet than the first. */
        bool counts = n > 10L * FRAMES_A_S;
        worst_us =
            counts && llabs(off_us) > worst_us ? llabs(off_us) : worst_us;
    }
    return worst_us;
}

static void a_day_of_drift_leaves_no_error_above_50_ms(void **state)
{
    (void)state;
    static const int ppm[] = {0, 500, -500};
    for (size_t i = 0; i < sizeof ppm / sizeof *ppm; i++) {
        int64_t worst_us = day_error_us(ppm[i]);
        printf("%d ppm over a day: at most %.1f ms off\n", ppm[i],
               (double)worst_us / 1000);
        assert_true(worst_us <= 50000);
    }
}

/* A camera at 25 a second that after 10 s counts `step_us` further on, and
 * how often that was taken for a jump. */
static int jumps_seen(int64_t step_us, int64_t *last_at_us, int64_t *last_us)
{
    struct time_line line;
    int jumps = 0;
    int64_t before_us = 0;
    for (int n = 0; n < 20 * FRAMES_A_S; n++) {
        int64_t taken_us = 50 * SECOND_US + n * SECOND_US / FRAMES_A_S;
        int64_t camera_us = taken_us + (n >= 10 * FRAMES_A_S ? step_us : 0);
        struct moment now = moment_of(taken_us + 5000);
        bool jumped = false;
        if (n == 0) {
            time_line_begin(&line, camera_us, now.boot_us, now);
        }
        int64_t at_us = time_line_add(&line, camera_us, now, &jumped);
        jumps += jumped;
        assert_true(n == 0 || at_us > before_us || step_us > -SECOND_US);
        before_us = at_us;
        *last_at_us = time_line_host(&line, at_us, now).boot_us;
        *last_us = taken_us;
    }
    return jumps;
}

static void a_clock_that_jumps_is_told_once_and_followed(void **state)
{
    (void)state;
    static const int64_t step_s[] = {3600, 15, 5, 2, -2, -5, -15, -3600};
    for (size_t i = 0; i < sizeof step_s / sizeof *step_s; i++) {
        int64_t at_us = 0, taken_us = 0;
        int seen = jumps_seen(step_s[i] * SECOND_US, &at_us, &taken_us);
        assert_int_equal(seen, 1);
        assert_true(llabs(at_us - taken_us) <= 50000);
    }
    int64_t at_us = 0, taken_us = 0;
    assert_int_equal(jumps_seen(0, &at_us, &taken_us), 0);
}

/* Eight pictures a second with such times of the camera's, and how often one
 * was taken for a jump. */
static int jumps_of(const int *camera_ms, int pictures)
{
    struct time_line line;
    int jumps = 0;
    for (int n = 0; n < pictures; n++) {
        struct moment now = moment_of(50 * SECOND_US + n * SECOND_US / 8);
        int64_t camera_us = INT64_C(1000) * camera_ms[n];
        bool jumped = false;
        if (n == 0) {
            time_line_begin(&line, camera_us, now.boot_us, now);
        }
        (void)time_line_add(&line, camera_us, now, &jumped);
        jumps += jumped;
    }
    return jumps;
}

static void a_clock_put_back_a_little_is_followed_at_once(void **state)
{
    (void)state;
    int camera_ms[300];
    for (int n = 0; n < 300; n++) {
        camera_ms[n] = 125 * n - (n >= 200 ? 300 : 0);
    }
    assert_int_equal(jumps_of(camera_ms, 300), 1);
    camera_ms[100] -= 126; /* and another, long before */
    assert_int_equal(jumps_of(camera_ms, 300), 2);
}

/* Two between that are shown before what came before them; from `first` on. */
static int jumps_of_reordered(int first)
{
    int camera_ms[300];
    for (int n = 0; n < 300; n++) {
        static const int other[] = {2, -1, -1};
        camera_ms[n] = 125 * (n + (n >= first ? other[n % 3] : 0));
    }
    return jumps_of(camera_ms, 300);
}

static void pictures_sent_in_another_order_are_no_jumps(void **state)
{
    (void)state;
    assert_int_equal(jumps_of_reordered(0), 0);
    assert_int_equal(jumps_of_reordered(60), 0);
    assert_int_equal(jumps_of_reordered(150), 1); /* then it is known */
}

static void a_slow_network_is_no_jump(void **state)
{
    (void)state;
    struct time_line line;
    for (int n = 0; n < 120 * FRAMES_A_S; n++) {
        /* For half a minute the delay grows to three seconds; then all that
         * waits comes at once. */
        int64_t taken_us = 50 * SECOND_US + n * SECOND_US / FRAMES_A_S;
        int64_t late_us = n > 1000 && n < 1750 ? (n - 1000) * INT64_C(4000) : 0;
        struct moment now = moment_of(taken_us + 5000 + late_us);
        bool jumped = false;
        if (n == 0) {
            time_line_begin(&line, taken_us, now.boot_us, now);
        }
        int64_t at_us = time_line_add(&line, taken_us, now, &jumped);
        assert_false(jumped);
        int64_t off_us = time_line_host(&line, at_us, now).boot_us - taken_us;
        assert_true(llabs(off_us) <= 50000);
    }
}

static void a_host_clock_that_is_set_moves_utc_alone(void **state)
{
    (void)state;
    struct time_line line;
    struct moment now = moment_of(60 * SECOND_US);
    time_line_begin(&line, 5, now.boot_us, now);
    struct moment later = {now.utc_us + 7 * SECOND_US, now.boot_us};
    struct moment host = time_line_host(&line, 60 * SECOND_US, later);
    assert_int_equal(host.boot_us, now.boot_us);
    assert_int_equal(host.utc_us, later.utc_us);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_day_of_drift_leaves_no_error_above_50_ms),
        cmocka_unit_test(a_clock_that_jumps_is_told_once_and_followed),
        cmocka_unit_test(a_clock_put_back_a_little_is_followed_at_once),
        cmocka_unit_test(pictures_sent_in_another_order_are_no_jumps),
        cmocka_unit_test(a_slow_network_is_no_jump),
        cmocka_unit_test(a_host_clock_that_is_set_moves_utc_alone),
    };
    return cmocka_run_group_tests_name("time_line", test, NULL, NULL);
}
