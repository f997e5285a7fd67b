/* What a stencil gives inflates to what the editor writes. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "paper.h"
#include "pdf/edit.h"
#include "pdf/file_state.h"
#include "tests/check.h"

#define MOST_MOVES 64

static struct pdf_file *open_content(const char *content)
{
    static const char *const glyph[] = {PAPER_TYPE3_GLYPH};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    struct pdf_file *file = NULL;
    struct pdf_text text;
    struct fault fault = {"", ""};
    paper_page(content, PAPER_TYPE3, glyph, 1, &paper);
    assert_int_equal(pdf_file_open(buffer_bytes(&paper), &file, &fault), 0);
    assert_int_equal(pdf_file_text(file, 0, &text, &fault), 0);
    assert_true(text.words <= MOST_MOVES);
    return file;
}

static void assert_inflates(struct bytes packed, struct bytes expected)
{
    static uint8_t back[100000];
    uLongf size = sizeof back;
    assert_int_equal(uncompress(back, &size, packed.data, packed.size), Z_OK);
    assert_int_equal(size, expected.size);
    assert_memory_equal(back, expected.data, size);
}

/* Every way of up to 64 words, some hundred times. */
static void assert_same(const char *content, float along, float across)
{
    struct pdf_file *file STING_AUTO(pdf_file_close) = open_content(content);
    const struct page_content *page = file->page;
    struct pdf_move most[MOST_MOVES], move[MOST_MOVES];
    struct stencils *stencils STING_AUTO(stencils_free) = NULL;
    for (uint32_t w = 0; w < page->list.words; w++) {
        most[w] = (struct pdf_move){along, w % 3 ? across : 0};
    }
    const struct pdf_moves all = {most, page->list.words, false, NULL};
    const struct pdf_moves moves = {move, page->list.words, false, NULL};
    assert_int_equal(stencils_new(page, 1, &all, FLATE_QUICK, &stencils),
                     STING_OK);
    assert_true(stencils_have(stencils, 0, 0));
    for (unsigned n = 0; n < 256; n++) {
        struct buffer edited STING_AUTO(buffer_release) = {0};
        struct buffer packed STING_AUTO(buffer_release) = {0};
        size_t begin = 0, plain = 0;
        for (uint32_t w = 0; w < page->list.words; w++) {
            unsigned bits = n * 2654435761U >> (w * 5 % 29);
            move[w].along_pt = bits & 1 ? most[w].along_pt : -most[w].along_pt;
            move[w].across_pt =
                bits & 2 ? most[w].across_pt : -most[w].across_pt;
        }
        assert_true(stencils_fit(stencils, 0, &moves));
        assert_int_equal(edit_content(page->content, &moves, &edited, &begin),
                         STING_OK);
        assert_int_equal(
            stencils_put(stencils, 0, 0, 0, &moves, &packed, &plain), STING_OK);
        assert_int_equal(plain, edited.size - 1);
        assert_inflates(buffer_bytes(&packed),
                        (struct bytes){edited.data, edited.size - 1});
    }
}

static const char *const contents[] = {
    "BT/F 12 Tf 72 700 Td(one two three four)Tj ET",
    "BT/F 12 Tf 72 700 Td[(o)-3(ne)-300(two)-333.5<74687265>-1(e)]TJ ET",
    "BT/F 12 Tf 14 TL 72 700 Td(one two)'(three)' 1 2(four five)\" ET",
    ("BT/F 12 Tf 16.8 TL 72 700 Td 1 Ts(one two)Tj 0 Tw T*(three four)Tj"
     "(five)Tj( six)' ET"),
    "q BT/F 12 Tf 72 700 Td[-20( )5(a\\(b\\) \\134 \\015 c)]TJ ET Q",
    /* the pen goes on from operator to operator */
    ("BT/G 12 Tf 72 700 Td(np)Tj 12 0 Td(p pp)Tj 20 0 "
     "Td[(n)-300(pp)]TJ/G 10 Tf"
     " 30 0 Td(npp)Tj/S<</A 1>>BDC(nn)Tj EMC(nn)Tj 0 -14 "
     "Td(nnop)Tj ET"),
    ("BT/G 12 Tf 72 700 Td( o)Tj(p)Tj(n o)Tj 8 0 Td(p)Tj "
     "q(n o)Tj Q 30 0 Td(p)Tj"
     " 2 Ts(n)Tj 10 0 Td(o p)Tj/F 9 Tf T*(l)Tj ET"),
    ("BT/G 12 Tf 72 700 Td(n)Tj()Tj[]TJ 5 0 "
     "Td[-3]TJ(pp)Tj[-300(ppn)]TJ( onn)' ET"),
};

static void every_copy_is_what_the_editor_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        assert_same(contents[i], 0.15F, 0);
        assert_same(contents[i], 0.15F, 0.08F);
        assert_same(contents[i], -0.12F, 0.08F);
    }
}

static void other_moves_do_not_fit(void **state)
{
    (void)state;
    struct pdf_file *file STING_AUTO(pdf_file_close) =
        open_content(contents[0]);
    struct stencils *stencils STING_AUTO(stencils_free) = NULL;
    struct pdf_move most[4] = {{0.1F, 0}, {0.1F, 0}, {0, 0}, {0.1F, 0}};
    struct pdf_move move[4] = {{-0.1F, 0}, {0.1F, 0}, {0, 0}, {0.1F, 0}};
    const struct pdf_moves all = {most, 4, false, NULL};
    struct pdf_moves moves = {move, 4, false, NULL};
    assert_int_equal(stencils_new(file->page, 1, &all, FLATE_QUICK, &stencils),
                     STING_OK);
    assert_true(stencils_fit(stencils, 0, &moves));
    move[2].along_pt = 0.1F;
    assert_false(stencils_fit(stencils, 0, &moves));
    move[2].along_pt = 0;
    move[0].along_pt = 0;
    assert_false(stencils_fit(stencils, 0, &moves));
    move[0].along_pt = 0.1F;
    moves.always = true;
    assert_false(stencils_fit(stencils, 0, &moves));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_copy_is_what_the_editor_writes),
        cmocka_unit_test(other_moves_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
