/* Readings are drawn, not photographed: what scoring makes of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image/seeded.h"
#include "mark/code.h"
#include "mark/read_noise.h"
#include "mark/strength.h"
#include "tests/check.h"
#include "trace/score.h"

#define UNITS 500
#define PAGES 3
#define COPIES 20000
#define MARK_PT 0.15
#define COLLUDERS 3

enum attack { ALONE, AVERAGE, PIECES, MAJORITY, MINORITY, ATTACKS };
static const char *const attack_name[] = {"alone", "average", "pieces",
                                          "majority", "minority"};
static const uint32_t colluder[COLLUDERS] = {17, 4711, 15003};

struct fixture {
    struct secret document;
    struct unit_reading unit[PAGES][UNITS];
    struct page_reading reading[PAGES];
    struct score_part part[PAGES];
    uint32_t *copy;
};

static struct fixture fixture;

static int fixture_open(void **state)
{
    (void)state;
    fixture.document.byte[5] = 9;
    fixture.copy = calloc(COPIES, sizeof *fixture.copy);
    for (uint32_t i = 0; fixture.copy && i < COPIES; i++) {
        fixture.copy[i] = i + 1;
    }
    return fixture.copy ? 0 : -1;
}

static int fixture_close(void **state)
{
    (void)state;
    free(fixture.copy);
    return 0;
}

/* Where the mixed unit stands, -1 to 1. */
static double mixed(enum attack attack, const int bit[COLLUDERS],
                    struct seeded *seeded)
{
    int ones = bit[0] + bit[1] + bit[2];
    switch (attack) {
    case ALONE:
        return 2 * bit[0] - 1;
    case AVERAGE:
        return 2.0 * ones / COLLUDERS - 1;
    case PIECES:
        return 2 * bit[seeded_below(seeded, COLLUDERS)] - 1;
    case MAJORITY:
        return ones > 1 ? 1 : -1;
    default:
        return ones == 3 || ones == 1 ? 1 : -1;
    }
}

static void page_draw(size_t page, enum attack attack, double noise_pt,
                      struct seeded *seeded)
{
    static uint8_t bit[COLLUDERS][UNITS];
    struct fixture *f = &fixture;
    struct residual residual[UNITS];
    for (size_t i = 0; i < COLLUDERS; i++) {
        struct score_request request = {&f->document, (uint32_t)page, NULL, 0};
        assert_int_equal(score_code(&request, colluder[i], UNITS, bit[i]),
                         STING_OK);
    }
    for (size_t u = 0; u < UNITS; u++) {
        const int of[COLLUDERS] = {bit[0][u], bit[1][u], bit[2][u]};
        double r = MARK_PT * mixed(attack, of, seeded) +
                   noise_pt * seeded_normal(seeded);
        residual[u] = (struct residual){
            .r_pt = r, .mark_pt = MARK_PT, .pixels = noise_pt * noise_pt};
    }
    struct noise noise = noise_fit_still(residual, UNITS);
    f->reading[page] =
        (struct page_reading){.units = UNITS, .unit = f->unit[page]};
    for (size_t u = 0; u < UNITS; u++) {
        double variance = noise_variance(&noise, residual[u].pixels, 0);
        double a =
            noise_evidence(residual[u].r_pt, MARK_PT, variance, noise.still);
        f->unit[page][u] = (struct unit_reading){
            (float)residual[u].r_pt, (float)sqrt(variance), (float)MARK_PT,
            round(0.5 * a / 2.451 * MARK_READ_ONE) / MARK_READ_ONE};
    }
    f->part[page] = (struct score_part){(uint32_t)page, &f->reading[page]};
}

static void pages_draw(enum attack attack, double noise_pt, uint64_t seed)
{
    struct seeded seeded = {seed};
    for (size_t page = 0; page < PAGES; page++) {
        page_draw(page, attack, noise_pt, &seeded);
    }
}

static struct score_question question_of(size_t parts)
{
    return (struct score_question){.document = &fixture.document,
                                   .copy = fixture.copy,
                                   .copies = COPIES,
                                   .part = fixture.part,
                                   .parts = parts};
}

static bool is_colluder(uint32_t copy)
{
    return copy == colluder[0] || copy == colluder[1] || copy == colluder[2];
}

/* As the judge does it: all that are strong enough, then further ones. */
static size_t names_find(size_t parts, uint32_t *name)
{
    struct score_question question = question_of(parts);
    size_t names = 0;
    for (size_t before = SIZE_MAX; names != before && names < 4;) {
        struct score score;
        before = names;
        question.given = name;
        question.givens = names;
        assert_int_equal(score_run(&question, &score), STING_OK);
        for (size_t i = 0; i < score.tops && names < 8; i++) {
            if (score.top[i].log10_lr < 12) {
                break;
            }
            name[names++] = score.top[i].copy;
        }
    }
    return names;
}

static void a_single_copy_is_named_and_nobody_beside_it(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint32_t name[8];
        pages_draw(ALONE, 0.08, seed);
        assert_int_equal(names_find(1 + seed % PAGES, name), 1);
        assert_int_equal(name[0], colluder[0]);
    }
}

static void three_who_mix_three_pages_are_named_and_no_innocent(void **state)
{
    (void)state;
    enum { TRIALS = 10 };
    for (enum attack attack = AVERAGE; attack < ATTACKS; attack++) {
        size_t any = 0;
        size_t all = 0;
        for (uint64_t seed = 0; seed < TRIALS; seed++) {
            uint32_t name[8];
            pages_draw(attack, 0.06, 100 + seed);
            size_t names = names_find(PAGES, name);
            for (size_t i = 0; i < names; i++) {
                assert_true(is_colluder(name[i]));
            }
            any += names > 0;
            all += names == COLLUDERS;
        }
        print_message("%s: one of the three named in %zu of %d, all in %zu\n",
                      attack_name[attack], any, TRIALS, all);
        assert_true(any * 10 >= 8 * (size_t)TRIALS);
    }
}

/* Strongest of the three, or of all others. */
static double most_of(const struct score *score, bool of_three)
{
    double most = -INFINITY;
    for (size_t i = 0; i < score->tops; i++) {
        if (is_colluder(score->top[i].copy) == of_three) {
            most = fmax(most, score->top[i].log10_lr);
        }
    }
    return most;
}

static void a_mixture_says_more_of_each_when_it_is_taken_for_one(void **state)
{
    (void)state;
    enum { TRIALS = 6 };
    static const double gain[ATTACKS] = {
        [AVERAGE] = 10, [PIECES] = 1, [MAJORITY] = 5, [MINORITY] = -3};
    for (enum attack attack = AVERAGE; attack < ATTACKS; attack++) {
        double plain = 0, mixed = 0;
        for (uint64_t seed = 0; seed < TRIALS; seed++) {
            struct score_question question = question_of(2);
            struct score score;
            pages_draw(attack, 0.05, 500 + seed);
            assert_int_equal(score_run(&question, &score), STING_OK);
            plain += most_of(&score, true) / TRIALS;
            question.is_mixed = true;
            assert_int_equal(score_run(&question, &score), STING_OK);
            mixed += most_of(&score, true) / TRIALS;
            assert_true(most_of(&score, false) < log10(COPIES) + 3);
        }
        print_message("%s: %.1f, taken for a mixture %.1f\n",
                      attack_name[attack], plain, mixed);
        assert_true(mixed - plain > gain[attack]);
    }
}

/* What goes into a pack for a third party (docs/formats/recheck.md). */
static void the_evidence_told_gives_the_strength_told(void **state)
{
    (void)state;
    static double a[PAGES][UNITS];
    static uint8_t threshold[UNITS], bit[UNITS];
    double *const all[PAGES] = {a[0], a[1], a[2]};
    for (int is_mixed = 0; is_mixed < 2; is_mixed++) {
        struct score_question question = question_of(PAGES);
        struct strength strength;
        struct score score;
        double sum = 0;
        pages_draw(MAJORITY, 0.05, 600);
        question.is_mixed = is_mixed;
        assert_int_equal(score_run(&question, &score), STING_OK);
        assert_int_equal(score_evidence(&question, all), STING_OK);
        strength_init(&strength);
        for (uint32_t page = 0; page < PAGES; page++) {
            struct score_request request = {&fixture.document, page, NULL, 0};
            struct secret bias;
            mark_bias_key(&fixture.document, page, &bias);
            mark_bias(&bias, UNITS, threshold);
            assert_int_equal(score_code(&request, score.copy, UNITS, bit),
                             STING_OK);
            strength_add(&strength, a[page], threshold, UNITS);
            sum += strength_sum(a[page], threshold, bit, UNITS);
        }
        double told = strength_log10_lr(&strength, sum);
        assert_true(fabs(told - score.log10_lr) < 1e-6);
    }
}

static void pages_of_several_copies_name_each_its_own(void **state)
{
    (void)state;
    struct seeded seeded = {7};
    pages_draw(ALONE, 0.08, 5);
    /* Page 1 of another copy. */
    struct fixture *f = &fixture;
    static uint8_t bit[UNITS];
    struct score_request request = {&f->document, 1, f->copy, COPIES};
    assert_int_equal(score_code(&request, 4711, UNITS, bit), STING_OK);
    for (size_t u = 0; u < UNITS; u++) {
        double r =
            (bit[u] ? MARK_PT : -MARK_PT) + 0.08 * seeded_normal(&seeded);
        double a = 0.5 * noise_evidence(r, MARK_PT, 0.0064, 0) / 2.451;
        f->unit[1][u].shift_pt = (float)r;
        f->unit[1][u].a = round(a * MARK_READ_ONE) / MARK_READ_ONE;
    }
    struct score score;
    assert_int_equal(score_page(&request, &f->reading[1], &score), STING_OK);
    assert_int_equal(score.copy, 4711);
    request.page = 0;
    assert_int_equal(score_page(&request, &f->reading[0], &score), STING_OK);
    assert_int_equal(score.copy, 17);
    uint32_t name[8];
    assert_int_equal(names_find(PAGES, name), 2);
    assert_true(is_colluder(name[0]) && is_colluder(name[1]));
}

static void what_a_copy_would_reach_is_what_copies_reach(void **state)
{
    (void)state;
    double sum = 0;
    double told = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct score_question question = question_of(1);
        struct score score;
        struct score_power power;
        pages_draw(ALONE, 0.15, 200 + seed);
        assert_int_equal(score_run(&question, &score), STING_OK);
        score_power(&question, 12, &power);
        assert_true(power.share >= 0 && power.share <= 1);
        sum += score.log10_lr / 20;
        told += power.median_log10_lr / 20;
    }
    print_message("reached %.1f, told %.1f\n", sum, told);
    assert_true(fabs(sum - told) < 0.1 * sum);
}

static void controls_stay_below_what_chance_may_reach(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct score_question question = question_of(PAGES);
        struct score score;
        pages_draw(ALONE, 0.1, 300 + seed);
        assert_int_equal(score_run(&question, &score), STING_OK);
        assert_true(score.control_log10_lr < 3);
        assert_true(score.random_log10_lr < log10(SCORE_RANDOM_CODES) + 3);
        assert_true(score.second_log10_lr < log10(COPIES) + 3);
    }
}

/* Markov's bound on codes that nobody has: 2,000,000 of them. */
static void random_codes_exceed_no_more_often_than_the_bound_allows(
    void **state)
{
    (void)state;
    size_t above[5] = {0};
    size_t codes = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct score_question question = question_of(1);
        struct score score;
        question.copies = 0;
        question.is_mixed = seed % 2;
        pages_draw((enum attack)(seed % ATTACKS),
                   0.02 + 0.01 * (double)(seed % 20), 400 + seed);
        assert_int_equal(score_run(&question, &score), STING_OK);
        codes++;
        for (int i = 0; i < 5; i++) {
            above[i] += score.random_log10_lr - 4 > i;
        }
    }
    /* The most of 10,000 codes exceeds 10,000 x with a chance of 1 / x. */
    assert_true(above[1] <= 25 && above[2] <= 6 && above[3] <= 2);
    print_message("of %zu times 10,000 codes the best exceeds 1e4 in %zu, 1e5 "
                  "in %zu\n",
                  codes, above[0], above[1]);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_single_copy_is_named_and_nobody_beside_it),
        cmocka_unit_test(three_who_mix_three_pages_are_named_and_no_innocent),
        cmocka_unit_test(a_mixture_says_more_of_each_when_it_is_taken_for_one),
        cmocka_unit_test(the_evidence_told_gives_the_strength_told),
        cmocka_unit_test(pages_of_several_copies_name_each_its_own),
        cmocka_unit_test(what_a_copy_would_reach_is_what_copies_reach),
        cmocka_unit_test(controls_stay_below_what_chance_may_reach),
        cmocka_unit_test(
            random_codes_exceed_no_more_often_than_the_bound_allows),
    };
    return cmocka_run_group_tests_name("score", test, fixture_open,
                                       fixture_close);
}
