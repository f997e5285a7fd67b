/* Which words are displaced, and when bytes are spent on them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../pdf/paper.h"
#include "mark/plan.h"
#include "tests/check.h"

#define WORDS "(water tank level and inlet valve above the barrel)Tj "
#define LINE WORDS "0 -20 Td "
#define EIGHT LINE LINE LINE LINE LINE LINE LINE LINE

/* A font of type 3 whose `m` is 0.9 em wide: Poppler takes its size for half as
 * much again. */
#define BROAD                                                                  \
    "/Resources<</Font<</F<</Type/Font/Subtype/Type3/FontBBox"                 \
    "[0 0 999 999]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 110/LastChar 110"   \
    "/Widths[900]/CharProcs<</m 6 0 R>>/Resources<<>>"                         \
    "/Encoding<</Type/Encoding/Differences[110/m]>>>>>>>>"
#define BROAD_GLYPH                                                            \
    "<</Length 42>>\nstream\n900 0 0 0 800 600 d1 0 0 800 600 re f     \n"     \
    "endstream"

static void plan_with(const char *content, const char *keys,
                      struct pdf_file **file, struct pdf_text *text,
                      struct mark_page *out)
{
    static const char *const glyph[] = {BROAD_GLYPH};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    paper_page(content, keys, glyph, 1, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), file, &fault), 0);
    assert_int_equal(pdf_file_text(*file, 0, text, &fault), 0);
    assert_int_equal(mark_plan(text, MARK_FULL, out), 0);
}

static void plan(const char *content, struct pdf_file **file,
                 struct pdf_text *text, struct mark_page *out)
{
    plan_with(content, "/Resources<</Font<</F 3 0 R>>>>", file, text, out);
}

static const struct mark_unit *unit_of(const struct mark_page *page,
                                       uint16_t word, enum mark_axis axis)
{
    for (uint32_t u = 0; u < page->units; u++) {
        if (page->unit[u].word == word && page->unit[u].axis == axis) {
            return &page->unit[u];
        }
    }
    return NULL;
}

static void words_that_begin_lines_stay_and_those_that_end_them_wait(
    void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    plan("BT/F 12 Tf 72 700 Td " EIGHT "ET", &file, &text, &page);
    assert_int_equal(text.words, 72);
    for (uint16_t w = 0; w < 72; w++) {
        const struct mark_unit *along = unit_of(&page, w, MARK_ALONG);
        const struct mark_unit *across = unit_of(&page, w, MARK_ACROSS);
        assert_int_equal(!along, w % 9 == 0);
        assert_int_equal(!across, w % 9 == 0 || w % 9 == 8);
        if (along) {
            assert_int_equal(along->turn,
                             w % 9 == 8 ? MARK_TURN_NEXT : MARK_TURN_FIRST);
            assert_true(along->shift_pt <= (w % 9 == 8 ? 0.0801F : 0.2001F));
        }
        if (across) {
            assert_int_equal(across->turn, MARK_TURN_LAST);
        }
    }
}

/* A row of dots has edges enough to be read by; a line to write on has none. */
static void dots_that_lead_to_a_number_move_and_lines_to_write_on_stay(
    void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    plan("BT/F 12 Tf 72 700 Td (inlet ........ 12)Tj 0 -20 Td "
         "(inlet .... 12)Tj 0 -20 Td (inlet ________ 12)Tj 0 -20 Td " EIGHT
         "ET",
         &file, &text, &page);
    assert_non_null(unit_of(&page, 1, MARK_ALONG));
    assert_null(unit_of(&page, 4, MARK_ALONG));
    assert_null(unit_of(&page, 7, MARK_ALONG));
}

/* What holds a margin holds it alike in every face. */
static void digits_at_the_end_of_a_line_move_as_far_as_words(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    plan("BT/F 12 Tf 72 700 Td (water tank 1234 level 5678)Tj 0 -20 Td " EIGHT
         "ET",
         &file, &text, &page);
    const struct mark_unit *within = unit_of(&page, 2, MARK_ALONG);
    const struct mark_unit *last = unit_of(&page, 4, MARK_ALONG);
    assert_non_null(within);
    assert_non_null(last);
    assert_true(within->shift_pt <= 0.1001F);
    assert_true(last->shift_pt > 0.0701F && last->shift_pt <= 0.0801F);
}

static void a_page_of_few_words_needs_all_of_them_at_once(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    plan("BT/F 12 Tf 72 700 Td " LINE LINE "ET", &file, &text, &page);
    for (uint16_t w = 0; w < 18; w++) {
        const struct mark_unit *along = unit_of(&page, w, MARK_ALONG);
        assert_non_null(along);
        assert_int_equal(along->turn, MARK_TURN_FIRST);
    }
}

/* Twelve rows of three words, the middle one further right in each. */
static void rows_write(int further_pt, char *out, size_t room)
{
    size_t at = (size_t)snprintf(out, room, "BT/F 12 Tf ");
    for (int row = 0; row < 12; row++) {
        at += (size_t)snprintf(out + at, room - at,
                               "1 0 0 1 72 %d Tm(water)Tj "
                               "1 0 0 1 %d %d Tm(tank)Tj "
                               "1 0 0 1 400 %d Tm(level)Tj ",
                               700 - 14 * row, 140 + further_pt * row,
                               700 - 14 * row, 700 - 14 * row);
    }
    snprintf(out + at, room - at, "ET");
}

static void words_wide_apart_hold_columns_only_where_they_stand_over_each_other(
    void **state)
{
    (void)state;
    for (int further_pt = 0; further_pt <= 8; further_pt += 8) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        struct pdf_text text;
        char content[4096];
        rows_write(further_pt, content, sizeof content);
        plan(content, &file, &text, &page);
        assert_int_equal(text.words, 36);
        for (uint16_t w = 0; w < 36; w++) {
            const struct mark_unit *along = unit_of(&page, w, MARK_ALONG);
            bool is_free = further_pt > 0 && w % 3 == 1;
            assert_non_null(along);
            assert_int_equal(along->shift_pt > 0.15F, is_free);
            assert_true(is_free || along->shift_pt <= 0.0801F);
        }
    }
}

static void a_word_of_one_sign_waits_for_longer_ones(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    plan("BT/F 12 Tf 72 700 Td " EIGHT "(water a tank)Tj ET", &file, &text,
         &page);
    assert_int_equal(unit_of(&page, 73, MARK_ALONG)->turn, MARK_TURN_NEXT);
}

/* One beside the last line alone, as long as the words or longer. */
static void a_line_that_goes_on_past_a_word_holds_its_height_alone(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        bool is_held;
    } page[] = {
        {"60 539 m 500 539 l S BT/F 12 Tf 72 700 Td " EIGHT LINE "ET", false},
        {"106 539 m 127 539 l S BT/F 12 Tf 72 700 Td " EIGHT LINE "ET", true},
        {"60 538.5 m 500 540.5 l S BT/F 12 Tf 72 700 Td " EIGHT LINE "ET",
         true},
        {"104 530 m 104 550 l S BT/F 12 Tf 72 700 Td " EIGHT LINE "ET", true},
    };
    for (size_t i = 0; i < sizeof page / sizeof *page; i++) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
        struct mark_page planned STING_AUTO(mark_page_release) = {0};
        struct pdf_text text;
        plan(page[i].content, &file, &text, &planned);
        assert_int_equal(!unit_of(&planned, 73, MARK_ALONG), page[i].is_held);
        assert_null(unit_of(&planned, 73, MARK_ACROSS));
        assert_non_null(unit_of(&planned, 64, MARK_ACROSS));
    }
}

static void shifts_of_few_sizes_are_no_longer_and_not_much_shorter(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    float before[200] = {0};
    plan("BT/F 9 Tf 72 700 Td " EIGHT "ET", &file, &text, &page);
    for (uint32_t u = 0; u < page.units; u++) {
        before[u] = page.unit[u].shift_pt;
    }
    mark_plan_coarsen(&text, &page);
    for (uint32_t u = 0; u < page.units; u++) {
        assert_true(page.unit[u].shift_pt <= before[u] + 1e-6F);
        assert_true(page.unit[u].shift_pt > 0.7F * before[u]);
    }
}

/* Units along the lines of eight words of that font, so many thousandths of an
 * em apart. */
static uint32_t broad_units(int gap)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct mark_page page STING_AUTO(mark_page_release) = {0};
    struct pdf_text text;
    char line[200], content[1600] = "BT/F 12 Tf 72 700 Td ";
    uint32_t along = 0;
    (void)snprintf(line, sizeof line,
                   "[(nn)-%d(nn)-%d(nn)-%d(nn)-%d(nn)-%d(nn)]TJ 0 -20 Td ", gap,
                   gap, gap, gap, gap);
    for (int i = 0; i < 8; i++) {
        strncat(content, line, sizeof content - strlen(content) - 1);
    }
    strncat(content, "ET", sizeof content - strlen(content) - 1);
    plan_with(content, BROAD, &file, &text, &page);
    assert_int_equal(text.words, 48);
    assert_float_equal(text.word[0].em_pt, 12, 1e-4);
    assert_float_equal(text.word[0].reader_em_pt, 18, 1e-4);
    for (uint32_t u = 0; u < page.units; u++) {
        along += page.unit[u].axis == MARK_ALONG && page.unit[u].shift_pt > 0;
    }
    return along;
}

/* 0.15 of what a reader takes for the size are 0.225 em here. */
static void words_stay_where_a_font_of_type_3_makes_a_blank_doubtful(
    void **state)
{
    (void)state;
    assert_int_equal(broad_units(225), 0);
    assert_true(broad_units(330) > 30);
}

/* "one" and "two" are one word of two sizes, whose gap is 0.1 em of the first,
 * or a little more: steps of both sizes are not the same. */
static void a_word_that_readers_might_part_stays(void **state)
{
    (void)state;
    static const struct {
        double x_pt;
        bool moves;
    } row[] = {{125.892, false}, {125.942, true}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
        struct mark_page page STING_AUTO(mark_page_release) = {0};
        struct pdf_text text;
        char content[800];
        snprintf(content, sizeof content,
                 "BT/F 12 Tf 72 700 Td(water one)Tj/F 10 Tf 1 0 0 1 %.3f 700 "
                 "Tm(two)Tj/F 12 Tf 1 0 0 1 145 700 Tm(tank)Tj 1 0 0 1 72 600 "
                 "Tm " EIGHT "ET",
                 row[i].x_pt);
        plan(content, &file, &text, &page);
        assert_int_equal(text.word[1].glyphs, 6);
        assert_int_equal(unit_of(&page, 1, MARK_ALONG) != NULL, row[i].moves);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_word_that_readers_might_part_stays),
        cmocka_unit_test(
            words_stay_where_a_font_of_type_3_makes_a_blank_doubtful),
        cmocka_unit_test(
            words_that_begin_lines_stay_and_those_that_end_them_wait),
        cmocka_unit_test(
            dots_that_lead_to_a_number_move_and_lines_to_write_on_stay),
        cmocka_unit_test(digits_at_the_end_of_a_line_move_as_far_as_words),
        cmocka_unit_test(a_page_of_few_words_needs_all_of_them_at_once),
        cmocka_unit_test(
            words_wide_apart_hold_columns_only_where_they_stand_over_each_other),
        cmocka_unit_test(a_word_of_one_sign_waits_for_longer_ones),
        cmocka_unit_test(
            a_line_that_goes_on_past_a_word_holds_its_height_alone),
        cmocka_unit_test(
            shifts_of_few_sizes_are_no_longer_and_not_much_shorter),
    };
    return cmocka_run_group_tests_name("plan", test, NULL, NULL);
}
