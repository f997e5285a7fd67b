#include "mark/read_grid.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"

#define DPI 144.0 /* two pixels a point */

/* A word from 10 to 30 pt: two letters, the second with twice as many strokes;
 * beside and below it letters of others. */
static const struct pdf_letter around[] = {
    {20, 19, 0}, {10, 19, 0}, {40, 19, 0}, {12, 32, 0}, {12, 8, 0}};

static void word_draw(struct plane *original)
{
    static const int stroke_px[] = {30, 50, 56};
    assert_int_equal(plane_init(original, 200, 100), STING_OK);
    for (int y = 0; y < original->height_px; y++) {
        for (int x = 0; x < original->width_px; x++) {
            plane_row(original, y)[x] = 255;
        }
        for (size_t i = 0; y >= 20 && y < 40 && i < 3; i++) {
            plane_row(original, y)[stroke_px[i]] = 0;
        }
    }
}

static void word_know(const struct pdf_letter *letter, size_t letters,
                      struct grid_words *out)
{
    struct plane original STING_AUTO(plane_release) = {0};
    struct word_reading word[] = {
        {.x0_pt = 10, .y0_pt = 10, .x1_pt = 30, .y1_pt = 20, .is_seen = true},
        {.x0_pt = 10,
         .y0_pt = 10,
         .x1_pt = 30,
         .y1_pt = 20,
         .is_seen = true,
         .is_cell = true}};
    const struct word_readings words = {.word = word, .words = 2};
    struct pdf_letter own[8];
    const struct mark_letters all = {own, letters};
    memcpy(own, letter, letters * sizeof *letter);
    word_draw(&original);
    assert_int_equal(grid_words_init(out, &words, &all, &original, DPI),
                     STING_OK);
}

static void letters_weigh_as_much_as_they_are_measured_by(void **state)
{
    struct grid_words words STING_AUTO(grid_words_release) = {0};
    (void)state;
    word_know(around, sizeof around / sizeof *around, &words);
    assert_int_equal(words.word[0].letters, 2);
    assert_true(words.letter[0].x_pt == 10 && words.letter[1].x_pt == 20);
    assert_true(fabs(words.letter[0].share - 1.0 / 3) < 1e-9);
    assert_true(fabs(words.letter[1].share - 2.0 / 3) < 1e-9);
    assert_int_equal(words.word[1].letters, 0); /* a cell */
}

static void a_word_with_a_picture_in_it_is_not_known(void **state)
{
    struct grid_words words STING_AUTO(grid_words_release) = {0};
    const struct pdf_letter letter[] = {{10, 19, 0}, {20, 19, 1}};
    const struct grid grid = {0.65, 0.3, GRID_COLUMNS, GRID_EITHER_PT};
    (void)state;
    word_know(letter, 2, &words);
    assert_int_equal(words.word[0].letters, 0);
    assert_true(grid_put(&grid, &words, 0, 0.1).by_pt == 0);
}

static void each_letter_goes_to_the_nearest_column(void **state)
{
    struct grid_words words STING_AUTO(grid_words_release) = {0};
    const struct grid grid = {0.8, 0, GRID_COLUMNS, GRID_EITHER_PT};
    (void)state;
    word_know(around, sizeof around / sizeof *around, &words);
    /* 10.1 / 0.8 = 12.625: 0.3 pt to the right; 20.1 / 0.8 = 25.125: 0.1 pt to
     * the left. */
    struct grid_put put = grid_put(&grid, &words, 0, 0.1);
    assert_true(fabs(put.by_pt - (0.3 - 2 * 0.1) / 3) < 1e-9);
    assert_true(put.variance == 0);
    /* As far to the left again it is at home: at 12.5 and 25. */
    put = grid_put(&grid, &words, 0, 0);
    assert_true(fabs(put.by_pt) < 1e-9);
    assert_true(fabs(put.variance - 0.8 * 0.8 / 9 / 4) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_weigh_as_much_as_they_are_measured_by),
        cmocka_unit_test(a_word_with_a_picture_in_it_is_not_known),
        cmocka_unit_test(each_letter_goes_to_the_nearest_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
