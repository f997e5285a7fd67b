/* Between pixels: sixteen at once against one by one. */
#include <math.h>

#include "image/filter.h"
#include "image/seeded.h"
#include "tests/check.h"

#define WIDE 9
#define HIGH 7

static int held(int at, int size)
{
    return at < 0 ? 0 : at >= size ? size - 1 : at;
}

static double plain_cubic(const struct plane *plane, double x, double y)
{
    int left = (int)floor(x - 0.5) - 1;
    int top = (int)floor(y - 0.5) - 1;
    float across[4];
    float down[4];
    double sum = 0;
    cubic_weights(x - 0.5 - floor(x - 0.5), across);
    cubic_weights(y - 0.5 - floor(y - 0.5), down);
    for (int j = 0; j < 4; j++) {
        const uint8_t *row = plane_row(plane, held(top + j, HIGH));
        float line = 0;
        for (int i = 0; i < 4; i++) {
            line += across[i] * (float)row[held(left + i, WIDE)];
        }
        sum += (double)(down[j] * line);
    }
    return sum;
}

static void a_cubic_is_the_plain_one_to_the_last_bit(void **state)
{
    (void)state;
    struct plane plane STING_AUTO(plane_release) = {0};
    struct seeded seeded = {3};
    assert_int_equal(plane_init(&plane, WIDE, HIGH), STING_OK);
    for (int i = 0; i < WIDE * HIGH; i++) {
        plane.data[i] = (uint8_t)(256 * seeded_unit(&seeded));
    }
    for (int n = 0; n < 20000; n++) {
        double x = -2 + (WIDE + 4) * seeded_unit(&seeded);
        double y = -2 + (HIGH + 4) * seeded_unit(&seeded);
        double got = sample_cubic(&plane, x, y);
        double want = plain_cubic(&plane, x, y);
        assert_memory_equal(&got, &want, sizeof got);
    }
}

#define PAPER 200.0
#define EDGE_PX 40
#define SOFT_PX 2.0

/* Where a row that is black on its left passes half of its grey. */
static double edge_of(const struct plane_f *plane)
{
    const float *row = plane_f_row(plane, plane->height_px / 2);
    int x = 0;
    while (row[x + 1] < (float)PAPER / 2) {
        x++;
    }
    return x +
           (PAPER / 2 - (double)row[x]) / ((double)row[x + 1] - (double)row[x]);
}

static void light_that_is_blurred_spreads_into_the_dark(void **state)
{
    (void)state;
    struct plane_f grey STING_AUTO(plane_f_release) = {0};
    struct plane_f light STING_AUTO(plane_f_release) = {0};
    assert_int_equal(plane_f_init(&grey, 2 * EDGE_PX, 2 * EDGE_PX), STING_OK);
    for (int y = 0; y < grey.height_px; y++) {
        for (int x = 0; x < grey.width_px; x++) {
            plane_f_row(&grey, y)[x] = x < EDGE_PX ? 0 : (float)PAPER;
        }
    }
    assert_int_equal(plane_f_copy(&grey, &light), STING_OK);
    assert_int_equal(plane_blur(&grey, SOFT_PX), STING_OK);
    assert_int_equal(plane_blur_light(&light, PAPER, SOFT_PX), STING_OK);
    /* Grey passes its half where the edge is. Light is there where its root
     * does: (0.1 + 0.9 / 2)^2 = 0.3025 of white's, less black's hundredth:
     * 0.2955 of the way, 0.537 deviations before the edge. */
    assert_true(fabs(edge_of(&grey) - (EDGE_PX - 0.5)) < 0.02);
    assert_true(fabs(edge_of(&light) - (EDGE_PX - 0.5 - 0.537 * SOFT_PX)) <
                0.05);
    /* far from it nothing changes */
    assert_true(fabsf(plane_f_row(&light, 5)[5]) < 0.01F);
    assert_true(fabsf(plane_f_row(&light, 5)[75] - (float)PAPER) < 0.01F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cubic_is_the_plain_one_to_the_last_bit),
        cmocka_unit_test(light_that_is_blurred_spreads_into_the_dark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
