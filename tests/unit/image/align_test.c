/* Four pixels at once against one by one. */
#include <math.h>
#include <stdlib.h>

#include "image/align.h"
#include "image/filter.h"
#include "image/linear.h"
#include "image/seeded.h"
#include "tests/check.h"

#define SIDE 60
#define PAPER 200.0

static void plane_fill(struct plane_f *plane, uint64_t seed, double blur_px)
{
    struct seeded seeded = {seed};
    assert_int_equal(plane_f_init(plane, SIDE, SIDE), STING_OK);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            plane_f_row(plane, y)[x] = (float)(60 + 140 * seeded_unit(&seeded));
        }
    }
    assert_int_equal(plane_blur(plane, blur_px), STING_OK);
}

/* The plane moved by (dx, dy), at one pixel. */
static double moved_at(const struct plane_f *plane, int x, int y, double dx,
                       double dy)
{
    double left = floor(-dx);
    double top = floor(-dy);
    float across[4];
    float down[4];
    double sum = 0;
    cubic_weights(-dx - left, across);
    cubic_weights(-dy - top, down);
    for (int j = 0; j < 4; j++) {
        for (int i = 0; i < 4; i++) {
            sum += (double)(down[j] * across[i]) *
                   (double)plane_f_row(plane, y + (int)top - 1 +
                                                  j)[x + (int)left - 1 + i];
        }
    }
    return sum;
}

/* One round, as the header says it. Gives the step in out[0], out[1]. */
static void plain_round(const struct plane_f *value,
                        const struct plane_f *photo, struct box box, double dx,
                        double dy, double out[2])
{
    struct normal_equations normal;
    double solved[6];
    normal_init(&normal, 6);
    for (int y = box.y0; y < box.y1; y++) {
        for (int x = box.x0; x < box.x1; x++) {
            double right = moved_at(value, x + 1, y, dx, dy);
            double left = moved_at(value, x - 1, y, dx, dy);
            double low = moved_at(value, x, y + 1, dx, dy);
            double high = moved_at(value, x, y - 1, dx, dy);
            const double row[6] = {moved_at(value, x, y, dx, dy) - PAPER,
                                   1,
                                   (x - box.x0) / 50.0,
                                   (y - box.y0) / 50.0,
                                   0.5 * (left - right),
                                   0.5 * (high - low)};
            normal_add(&normal, row, (double)plane_f_row(photo, y)[x], 1);
        }
    }
    normal.a[2 * 6 + 2] += 100; /* light is nearly even */
    normal.a[3 * 6 + 3] += 100;
    assert_int_equal(normal_solve(&normal, solved), STING_OK);
    out[0] = fmax(-0.7, fmin(0.7, solved[4] / solved[0]));
    out[1] = fmax(-0.7, fmin(0.7, solved[5] / solved[0]));
}

static void a_round_is_the_plain_one_for_boxes_of_every_width(void **state)
{
    (void)state;
    struct plane_f photo STING_AUTO(plane_f_release) = {0};
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    plane_fill(&plane, 1, 1.5);
    plane_fill(&photo, 1, 1.8);
    assert_int_equal(align_reference_init(&reference, &plane, 0), STING_OK);
    for (int width = 6; width <= 40; width++) {
        struct box box = {10, 12, 10 + width, 12 + 6 + width % 7};
        double dx = 0.3 * sin(width);
        double dy = 1.1 * cos(width);
        double step[2];
        struct alignment found = {.x = dx, .y = dy};
        plain_round(&plane, &photo, box, dx, dy, step);
        assert_true(align_box(&reference, &photo, box, 1, 3, &found));
        assert_true(fabs(found.x - dx - step[0]) < 1e-3);
        assert_true(fabs(found.y - dy - step[1]) < 1e-3);
    }
}

/* One upright stroke on white, moved to the right. */
static void stroke_fill(struct plane_f *plane, double moved_px)
{
    assert_int_equal(plane_f_init(plane, SIDE, SIDE), STING_OK);
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double away = (x - 30 - moved_px) / 2;
            bool is_ink = y >= 20 && y < 40;
            plane_f_row(plane, y)[x] =
                (float)(PAPER - (is_ink ? 150 * exp(-0.5 * away * away) : 0));
        }
    }
}

/* Grain over all of it. */
static void grain_add(struct plane_f *plane, struct seeded *seeded, double sd)
{
    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            double sum = -6;
            for (int i = 0; i < 12; i++) {
                sum += seeded_unit(seeded);
            }
            plane_f_row(plane, y)[x] += (float)(sd * sum);
        }
    }
}

/* Root of the mean square error of a narrow box in so much grain. */
static double stroke_error(double slope)
{
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    struct seeded seeded = {3};
    double square = 0;
    enum { DRAWS = 400 };
    stroke_fill(&plane, 0);
    assert_int_equal(align_reference_init(&reference, &plane, 0), STING_OK);
    for (int i = 0; i < DRAWS; i++) {
        struct plane_f photo STING_AUTO(plane_f_release) = {0};
        struct alignment found = {0};
        stroke_fill(&photo, 0.2);
        grain_add(&photo, &seeded, 15);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                plane_f_row(&photo, y)[x] += (float)(slope * (x - 30));
            }
        }
        assert_true(align_box(&reference, &photo, (struct box){26, 18, 35, 42},
                              6, 3, &found));
        square += (found.x - 0.2) * (found.x - 0.2) / DRAWS;
    }
    return sqrt(square);
}

static void a_narrow_stroke_is_not_taken_for_a_slope_of_light(void **state)
{
    (void)state;
    double even = stroke_error(0);
    double sloped = stroke_error(0.04);
    print_message("error %.4f px, in a slope %.4f px\n", even, sloped);
    assert_true(even < 0.043);
    assert_true(sloped < 1.2 * even);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_round_is_the_plain_one_for_boxes_of_every_width),
        cmocka_unit_test(a_narrow_stroke_is_not_taken_for_a_slope_of_light),
    };
    return cmocka_run_group_tests_name("align", test, NULL, NULL);
}
