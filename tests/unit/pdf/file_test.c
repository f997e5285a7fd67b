/* What is in a copy beside its words, and which files are refused. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "copied.h"
#include "paper.h"
#include "pdf/account.h"
#include "tests/check.h"

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

static void glyphs_are_where_they_are_shown_and_pictures_are_told(void **state)
{
    (void)state;
    static const char *const glyph[] = {PAPER_TYPE3_GLYPH};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct fault fault;
    struct pdf_letter letter[3];
    paper_page("BT/F 12 Tf 72 700 Td(on)Tj/G 10 Tf 100 0 Td(n)Tj ET",
               PAPER_TYPE3, glyph, 1, &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_int_equal(pdf_file_letters(file, 0, &out, &fault), 0);
    assert_int_equal(out.size, sizeof letter);
    memcpy(letter, out.data, sizeof letter);
    for (int i = 0; i < 3; i++) { /* an o of Helvetica is 0.556 em wide */
        const double x_pt[] = {72, 72 + 0.556 * 12, 172};
        assert_true(fabs((double)letter[i].x_pt - x_pt[i]) < 0.001);
        assert_true(fabs((double)(letter[i].y_pt - letter[0].y_pt)) < 0.001);
        assert_int_equal(letter[i].is_picture, i == 2);
    }
    assert_int_equal(pdf_file_letters(file, 1, &out, &fault), STING_E_ARG);
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

static void a_page_that_never_ends_is_refused_unread(void **state)
{
    (void)state;
    struct buffer tower STING_AUTO(buffer_release) = {0};
    struct buffer wide STING_AUTO(buffer_release) = {0};
    struct pdf_file *file STING_AUTO(pdf_file_close) = NULL;
    struct pdf_file *other STING_AUTO(pdf_file_close) = NULL;
    struct pdf_text text;
    struct fault fault = {"", ""};
    paper_tower(&tower);
    assert_int_equal(pdf_file_open(buffer_bytes(&tower), &file, NULL), 0);
    assert_int_equal(pdf_file_gauge(file, 0, &fault), STING_E_LIMIT);
    assert_string_equal(fault.why, "page 1 draws too many forms within forms");
    paper_page("BT ET", "/MediaBox[0 0 65535 65535]", NULL, 0, &wide);
    assert_int_equal(pdf_file_open(buffer_bytes(&wide), &other, NULL), 0);
    assert_int_equal(pdf_file_gauge(other, 0, &fault), STING_OK);
    assert_int_equal(pdf_file_text(other, 0, &text, &fault), STING_E_LIMIT);
    assert_string_equal(fault.why, "page 1 is larger than 20000 pt");
    wide.size = 0;
    pdf_file_close(&other);
    paper_page("BT ET", "/MediaBox[0 0 20000 20000]", NULL, 0, &wide);
    assert_true(!pdf_file_open(buffer_bytes(&wide), &other, &fault));
    assert_int_equal(pdf_file_text(other, 0, &text, &fault), STING_E_LIMIT);
    assert_string_equal(fault.why,
                        "page 1 is too large to be read: 7.1 m x 7.1 m");
}

/* Of the ink between two columns, in pixels. */
static double middle_of(const struct plane *plane, int from, int to)
{
    double sum = 0;
    double ink = 0;
    for (int y = 0; y < plane->height_px; y++) {
        for (int x = from; x < to; x++) {
            double dark = 255 - plane_row(plane, y)[x];
            sum += dark * (x + 0.5);
            ink += dark;
        }
    }
    return sum / ink;
}

/* Sixteen letters, each a fraction of a pixel further on than the last. */
static void letters_are_drawn_where_they_are(void **state)
{
    enum { LETTERS = 16 };
    static const double dpi = 200;
    static const double pitch_pt = 27.023;
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct plane plane STING_AUTO(plane_release) = {0};
    struct fault fault;
    char content[2048] = "BT/F 10 Tf 40 700 Td(l)Tj";
    double away[LETTERS];
    double mean = 0;
    (void)state;
    for (int i = 1; i < LETTERS; i++) {
        size_t length = strlen(content);
        snprintf(content + length, sizeof content - length, " %.3f 0 Td(l)Tj",
                 pitch_pt);
    }
    memcpy(content + strlen(content), " ET", 4);
    paper_page(content, "", NULL, 0, &paper);
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_paper(&paper);
    assert_int_equal(pdf_file_render(file, 0, dpi, &plane, &fault), 0);
    for (int i = 0; i < LETTERS; i++) {
        double at = (40 + i * pitch_pt) * dpi / 72;
        away[i] = middle_of(&plane, (int)at - 20, (int)at + 40) - at;
        mean += away[i] / LETTERS;
    }
    for (int i = 0; i < LETTERS; i++) {
        assert_true(fabs(away[i] - mean) < 0.15);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_nobody_reaches_is_gone),
        cmocka_unit_test(what_only_programs_keep_is_gone),
        cmocka_unit_test(glyphs_are_where_they_are_shown_and_pictures_are_told),
        cmocka_unit_test(a_small_picture_in_the_metadata_is_gone),
        cmocka_unit_test(a_copy_with_any_other_byte_is_found),
        cmocka_unit_test(a_length_that_stays_the_same_is_no_forgery),
        cmocka_unit_test(a_copy_that_breaks_a_rule_is_not_given_out),
        cmocka_unit_test(signed_encrypted_and_damaged_files_are_refused),
        cmocka_unit_test(a_page_that_never_ends_is_refused_unread),
        cmocka_unit_test(letters_are_drawn_where_they_are),
    };
    return cmocka_run_group_tests_name("file", test, NULL, NULL);
}
