#include "copied.h"

#include <math.h>
#include <string.h>

#include "paper.h"
#include "tests/check.h"

struct pdf_file *open_paper(const struct buffer *paper)
{
    struct pdf_file *file = NULL;
    struct fault fault = {"", ""};
    assert_int_equal(pdf_file_open(buffer_bytes(paper), &file, &fault), 0);
    return file;
}

struct pdf_file *open_content(const char *content, const char *keys)
{
    static const char *const glyph[] = {PAPER_TYPE3_GLYPH};
    struct buffer paper STING_AUTO(buffer_release) = {0};
    paper_page(content, keys, glyph, strcmp(keys, PAPER_TYPE3) ? 0 : 1, &paper);
    return open_paper(&paper);
}

struct pdf_text text_of(struct pdf_file *file)
{
    struct pdf_text text;
    struct fault fault;
    assert_int_equal(pdf_file_text(file, 0, &text, &fault), 0);
    return text;
}

void assert_moves(struct pdf_file *file, uint32_t w, float along, float across)
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

void assert_all_move(const char *content, const char *keys, uint32_t words)
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

void write_moved(struct pdf_file *file, struct buffer *out)
{
    struct pdf_move move = {0.1F, 0};
    struct pdf_moves moves = {.move = &move, .moves = 1};
    struct fault fault = {"", ""};
    assert_true(text_of(file).words >= 1);
    assert_int_equal(pdf_file_write(file, &moves, out, &fault), 0);
}

bool holds(const struct buffer *file, const char *text)
{
    return memmem(file->data, file->size, text, strlen(text)) != NULL;
}
