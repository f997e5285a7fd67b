/* Paths that follow a field, and all that must not. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pdf/drawing.h"
#include "pdf/lexer.h"
#include "tests/check.h"

#define COLUMNS 30
#define ROWS 40

static struct pdf_node node[COLUMNS * ROWS];

/* Displacements of up to 0.25 pt that differ from cell to cell. */
static struct pdf_field wild_field(void)
{
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        unsigned bits = (unsigned)i * 2654435761U;
        node[i] = (struct pdf_node){bits & 0x10000 ? 0.25F : -0.25F,
                                    bits & 0x20000 ? 0.25F : -0.25F};
    }
    return (struct pdf_field){21.6, COLUMNS, ROWS, node};
}

/* User space with y up, on a page of 612 x 792. */
static const struct place_map upright = {1, 0, 0, -1, 0, 792};

static void edit_parts(const char *text, const struct pdf_field *field,
                       struct buffer *out, size_t *part_begin, uint32_t parts)
{
    const struct drawing drawing = {
        .text = bytes_of_text(text),
        .map = upright,
        .field = field,
        .width_pt = 612,
        .height_pt = 792,
        .part_begin = part_begin,
        .parts = parts,
    };
    assert_int_equal(drawing_edit(&drawing, out), STING_OK);
}

static void edit(const char *text, struct buffer *out)
{
    struct pdf_field field = wild_field();
    size_t begin = 0;
    edit_parts(text, &field, out, &begin, 1);
    assert_int_equal(begin, 0);
}

static void assert_stays(const char *text)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    edit(text, &out);
    assert_string_equal(buffer_text(&out), text);
}

/* Numbers of the result, as far as there is room. */
static int numbers(const struct buffer *out, double *number, int most)
{
    struct lexer lexer = {buffer_bytes(out), 0};
    struct lexer_token token = pdf_lexer_next(&lexer);
    int count = 0;
    for (; token.kind != TOKEN_END && count < most;
         token = pdf_lexer_next(&lexer)) {
        if (token.kind == TOKEN_NUMBER) {
            number[count++] = token.number;
        }
    }
    return count;
}

static void a_field_of_nothing_changes_nothing(void **state)
{
    (void)state;
    static const char text[] = "q 1 0 0 1 9 9 cm\n10 20 m 300 20 l h S Q "
                               "30 30 99 99 re f\n1 2 3 4 5 6 c n";
    struct pdf_field field = wild_field();
    struct buffer out STING_AUTO(buffer_release) = {0};
    size_t begin = 0;
    memset(node, 0, sizeof node);
    edit_parts(text, &field, &out, &begin, 1);
    assert_string_equal(buffer_text(&out), text);
}

static void a_long_line_follows_the_field(void **state)
{
    (void)state;
    struct pdf_field field = wild_field();
    struct buffer out STING_AUTO(buffer_release) = {0};
    double n[400];
    edit("100 300 m 500 300 l S", &out);
    int count = numbers(&out, n, 400);
    assert_in_range(count, 40, 399);
    for (int i = 0; i < count; i += 2) {
        /* The point came from a place at most 0.3 pt beside it. */
        struct place by = pdf_field_at(&field, n[i], 492);
        by = pdf_field_at(&field, n[i] - by.x, 492);
        assert_true(fabs(n[i + 1] - (300 - by.y)) < 0.02);
        assert_true(i == 0 || n[i] > n[i - 2]);
    }
    struct place by = pdf_field_at(&field, 500, 492);
    assert_true(fabs(n[count - 2] - (500 + by.x)) < 0.006);
    assert_non_null(strstr(buffer_text(&out), "l\nS"));
}

static void a_rectangle_becomes_a_closed_path(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    edit("100 100 200 80 re S", &out);
    assert_null(strstr(buffer_text(&out), "re"));
    assert_non_null(strstr(buffer_text(&out), "m\n"));
    assert_non_null(strstr(buffer_text(&out), "h\nS"));
}

static void what_clips_or_covers_stays(void **state)
{
    (void)state;
    assert_stays("100 100 200 80 re W n");
    assert_stays("100 100 200 80 re\nW* n");
    assert_stays("0 0 612 792 re f");
}

static void maps_are_followed_and_left(void **state)
{
    (void)state;
    struct pdf_field field = wild_field();
    struct buffer out STING_AUTO(buffer_release) = {0};
    double n[16];
    edit("q 0 2 -2 0 400 50 cm 60 70 m Q 60 70 m", &out);
    assert_int_equal(numbers(&out, n, 16), 10);
    /* (60, 70) is (260, 170) in user space. */
    struct place by = pdf_field_at(&field, 260, 792 - 170);
    assert_true(fabs(n[6] - (60 - by.y / 2)) < 0.006);
    assert_true(fabs(n[7] - (70 - by.x / 2)) < 0.006);
    by = pdf_field_at(&field, 60, 792 - 70);
    assert_true(fabs(n[8] - (60 + by.x)) < 0.006);
    assert_true(fabs(n[9] - (70 - by.y)) < 0.006);
}

static void a_curve_keeps_its_ends_in_the_field(void **state)
{
    (void)state;
    static const char *const text[] = {
        "100 100 m 140 160 180 160 220 100 c S",
        "100 100 m 180 160 220 100 v S",
        "100 100 m 140 160 220 100 y S",
    };
    struct pdf_field field = wild_field();
    struct place by = pdf_field_at(&field, 220, 692);
    for (size_t i = 0; i < 3; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        double n[400] = {0};
        edit(text[i], &out);
        int count = numbers(&out, n, 400) - 2;
        assert_in_range(count, 6 * 8, 397);
        assert_int_equal(count % 6, 0);
        const double *end = n + (count > 0 ? count : 0);
        assert_true(fabs(end[0] - (220 + by.x)) < 0.006);
        assert_true(fabs(end[1] - (100 - by.y)) < 0.006);
    }
}

static void text_and_inline_images_stay(void **state)
{
    (void)state;
    assert_stays("BT /F 12 Tf 72 700 Td (1 2 m 3 4 l)Tj ET");
    assert_stays("BI /W 8 /H 1 /BPC 8 /CS /G ID 1 2 m 3 \nEI Q");
    assert_stays("(a) 2 m 3 m 1 2 3 l");
}

static void streams_begin_where_their_text_begins(void **state)
{
    (void)state;
    static const char text[] = "100 300 m 500 300 l S\n70 80 m\n90 90 l 20 \n"
                               "30 l S\n";
    struct pdf_field field = wild_field();
    struct buffer out STING_AUTO(buffer_release) = {0};
    size_t begin[4] = {0, 22, 30, 42};
    assert_memory_equal(text + 22, "70 80 m", 7);
    assert_memory_equal(text + 42, "30 l S", 6);
    edit_parts(text, &field, &out, begin, 4);
    assert_int_equal(begin[0], 0);
    const char *now = buffer_text(&out);
    assert_int_equal(now[begin[1] - 1], '\n');
    assert_int_equal(now[begin[2] - 1], '\n');
    /* The operator that begins in one stream and ends in the next stays. */
    assert_string_equal(now + begin[3], "30 l S\n");
    assert_memory_equal(now + begin[3] - 4, "20 \n", 4);
    double n[4];
    struct lexer lexer = {buffer_bytes(&out), begin[1]};
    n[0] = pdf_lexer_next(&lexer).number;
    n[1] = pdf_lexer_next(&lexer).number;
    assert_true(hypot(n[0] - 70, n[1] - 80) > 0.01 &&
                hypot(n[0] - 70, n[1] - 80) < 0.4);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_field_of_nothing_changes_nothing),
        cmocka_unit_test(a_long_line_follows_the_field),
        cmocka_unit_test(a_rectangle_becomes_a_closed_path),
        cmocka_unit_test(what_clips_or_covers_stays),
        cmocka_unit_test(maps_are_followed_and_left),
        cmocka_unit_test(a_curve_keeps_its_ends_in_the_field),
        cmocka_unit_test(text_and_inline_images_stay),
        cmocka_unit_test(streams_begin_where_their_text_begins),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
