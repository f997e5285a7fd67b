/* Words that a page draws twice, as units. */
#include <math.h>
#include <stdlib.h>

#include "../pdf/paper.h"
#include "mark/unit_twin.h"
#include "tests/check.h"

#define WORDS "(water tank level and inlet valve above the barrel)"

static const char *const form[] = {
    "<</Type/XObject/Subtype/Form/BBox[0 0 500 50]/Length 77>>\nstream\n"
    "BT/F 12 Tf 10 10 Td" WORDS "Tj ET    \nendstream"};
static const char keys[] =
    "/Resources<</Font<</F 3 0 R>>/XObject<</X 6 0 R>>>>";

/* The page's units as planned, and as its families allow. */
static void plan(const char *content, struct mark_page *planned,
                 struct mark_page *settled, struct pdf_file **file)
{
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_text text;
    paper_page(content, keys, form, 1, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), file, &fault), 0);
    assert_int_equal(pdf_file_text(*file, 0, &text, &fault), 0);
    assert_int_equal(mark_plan(&text, MARK_FULL, planned), 0);
    assert_int_equal(mark_plan(&text, MARK_FULL, settled), 0);
    assert_int_equal(mark_twins_settle(*file, MARK_FULL, settled, &fault), 0);
}

static uint32_t family_of(struct pdf_file *file, uint16_t word)
{
    struct pdf_text text;
    struct fault fault;
    assert_int_equal(pdf_file_text(file, 0, &text, &fault), 0);
    return text.word[word].family;
}

static void each_word_is_a_unit_in_one_of_its_places(void **state)
{
    (void)state;
    struct mark_page planned STING_AUTO(mark_page_release);
    struct mark_page settled STING_AUTO(mark_page_release);
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    bool seen[64][2] = {{false}};
    uint32_t below = 0;
    plan("q 1 0 0 1 50 600 cm/X Do Q q 1 0 0 1 50 300 cm/X Do Q", &planned,
         &settled, &file);
    assert_int_equal(settled.units, planned.units);
    assert_true(settled.units > 8);
    for (uint32_t u = 0; u < settled.units; u++) {
        const struct mark_unit *unit = &settled.unit[u];
        bool *was = &seen[family_of(file, unit->word)][unit->axis];
        assert_false(*was);
        *was = true;
        below += unit->y0_pt > 300;
    }
    assert_in_range(below, 2, settled.units - 2);
}

static void a_word_goes_as_far_as_its_smallest_place_allows(void **state)
{
    (void)state;
    struct mark_page planned STING_AUTO(mark_page_release);
    struct mark_page settled STING_AUTO(mark_page_release);
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    uint32_t less = 0;
    /* gaps of 3.3 pt allow 0.20, gaps of 2 pt at 0.6 of the size 0.14 */
    plan("q 1 0 0 1 50 600 cm/X Do Q q .6 0 0 .6 50 300 cm/X Do Q", &planned,
         &settled, &file);
    for (uint32_t u = 0; u < settled.units; u++) {
        assert_true(settled.unit[u].shift_pt <=
                    planned.unit[u].shift_pt + 1e-6F);
        less += settled.unit[u].shift_pt < planned.unit[u].shift_pt - 0.001F;
    }
    assert_in_range(less, 1, settled.units);
}

static void a_word_that_must_stay_anywhere_stays_everywhere(void **state)
{
    (void)state;
    struct mark_page planned STING_AUTO(mark_page_release);
    struct mark_page settled STING_AUTO(mark_page_release);
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    /* other words lie over the lower place */
    plan("q 1 0 0 1 50 600 cm/X Do Q q 1 0 0 1 50 300 cm/X Do Q "
         "BT/F 12 Tf 60 310 Td" WORDS "Tj ET",
         &planned, &settled, &file);
    assert_true(planned.units > 1);
    assert_int_equal(settled.units, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(each_word_is_a_unit_in_one_of_its_places),
        cmocka_unit_test(a_word_goes_as_far_as_its_smallest_place_allows),
        cmocka_unit_test(a_word_that_must_stay_anywhere_stays_everywhere),
    };
    return cmocka_run_group_tests_name("twin", test, NULL, NULL);
}
