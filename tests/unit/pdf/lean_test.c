/* What a stream with marks is written as: no byte more than it takes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "copied.h"
#include "paper.h"
#include "tests/check.h"

static void a_marked_stream_is_written_lean(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_content(
        "  q % a note\n 1.50 0 0 +1.50 -0.0 0 cm  0.000 g /P <</A (b  c)>>\n"
        "BDC BT\n/F  12.00  Tf 48.00004 400.123 Td ( one  two )Tj\n"
        "[ ( a ) -20.0004 ( b ) ]  TJ ET EMC Q 1.2-3 w --7 i / 5 gs",
        "");
    write_moved(file, &out);
    assert_true(holds(&out, "\nq 1.5 0 0 1.5 0 0 cm 0 g/P<</A (b  c)>>BDC "
                            "BT/F 12 Tf 48 400.123 Td["));
    assert_true(holds(&out, "[( a )-20( b )]TJ ET EMC Q 1.2-3 w --7 i/ 5 gs"));
}

static void a_colour_that_nothing_is_painted_with_is_left_out(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_content(
        "0 g 0 G 1 0 0 rg 0 G BT/F 12 Tf 72 700 Td(one two)Tj 1 0 0 rg 0 G\n"
        "0 g 1 0 0 rg(three)Tj 0 g 0 0 1 RG 1 g ET q 1 g 0 g Q 1 g\n"
        "/C cs .5 sc 1 g 9 9 9 9 re f 1 g ",
        "");
    write_moved(file, &out);
    assert_true(holds(&out, "\n 1 0 0 rg 0 G BT/F 12 Tf"));
    assert_true(holds(&out, "(three)Tj 0 0 1 RG 1 g ET q 0 g Q 1 g/C cs .5 sc "
                            "1 g 9 9 9 9 re f\n"));
}

/* What follows the pen is one operator, whoever placed it; a Td that must
 * be said stands before what it is said for. All glyphs are 6 wide here. */
static void a_place_along_the_line_is_a_number(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } row[] = {
        {"(o)Tj 6 0 Td(o)Tj", "(oo)Tj"},
        {"(o)Tj 9 0 Td(o)Tj", "[(o)-250(o)]TJ"},
        {"[(o)]TJ 3 0 Td 6 0 Td[-5(o)]TJ", "[(o)-250 -5(o)]TJ"},
        {"(o)Tj 6 0 Td 1 Tr(o)Tj 0 Tr", "(o)Tj 1 Tr(o)Tj 0 Tr"},
        {"(o)Tj 9 0 Td 1 Tr(o)Tj 0 Tr", "(o)Tj 1 Tr[-250(o)]TJ"},
        /* further than its size, at another height, after a line, and what
         * is placed by words */
        {"(o)Tj 19 0 Td(o)Tj", "(o)Tj 19 0 Td(o)Tj"},
        {"(o)Tj 6 0 Td 1 Ts(o)Tj", "(o)Tj 6 0 Td 1 Ts(o)Tj"},
        {"(o)Tj 6 0 Td(o)Tj T*(o)Tj", "(oo)Tj 6 0 Td T*(o)Tj"},
        {"(o)Tj 6 0 Td(o)Tj 3 -20 Td(o)Tj", "(oo)Tj 9 -20 Td(o)Tj"},
        {"(o)Tj 6 0 Td q(o)Tj Q", "(o)Tj 6 0 Td q(o)Tj Q"},
        {"(o)Tj 6 0 Td(o)Tj 9 0 0 9 5 5 Tm(o)Tj", "(oo)Tj 9 0 0 9 5 5 Tm"},
        {"/F 12 Tf(o)Tj 6 0 Td(o)Tj", "(o)Tj 6 0 Td(o)Tj"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        char content[160];
        snprintf(content, sizeof content,
                 "BT/G 12 Tf 20 TL 72 700 Td(o)Tj T* %s ET", row[i].from);
        struct pdf_file *file STING_AUTO(pdf_file_close) =
            open_content(content, PAPER_TYPE3);
        write_moved(file, &out);
        if (!holds(&out, row[i].to)) {
            fail_msg("%s is not written as %s", row[i].from, row[i].to);
        }
    }
}

/* A word of several operators is moved once, and taken back once. */
static void a_word_goes_on_through_operators(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    const char *content =
        "BT/G 12 Tf 72 700 Td(o)Tj/S<</A 1>>BDC(n)Tj EMC 12 0 Td"
        "(p on )Tj 2 Tr 60 0 Td(o)Tj 8 -20 Td(p)Tj ET";
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(content, PAPER_TYPE3);
    write_moved(file, &out);
    assert_true(holds(&out, "(o)]TJ/S<</A 1>>BDC(n)Tj EMC[(p )"));
    assert_all_move(content, PAPER_TYPE3, text_of(file).words);
}

static void what_rounding_takes_does_not_add_up(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    assert_true(
        !buffer_text_append(&text, "BT/F 12 Tf 72 700 Td(one)Tj 0 -20 Td"));
    for (int i = 0; i < 100; i++) {
        assert_true(!buffer_text_append(&text, "[.004]TJ 0.0044 0 Td "));
    }
    assert_true(!buffer_text_append(&text, "[(x)"));
    for (int i = 0; i < 100; i++) {
        assert_true(!buffer_text_append(&text, "-0.44()"));
    }
    assert_true(!buffer_text_append(&text, "(x y)]TJ ET"));
    const char *content = buffer_text(&text);
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(content, "");
    write_moved(file, &out);
    assert_true(out.size < strlen(content) + 1100);
    struct pdf_file *copy STING_AUTO(pdf_file_close) = open_paper(&out);
    for (uint32_t w = 1; w < 3; w++) {
        assert_true(fabsf(text_of(file).word[w].x0_pt -
                          text_of(copy).word[w].x0_pt) < 0.0185F);
    }
}

/* A kern that nobody sees goes where a wide gap takes it, and stays where a
 * gap comes first in which readers of text may see a blank or none. */
static void a_small_kern_is_owed_to_a_wide_gap(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content("BT/F 12 Tf 72 700 Td(one two)Tj 0 -20 Td "
                     "[(a)1(b)-300(c)]TJ 0 -20 Td[(a)1(b)-150(c)-300(d)]TJ "
                     "0 -20 Td[(a)1(b)]TJ ET",
                     "");
    write_moved(file, &out);
    assert_true(holds(&out, "[(ab)-299(c)]TJ"));
    assert_true(holds(&out, "[(a)1(b)-150(c)-300(d)]TJ"));
    assert_true(holds(&out, "[(a)1(b)]TJ"));
}

/* What is placed anew does not stand where the last word left off. */
static void a_word_is_taken_back_only_where_text_runs_on(void **state)
{
    (void)state;
    static const char *const next[] = {"0 -20 Td(two)Tj", "T*(two)Tj",
                                       "1 0 0 1 72 650 Tm(two)Tj", "(two)'",
                                       "ET BT 9 9 Td(two)Tj"};
    struct buffer out STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < sizeof next / sizeof *next; i++) {
        char content[99];
        snprintf(content, sizeof content,
                 "BT/F 12 Tf 20 TL 72 700 Td(one)Tj %s ET", next[i]);
        struct pdf_file *file STING_AUTO(pdf_file_close) =
            open_content(content, "");
        write_moved(file, &out);
        assert_true(holds(&out, "(one)]TJ"));
        assert_all_move(content, "", 2);
    }
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content("BT/F 12 Tf 72 700 Td(one )Tj(two)Tj ET", "");
    write_moved(file, &out);
    assert_false(holds(&out, "(one )]TJ"));
}

/* The first gap is 0.1 em and the second 0.15 em, of 12 points. */
static void a_gap_that_rounding_decides_is_not_rounded(void **state)
{
    (void)state;
    const char *content = "BT/F 12 Tf 72.00004 700 Td(one)Tj/F 10 Tf "
                          "1 0 0 1 93.21604 700 Tm(two)Tj/F 12 Tf "
                          "1 0 0 1 144.00004 700 Tm(three)Tj/F 10 Tf "
                          "1 0 0 1 177.00004 700 Tm(four)Tj ET";
    struct buffer fine STING_AUTO(buffer_release) = {0};
    struct buffer rounded STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(content, "");
    assert_true(text_of(file).word[0].flags & PDF_WORD_TORN);
    assert_false(text_of(file).word[1].flags & PDF_WORD_TORN);
    write_moved(file, &fine);
    assert_true(holds(&fine, "1 0 0 1 93.21604 700 Tm"));
    pdf_file_spell(file, CONTENT_ROUNDED);
    write_moved(file, &rounded);
    assert_true(holds(&rounded, "1 0 0 1 93.216 700 Tm"));
}

static void a_gap_far_from_that_is_rounded(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content("BT/F 12 Tf 72.00004 700 Td(one)Tj/F 10 Tf "
                     "1 0 0 1 93.23604 700 Tm(two)Tj ET",
                     "");
    assert_false(text_of(file).word[0].flags & PDF_WORD_TORN);
    write_moved(file, &out);
    assert_true(holds(&out, "1 0 0 1 93.236 700 Tm"));
}

#define PAPER_UNROUNDED                                                        \
    "/Resources<</Font<</F 3 0 R/G<</Type/Font/Subtype/Type3/FontBBox"         \
    "[0 0 999 999]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 110/LastChar 112"   \
    "/Widths[500 500.4 500]/CharProcs<</n 6 0 R/o 6 0 R>>/Resources<<>>"       \
    "/Encoding<</Type/Encoding/Differences[110/n/o/n]>>>>>>>>"

/* Of n the pen is where all readers think it is; an o is 0.0048 pt more to
 * those who do not round, and eight are too much. */
static void a_place_that_readers_differ_in_stays(void **state)
{
    (void)state;
    static const struct {
        const char *from, *fine, *rounded;
    } row[] = {
        {"(nnnnnnnn)Tj 57 0 Td(n)Tj", "[(nnnnnnnn)-750(n)]TJ",
         "[(nnnnnnnn)-750(n)]TJ"},
        {"(oooo)Tj 33 0 Td(n)Tj", "[(oooo)-750(n)]TJ", "[(oooo)-750(n)]TJ"},
        {"(oooooooo)Tj 57 0 Td(n)Tj", "(oooooooo)Tj 57 0 Td(n)Tj",
         "[(oooooooo)-750(n)]TJ"},
    };
    static const char *const glyph[] = {PAPER_TYPE3_GLYPH};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buffer paper STING_AUTO(buffer_release) = {0};
        struct buffer fine STING_AUTO(buffer_release) = {0};
        struct buffer rounded STING_AUTO(buffer_release) = {0};
        char content[160];
        snprintf(content, sizeof content,
                 "BT/G 12 Tf 20 TL 72 700 Td(n)Tj T* %s ET", row[i].from);
        paper_page(content, PAPER_UNROUNDED, glyph, 1, &paper);
        struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
        write_moved(file, &fine);
        pdf_file_spell(file, CONTENT_ROUNDED);
        write_moved(file, &rounded);
        assert_true(holds(&fine, row[i].fine));
        assert_true(holds(&rounded, row[i].rounded));
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_marked_stream_is_written_lean),
        cmocka_unit_test(a_place_along_the_line_is_a_number),
        cmocka_unit_test(a_word_goes_on_through_operators),
        cmocka_unit_test(what_rounding_takes_does_not_add_up),
        cmocka_unit_test(a_colour_that_nothing_is_painted_with_is_left_out),
        cmocka_unit_test(a_gap_that_rounding_decides_is_not_rounded),
        cmocka_unit_test(a_gap_far_from_that_is_rounded),
        cmocka_unit_test(a_place_that_readers_differ_in_stays),
        cmocka_unit_test(a_small_kern_is_owed_to_a_wide_gap),
        cmocka_unit_test(a_word_is_taken_back_only_where_text_runs_on),
    };
    return cmocka_run_group_tests_name("lean", test, NULL, NULL);
}
