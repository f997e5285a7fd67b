#include "detect/evidence.h"

#include <math.h>
#include <stdlib.h>

#include "tests/check.h"

#define WIDTH 160
#define HEIGHT 90
#define KEY 0
#define OTHER 1

static uint32_t chance = 2463534242u;

static float uniform(void)
{
    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    return (float)chance * 0x1p-32f;
}

/* Cells that tremble by one unit, and what looks at them. */
struct bench {
    struct evidence evidence;
    struct plane_f cells;
    double *sum;
    int64_t at_us;
};

static void bench_begin(struct bench *bench)
{
    *bench = (struct bench){.at_us = 1000000};
    chance = 2463534242u;
    bench->sum = calloc((size_t)(WIDTH + 1) * (HEIGHT + 1), sizeof *bench->sum);
    assert_non_null(bench->sum);
    assert_int_equal(plane_f_init(&bench->cells, WIDTH, HEIGHT), 0);
    assert_int_equal(evidence_init(&bench->evidence, WIDTH, HEIGHT, bench->sum),
                     0);
}

static void bench_end(struct bench *bench)
{
    evidence_release(&bench->evidence);
    plane_f_release(&bench->cells);
    free(bench->sum);
}

/* A figure of 3 x 9 cells with its left edge at x, of that strength. */
static float look(struct bench *bench, int x, float strength, int64_t past_us,
                  unsigned mode)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        float sum = uniform() + uniform() + uniform() + uniform() - 2;
        bench->cells.data[i] = sum * 1.7320508f;
    }
    for (int y = 40; strength != 0 && y < 49; y++) {
        for (int i = x; i < x + 3; i++) {
            plane_f_row(&bench->cells, y)[i] += y < 46 ? strength : -strength;
        }
    }
    bench->at_us += past_us;
    evidence_look(&bench->evidence, &bench->cells, bench->at_us, mode);
    return bench->evidence.best.height;
}

static float quiet_most(struct bench *bench, int looks, int64_t past_us,
                        unsigned mode)
{
    float most = 0;
    for (int i = 0; i < looks; i++) {
        float height = look(bench, 0, 0, past_us, mode);
        evidence_learn(&bench->evidence, mode);
        most = height > most ? height : most;
    }
    return most;
}

static void noise_alone_says_little(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    assert_true(quiet_most(&bench, 60, 1000000, KEY) < 21);
    assert_true(quiet_most(&bench, 60, 100000, OTHER) < 21);
    assert_true(fabsf(bench.evidence.spread[KEY][1] - 1) < 0.15f);
    bench_end(&bench);
}

static void a_faint_walker_is_heard_over_four_looks(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    float quiet = quiet_most(&bench, 40, 100000, OTHER);
    float height = 0;
    int stands = 0;
    for (int i = 0; i < 8; i++) { /* 0.85 own heights a second */
        height = look(&bench, 50 + i * 3 / 4, 1.2f, 100000, OTHER);
        stands += bench.evidence.stands;
    }
    assert_true(height > quiet + 10);
    assert_true(abs(bench.evidence.best.x - 56) < 5);
    assert_true(abs(bench.evidence.best.y - 44) < 5);
    assert_true(stands >= 4); /* of eight looks, each faint by itself */
    bench_end(&bench);
}

static void what_stays_does_not_walk_and_a_walker_does(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    quiet_most(&bench, 40, 100000, OTHER);
    int walks = 0;
    for (int i = 0; i < 200; i++) {
        look(&bench, 60, 1.5f, 100000, OTHER);
        walks += bench.evidence.best.walks > 4;
    }
    assert_true(walks <= 2);
    quiet_most(&bench, 10, 100000, OTHER);
    for (int i = 0; i < 20; i++) {
        look(&bench, 30 + i * 3 / 4, 1.5f, 100000, OTHER);
        walks += bench.evidence.best.walks > 4;
    }
    assert_true(walks >= 6);
    bench_end(&bench);
}

static void who_has_left_is_no_longer_there(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    quiet_most(&bench, 20, 100000, OTHER);
    look(&bench, 60, 8, 100000, OTHER);
    assert_true(bench.evidence.stands);
    float echo = look(&bench, 0, 0, 100000, OTHER);
    assert_true(echo > 100); /* still in the sum */
    assert_false(bench.evidence.stands);
    bench_end(&bench);
}

static void keyframes_gather_what_one_does_not_tell(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    float more = 0;
    for (int turn = 0; turn < 8; turn++) {
        quiet_most(&bench, 40, 1000000, KEY);
        for (int i = 0; i < 6; i++) {
            float height = look(&bench, 60 + 3 * i, 1.4f, 1000000, KEY);
            more += i == 0 ? -height / 8 : i == 5 ? height / 8 : 0;
        }
    }
    assert_true(more > 6);
    bench_end(&bench);
}

static void nothing_is_kept_for_long(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    quiet_most(&bench, 20, 1000000, KEY);
    look(&bench, 60, 50, 1000000, KEY);
    quiet_most(&bench, 6, 1000000, KEY);
    assert_true(quiet_most(&bench, 1, 1000000, KEY) < 21);
    bench_end(&bench);
}

static void a_change_of_scene_is_forgotten(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench);
    quiet_most(&bench, 20, 1000000, KEY);
    look(&bench, 60, 50, 1000000, KEY);
    evidence_forget(&bench.evidence);
    assert_true(look(&bench, 0, 0, 1000000, KEY) < 21);
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(noise_alone_says_little),
        cmocka_unit_test(a_faint_walker_is_heard_over_four_looks),
        cmocka_unit_test(what_stays_does_not_walk_and_a_walker_does),
        cmocka_unit_test(who_has_left_is_no_longer_there),
        cmocka_unit_test(keyframes_gather_what_one_does_not_tell),
        cmocka_unit_test(nothing_is_kept_for_long),
        cmocka_unit_test(a_change_of_scene_is_forgotten),
    };
    return cmocka_run_group_tests_name("evidence", test, NULL, NULL);
}
