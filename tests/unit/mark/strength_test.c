#include <math.h>

#include "image/seeded.h"
#include "mark/strength.h"
#include "tests/check.h"

#define UNITS 300

static void thresholds_draw(struct seeded *seeded, uint8_t *threshold)
{
    for (int u = 0; u < UNITS; u++) {
        threshold[u] = seeded_next(seeded) & 1 ? 202 : 54;
    }
}

static void bits_draw(struct seeded *seeded, const uint8_t *threshold,
                      uint8_t *bit)
{
    for (int u = 0; u < UNITS; u++) {
        bit[u] = (seeded_next(seeded) >> 56) < threshold[u];
    }
}

static void g_has_mean_zero_and_variance_one(void **state)
{
    (void)state;
    for (int t = 1; t < 256; t++) {
        double p = t / 256.0;
        double one = strength_g((uint8_t)t, 1);
        double zero = strength_g((uint8_t)t, 0);
        assert_true(fabs(p * one + (1 - p) * zero) < 1e-12);
        assert_true(fabs(p * one * one + (1 - p) * zero * zero - 1) < 1e-12);
    }
}

/* Over all codes of a few units the mean of LR is 1: the ground of the
 * bound. Exhaustive: 2^10 codes, each with its own chance. */
static void the_ratio_has_mean_one_over_all_codes(void **state)
{
    (void)state;
    struct seeded seeded = {2};
    for (int round = 0; round < 20; round++) {
        double a[10];
        uint8_t threshold[10];
        struct strength strength;
        double mean = 0;
        for (int u = 0; u < 10; u++) {
            a[u] = 1.5 * seeded_normal(&seeded);
            threshold[u] = seeded_next(&seeded) & 1 ? 202 : 54;
        }
        strength_init(&strength);
        strength_add(&strength, a, threshold, 10);
        for (int code = 0; code < 1024; code++) {
            uint8_t bit[10];
            double chance = 1;
            for (int u = 0; u < 10; u++) {
                bit[u] = (uint8_t)(code >> u & 1);
                chance *=
                    bit[u] ? threshold[u] / 256.0 : 1 - threshold[u] / 256.0;
            }
            double sum = strength_sum(a, threshold, bit, 10);
            mean += chance * pow(10, strength_log10_lr(&strength, sum));
        }
        assert_true(fabs(mean - 1) < 1e-9);
    }
}

/* P(LR >= x | innocent) <= 1/x, in 200,000 trials: 20 pictures, each with
 * biases of its own, 10,000 codes drawn for each. */
static void innocent_codes_reach_x_no_oftener_than_one_in_x(void **state)
{
    (void)state;
    struct seeded seeded = {20111101};
    const double trials = 200000;
    double reached[5] = {0};
    for (int picture = 0; picture < 20; picture++) {
        double a[UNITS];
        uint8_t threshold[UNITS];
        uint8_t bit[UNITS];
        struct strength strength;
        /* From faint evidence to strong: faint codes reach most. */
        double spread = 0.02 * (picture + 1);
        thresholds_draw(&seeded, threshold);
        for (int u = 0; u < UNITS; u++) {
            a[u] = spread * seeded_normal(&seeded);
        }
        strength_init(&strength);
        strength_add(&strength, a, threshold, UNITS);
        for (int i = 0; i < 10000; i++) {
            bits_draw(&seeded, threshold, bit);
            double lr = strength_log10_lr(
                &strength, strength_sum(a, threshold, bit, UNITS));
            for (int k = 0; k < 5; k++) {
                reached[k] += lr >= 0.5 * (k + 1);
            }
        }
    }
    for (int k = 0; k < 5; k++) {
        double most = trials * pow(10, -0.5 * (k + 1));
        print_message("LR >= 10^%.1f: %.0f of %.0f trials, bound %.0f\n",
                      0.5 * (k + 1), reached[k], trials, most);
        assert_true(reached[k] <= most + 3 * sqrt(most));
    }
    assert_true(reached[0] > 0); /* the test is able to see something */
}

static void the_right_code_is_told_from_others(void **state)
{
    (void)state;
    struct seeded seeded = {5};
    double a[UNITS];
    uint8_t threshold[UNITS];
    uint8_t bit[UNITS];
    uint8_t other[UNITS];
    struct strength strength;
    thresholds_draw(&seeded, threshold);
    bits_draw(&seeded, threshold, bit);
    for (int u = 0; u < UNITS; u++) { /* displacement 1, noise 1 */
        double r = (bit[u] ? 1 : -1) + seeded_normal(&seeded);
        a[u] = 2 * r / 2.45;
    }
    strength_init(&strength);
    strength_add(&strength, a, threshold, UNITS);
    bits_draw(&seeded, threshold, other);
    double right =
        strength_log10_lr(&strength, strength_sum(a, threshold, bit, UNITS));
    double wrong =
        strength_log10_lr(&strength, strength_sum(a, threshold, other, UNITS));
    assert_true(right > 20);
    assert_true(wrong < 0);
}

static void ratios_far_beyond_a_double_stay_finite(void **state)
{
    (void)state;
    static double a[60000];
    static uint8_t threshold[60000];
    static uint8_t bit[60000];
    struct strength strength;
    for (int u = 0; u < 60000; u++) {
        a[u] = 2;
        threshold[u] = 54;
        bit[u] = 1;
    }
    strength_init(&strength);
    strength_add(&strength, a, threshold, 60000);
    double lr =
        strength_log10_lr(&strength, strength_sum(a, threshold, bit, 60000));
    assert_true(isfinite(lr) && lr > 10000);
    /* No more than the code's own improbability: 202/256 of zeros. */
    assert_true(lr <= 60000 * -log10(54 / 256.0) + 1);
}

static void what_was_tried_and_how_often_is_paid_for(void **state)
{
    (void)state;
    /* 20 copies, two pages; first run: 20 * 2 * 1 * 2 = 80. */
    assert_true(fabs(strength_log10_false(10, 40, 1) - (log10(80) - 10)) <
                1e-12);
    /* The factors of all runs together are a chance of 1 in all. */
    double sum = 0;
    for (uint32_t k = 1; k <= 100000; k++) {
        sum += pow(10, -strength_log10_false(0, 1, k));
    }
    assert_true(sum < 1 && sum > 0.9999);
}

static void a_picture_without_evidence_says_nothing(void **state)
{
    (void)state;
    struct strength strength;
    const double a[3] = {0, 0, 0};
    const uint8_t threshold[3] = {54, 202, 54};
    strength_init(&strength);
    strength_add(&strength, a, threshold, 3);
    assert_int_equal(strength.units, 0);
    assert_true(fabs(strength_log10_lr(&strength, 0)) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(g_has_mean_zero_and_variance_one),
        cmocka_unit_test(the_ratio_has_mean_one_over_all_codes),
        cmocka_unit_test(innocent_codes_reach_x_no_oftener_than_one_in_x),
        cmocka_unit_test(the_right_code_is_told_from_others),
        cmocka_unit_test(ratios_far_beyond_a_double_stay_finite),
        cmocka_unit_test(what_was_tried_and_how_often_is_paid_for),
        cmocka_unit_test(a_picture_without_evidence_says_nothing),
    };
    return cmocka_run_group_tests_name("strength", test, NULL, NULL);
}
