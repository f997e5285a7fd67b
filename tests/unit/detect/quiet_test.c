#include <math.h>

#include "detect/grid.h"
#include "detect/quiet.h"
#include "tests/check.h"

/* Quantiles of a Gumbel law with mode 2 and scale 0.1. */
static void the_law_of_quiet_is_found_under_visits(void **state)
{
    (void)state;
    struct quiet quiet = {0};
    for (int i = 0; i < 200; i++) {
        double q = (i * 61 % 200 + 0.5) / 200;
        quiet_learn(&quiet, (float)(2 - 0.1 * log(-log(q))));
    }
    for (int i = 0; i < 60; i++) {
        quiet_learn(&quiet, 8); /* somebody was there */
    }
    quiet_fit(&quiet);
    assert_true(fabs((double)quiet.mode - 2) < 0.05);
    assert_true(fabs((double)quiet.scale - 0.1) < 0.03);
    float bound = quiet_threshold(&quiet, 600, NULL);
    assert_true(bound > 2.5f && bound < 3.0f);
}

static void cells_are_means(void **state)
{
    (void)state;
    struct plane picture STING_AUTO(plane_release) = {0};
    struct plane_f cells STING_AUTO(plane_f_release) = {0};
    assert_int_equal(plane_init(&picture, 1280, 720), 0);
    assert_int_equal(grid_height(1280, 720), 90);
    assert_int_equal(plane_f_init(&cells, GRID_WIDTH, 90), 0);
    for (int y = 0; y < 720; y++) {
        for (int x = 0; x < 1280; x++) {
            plane_row(&picture, y)[x] = (uint8_t)(x / 8 + (y / 8 > 45));
        }
    }
    grid_fill(&picture, &cells);
    assert_true(plane_f_row(&cells, 10)[100] == 100.0f);
    assert_true(plane_f_row(&cells, 50)[159] == 160.0f);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(cells_are_means),
        cmocka_unit_test(the_law_of_quiet_is_found_under_visits),
    };
    return cmocka_run_group_tests_name("quiet", test, NULL, NULL);
}
