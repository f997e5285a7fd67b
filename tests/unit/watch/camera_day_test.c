/* Whole days of cameras, at speed, with chance of another seed each time. */
#include "camera_day.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "tests/check.h"

#define MOST_US 50000
#define DAY_S 86400

static uint64_t new_seed(void)
{
    uint64_t seed = 0;
    assert_int_equal(getrandom(&seed, sizeof seed, 0), sizeof seed);
    return seed;
}

static struct camera_day_found day_pass(struct camera_day day)
{
    struct camera_day_found found;
    day.seed = new_seed();
    day.seconds = DAY_S;
    camera_day_run(&day, &found);
    printf("seed %" PRIu64 ", %d ppm, %d a second: host %.1f ms off, 99 of "
           "100 within %.1f; camera %.1f; %ld keyframes beyond 50 ms before it "
           "settled, the first by %.1f; %d jumps\n",
           day.seed, day.ppm, day.frames_per_s,
           (double)found.host.most_us / 1e3, (double)found.host.usual_us / 1e3,
           (double)found.camera.most_us / 1e3, found.unsettled,
           (double)found.unsettled_us / 1e3, found.jumps);
    assert_int_equal(found.keyframes, DAY_S);
    assert_true(found.host.most_us <= MOST_US);
    assert_true(found.camera.most_us <= MOST_US);
    return found;
}

static void a_day_of_drift_leaves_no_keyframe_50_ms_off(void **state)
{
    (void)state;
    static const int ppm[] = {500, -500};
    static const int frames_per_s[] = {25, 10};
    for (size_t i = 0; i < 4; i++) {
        struct camera_day_found found =
            day_pass((struct camera_day){.ppm = ppm[i % 2],
                                         .frames_per_s = frames_per_s[i / 2],
                                         .report_s = 5});
        assert_int_equal(found.jumps, 0);
        assert_true(found.unsettled <= CAMERA_DAY_SETTLES_S);
    }
}

static void nor_does_a_clock_that_is_set_or_seldom_told(void **state)
{
    (void)state;
    (void)day_pass((struct camera_day){
        .ppm = 500, .frames_per_s = 10, .report_s = 5, .sets_clock = true});
    (void)day_pass(
        (struct camera_day){.ppm = -500, .frames_per_s = 10, .report_s = 60});
}

/* On or back, each hour, by less than what nobody could take for delay. */
static void nor_a_counter_that_is_put_on_and_back(void **state)
{
    (void)state;
    static const int64_t step_us[] = {200000, 900000, 5000000};
    for (size_t i = 0; i < 3; i++) {
        (void)day_pass((struct camera_day){.ppm = i % 2 ? 500 : -500,
                                           .frames_per_s = 10,
                                           .report_s = 5,
                                           .counter_us = step_us[i],
                                           .counter_every_s = 3600});
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_day_of_drift_leaves_no_keyframe_50_ms_off),
        cmocka_unit_test(nor_does_a_clock_that_is_set_or_seldom_told),
        cmocka_unit_test(nor_a_counter_that_is_put_on_and_back),
    };
    return cmocka_run_group_tests_name("camera_day", test, NULL, NULL);
}
