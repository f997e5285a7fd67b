/* Pages made by hand, one for each way of showing text: its words move. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "copied.h"
#include "paper.h"
#include "pdf/account.h"
#include "tests/check.h"

static void a_plain_string_moves_word_by_word(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 72 700 Td(one two three)Tj ET", "", 3);
    assert_all_move("BT/F 12 Tf 72 700 Td(one two)Tj( three)Tj ET", "", 3);
}

static void an_array_keeps_its_kerning(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 72 700 Td[(T)80(wo)-300(wor)10(ds)]TJ"
                    "( and more)Tj ET",
                    "", 4);
    assert_all_move("BT/F 12 Tf 72 700 Td[-5(o)<6e65>-300 -20(<two>)]TJ ET", "",
                    2);
}

static void quotes_begin_a_new_line(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 14 TL 72 700 Td(one two)Tj(three four)' "
                    "2 .5 (five six)\"(seven)' ET",
                    "", 7);
}

static void hex_escapes_and_brackets_survive(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 72 700 Td<6f6e 65207477 6f>Tj ET", "", 2);
    assert_all_move("BT/F 12 Tf 72 700 Td(a(b) c\\051d \\\\e\\\nf)Tj ET", "",
                    3);
}

static void spacing_scaling_and_rise_are_followed(void **state)
{
    (void)state;
    assert_all_move("BT/F 1 Tf 12 0 0 12 72 700 Tm .05 Tc .1 Tw 90 Tz"
                    "(one two)Tj 3 Ts(three)Tj ET",
                    "", 3);
    assert_all_move(
        "q .1 0 0 .1 0 0 cm BT/F 120 Tf 720 7000 Td(one two)Tj ET Q", "", 2);
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content("BT/F 12 Tf 1 0 .2 1 72 700 Tm(slanted words)Tj ET", "");
    struct pdf_move move = {0.2F, 0};
    struct pdf_moves moves = {&move, 1, false, NULL};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    assert_int_equal(pdf_file_write(file, &moves, &out, &fault), 0);
    assert_int_equal(pdf_file_check(file, buffer_bytes(&out), 0.21, &fault), 0);
}

static void a_turned_page_moves_along_its_writing(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 72 700 Td(one two)Tj ET", "/Rotate 90", 2);
    assert_all_move("BT/F 12 Tf 0 1 -1 0 300 300 Tm(one two)Tj ET", "", 2);
}

static void text_without_blanks_around_it_is_still_parsed(void **state)
{
    (void)state;
    assert_all_move("BT/F 12 Tf 72 700 Td(one)Tj 0 -14 Td(two)Tj T*(three)Tj ET"
                    " BT/F 12 Tf 72 600 Td(four)Tj ET",
                    "", 4);
}

static void an_inline_image_is_stepped_over(void **state)
{
    (void)state;
    assert_all_move("q 9 0 0 9 0 0 cm BI/W 8/H 1/BPC 8/CS/G ID (EI T EI\nEI Q "
                    "BT/F 12 Tf 72 700 Td(one two)Tj ET",
                    "", 2);
    /* a blank stays behind its end, which MuPDF wants */
    assert_all_move("BT/F 12 Tf 72 700 Td BI/W 8/H 1/BPC 8/CS/G ID (EI T EI\n"
                    "EI (one two)Tj ET",
                    "", 2);
}

static void an_operator_in_two_streams_moves_its_words(void **state)
{
    (void)state;
    static const char *const part[] = {
        "<</Length 17>>stream\n(one two three)Tj\nendstream",
        "<</Length 23>>stream\nET BT/F 9 Tf 72 650 Td[\nendstream",
        "<</Length 13>>stream\n(four)]TJ ET \nendstream"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page("BT/F 12 Tf 72 700 Td", "/Contents[5 0 R 6 0 R 7 0 R 8 0 R]",
               part, 3, &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_int_equal(text_of(file).words, 4);
    for (uint32_t w = 0; w < 4; w++) {
        assert_int_equal(text_of(file).word[w].flags, 0);
        assert_moves(file, w, 0.2F, 0);
    }
}

/* The letters a to z are the signs from `first` on. */
static void open_script(int first, const char *content, struct pdf_file **out)
{
    char map[400], font[] = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica"
                            "/Encoding/WinAnsiEncoding/ToUnicode 7 0 R>>";
    char body[300];
    snprintf(body, sizeof body,
             "/CMapName/U def 1 begincodespacerange<00><ff>"
             "endcodespacerange 1 beginbfrange<61><7a><%04x>endbfrange ",
             (unsigned)first);
    snprintf(map, sizeof map, "<</Length %zu>>stream\n%s\nendstream",
             strlen(body), body);
    const char *object[] = {font, map};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page(content, "/Resources<</Font<</F 6 0 R>>>>", object, 2, &paper);
    *out = open_paper(&paper);
}

static void a_script_without_blanks_has_words_of_three(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    open_script(0x6c34, "BT/F 12 Tf 72 700 Td(abcdefgh)Tj ET", &file);
    assert_int_equal(text_of(file).words, 3);
    assert_int_equal(text_of(file).word[0].flags, PDF_WORD_GRID);
    assert_int_equal(text_of(file).word[2].glyphs, 2);
    assert_moves(file, 1, 0.075F, 0);
}

static void words_from_right_to_left_stay_whole(void **state)
{
    (void)state;
    /* the second glyph lies left of the first: 556 + 556 back */
    static const char content[] =
        "BT/F 12 Tf 172 700 Td[(a)1112(b)1112(d)1900(e)1112(g)]TJ ET";
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct pdf_file *left STING_AUTO(pdf_file_close) = NULL;
    open_script(0x05d0, content, &file);
    assert_int_equal(text_of(file).words, 2);
    assert_int_equal(text_of(file).word[0].glyphs, 3);
    assert_int_equal(text_of(file).word[1].flags, PDF_WORD_BACKWARD);
    assert_moves(file, 0, 0.1F, 0);
    assert_moves(file, 1, -0.1F, 0);
    open_script(0x0430, content, &left);
    assert_int_equal(text_of(left).words, 5);
}

static void signs_over_letters_move_with_their_word(void **state)
{
    (void)state;
    /* p, q, r are letters, a is a point over q */
    static const char content[] =
        "BT/F 12 Tf 172 700 Td[(p)1112(q)556]TJ 4 Ts(a)Tj 0 Ts[889(r)]TJ "
        "[2222(p)]TJ ET";
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct pdf_file *latin STING_AUTO(pdf_file_close) = NULL;
    open_script(0x05c1, content, &file);
    struct pdf_text text = text_of(file);
    assert_int_equal(text.words, 2);
    assert_int_equal(text.word[0].glyphs, 4);
    assert_int_equal(text.word[0].signs, 1);
    assert_true(fabsf(text.word[0].baseline_pt - 92) < 0.1F);
    assert_moves(file, 0, 0.1F, 0);
    assert_moves(file, 1, -0.1F, 0);
    open_script(0x0430, content, &latin);
    assert_true(text_of(latin).words > 3);
}

static unsigned flags_of(const char *content)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(content, "");
    struct pdf_text text = text_of(file);
    assert_int_equal(text.words, 1);
    return text.word[0].flags;
}

static void hidden_and_oblique_words_say_so(void **state)
{
    (void)state;
    assert_int_equal(flags_of("BT/F 12 Tf 72 700 Td(one)Tj ET"), 0);
    assert_int_equal(flags_of("BT 3 Tr/F 12 Tf 72 700 Td(one)Tj ET"),
                     PDF_WORD_HIDDEN);
    assert_int_equal(flags_of("BT 7 Tr/F 12 Tf 72 700 Td(one)Tj ET"),
                     PDF_WORD_HIDDEN);
    assert_int_equal(flags_of("/OC/L BDC BT/F 12 Tf 72 700 Td(one)Tj ET EMC"),
                     PDF_WORD_HIDDEN);
    assert_int_equal(flags_of("BT/F 12 Tf .7 .7 -.7 .7 72 700 Tm(one)Tj ET"),
                     PDF_WORD_VERTICAL);
    assert_int_equal(flags_of("BT/F 12 Tf 72 700 Td(2011)Tj ET"),
                     PDF_WORD_DIGITS);
}

static const char *const twin_form[] = {
    "<</Type/XObject/Subtype/Form/BBox[0 0 300 50]/Length 34>>\nstream\n"
    "BT/F 12 Tf 10 10 Td(one two)Tj ET \nendstream"};

static const char twin_keys[] =
    "/Resources<</Font<</F 3 0 R>>/XObject<</X 6 0 R>>>>";

static struct pdf_file *open_twins(const char *content)
{
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page(content, twin_keys, twin_form, 1, &paper);
    return open_paper(&paper);
}

static void a_form_drawn_twice_moves_alike_in_both_places(void **state)
{
    (void)state;
    struct pdf_file *once STING_AUTO(pdf_file_close) =
        open_twins("q 1 0 0 1 50 600 cm/X Do Q");
    assert_int_equal(text_of(once).words, 2);
    assert_moves(once, 1, 0.2F, 0.08F);
    struct pdf_file *twice STING_AUTO(pdf_file_close) =
        open_twins("q .5 0 0 .5 50 600 cm/X Do Q q 1 0 0 1 50 300 cm/X Do Q");
    struct pdf_text text = text_of(twice);
    struct pdf_move move[4] = {{0, 0}, {0.1F, 0.04F}, {0, 0}, {0, 0}};
    struct pdf_moves moves = {move, 4, false, NULL};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    assert_int_equal(text.words, 4);
    assert_int_equal(pdf_file_write(twice, &moves, &out, &fault), 0);
    assert_int_equal(pdf_file_account(twice, buffer_bytes(&out), &fault), 0);
    assert_int_equal(pdf_file_rules(twice, buffer_bytes(&out), &moves, &fault),
                     0);
    struct pdf_file *copy STING_AUTO(pdf_file_close) = open_paper(&out);
    for (uint32_t w = 0; w < 4; w++) {
        const struct pdf_word *a = &text.word[w];
        const struct pdf_word *b = &text_of(copy).word[w];
        float much = w == 1 ? 0.1F : w == 3 ? 0.2F : 0;
        assert_float_equal(b->x0_pt - a->x0_pt, much, 0.012F);
        assert_float_equal(a->y0_pt - b->y0_pt, 0.4F * much, 0.012F);
    }
}

static void words_drawn_twice_take_turns_and_count_once(void **state)
{
    (void)state;
    struct pdf_file *twice STING_AUTO(pdf_file_close) =
        open_twins("q 1 0 0 1 50 600 cm/X Do Q q 1 0 0 1 50 300 cm/X Do Q");
    struct pdf_text text = text_of(twice);
    assert_int_equal(text.words, 4);
    for (uint32_t w = 0; w < 2; w++) {
        const struct pdf_word *a = &text.word[w], *b = &text.word[w + 2];
        assert_int_not_equal(a->family, 0);
        assert_int_equal(a->family, b->family);
        assert_int_equal((a->flags ^ b->flags), PDF_WORD_SHARED);
    }
    assert_int_not_equal(text.word[0].flags, text.word[1].flags);
}

static void a_stream_among_others_on_two_pages_keeps_its_words(void **state)
{
    (void)state;
    static const char *const object[] = {
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents[6 0 R 7 0 R]"
        "/Resources<</Font<</F 3 0 R>>>>>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents[6 0 R 8 0 R]"
        "/Resources<</Font<</F 3 0 R>>>>>>",
        "<</Length 30>>\nstream\nBT/F 9 Tf 10 99 Td(head)Tj ET \nendstream",
        "<</Length 30>>\nstream\nBT/F 9 Tf 10 50 Td(one1)Tj ET \nendstream",
        "<</Length 30>>\nstream\nBT/F 9 Tf 10 50 Td(two2)Tj ET \nendstream"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_write(object, 5, "[4 0 R 5 0 R]", "", &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    struct pdf_text text = text_of(file);
    assert_int_equal(text.words, 2);
    assert_int_equal(text.word[0].flags, PDF_WORD_SHARED);
    assert_int_equal(text.word[0].family, 0);
    assert_int_equal(text.word[1].flags, 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_plain_string_moves_word_by_word),
        cmocka_unit_test(an_array_keeps_its_kerning),
        cmocka_unit_test(quotes_begin_a_new_line),
        cmocka_unit_test(hex_escapes_and_brackets_survive),
        cmocka_unit_test(spacing_scaling_and_rise_are_followed),
        cmocka_unit_test(a_turned_page_moves_along_its_writing),
        cmocka_unit_test(text_without_blanks_around_it_is_still_parsed),
        cmocka_unit_test(an_inline_image_is_stepped_over),
        cmocka_unit_test(an_operator_in_two_streams_moves_its_words),
        cmocka_unit_test(a_script_without_blanks_has_words_of_three),
        cmocka_unit_test(words_from_right_to_left_stay_whole),
        cmocka_unit_test(signs_over_letters_move_with_their_word),
        cmocka_unit_test(hidden_and_oblique_words_say_so),
        cmocka_unit_test(a_form_drawn_twice_moves_alike_in_both_places),
        cmocka_unit_test(words_drawn_twice_take_turns_and_count_once),
        cmocka_unit_test(a_stream_among_others_on_two_pages_keeps_its_words),
    };
    return cmocka_run_group_tests_name("moves", test, NULL, NULL);
}
