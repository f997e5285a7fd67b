/* Texts replaced on pages made by hand. */
#include <stdio.h>
#include <string.h>

#include "paper.h"
#include "pdf/replace.h"
#include "tests/check.h"

static struct pdf_file *open_content(const char *content)
{
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page(content, "", NULL, 0, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), &file, &fault), 0);
    return file;
}

static uint32_t find(struct pdf_file *file, const char *before,
                     const char *value, const char *after,
                     struct pdf_spot *spot, struct buffer *text)
{
    const struct pdf_wanted wanted = {
        bytes_of_text(before), bytes_of_text(value), bytes_of_text(after)};
    struct fault fault = {"", ""};
    uint32_t found = 0;
    text->size = 0;
    assert_true(!pdf_file_find(file, &wanted, &found, spot, text, &fault));
    return found;
}

/* Replace a text that stands once; *out is the file. */
static enum sting_status replace(struct pdf_file *file, const char *old,
                                 const char *new, struct buffer *out,
                                 struct fault *fault)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct pdf_swap swap = {.text = bytes_of_text(new)};
    assert_int_equal(find(file, "", old, "", &swap.spot, &text), 1);
    out->size = 0;
    enum sting_status status = pdf_file_replace(file, &swap, 1, out, fault);
    struct pdf_file *made STING_AUTO(pdf_file_close) = NULL;
    if (!status) {
        assert_true(!pdf_file_open(buffer_bytes(out), &made, fault));
        status = pdf_file_replaced_check(file, made, &swap, 1, fault);
        assert_int_equal(find(made, "", new, "", &swap.spot, &text), 1);
    }
    return status;
}

#define PAGE(show) "BT /F 10 Tf 72 700 Td " show " ET"

static void a_text_is_found_across_kerning_and_words(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct pdf_spot spot;
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_content(
        PAGE("[(The t)-20(ank h)10(olds )-250(1)-5(,250 l)]TJ 0 -20 Td "
             "(A tank of 1,250 litres) Tj"));
    assert_int_equal(find(file, "tank holds ", "1,250", " l", &spot, &text), 1);
    assert_int_equal(spot.page, 0);
    assert_string_equal(buffer_text(&text), "1,250");
    assert_int_equal(find(file, "", "1,2##", " l", &spot, &text), 1);
    assert_int_equal(find(file, "", "1,250", "", &spot, &text), 2);
    assert_int_equal(find(file, "", "250", "", &spot, &text), 0);
    assert_int_equal(find(file, "", "1,3##", "", &spot, &text), 0);
    assert_int_equal(find(file, "", "A TANK", "", &spot, &text), 1);
    assert_string_equal(buffer_text(&text), "A tank");
}

static void digits_of_one_width_are_replaced_in_place(void **state)
{
    (void)state;
    static const char *const show[] = {
        "(holds 1250 litres) Tj", "[(hol)-15(ds 12)40(50 lit)5(res)]TJ",
        "<686f6c64732031323530206c6974726573> Tj",
        "12 TL (holds 1250 litres) '", "0 0 (holds 1250 litres) \""};
    for (size_t i = 0; i < sizeof show / sizeof *show; i++) {
        char page[256];
        struct buffer out STING_AUTO(buffer_release) = {0};
        struct fault fault = {"", ""};
        snprintf(page, sizeof page, PAGE("%s"), show[i]);
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_content(page);
        assert_true(!replace(file, "1250", "1307", &out, &fault));
    }
}

static void two_texts_of_one_operator_are_replaced(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct pdf_swap swap[2] = {{.text = bytes_of_text("99")},
                               {.text = bytes_of_text("bat")}};
    struct fault fault = {"", ""};
    struct pdf_file *made STING_AUTO(pdf_file_close) = NULL;
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(PAGE("[(the 12 c)20(at and t)-9(he hat sat)]TJ"));
    assert_int_equal(find(file, "", "12", "", &swap[0].spot, &text), 1);
    assert_int_equal(find(file, "", "hat", "", &swap[1].spot, &text), 1);
    assert_true(!pdf_file_replace(file, swap, 2, &out, &fault));
    assert_true(!pdf_file_open(buffer_bytes(&out), &made, &fault));
    assert_int_equal(
        find(made, "the ", "99", " cat and the bat sat", &swap[0].spot, &text),
        1);
}

/* In Helvetica e and o are 556 wide, c 500: 0.56 pt at 10 pt. */
static void a_text_of_another_width_is_refused_with_the_reason(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(PAGE("(the grey can stands) Tj"));
    assert_true(!replace(file, "grey", "gray", &out, &fault));
    assert_int_equal(replace(file, "can", "con", &out, &fault), 0);
    assert_int_equal(replace(file, "grey", "grcy", &out, &fault),
                     STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "0.56 pt narrower"));
    assert_int_equal(replace(file, "can", "cans", &out, &fault),
                     STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "wider"));
}

/* At 1.5 pt the same letter changes the line by less than 0.1 pt. */
static void what_follows_stays_when_the_width_changes_a_little(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content("BT /F 1.5 Tf 1 Tw 72 700 Td (the grey can stands) Tj ET");
    assert_true(!replace(file, "grey", "grcy", &out, &fault));
}

static void a_letter_that_the_font_lacks_is_refused(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(PAGE("(the grey can stands) Tj"));
    assert_int_equal(replace(file, "grey", "gr\xd0\xb6y", &out, &fault),
                     STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "no glyph for \"\xd0\xb6\""));
}

static void hidden_text_and_places_of_two_words_are_refused(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_file *hidden STING_AUTO(pdf_file_close) =
        open_content(PAGE("3 Tr (the grey can stands) Tj"));
    assert_int_equal(replace(hidden, "grey", "gray", &out, &fault),
                     STING_E_UNSUPPORTED);
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(PAGE("(the grey can stands) Tj"));
    assert_int_equal(replace(file, "grey can", "graycan", &out, &fault),
                     STING_E_UNSUPPORTED);
    assert_non_null(strstr(fault.why, "more than one word"));
}

static void a_spot_outside_the_file_is_wrong_use(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(PAGE("(the grey can stands) Tj"));
    const struct pdf_spot spot[] = {
        {1, 0, 0, 1},          {0, 1, 0, 1},          {0, 0, 19, 2},
        {0, 0, UINT32_MAX, 2}, {0, 0, 0, UINT32_MAX}, {0, 0, 4, 0}};
    for (size_t i = 0; i < sizeof spot / sizeof *spot; i++) {
        struct pdf_swap swap = {spot[i], bytes_of_text("x")};
        assert_int_equal(pdf_file_replace(file, &swap, 1, &out, &fault),
                         STING_E_ARG);
        assert_int_equal(out.size, 0);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_text_is_found_across_kerning_and_words),
        cmocka_unit_test(digits_of_one_width_are_replaced_in_place),
        cmocka_unit_test(two_texts_of_one_operator_are_replaced),
        cmocka_unit_test(a_text_of_another_width_is_refused_with_the_reason),
        cmocka_unit_test(what_follows_stays_when_the_width_changes_a_little),
        cmocka_unit_test(a_letter_that_the_font_lacks_is_refused),
        cmocka_unit_test(hidden_text_and_places_of_two_words_are_refused),
        cmocka_unit_test(a_spot_outside_the_file_is_wrong_use),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
