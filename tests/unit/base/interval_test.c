#include <math.h>

#include "base/interval.h"
#include "tests/check.h"

static void assert_near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within)) {
        fail_msg("%.9g is not within %g of %.9g", got, within, want);
    }
}

/* Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 5. */
static void intervals_match_published_values(void **state)
{
    (void)state;
    static const struct {
        uint32_t hits, trials;
        double low, high;
    } published[] = {
        {81, 263, 0.2527, 0.3676},
        {15, 148, 0.0578, 0.1617},
        {0, 20, 0.0000, 0.1684},
        {1, 29, 0.0009, 0.1776},
    };
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        struct interval got =
            interval_of(published[i].hits, published[i].trials, 0.95);
        assert_near(got.low, published[i].low, 0.00005);
        assert_near(got.high, published[i].high, 0.00005);
    }
}

/* With no miss the lower limit is (alpha / 2)^(1 / n), in closed form. */
static void all_hits_have_the_closed_form(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= 5000; n = n * 3 + 1) {
        struct interval all = interval_of(n, n, 0.95);
        struct interval none = interval_of(0, n, 0.95);
        double low = pow(0.025, 1.0 / n);
        assert_near(all.low, low, 1e-9);
        assert_near(all.high, 1, 0);
        assert_near(none.high, 1 - low, 1e-9);
        assert_near(none.low, 0, 0);
    }
}

/* The binomial tail at the limit is half of what is left out: summed term
 * by term, without the beta function. */
static double tail_at_least(uint32_t k, uint32_t n, double p)
{
    double sum = 0;
    for (uint32_t i = k; i <= n; i++) {
        sum += exp(lgamma(n + 1.0) - lgamma(i + 1.0) - lgamma(n - i + 1.0) +
                   i * log(p) + (n - i) * log1p(-p));
    }
    return sum;
}

static void limits_leave_half_of_five_percent_on_each_side(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= 60; n++) {
        for (uint32_t k = 1; k < n; k++) {
            struct interval got = interval_of(k, n, 0.95);
            assert_near(tail_at_least(k, n, got.low), 0.025, 1e-9);
            assert_near(1 - tail_at_least(k + 1, n, got.high), 0.025, 1e-9);
        }
    }
}

static void hits_and_misses_mirror_each_other(void **state)
{
    (void)state;
    for (uint32_t k = 0; k <= 40; k++) {
        struct interval hits = interval_of(k, 40, 0.95);
        struct interval misses = interval_of(40 - k, 40, 0.95);
        assert_near(hits.low, 1 - misses.high, 1e-12);
        assert_true(hits.low <= k / 40.0 && hits.high >= k / 40.0);
    }
}

static void without_a_trial_nothing_is_known(void **state)
{
    (void)state;
    struct interval got = interval_of(0, 0, 0.95);
    assert_near(got.low, 0, 0);
    assert_near(got.high, 1, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(intervals_match_published_values),
        cmocka_unit_test(all_hits_have_the_closed_form),
        cmocka_unit_test(limits_leave_half_of_five_percent_on_each_side),
        cmocka_unit_test(hits_and_misses_mirror_each_other),
        cmocka_unit_test(without_a_trial_nothing_is_known),
    };
    return cmocka_run_group_tests_name("interval", test, NULL, NULL);
}
