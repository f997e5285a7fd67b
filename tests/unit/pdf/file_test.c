/* Pages made by hand, one for each way of showing text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "paper.h"
#include "pdf/account.h"
#include "pdf/file.h"
#include "tests/check.h"

#define MOST_MOVES 64

static struct pdf_file *open_paper(const struct buffer *paper)
{
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    assert_int_equal(pdf_file_open(buffer_bytes(paper), &file, &fault), 0);
    return file;
}

static struct pdf_file *open_content(const char *content, const char *keys)
{
    static const char *const glyph[] = {PAPER_TYPE3_GLYPH};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page(content, keys, glyph, strcmp(keys, PAPER_TYPE3) ? 0 : 1, &paper);
    return open_paper(&paper);
}

static struct pdf_text text_of(struct pdf_file *file)
{
    struct pdf_text text;
    struct fault fault;
    assert_int_equal(pdf_file_text(file, 0, &text, &fault), 0);
    return text;
}

/* Word w moves by this and nothing else moves; the copy reads the same. */
static void assert_moves(struct pdf_file *file, uint32_t w, float along,
                         float across)
{
    struct pdf_move move[MOST_MOVES] = {{0}};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_text before = text_of(file);
    move[w] = (struct pdf_move){along, across};
    struct pdf_moves moves = {move, before.words, false, NULL};
    assert_int_equal(pdf_file_write(file, &moves, &out, &fault), 0);
    assert_int_equal(pdf_file_check(file, buffer_bytes(&out), 0.3, &fault), 0);
    assert_int_equal(pdf_file_check(file, buffer_bytes(&out), 0.01, &fault),
                     STING_E_FORGED);
    struct pdf_file *copy STING_AUTO(pdf_file_close) = open_paper(&out);
    struct pdf_text after = text_of(copy);
    assert_int_equal(after.words, before.words);
    for (uint32_t i = 0; i < after.words; i++) {
        const struct pdf_word *a = &before.word[i], *b = &after.word[i];
        float dx = b->x0_pt - a->x0_pt, dy = b->y0_pt - a->y0_pt;
        float u = dx * a->ux + dy * a->uy, v = dx * a->vx + dy * a->vy;
        assert_true(fabsf(u - (i == w ? along : 0)) < 0.012F);
        assert_true(fabsf(v - (i == w ? across : 0)) < 0.012F);
        assert_true(fabsf(b->x1_pt - a->x1_pt - dx) < 0.012F);
    }
}

static void assert_all_move(const char *content, const char *keys,
                            uint32_t words)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(content, keys);
    assert_int_equal(text_of(file).words, words);
    for (uint32_t w = 0; w < words; w++) {
        assert_moves(file, w, 0.2F, 0);
        assert_moves(file, w, -0.15F, 0.08F);
        assert_moves(file, w, 0, -0.08F);
    }
}

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

/* A copy in which the first word is moved; the caller releases it. */
static void write_moved(struct pdf_file *file, struct buffer *out)
{
    struct pdf_move move = {0.1F, 0};
    struct pdf_moves moves = {.move = &move, .moves = 1};
    struct fault fault = {"", ""};
    assert_true(text_of(file).words >= 1);
    assert_int_equal(pdf_file_write(file, &moves, out, &fault), 0);
}

static bool holds(const struct buffer *file, const char *text)
{
    return memmem(file->data, file->size, text, strlen(text)) != NULL;
}

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

static void what_nobody_reaches_is_gone(void **state)
{
    (void)state;
    static const char *const lost[] = {"(an older draft)"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    struct pdf_moves none = {0};
    paper_page("BT/F 12 Tf 72 700 Td(one)Tj ET", "", lost, 1, &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_int_equal(pdf_file_write(file, &none, &out, &fault), 0);
    assert_non_null(memmem(paper.data, paper.size, "older draft", 11));
    assert_null(memmem(out.data, out.size, "older draft", 11));
    /* everything before it is as it was, byte for byte */
    const uint8_t *at = memmem(paper.data, paper.size, "6 0 obj", 7);
    assert_memory_equal(paper.data, out.data, (size_t)(at - paper.data));
}

static void what_only_programs_keep_is_gone(void **state)
{
    (void)state;
    static const char *const own[] = {"<</Private(the unmarked page)>>",
                                      "<</Length 0>>stream\n\nendstream"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    struct pdf_moves none = {0};
    paper_page("BT/F 12 Tf 72 700 Td(one)Tj ET", "/PieceInfo 6 0 R/Thumb 7 0 R",
               own, 2, &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_int_equal(pdf_file_write(file, &none, &out, &fault), 0);
    assert_false(holds(&out, "unmarked page"));
    assert_int_equal(pdf_file_check(file, buffer_bytes(&out), 0, &fault), 0);
}

static void a_small_picture_in_the_metadata_is_gone(void **state)
{
    (void)state;
    static const char *const meta[] = {
        "<</Type/Metadata/Subtype/XML/Length 84>>stream\n"
        "<x:xmpmeta><xmp:Thumbnails><a>UNMARKED</a></xmp:Thumbnails>"
        "<b>tank</b></x:xmpmeta>  \nendstream"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_moves none = {0};
    paper_page("BT/F 12 Tf 72 700 Td(one)Tj ET", "/Metadata 6 0 R", meta, 1,
               &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_true(holds(&paper, "UNMARKED"));
    assert_int_equal(pdf_file_write(file, &none, &out, &fault), 0);
    assert_false(holds(&out, "UNMARKED"));
    assert_true(holds(&out, "<b>tank</b></x:xmpmeta>"));
    assert_int_equal(pdf_file_account(file, buffer_bytes(&out), &fault), 0);
    assert_int_equal(pdf_file_check(file, buffer_bytes(&out), 0, &fault), 0);
}

/* A file with a marked stream of indirect length, and its copy. */
static void open_counted(struct pdf_file **file, struct buffer *copy)
{
    static const char *const part[] = {
        "<</Length 7 0 R>>stream\nBT/F 12 Tf 72 700 Td(one)Tj ET\nendstream",
        "29", "<</Length 4>>stream\n0 g \nendstream"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page("q Q", "/Contents[6 0 R 8 0 R]", part, 3, &paper);
    *file = open_paper(&paper);
    write_moved(*file, copy);
}

static void a_copy_with_any_other_byte_is_found(void **state)
{
    (void)state;
    struct buffer copy STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct fault fault;
    open_counted(&file, &copy);
    assert_int_equal(pdf_file_account(file, buffer_bytes(&copy), &fault), 0);
    size_t table = (size_t)((uint8_t *)memmem(copy.data, copy.size, "xref", 4) -
                            copy.data);
    bool inside = false; /* the data of a page's stream */
    for (size_t i = 0; i < table + 4; i++) {
        inside = inside && memcmp(copy.data + i, "\nendstream", 10) != 0;
        copy.data[i] ^= 1;
        assert_int_equal(pdf_file_account(file, buffer_bytes(&copy), &fault),
                         inside ? STING_OK : STING_E_FORGED);
        copy.data[i] ^= 1;
        inside =
            inside || (i >= 8 && !memcmp(copy.data + i - 8, ">>stream\n", 9));
    }
    for (size_t size = 0; size < copy.size - 1; size++) {
        assert_int_equal(
            pdf_file_account(file, (struct bytes){copy.data, size}, &fault),
            STING_E_FORGED);
    }
    assert_int_equal(buffer_text_append(&copy, "%PDF a hidden revision"), 0);
    assert_int_equal(pdf_file_account(file, buffer_bytes(&copy), &fault),
                     STING_E_FORGED);
}

/* The copy's stream is as long as the original's by chance. */
static void a_length_that_stays_the_same_is_no_forgery(void **state)
{
    (void)state;
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct fault fault;
    bool met = false;
    for (int extra = 0; extra < 24; extra++) {
        char text[200], length[8];
        struct buffer copy STING_AUTO(buffer_release) = {0};
        struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
        int size = snprintf(text, sizeof text,
                            "BT/F 12 Tf 72 700 Td(one two)Tj%*s ET", extra, "");
        char stream[300];
        snprintf(stream, sizeof stream,
                 "<</Length 7 0 R>>stream\n%s\nendstream", text);
        snprintf(length, sizeof length, "%d", size);
        const char *object[] = {stream, length};
        paper.size = 0;
        paper_page("q Q", "/Contents 6 0 R", object, 2, &paper);
        file = open_paper(&paper);
        write_moved(file, &copy);
        assert_int_equal(pdf_file_account(file, buffer_bytes(&copy), &fault),
                         0);
        met = met || (copy.size > 0 && holds(&copy, length));
    }
    assert_true(met);
}

static void assert_refused(const struct buffer *paper,
                           enum sting_status expected, const char *why)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct fault fault = {"", ""};
    assert_int_equal(pdf_file_open(buffer_bytes(paper), &file, &fault),
                     expected);
    assert_non_null(strstr(fault.why, why));
    assert_true(fault.todo[0] != '\0' || !strcmp(why, "empty"));
}

/* What came of the rules for a copy of this content in the place of another,
 * whose words may go so far. */
static enum sting_status rules_of(const char *original, const char *copied,
                                  float shift, float most, uint32_t word)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    struct pdf_move move[MOST_MOVES] = {{0}}, may[MOST_MOVES] = {{0}};
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(original, "");
    struct pdf_file *other STING_AUTO(pdf_file_close) =
        open_content(copied, "");
    uint32_t words = text_of(file).words;
    const struct pdf_moves moves = {move, text_of(other).words, false, NULL};
    const struct pdf_moves mays = {may, words, false, NULL};
    move[1].along_pt = shift;
    may[word].along_pt = most;
    assert_int_equal(pdf_file_write(other, &moves, &out, &fault), 0);
    return pdf_file_rules(file, buffer_bytes(&out), &mays, &fault);
}

static void a_copy_that_breaks_a_rule_is_not_given_out(void **state)
{
    (void)state;
    static const char words[] =
        "BT/F 12 Tf 72 700 Td(one two three)Tj 0 -20 Td(four)Tj ET";
    static const char line[] =
        "BT/F 12 Tf 72 700 Td(one two three)Tj 0 -20 Td(four)Tj ET "
        "72 600 m 300 600 l S";
    static const char text[] =
        "BT/F 12 Tf 72 700 Td(one two thref)Tj 0 -20 Td(four)Tj ET";
    static const char blanks[] =
        "BT/F 12 Tf 72 700 Td(one two         )Tj 0 -20 Td(four)Tj ET";
    assert_int_equal(rules_of(words, words, 0.15F, 0.15F, 1), STING_OK);
    assert_int_equal(rules_of(words, words, -0.15F, 0.15F, 1), STING_OK);
    assert_int_equal(rules_of(blanks, blanks, 0.15F, 0.15F, 1), STING_OK);
    assert_int_equal(rules_of(words, words, 0.25F, 0.15F, 1), STING_E_FORGED);
    assert_int_equal(rules_of(words, words, 0.15F, 0.15F, 3), STING_E_FORGED);
    assert_int_equal(rules_of(words, line, 0.15F, 0.15F, 1), STING_E_FORGED);
    assert_int_equal(rules_of(words, text, 0.15F, 0.15F, 1), STING_E_FORGED);
}

static void signed_encrypted_and_damaged_files_are_refused(void **state)
{
    (void)state;
    static const char *const object[] = {"<</Type/Page/Parent 2 0 R>>",
                                         "<</FT/Sig/T(s)/V 6 0 R>>",
                                         "<</Type/Sig/Contents<00>>>"};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer bare STING_AUTO(buffer_release) = {0};
    paper_write(object, 3, "[4 0 R]", "/AcroForm<</Fields[5 0 R]>>", &paper);
    assert_refused(&paper, STING_E_UNSUPPORTED, "signed");
    paper.size = 0;
    assert_refused(&paper, STING_E_FORMAT, "empty");
    paper_page("BT ET", "", NULL, 0, &bare);
    memcpy(memmem(bare.data, bare.size, "startxref\n", 10), "startxref\n9", 11);
    assert_refused(&bare, STING_E_FORMAT, "damaged");
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
        cmocka_unit_test(a_marked_stream_is_written_lean),
        cmocka_unit_test(a_place_along_the_line_is_a_number),
        cmocka_unit_test(a_word_goes_on_through_operators),
        cmocka_unit_test(what_rounding_takes_does_not_add_up),
        cmocka_unit_test(a_colour_that_nothing_is_painted_with_is_left_out),
        cmocka_unit_test(a_small_kern_is_owed_to_a_wide_gap),
        cmocka_unit_test(a_word_is_taken_back_only_where_text_runs_on),
        cmocka_unit_test(an_operator_in_two_streams_moves_its_words),
        cmocka_unit_test(a_script_without_blanks_has_words_of_three),
        cmocka_unit_test(words_from_right_to_left_stay_whole),
        cmocka_unit_test(signs_over_letters_move_with_their_word),
        cmocka_unit_test(hidden_and_oblique_words_say_so),
        cmocka_unit_test(a_form_drawn_twice_moves_alike_in_both_places),
        cmocka_unit_test(words_drawn_twice_take_turns_and_count_once),
        cmocka_unit_test(a_stream_among_others_on_two_pages_keeps_its_words),
        cmocka_unit_test(what_nobody_reaches_is_gone),
        cmocka_unit_test(what_only_programs_keep_is_gone),
        cmocka_unit_test(a_small_picture_in_the_metadata_is_gone),
        cmocka_unit_test(a_copy_with_any_other_byte_is_found),
        cmocka_unit_test(a_length_that_stays_the_same_is_no_forgery),
        cmocka_unit_test(a_copy_that_breaks_a_rule_is_not_given_out),
        cmocka_unit_test(signed_encrypted_and_damaged_files_are_refused),
    };
    return cmocka_run_group_tests_name("file", test, NULL, NULL);
}
