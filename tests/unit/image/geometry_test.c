#include <math.h>
#include <stdlib.h>

#include "image/align.h"
#include "image/filter.h"
#include "image/homography.h"
#include "image/linear.h"
#include "image/seeded.h"
#include "image/surface.h"
#include "tests/check.h"

static const struct homography tilted = {
    {2.1, -0.3, 40, 0.25, 1.9, -15, 2e-4, -1e-4, 1}};

static void equations_give_back_what_they_were_made_of(void **state)
{
    (void)state;
    struct seeded seeded = {1};
    for (int n = 1; n <= 45; n += 4) {
        struct normal_equations normal;
        double row[45];
        double truth[45];
        double x[45];
        normal_init(&normal, n);
        for (int i = 0; i < n; i++) {
            truth[i] = seeded_normal(&seeded);
        }
        for (int k = 0; k < 4 * n; k++) {
            double value = 0;
            for (int i = 0; i < n; i++) {
                row[i] = seeded_normal(&seeded);
                value += row[i] * truth[i];
            }
            normal_add(&normal, row, value, 0.5 + seeded_unit(&seeded));
        }
        assert_int_equal(normal_solve(&normal, x), STING_OK);
        for (int i = 0; i < n; i++) {
            assert_true(fabs(x[i] - truth[i]) < 1e-8);
        }
    }
}

static void equations_that_say_too_little_are_refused(void **state)
{
    (void)state;
    struct normal_equations normal;
    const double row[3] = {1, 2, 3};
    double x[3];
    normal_init(&normal, 3);
    normal_add(&normal, row, 1, 1);
    normal_add(&normal, row, 1, 1);
    assert_int_equal(normal_solve(&normal, x), STING_E_FORMAT);
}

static void pairs_fill(struct pair *pair, size_t right, size_t count)
{
    struct seeded seeded = {7};
    for (size_t i = 0; i < count; i++) {
        struct point p = {600 * seeded_unit(&seeded),
                          800 * seeded_unit(&seeded)};
        struct point q = homography_apply(&tilted, p);
        if (i >= right) {
            q = (struct point){1500 * seeded_unit(&seeded),
                               1500 * seeded_unit(&seeded)};
        } else {
            q.x += 0.5 * seeded_normal(&seeded);
            q.y += 0.5 * seeded_normal(&seeded);
        }
        pair[i] = (struct pair){p, q};
    }
}

static double worst_corner(const struct homography *h)
{
    double worst = 0;
    for (int i = 0; i < 4; i++) {
        struct point p = {i & 1 ? 600 : 0, i & 2 ? 800 : 0};
        struct point a = homography_apply(h, p);
        struct point b = homography_apply(&tilted, p);
        worst = fmax(worst, hypot(a.x - b.x, a.y - b.y));
    }
    return worst;
}

static void a_homography_is_found_among_twice_as_many_wrong_pairs(void **state)
{
    (void)state;
    struct pair pair[180];
    bool is_inlier[180];
    struct homography h;
    size_t inliers = 0;
    const struct robust_options options = {3, 3000, 5};
    pairs_fill(pair, 60, 180);
    assert_int_equal(
        homography_fit_robust(pair, 180, &options, &h, is_inlier, &inliers),
        STING_OK);
    assert_in_range(inliers, 58, 66);
    assert_true(worst_corner(&h) < 1.0);
    assert_true(homography_is_plausible(&h, 600, 800));
}

static void the_same_seed_gives_the_same_homography(void **state)
{
    (void)state;
    struct pair pair[120];
    struct homography h[2];
    size_t inliers;
    const struct robust_options options = {3, 500, 9};
    pairs_fill(pair, 60, 120);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            homography_fit_robust(pair, 120, &options, &h[i], NULL, &inliers),
            STING_OK);
    }
    assert_memory_equal(&h[0], &h[1], sizeof h[0]);
}

static void pairs_on_one_line_give_no_homography(void **state)
{
    (void)state;
    struct pair pair[20];
    struct homography h;
    size_t inliers;
    const struct robust_options options = {1, 200, 1};
    for (int i = 0; i < 20; i++) {
        pair[i] = (struct pair){{i, 2.0 * i}, {3.0 * i, i}};
    }
    assert_int_equal(
        homography_fit_robust(pair, 20, &options, &h, NULL, &inliers),
        STING_E_FORMAT);
    assert_int_equal(
        homography_fit_robust(pair, 3, &options, &h, NULL, &inliers),
        STING_E_FORMAT);
}

static void an_inverse_leads_back_and_a_mirror_is_implausible(void **state)
{
    (void)state;
    struct homography back;
    const struct homography mirror = {{-1, 0, 500, 0, 1, 0, 0, 0, 1}};
    assert_int_equal(homography_invert(&tilted, &back), STING_OK);
    for (int i = 0; i < 20; i++) {
        struct point p = {31.0 * i, 40.0 * i};
        struct point q = homography_apply(&back, homography_apply(&tilted, p));
        assert_true(hypot(p.x - q.x, p.y - q.y) < 1e-9 * 1000);
    }
    assert_false(homography_is_plausible(&mirror, 600, 800));
}

/* Blobs of ink, the same picture for every displacement. */
static void blobs_draw(struct plane_f *plane, double dx, double dy)
{
    struct seeded seeded = {3};
    for (int i = 0; i < plane->width_px * plane->height_px; i++) {
        plane->data[i] = 200;
    }
    for (int b = 0; b < 60; b++) {
        double x = 90 * seeded_unit(&seeded) + dx;
        double y = 40 * seeded_unit(&seeded) + dy;
        for (int j = 0; j < plane->height_px; j++) {
            for (int i = 0; i < plane->width_px; i++) {
                double r = hypot(i + 0.5 - x, j + 0.5 - y);
                plane_f_row(plane, j)[i] -= (float)(120 * exp(-r * r / 4));
            }
        }
    }
}

static void displacements_are_read_to_a_fiftieth_of_a_pixel(void **state)
{
    (void)state;
    struct plane_f still STING_AUTO(plane_f_release) = {0};
    struct plane_f moved STING_AUTO(plane_f_release) = {0};
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    assert_int_equal(plane_f_init(&still, 90, 40), STING_OK);
    assert_int_equal(plane_f_init(&moved, 90, 40), STING_OK);
    blobs_draw(&still, 0, 0);
    assert_int_equal(align_reference_init(&reference, &still, 0), STING_OK);
    for (int step = -4; step <= 4; step++) {
        double dx = 0.45 * step;
        struct alignment found = {0};
        blobs_draw(&moved, dx, 0.3 * dx + 0.2);
        for (int i = 0; i < 90 * 40; i++) { /* another light */
            moved.data[i] = 0.6F * moved.data[i] + 0.2F * (float)(i % 90) + 30;
        }
        assert_true(align_box(&reference, &moved, (struct box){0, 0, 90, 40}, 8,
                              3, &found));
        assert_true(fabs(found.x - dx) < 0.02);
        assert_true(fabs(found.y - (0.3 * dx + 0.2)) < 0.02);
        assert_true(fabs(found.gain - 0.6) < 0.02);
    }
}

static void a_blank_box_is_not_aligned(void **state)
{
    (void)state;
    struct plane_f blank STING_AUTO(plane_f_release) = {0};
    struct align_reference reference STING_AUTO(align_reference_release) = {0};
    struct alignment found = {0};
    assert_int_equal(plane_f_init(&blank, 60, 40), STING_OK);
    for (int i = 0; i < 60 * 40; i++) {
        blank.data[i] = 200;
    }
    assert_int_equal(align_reference_init(&reference, &blank, 1), STING_OK);
    assert_false(align_box(&reference, &blank, (struct box){0, 0, 60, 40}, 4, 3,
                           &found));
}

static size_t blocks_fill(struct block *block, int side)
{
    struct seeded seeded = {11};
    for (int i = 0; i < side * side; i++) {
        int row = i / side;
        struct point p = {500.0 * (i % side) / side, 700.0 * row / side};
        struct point q = {p.x + 2 * sin(p.y / 300) +
                              0.1 * seeded_normal(&seeded),
                          p.y + p.x * p.y / 2e5};
        if (i % 7 == 0) { /* wrong ones */
            q.x += 12 * seeded_normal(&seeded);
        }
        block[i] = (struct block){{p, q}, 1};
    }
    return (size_t)side * (size_t)side;
}

static void a_surface_ignores_wrong_blocks(void **state)
{
    (void)state;
    static struct block block[1600];
    struct surface surface;
    size_t blocks = blocks_fill(block, 40);
    assert_int_equal(surface_fit(block, blocks, 8, &surface), STING_OK);
    assert_int_equal(surface.degree, 8);
    for (int i = 0; i < 50; i++) {
        struct point p = {40 + 8.0 * i, 40 + 12.0 * i};
        struct point d = surface_at(&surface, p);
        assert_true(fabs(d.x - 2 * sin(p.y / 300)) < 0.12);
        assert_true(fabs(d.y - p.x * p.y / 2e5) < 0.12);
    }
}

static void thirty_blocks_stand_behind_every_coefficient(void **state)
{
    (void)state;
    static struct block block[1600];
    for (int side = 6; side <= 40; side += 2) {
        struct surface surface;
        size_t blocks = blocks_fill(block, side);
        assert_int_equal(surface_fit(block, blocks, 8, &surface), STING_OK);
        int terms = (surface.degree + 1) * (surface.degree + 2) / 2;
        assert_true((size_t)terms * SURFACE_BLOCKS <= blocks);
    }
}

static void few_blocks_tell_one_displacement_of_everything(void **state)
{
    (void)state;
    static struct block block[1600];
    struct surface surface;
    size_t blocks = blocks_fill(block, 5);
    assert_int_equal(surface_fit(block, blocks, 3, &surface), STING_OK);
    assert_int_equal(surface.degree, 0);
    assert_int_equal(surface_fit(block, SURFACE_FEWEST - 1, 3, &surface),
                     STING_E_FORMAT);
}

static void a_blur_keeps_the_sum_and_spreads_as_told(void **state)
{
    (void)state;
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    double sum = 0;
    double spread = 0;
    assert_int_equal(plane_f_init(&plane, 41, 61), STING_OK);
    plane_f_row(&plane, 30)[20] = 1000;
    assert_int_equal(plane_blur(&plane, 3), STING_OK);
    for (int y = 0; y < 61; y++) {
        for (int x = 0; x < 41; x++) {
            double v = (double)plane_f_row(&plane, y)[x];
            sum += v;
            spread += v * (y - 30) * (y - 30);
        }
    }
    assert_true(fabs(sum - 1000) < 0.1);
    assert_true(fabs(sqrt(spread / sum) - 3) < 0.06);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(equations_give_back_what_they_were_made_of),
        cmocka_unit_test(equations_that_say_too_little_are_refused),
        cmocka_unit_test(a_homography_is_found_among_twice_as_many_wrong_pairs),
        cmocka_unit_test(the_same_seed_gives_the_same_homography),
        cmocka_unit_test(pairs_on_one_line_give_no_homography),
        cmocka_unit_test(an_inverse_leads_back_and_a_mirror_is_implausible),
        cmocka_unit_test(displacements_are_read_to_a_fiftieth_of_a_pixel),
        cmocka_unit_test(a_blank_box_is_not_aligned),
        cmocka_unit_test(a_surface_ignores_wrong_blocks),
        cmocka_unit_test(thirty_blocks_stand_behind_every_coefficient),
        cmocka_unit_test(few_blocks_tell_one_displacement_of_everything),
        cmocka_unit_test(a_blur_keeps_the_sum_and_spreads_as_told),
    };
    return cmocka_run_group_tests_name("geometry", test, NULL, NULL);
}
