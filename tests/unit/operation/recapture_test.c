#include <math.h>

#include "operation/recapture.h"
#include "tests/check.h"

/* Chapman's estimate by hand: 11 * 13 / 9 - 1. */
static void the_estimate_is_chapmans(void **state)
{
    (void)state;
    struct recapture got;
    assert_true(recapture_estimate(10, 12, 8, &got));
    assert_true(fabs(got.total - (143.0 / 9 - 1)) < 1e-12);
    assert_true(got.low >= 14 && got.low <= got.total);
    assert_true(got.high >= got.total);
}

static void of_none_seen_by_both_nothing_is_said(void **state)
{
    (void)state;
    struct recapture got;
    assert_false(recapture_estimate(7, 9, 0, &got));
    assert_false(recapture_estimate(0, 0, 0, &got));
}

static void who_saw_all_of_the_other_leaves_few(void **state)
{
    (void)state;
    struct recapture got;
    assert_true(recapture_estimate(20, 20, 20, &got));
    assert_true(fabs(got.total - 20) < 1e-9);
    assert_true(got.low == 20 && got.high == 21);
}

/* P(m seen by both, a by the first alone, b by the second alone) of `visits`
 * where they see with p and q. */
static double chance_of_counts(int visits, double p, double q, int m, int a,
                               int b)
{
    int none = visits - m - a - b;
    return exp(lgamma(visits + 1) - lgamma(m + 1) - lgamma(a + 1) -
               lgamma(b + 1) - lgamma(none + 1) + m * log(p * q) +
               a * log(p * (1 - q)) + b * log(q * (1 - p)) +
               none * log((1 - p) * (1 - q)));
}

/* How often the interval holds the truth, of all outcomes in which something
 * is said; not drawn, summed. */
static double coverage(int visits, double p, double q)
{
    double held = 0;
    double said = 0;
    for (int m = 1; m <= visits; m++) {
        for (int a = 0; a <= visits - m; a++) {
            for (int b = 0; b <= visits - m - a; b++) {
                struct recapture got;
                double chance = chance_of_counts(visits, p, q, m, a, b);
                assert_true(recapture_estimate(
                    (uint32_t)(m + a), (uint32_t)(m + b), (uint32_t)m, &got));
                said += chance;
                bool holds =
                    got.low <= visits + 1e-9 && got.high >= visits - 1e-9;
                held += holds ? chance : 0;
            }
        }
    }
    return held / said;
}

static void the_interval_holds_the_truth_as_often_as_it_says(void **state)
{
    (void)state;
    static const double sees[][2] = {
        {0.5, 0.5}, {0.6, 0.6}, {0.8, 0.6}, {0.9, 0.9}, {0.95, 0.7}};
    for (int visits = 5; visits <= 40; visits *= 2) {
        for (size_t i = 0; i < sizeof sees / sizeof *sees; i++) {
            assert_true(coverage(visits, sees[i][0], sees[i][1]) > 0.95);
        }
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_estimate_is_chapmans),
        cmocka_unit_test(of_none_seen_by_both_nothing_is_said),
        cmocka_unit_test(who_saw_all_of_the_other_leaves_few),
        cmocka_unit_test(the_interval_holds_the_truth_as_often_as_it_says),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
