/* Pictures that are held, of cameras that code each one anew. */
#include "detect/tamper_print.h"

#include <math.h>

#include "tests/check.h"

#define WIDTH 320
#define HEIGHT 240
#define QUIET 40      /* looks before anything happens */
#define HELD_RUN 2    /* looks in a row that are told, by tamper */
#define WITHIN 4      /* looks of a held picture */
#define GRAIN 2.0F    /* grey levels */
#define REST 1.6F     /* of it, that coding makes another each time */
#define SMOOTHED 0.6F /* of the noise comes again with the next look */

struct bench {
    struct prints prints;
    struct plane picture;
    float kept[WIDTH * HEIGHT]; /* noise that comes again */
    uint64_t chance;
};

static float uniform(struct bench *b)
{
    b->chance = b->chance * 6364136223846793005U + 1442695040888963407U;
    return (float)(b->chance >> 40) / (float)(1 << 24);
}

/* Of deviation 1, nearly normal. */
static float noise(struct bench *b)
{
    float sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += uniform(b) - 0.5F;
    }
    return sum * 1.732F;
}

static void bench_begin(struct bench *b, uint64_t seed)
{
    b->chance = seed;
    assert_int_equal(prints_init(&b->prints), STING_OK);
    assert_int_equal(plane_init(&b->picture, WIDTH, HEIGHT), STING_OK);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        b->kept[i] = noise(b);
    }
}

static void bench_end(struct bench *b)
{
    prints_release(&b->prints);
    plane_release(&b->picture);
}

/* A grey wall in noise of which so much comes again; left of edge_px somebody
 * in a checked coat. */
static void look(struct bench *b, float again, float grain, int edge_px)
{
    float fresh = sqrtf(1 - again * again);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            float *kept = &b->kept[y * WIDTH + x];
            *kept = again * *kept + fresh * noise(b);
            bool checked = x < edge_px && ((x / 2) & 1);
            float v = 90 + grain * *kept + (checked ? 3.0F : 0);
            plane_row(&b->picture, y)[x] = (uint8_t)(v + 0.5F);
        }
    }
    prints_look(&b->prints, &b->picture);
}

/* The same noise once more, and other beside it. */
static void look_held(struct bench *b)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            float v =
                90 + GRAIN * b->kept[y * WIDTH + x] + REST * noise(b) + 0.5F;
            plane_row(&b->picture, y)[x] = (uint8_t)v;
        }
    }
    prints_look(&b->prints, &b->picture);
}

static void a_held_picture_is_found_however_it_is_coded(void **state)
{
    (void)state;
    static struct bench b;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        bench_begin(&b, seed);
        for (int i = 0; i < QUIET; i++) {
            look(&b, 0, GRAIN + 0.5F, 0);
            assert_int_equal(b.prints.lag, 0);
        }
        int looks = 0;
        while (b.prints.run < HELD_RUN && looks < 20) {
            look_held(&b);
            looks++;
        }
        assert_int_equal(b.prints.lag, 1);
        assert_true(looks <= WITHIN);
        bench_end(&b);
    }
}

static void noise_that_a_camera_smooths_in_time_is_no_held_picture(void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b, 7);
    for (int i = 0; i < 400; i++) {
        look(&b, SMOOTHED, GRAIN, 0);
        assert_int_equal(b.prints.lag, 0);
    }
    bench_end(&b);
}

/* As of a coder of few bits, whose rests alternate; against every other look's
 * none goes. */
static void noise_against_that_of_the_look_before_is_none_seen_before(
    void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b, 8);
    for (int i = 0; i < 400; i++) {
        look(&b, -SMOOTHED, GRAIN, 0);
        assert_int_equal(b.prints.lag, 0);
    }
    bench_end(&b);
}

static void who_stands_still_before_half_of_it_holds_no_picture(void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b, 9);
    for (int i = 0; i < QUIET + 60; i++) {
        look(&b, 0, GRAIN, i < QUIET ? 0 : WIDTH * 45 / 100);
        assert_int_equal(b.prints.lag, 0);
    }
    bench_end(&b);
}

/* As of a coder that is short of bits, or of less gain. */
static void noise_that_ends_leaves_no_held_picture(void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b, 11);
    for (int i = 0; i < QUIET + 60; i++) {
        look(&b, 0, i < QUIET ? GRAIN : 0.25F, 0);
        assert_int_equal(b.prints.lag, 0);
    }
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_held_picture_is_found_however_it_is_coded),
        cmocka_unit_test(
            noise_that_a_camera_smooths_in_time_is_no_held_picture),
        cmocka_unit_test(
            noise_against_that_of_the_look_before_is_none_seen_before),
        cmocka_unit_test(who_stands_still_before_half_of_it_holds_no_picture),
        cmocka_unit_test(noise_that_ends_leaves_no_held_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
