#include <math.h>

#include "image/seeded.h"
#include "mark/read_noise.h"
#include "tests/check.h"

#define WORDS 400
#define MARK_PT 0.19
#define PIXEL_PT 0.65 /* of a screen at 110 dots an inch */
#define LETTER_PT 5.0

static double way_of(int word)
{
    return word / 12 % 2 ? 1 : -1;
}

/* Words of 1 to 12 letters, half of them moved each way. Each letter is off by
 * what puts it on a whole pixel, the word by the mean of its letters, and by
 * noise of its own. */
static void words_fill(double pixel_pt, double noise_pt, struct residual *out)
{
    struct seeded seeded = {7};
    for (int i = 0; i < WORDS; i++) {
        int letters = 1 + i % 12;
        double off = noise_pt * seeded_normal(&seeded);
        for (int letter = 0; letter < letters; letter++) {
            off += pixel_pt * (seeded_unit(&seeded) - 0.5) / letters;
        }
        out[i] = (struct residual){
            .r_pt = way_of(i) * MARK_PT + off,
            .mark_pt = MARK_PT,
            .pixels = 1e-4,
            .brevity = noise_brevity(LETTER_PT * letters, LETTER_PT)};
    }
}

/* How much all words speak for the way they went. */
static double told(const struct residual *residual, const struct noise *noise)
{
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
        const struct residual *r = &residual[i];
        double variance = noise_variance(noise, r->pixels, r->brevity);
        sum += way_of(i) *
               noise_evidence(r->r_pt, r->mark_pt, variance, noise->still);
    }
    return sum;
}

static void letters_on_whole_pixels_are_seen_and_long_words_tell_more(
    void **state)
{
    struct residual residual[WORDS];
    (void)state;
    words_fill(PIXEL_PT, 0.03, residual);
    struct noise noise = noise_fit_still(residual, WORDS);
    assert_true(noise.letter_pt >= 0.15 && noise.letter_pt <= 0.25);
    assert_true(noise.floor_pt < 0.06);
    struct noise alike = {.floor_pt = 0.112, .factor = 1};
    assert_true(told(residual, &noise) > 1.1 * told(residual, &alike));
}

static void where_letters_are_free_short_words_are_as_good_as_long_ones(
    void **state)
{
    struct residual residual[WORDS];
    (void)state;
    words_fill(0, 0.09, residual);
    assert_true(noise_fit(residual, WORDS).letter_pt == 0);
    assert_true(noise_fit_still(residual, WORDS).letter_pt == 0);
}

static void grain_is_not_taken_for_letters(void **state)
{
    struct residual residual[WORDS];
    (void)state;
    words_fill(PIXEL_PT, 0.03, residual);
    for (int i = 0; i < WORDS; i++) {
        residual[i].pixels = 0.004;
    }
    assert_true(noise_fit_still(residual, WORDS).letter_pt == 0);
}

static void cells_have_no_letters(void **state)
{
    struct residual residual[WORDS];
    (void)state;
    words_fill(PIXEL_PT, 0.03, residual);
    for (int i = 0; i < WORDS; i++) {
        residual[i].brevity = 0;
    }
    assert_true(noise_fit_still(residual, WORDS).letter_pt == 0);
    assert_true(noise_brevity(0, 0) == 0);
}

static void units_at_rest_are_seen_where_they_rest(void **state)
{
    struct residual residual[WORDS];
    struct seeded seeded = {11};
    (void)state;
    for (int i = 0; i < WORDS; i++) {
        double rest = 0.3 * (seeded_unit(&seeded) - 0.5);
        residual[i] =
            (struct residual){.r_pt = rest + 0.02 * seeded_normal(&seeded),
                              .mark_pt = MARK_PT,
                              .pixels = 1e-5,
                              .rest_pt = rest};
    }
    assert_true(noise_fit_still(residual, WORDS).still == 1);
}

static void what_may_go_either_way_is_noise(void **state)
{
    const struct noise noise = {.floor_pt = 0.03, .factor = 2};
    const struct residual residual = {.pixels = 1e-4, .either = 5e-3};
    (void)state;
    assert_true(fabs(residual_variance(&noise, &residual) - 6.1e-3) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            letters_on_whole_pixels_are_seen_and_long_words_tell_more),
        cmocka_unit_test(
            where_letters_are_free_short_words_are_as_good_as_long_ones),
        cmocka_unit_test(grain_is_not_taken_for_letters),
        cmocka_unit_test(cells_have_no_letters),
        cmocka_unit_test(units_at_rest_are_seen_where_they_rest),
        cmocka_unit_test(what_may_go_either_way_is_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
