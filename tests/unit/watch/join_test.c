#include <stdio.h>
#include <stdlib.h>

#include "tests/check.h"
#include "watch/join.h"

#define HOUR_US INT64_C(3600000000)

/* Two streams of one camera, as they come. */
struct pair {
    struct time_line first;
    struct join join;
    uint32_t seed;
    int64_t worst_us, least_us; /* errors once it has settled */
};

static int64_t chance_us(struct pair *p, int64_t most_us)
{
    p->seed = p->seed * 1664525U + 1013904223U;
    return (int64_t)(p->seed >> 8) % most_us;
}

static struct moment at(int64_t boot_us)
{
    return (struct moment){.utc_us = boot_us, .boot_us = boot_us};
}

/* A picture taken at `us` of both: the first counts from 1000 s, the second
 * from 7 s with a clock that is `ppm` fast. */
static int64_t both_come(struct pair *p, int64_t us, int64_t way_us[2],
                         int64_t ppm, bool key)
{
    bool jumped = false;
    int64_t first_us = us + 1000000000;
    int64_t second_us = us + us / 1000000 * ppm + 7000000;
    struct moment first = at(us + way_us[0] + chance_us(p, 60000));
    struct moment second = at(us + way_us[1] + chance_us(p, 100000));
    if (us == 0) {
        time_line_begin(&p->first, first_us, first.boot_us, first);
    }
    (void)time_line_add(&p->first, first_us, first, &jumped);
    assert_false(jumped);
    return join_place(&p->join, second_us, second, key,
                      -p->first.delay_us - p->first.shift_us) -
           first_us;
}

static void hour_pass(struct pair *p, int64_t way_us[2], int64_t ppm)
{
    int64_t before_us = INT64_MIN;
    p->worst_us = INT64_MIN;
    p->least_us = INT64_MAX;
    for (int64_t us = 0, i = 0; us < HOUR_US; us += 100000, i++) {
        int64_t off_us = both_come(p, us, way_us, ppm, i % 10 == 0);
        assert_true(us + off_us > before_us); /* time never goes back */
        before_us = us + off_us;
        if (us > 60000000) {
            p->worst_us = off_us > p->worst_us ? off_us : p->worst_us;
            p->least_us = off_us < p->least_us ? off_us : p->least_us;
        }
    }
    printf("ways of %lld and %lld ms, %lld ppm: off by %.1f to %.1f ms\n",
           (long long)way_us[0] / 1000, (long long)way_us[1] / 1000,
           (long long)ppm, (double)p->least_us / 1e3,
           (double)p->worst_us / 1e3);
}

static void streams_with_like_ways_are_joined_within_25_ms(void **state)
{
    (void)state;
    for (int64_t ppm = -500; ppm <= 500; ppm += 500) {
        struct pair p = {.seed = 7};
        hour_pass(&p, (int64_t[2]){30000, 30000}, ppm);
        assert_true(p.least_us > -25000 && p.worst_us < 25000);
    }
}

static void an_error_is_the_difference_of_the_shortest_ways(void **state)
{
    (void)state;
    struct pair p = {.seed = 9};
    hour_pass(&p, (int64_t[2]){30000, 80000}, 100);
    assert_true(p.least_us > 25000 && p.worst_us < 75000);
}

static void a_second_clock_that_jumps_is_laid_where_it_came(void **state)
{
    (void)state;
    struct pair p = {.seed = 3};
    int64_t way_us[2] = {30000, 30000};
    for (int64_t us = 0; us < 10000000; us += 100000) {
        (void)both_come(&p, us, way_us, 0, us % 1000000 == 0);
    }
    int64_t us = 10000000;
    int64_t place_us = join_place(&p.join, us + 3600000000, at(us + 40000),
                                  false, -p.first.delay_us - p.first.shift_us);
    assert_true(llabs(place_us - us - 1000000000) < 150000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_with_like_ways_are_joined_within_25_ms),
        cmocka_unit_test(an_error_is_the_difference_of_the_shortest_ways),
        cmocka_unit_test(a_second_clock_that_jumps_is_laid_where_it_came),
    };
    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
