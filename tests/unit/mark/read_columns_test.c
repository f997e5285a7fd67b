#include "mark/read_columns.h"

#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "tests/check.h"

#define UNITS 180
#define MOST_LETTERS 9
#define MARK_PT 0.18
#define PITCH_PT (72.0 / 110)
#define PHASE 0.37
#define WIDTH_PT 400
#define ADVANCE_PT 5.65

/* A page of words along lines, read from a viewer of ours. */
struct scene {
    struct grid_word word[UNITS];
    struct grid_letter letter[UNITS * MOST_LETTERS];
    struct grid_words words;
    struct column_unit unit[UNITS];
    struct column_view view;
    double way[UNITS];
};

enum viewer { FREE, MIXED, COLUMNS, COLUMNS_OF_EACH_LINE, TYPEWRITER };

/* How far that viewer puts a letter at x beside its place. */
static double letter_put(enum viewer viewer, size_t line, double x)
{
    double phase =
        viewer != COLUMNS_OF_EACH_LINE ? PHASE : 0.618 * (double)line * 7;
    double at = x / PITCH_PT + phase;
    return viewer <= MIXED ? 0 : (floor(at + 0.5) - at) * PITCH_PT;
}

static void word_write(struct scene *scene, struct seeded *seeded, size_t i,
                       enum viewer viewer)
{
    double x = 72 + (WIDTH_PT - 40) * seeded_unit(seeded);
    bool is_typed = viewer == MIXED || (viewer == TYPEWRITER && i % 2);
    if (is_typed) {
        x = 72 + ADVANCE_PT * floor(x / ADVANCE_PT - 12);
    }
    struct grid_word *word = &scene->word[i];
    *word = (struct grid_word){scene->words.letters,
                               1 + seeded_below(seeded, MOST_LETTERS), 0};
    for (size_t k = 0; k < word->letters; k++) {
        scene->letter[scene->words.letters++] =
            (struct grid_letter){x, 0, 1.0 / (double)word->letters};
        x += is_typed ? ADVANCE_PT : 2.5 + 4 * seeded_unit(seeded);
    }
}

static void word_show(struct scene *scene, struct seeded *seeded, size_t i,
                      enum viewer viewer, double noise_pt)
{
    const struct grid_word *word = &scene->word[i];
    double right = i % 5 ? 1 : -1; /* some words run from right to left */
    double way = seeded_next(seeded) & 1 ? 1 : -1;
    double share = viewer == MIXED && i % 4 ? 1. / 3 : 1;
    double moved = right * way * share * MARK_PT;
    double at = moved + noise_pt * seeded_normal(seeded);
    at += viewer == TYPEWRITER && i % 2 ? 0.1 : 0;
    for (size_t k = 0; k < word->letters; k++) {
        const struct grid_letter *letter = &scene->letter[word->first + k];
        at += letter->share * letter_put(viewer, i / 9, letter->x_pt + moved);
    }
    scene->way[i] = way;
    scene->unit[i] =
        (struct column_unit){i,
                             right,
                             {.r_pt = right * at,
                              .mark_pt = MARK_PT,
                              .pixels = 1e-4,
                              .brevity = 1.0 / (double)word->letters},
                             tanh(right * at * MARK_PT / 0.012)};
}

static void scene_make(struct scene *scene, uint64_t seed, enum viewer viewer,
                       double noise_pt)
{
    struct seeded seeded = {seed};
    struct residual residual[UNITS];
    *scene = (struct scene){.words = {.word = scene->word,
                                      .words = UNITS,
                                      .letter = scene->letter}};
    for (size_t i = 0; i < UNITS; i++) {
        word_write(scene, &seeded, i, viewer);
        word_show(scene, &seeded, i, viewer, noise_pt);
        residual[i] = scene->unit[i].residual;
    }
    scene->view = (struct column_view){&scene->words, scene->unit, UNITS,
                                       noise_fit(residual, UNITS)};
}

static bool scene_find(struct scene *scene, struct grid *out)
{
    bool is_found = false;
    assert_int_equal(columns_find(&scene->view, out, &is_found), STING_OK);
    return is_found;
}

/* Over the whole page they are where they are: none is a tenth of a pixel
 * off. */
static void columns_are_found_and_exactly_so(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    (void)state;
    for (uint64_t seed = 1; scene && seed <= 10; seed++) {
        struct grid grid = {0};
        scene_make(scene, seed, COLUMNS, 0.04);
        assert_true(scene_find(scene, &grid));
        for (double x = 72; x < 72 + WIDTH_PT; x += 10) {
            double away =
                x / grid.pitch_pt + grid.phase - (x / PITCH_PT + PHASE);
            assert_true(fabs(away - round(away)) < 0.1);
        }
    }
    assert_non_null(scene);
    free(scene);
}

static void letters_that_stand_anywhere_show_no_columns(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    (void)state;
    for (uint64_t seed = 1; scene && seed <= 20; seed++) {
        struct grid grid = {0};
        scene_make(scene, seed, FREE, seed % 2 ? 0.04 : 0.11);
        assert_false(scene_find(scene, &grid));
    }
    assert_non_null(scene);
    free(scene);
}

/* The mean of three copies has most words a third of the way; in typewriter
 * text the rest has a period. */
static void copies_that_are_mixed_show_no_columns(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    (void)state;
    for (uint64_t seed = 1; scene && seed <= 20; seed++) {
        struct grid grid = {0};
        scene_make(scene, seed, MIXED, 0.01);
        assert_false(scene_find(scene, &grid));
    }
    assert_non_null(scene);
    free(scene);
}

/* As where a text is put line by line, on columns of its own each. */
static void columns_that_no_page_shares_are_none(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    (void)state;
    for (uint64_t seed = 1; scene && seed <= 10; seed++) {
        struct grid grid = {0};
        scene_make(scene, seed, COLUMNS_OF_EACH_LINE, 0.04);
        assert_false(scene_find(scene, &grid));
    }
    assert_non_null(scene);
    free(scene);
}

/* Where typewriter text is beside its place, its own period is one of
 * displacements: at each of its multiples that is stronger than the columns. */
static void columns_are_found_behind_the_period_of_typewriter_text(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    (void)state;
    for (uint64_t seed = 1; scene && seed <= 10; seed++) {
        struct grid grid = {0};
        scene_make(scene, seed, TYPEWRITER, 0.02);
        assert_true(scene_find(scene, &grid));
        assert_true(fabs(grid.pitch_pt - PITCH_PT) < 0.001);
    }
    assert_non_null(scene);
    free(scene);
}

static void few_words_show_no_columns(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct grid grid = {0};
    (void)state;
    assert_non_null(scene);
    scene_make(scene, 1, COLUMNS, 0.04);
    scene->view.units = 20;
    assert_false(scene_find(scene, &grid));
    scene->view.units = 0;
    assert_false(scene_find(scene, &grid));
    free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_and_exactly_so),
        cmocka_unit_test(letters_that_stand_anywhere_show_no_columns),
        cmocka_unit_test(copies_that_are_mixed_show_no_columns),
        cmocka_unit_test(columns_that_no_page_shares_are_none),
        cmocka_unit_test(
            columns_are_found_behind_the_period_of_typewriter_text),
        cmocka_unit_test(few_words_show_no_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
