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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cubic_is_the_plain_one_to_the_last_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
