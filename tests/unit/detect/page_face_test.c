/* How much print a sheet shows beside the known one. */
#include "detect/page_face.h"

#include <math.h>

#include "tests/check.h"

enum { WIDTH = 200, HEIGHT = 200, LOOKS = 40 };
#define NOISE 3.0

/* A square: turned, its pixels lie on pixels. */
static const struct page_sheet sheet = {
    .corner = {{20, 20}, {180, 20}, {180, 180}, {20, 180}},
    .area_px = 160 * 160,
    .solid = 1,
    .is_whole = true};

/* Print is a pattern of lines `height` grey levels high; noise is of twelve
 * uniform numbers, so nearly normal. */
static void draw(struct plane_f *fine, double height, double noise,
                 uint64_t *state)
{
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            double sum = -6;
            for (int i = 0; i < 12; i++) {
                *state = *state * 6364136223846793005U + 1442695040888963407U;
                sum += (double)(*state >> 40) / (double)(1 << 24);
            }
            double print = (x / 3 + y / 5) % 2 ? height : -height;
            plane_f_row(fine, y)[x] = (float)(print + noise * sum);
        }
    }
}

/* The mean power over many looks at a sheet with print of this height, known
 * print being of height 1; noise is nine times as strong. */
static double power_of(double height)
{
    struct plane_f known = {0}, now = {0}, work = {0};
    uint64_t state = 7;
    double power = 0;
    assert_int_equal(plane_f_init(&known, WIDTH, HEIGHT), 0);
    assert_int_equal(plane_f_init(&now, WIDTH, HEIGHT), 0);
    assert_int_equal(plane_f_init(&work, WIDTH, HEIGHT), 0);
    draw(&known, 1, 0, &state);
    const struct face_side was = {&known, &sheet}, is = {&now, &sheet};
    for (int i = 0; i < LOOKS; i++) {
        struct page_face face;
        draw(&now, height, NOISE, &state);
        assert_true(
            page_face_compare(&was, &is, (float)NOISE, 1, &work, &face));
        assert_true(fabs((double)face.noise_power - NOISE * NOISE) < 0.2);
        power += (double)face.power / LOOKS;
    }
    plane_f_release(&known);
    plane_f_release(&now);
    plane_f_release(&work);
    return power;
}

static void noise_adds_no_print_to_a_blank_sheet(void **state)
{
    (void)state;
    assert_true(fabs(power_of(0)) < 0.15);
}

static void print_is_as_strong_as_it_is_drawn(void **state)
{
    (void)state;
    assert_true(fabs(power_of(1) - 1) < 0.15);
    assert_true(fabs(power_of(0.7) - 0.49) < 0.15);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(noise_adds_no_print_to_a_blank_sheet),
        cmocka_unit_test(print_is_as_strong_as_it_is_drawn),
    };
    return cmocka_run_group_tests_name("page_face", test, NULL, NULL);
}
