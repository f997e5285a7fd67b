#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "crypt/lanes.h"
#include "crypt/stream.h"
#include "image/seeded.h"
#include "mark/code.h"
#include "mark/strength.h"
#include "mark/sweep.h"
#include "tests/check.h"

#define UNITS 830

struct fixture {
    struct secret document;
    double a[2][UNITS];
    uint8_t threshold[2][UNITS];
    struct sweep_page page[2];
};

static void fixture_fill(struct fixture *f, uint64_t seed)
{
    struct seeded seeded = {seed};
    memset(&f->document, 0x5a, sizeof f->document);
    for (uint32_t p = 0; p < 2; p++) {
        struct secret bias;
        mark_bias_key(&f->document, 3 * p, &bias);
        mark_bias(&bias, UNITS, f->threshold[p]);
        for (int u = 0; u < UNITS; u++) {
            bool is_seen = p == 0 || (u > 300 && u < 500);
            f->a[p][u] =
                is_seen ? round(1024 * seeded_normal(&seeded)) / 1024 : 0;
        }
        f->page[p] =
            (struct sweep_page){3 * p, UNITS, f->a[p], f->threshold[p]};
    }
}

/* S of one copy the long way. */
static double sum_of(const struct fixture *f, uint64_t copy)
{
    double sum = 0;
    struct secret key;
    mark_copy_key(&f->document, copy, &key);
    for (int p = 0; p < 2; p++) {
        uint8_t bit[UNITS];
        mark_code(&key, f->page[p].page, f->threshold[p], UNITS, bit);
        sum += strength_sum(f->a[p], f->threshold[p], bit, UNITS);
    }
    return sum;
}

static void every_way_of_this_machine_gives_the_cipher(void **state)
{
    (void)state;
    struct lanes in = {0};
    for (int lane = 0; lane < LANES; lane++) {
        struct secret key;
        memset(&key, 17 * lane + 3, sizeof key);
        lanes_key(&in, lane, &key);
        lanes_nonce(&in, lane, UINT64_C(0x0123456789abcdef) + (uint64_t)lane);
    }
    for (enum lanes_kind kind = LANES_PLAIN; kind < LANES_KINDS; kind++) {
        struct lanes out;
        if (!lanes_has(kind)) {
            continue;
        }
        lanes_block_by(kind, &in, 5, &out);
        for (int lane = 0; lane < LANES; lane++) {
            struct secret key;
            uint8_t nonce[CHACHA20_NONCE_SIZE] = {0};
            uint8_t expected[64];
            uint64_t number = UINT64_C(0x0123456789abcdef) + (uint64_t)lane;
            memset(&key, 17 * lane + 3, sizeof key);
            for (int i = 0; i < 8; i++) {
                nonce[i] = (uint8_t)(number >> (8 * i));
            }
            chacha20(&key, nonce, 5, expected, sizeof expected);
            for (int b = 0; b < 64; b++) {
                assert_int_equal(out.word[b / 4][lane] >> (8 * (b % 4)) & 255,
                                 expected[b]);
            }
        }
    }
}

static void a_sweep_sums_as_the_definition_does(void **state)
{
    (void)state;
    struct fixture f;
    struct sweep *sweep STING_AUTO(sweep_free) = NULL;
    uint32_t copy[37];
    double sum[37];
    fixture_fill(&f, 1);
    assert_int_equal(sweep_new(&sweep, &f.document, f.page, 2), STING_OK);
    for (uint32_t i = 0; i < 37; i++) {
        copy[i] = i * i * 7919;
    }
    for (size_t count = 0; count < 37; count++) {
        sweep_copies(sweep, copy, count, sum);
        for (size_t i = 0; i < count; i++) {
            assert_true(fabs(sum[i] - sum_of(&f, copy[i])) < 1e-9);
        }
    }
}

static void random_codes_have_the_mean_and_spread_of_chance(void **state)
{
    (void)state;
    struct fixture f;
    struct sweep *sweep STING_AUTO(sweep_free) = NULL;
    static double sum[20000];
    double mean = 0, square = 0, expected = 0;
    fixture_fill(&f, 2);
    assert_int_equal(sweep_new(&sweep, &f.document, f.page, 2), STING_OK);
    sweep_random(sweep, 1, 20000, sum);
    for (int i = 0; i < 20000; i++) {
        mean += sum[i] / 20000;
        square += sum[i] * sum[i] / 20000;
    }
    for (int u = 0; u < UNITS; u++) {
        expected += f.a[0][u] * f.a[0][u] + f.a[1][u] * f.a[1][u];
    }
    assert_true(fabs(mean) < 4 * sqrt(expected / 20000));
    assert_true(fabs(square / expected - 1) < 0.05);
}

static void evidence_out_of_range_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    struct sweep *sweep STING_AUTO(sweep_free) = NULL;
    fixture_fill(&f, 3);
    f.a[0][7] = 8.5;
    assert_int_equal(sweep_new(&sweep, &f.document, f.page, 2), STING_E_ARG);
    f.a[0][7] = NAN;
    assert_int_equal(sweep_new(&sweep, &f.document, f.page, 2), STING_E_ARG);
    f.a[0][7] = 0;
    f.threshold[0][7] = 55;
    assert_int_equal(sweep_new(&sweep, &f.document, f.page, 2), STING_E_ARG);
    assert_null(sweep);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_way_of_this_machine_gives_the_cipher),
        cmocka_unit_test(a_sweep_sums_as_the_definition_does),
        cmocka_unit_test(random_codes_have_the_mean_and_spread_of_chance),
        cmocka_unit_test(evidence_out_of_range_is_refused),
    };
    return cmocka_run_group_tests_name("sweep", test, NULL, NULL);
}
