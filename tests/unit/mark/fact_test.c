#include <math.h>
#include <string.h>

#include "mark/cell.h"
#include "mark/code.h"
#include "mark/fact.h"
#include "mark/predict.h"
#include "tests/check.h"

static struct fact figure(uint32_t digits)
{
    struct fact fact = {.values = 1, .digits = digits};
    memset(fact.value[0], '#', digits);
    return fact;
}

static struct fact wordings(uint32_t values)
{
    struct fact fact = {.values = values};
    for (uint32_t i = 0; i < values; i++) {
        fact.value[i][0] = (char)('a' + i);
    }
    return fact;
}

static void a_figure_has_a_choice_for_every_number(void **state)
{
    (void)state;
    char text[FACT_VALUE_SIZE];
    struct fact fact = {.values = 1, .digits = 3, .value = {"4,#5#.#"}};
    assert_int_equal(fact_choices(&fact), 1000);
    fact_text(&fact, 0, text);
    assert_string_equal(text, "4,050.0");
    fact_text(&fact, 987, text);
    assert_string_equal(text, "4,958.7");
}

/* docs/formats/bait.md gives this example. */
static void copy_7_of_the_example_has_these_choices(void **state)
{
    (void)state;
    struct secret mark, document, copy;
    const struct fact fact[] = {figure(3), wordings(2), figure(6), wordings(5)};
    uint32_t choice[4];
    for (size_t i = 0; i < SECRET_SIZE; i++) {
        mark.byte[i] = (uint8_t)i;
    }
    mark_document_key(&mark, digest_of(bytes_of_text("water tank")), &document);
    mark_copy_key(&document, 7, &copy);
    fact_choose(&copy, fact, 4, choice);
    const uint32_t expected[] = {673, 1, 883204, 1};
    assert_memory_equal(choice, expected, sizeof choice);
}

/* Summed over all choices that a stranger's copy may have had, the ratio's
 * mean is 1: exhausted for a small case. */
static void the_ratio_has_mean_one_for_any_quotation(void **state)
{
    (void)state;
    const struct fact fact[] = {wordings(3), figure(1), wordings(2),
                                wordings(4)};
    const int32_t seen[] = {2, 7, FACT_UNSEEN, 0};
    double sum = 0;
    for (uint32_t n = 0; n < 3 * 10 * 2 * 4; n++) {
        const uint32_t choice[] = {n % 3, n / 3 % 10, n / 30 % 2, n / 60};
        sum += pow(10, fact_log10_lr(fact, 4, seen, choice));
    }
    assert_true(fabs(sum / (3 * 10 * 2 * 4) - 1) < 1e-9);
}

static void a_slip_weakens_and_does_not_clear(void **state)
{
    (void)state;
    const struct fact fact[] = {figure(3), figure(3), figure(3), figure(3)};
    const int32_t seen[] = {1, 2, 3, 4};
    const uint32_t same[] = {1, 2, 3, 4}, slip[] = {1, 2, 3, 5};
    const uint32_t other[] = {9, 9, 9, 9};
    double all = fact_log10_lr(fact, 4, seen, same);
    double most = fact_log10_lr(fact, 4, seen, slip);
    assert_true(all > 11.3 && all < 12);
    assert_true(most > 6.5 && most < all - 3);
    assert_true(fact_log10_lr(fact, 4, seen, other) < -2);
    assert_true(fabs(fact_log10_power(fact, 4, seen) - all) < 1e-9);
}

static void facts_of_the_document_alone_say_nothing_of_copies(void **state)
{
    (void)state;
    const struct fact fact[] = {wordings(1)};
    const int32_t seen[] = {0};
    const uint32_t choice[] = {0};
    assert_true(fabs(fact_log10_lr(fact, 1, seen, choice)) < 1e-12);
}

static struct mark_page page_of(struct mark_unit *unit, uint32_t units)
{
    for (uint32_t u = 0; u < units; u++) {
        uint32_t column = u % 10;
        uint32_t row = u / 10;
        float x = 20 + (float)column * 55, y = 20 + (float)row * 15;
        unit[u] = (struct mark_unit){.x0_pt = x,
                                     .y0_pt = y,
                                     .x1_pt = x + 40,
                                     .y1_pt = y + 10,
                                     .ux = 1,
                                     .shift_pt = 0.15F,
                                     .word = (uint16_t)u};
    }
    return (struct mark_page){
        .width_pt = 600, .height_pt = 800, .units = units, .unit = unit};
}

static void prediction_falls_with_noise_and_with_the_part_in_view(void **state)
{
    (void)state;
    static struct mark_unit unit[500];
    const struct mark_page page = page_of(unit, 500);
    struct mark_prediction whole, quarter, noisy;
    const struct mark_noise good = {0.06, 0, 1}, bad = {0.3, 0, 1};
    assert_true(!mark_predict(&page, &good, MARK_PART_WHOLE, 1e6, &whole));
    assert_true(!mark_predict(&page, &good, MARK_PART_QUARTER, 1e6, &quarter));
    assert_true(!mark_predict(&page, &bad, MARK_PART_QUARTER, 1e6, &noisy));
    assert_true(whole.log10_lr > 2 * quarter.log10_lr);
    assert_true(quarter.log10_lr > noisy.log10_lr);
    assert_true(whole.low <= whole.log10_lr);
    assert_int_equal(mark_prediction_says(&whole), MARK_NAMES);
    assert_int_equal(mark_prediction_says(&noisy), MARK_TELLS_NOTHING);
}

static void cells_are_foretold_as_weak_as_they_are_read(void **state)
{
    (void)state;
    static struct mark_unit unit[200];
    struct unit_reading read[200] = {{0}};
    const struct mark_page page = page_of(unit, 200);
    const struct page_reading reading = {
        .units = 200, .seen = 200, .unit = read};
    const struct mark_noise good = {0.06, 0.06, 1};
    struct mark_prediction words, cells;
    assert_true(!mark_predict(&page, &good, MARK_PART_WHOLE, 1e6, &words));
    for (uint32_t u = 0; u < 200; u++) {
        unit[u].axis = u % 2 ? MARK_CELL_Y : MARK_CELL_X;
        double mark = mark_unit_shift_pt(&unit[u]);
        read[u].noise_pt = (float)hypot(0.06, 0.75 * mark);
    }
    assert_true(!mark_predict(&page, &good, MARK_PART_WHOLE, 1e6, &cells));
    assert_true(cells.log10_lr < 0.75 * words.log10_lr);
    assert_true(cells.log10_lr > 0.4 * words.log10_lr);
    struct mark_noise noise = mark_noise_of(&page, &reading);
    assert_true(fabs(noise.along_pt - 0.06) < 1e-3);
    assert_true(fabs(noise.across_pt - 0.06) < 1e-3);
}

static void faint_cells_are_foretold_weaker(void **state)
{
    (void)state;
    static struct mark_unit unit[200];
    struct unit_reading read[200] = {{0}};
    const struct mark_page page = page_of(unit, 200);
    const struct page_reading reading = {
        .units = 200, .seen = 200, .unit = read};
    const struct mark_noise good = {0.06, 0.06, 1};
    double last = 1e9;
    for (int octaves = 2; octaves <= 5; octaves++) {
        struct mark_prediction is;
        for (uint32_t u = 0; u < 200; u++) {
            unit[u].axis = MARK_CELL_X;
            unit[u].faint = (uint8_t)(octaves * (int)MARK_FAINT_OCTAVE);
            double mark = mark_unit_shift_pt(&unit[u]);
            double noise = 0.06 * exp2(octaves - MARK_FULL_OCTAVES);
            read[u].noise_pt = (float)hypot(noise, 0.75 * mark);
        }
        assert_true(!mark_predict(&page, &good, MARK_PART_WHOLE, 1e6, &is));
        assert_true(is.log10_lr < 0.8 * last);
        last = is.log10_lr;
        struct mark_noise noise = mark_noise_of(&page, &reading);
        assert_true(fabs(noise.along_pt - 0.06) < 1e-3);
    }
    assert_true(last < 2);
}

static void where_words_were_read_theirs_is_the_noise(void **state)
{
    (void)state;
    static struct mark_unit unit[200];
    struct unit_reading read[200] = {{0}};
    const struct mark_page page = page_of(unit, 200);
    const struct page_reading reading = {
        .units = 200, .seen = 200, .unit = read};
    for (uint32_t u = 0; u < 200; u++) {
        unit[u].axis = u < 20 ? MARK_ALONG : MARK_CELL_X;
        read[u].noise_pt = u < 20 ? 0.07F : 0.02F;
    }
    struct mark_noise noise = mark_noise_of(&page, &reading);
    assert_true(fabs(noise.along_pt - 0.07) < 1e-3);
}

static void a_page_without_units_tells_nothing(void **state)
{
    (void)state;
    const struct mark_page page = {.width_pt = 600, .height_pt = 800};
    const struct mark_noise good = {0.06, 0.06, 1};
    struct mark_prediction is;
    assert_true(!mark_predict(&page, &good, MARK_PART_WHOLE, 1, &is));
    assert_true(fabs(is.log10_lr) < 1e-9);
    assert_int_equal(mark_prediction_says(&is), MARK_TELLS_NOTHING);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_figure_has_a_choice_for_every_number),
        cmocka_unit_test(copy_7_of_the_example_has_these_choices),
        cmocka_unit_test(the_ratio_has_mean_one_for_any_quotation),
        cmocka_unit_test(a_slip_weakens_and_does_not_clear),
        cmocka_unit_test(facts_of_the_document_alone_say_nothing_of_copies),
        cmocka_unit_test(prediction_falls_with_noise_and_with_the_part_in_view),
        cmocka_unit_test(cells_are_foretold_as_weak_as_they_are_read),
        cmocka_unit_test(faint_cells_are_foretold_weaker),
        cmocka_unit_test(where_words_were_read_theirs_is_the_noise),
        cmocka_unit_test(a_page_without_units_tells_nothing),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
