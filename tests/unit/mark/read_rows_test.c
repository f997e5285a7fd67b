#include "mark/read_rows.h"

#include <math.h>
#include <stdlib.h>

#include "image/seeded.h"
#include "tests/check.h"

#define LINES 24
#define LINE_WORDS 8
#define WORDS (LINES * LINE_WORDS)
#define ACROSS_PT 0.08
#define PITCH_PT (72.0 / 110)
#define PHASE 0.37
#define LEADING_PT 12.3
#define LATE_LINE 11
#define LATE_PT 0.01

/* A page of level lines, each word of one letter, read from a viewer. */
struct scene {
    struct word_reading word[WORDS];
    struct grid_word of[WORDS];
    struct grid_letter letter[WORDS];
    double across_pt[WORDS];
    struct word_readings words;
    struct grid_words letters;
};

enum viewer { FREE, ROWS };

/* That of one line is LATE_PT short of where ones would go down a row. */
static double baseline_pt(size_t line)
{
    double y = 80 + LEADING_PT * (double)line;
    double rows = floor((y + ACROSS_PT) / PITCH_PT + PHASE) + 0.5;
    return line != LATE_LINE ? y
                             : (rows - PHASE) * PITCH_PT - ACROSS_PT - LATE_PT;
}

/* Where the original seems to have it: as far beyond. */
static double told_pt(size_t line)
{
    return baseline_pt(line) + (line == LATE_LINE ? 2 * LATE_PT : 0);
}

static double put_pt(enum viewer viewer, double y)
{
    double at = y / PITCH_PT + PHASE;
    return viewer == FREE ? 0 : (floor(at + 0.5) - at) * PITCH_PT;
}

/* Every second word has a unit that moves across, in one line all; what lens
 * and paper do is a slope of a tenth of a point over the page. line_pt: what a
 * line has of its own. */
static void word_show(struct scene *scene, struct seeded *seeded, size_t i,
                      enum viewer viewer, double line_pt)
{
    size_t line = i / LINE_WORDS;
    double y = baseline_pt(line);
    float left = (float)(60 + 55 * (double)(i % LINE_WORDS));
    double across = i % 2 || line == LATE_LINE ? ACROSS_PT : 0;
    double moved = seeded_next(seeded) & 1 ? across : -across;
    scene->across_pt[i] = across;
    scene->letter[i] = (struct grid_letter){(double)left, told_pt(line), 1};
    scene->of[i] = (struct grid_word){i, 1, 0};
    scene->word[i] = (struct word_reading){
        .x0_pt = left,
        .x1_pt = left + 40,
        .y0_pt = (float)y - 8,
        .y1_pt = (float)y,
        .line = (uint16_t)line,
        .is_seen = true,
        .y_pt = moved + put_pt(viewer, y + moved) + line_pt +
                0.1 * y / baseline_pt(LINES) + 0.03 * seeded_normal(seeded),
        .var_y = 1e-4};
}

static void scene_make(struct scene *scene, uint64_t seed, enum viewer viewer,
                       double line_noise_pt)
{
    struct seeded seeded = {seed};
    double line_pt = 0;
    for (size_t i = 0; i < WORDS; i++) {
        if (i % LINE_WORDS == 0) {
            line_pt = line_noise_pt * seeded_normal(&seeded);
        }
        word_show(scene, &seeded, i, viewer, line_pt);
    }
    scene->words = (struct word_readings){.word = scene->word, .words = WORDS};
    scene->letters =
        (struct grid_words){scene->of, WORDS, scene->letter, WORDS};
}

static bool scene_find(struct scene *scene, struct grid *out)
{
    bool is_found = false;
    assert_int_equal(rows_find(&scene->words, &scene->letters, scene->across_pt,
                               PITCH_PT, out, &is_found),
                     STING_OK);
    return is_found;
}

static void rows_are_found_where_they_are(void **state)
{
    struct scene scene;
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct grid rows = {0};
        scene_make(&scene, seed, ROWS, 0);
        assert_true(scene_find(&scene, &rows));
        assert_int_equal(rows.kind, GRID_ROWS);
        for (size_t line = 0; line < LINES; line++) {
            double y = baseline_pt(line);
            double away =
                y / rows.pitch_pt + rows.phase - (y / PITCH_PT + PHASE);
            assert_true(fabs(away - round(away)) < 0.1);
        }
    }
}

/* Not even where each line has something of its own. */
static void lines_that_stand_anywhere_show_none(void **state)
{
    struct scene scene;
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct grid rows = {0};
        scene_make(&scene, seed, FREE, seed % 2 ? 0.05 : 0);
        assert_false(scene_find(&scene, &rows));
    }
}

/* All of its words stayed on one row, as ones and as zeros. */
static void a_line_between_two_rows_goes_where_its_words_are(void **state)
{
    struct scene scene;
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct grid rows = {0};
        size_t word = LATE_LINE * LINE_WORDS + 1;
        scene_make(&scene, seed, ROWS, 0);
        assert_true(scene_find(&scene, &rows));
        struct grid_put one = grid_put(&rows, &scene.letters, word, ACROSS_PT);
        struct grid_put zero =
            grid_put(&rows, &scene.letters, word, -ACROSS_PT);
        assert_true(fabs(2 * ACROSS_PT + one.by_pt - zero.by_pt) < 0.1);
    }
}

static void a_few_words_show_none(void **state)
{
    struct scene scene;
    struct grid rows = {0};
    (void)state;
    scene_make(&scene, 1, ROWS, 0);
    for (size_t i = 20; i < WORDS; i++) {
        scene.word[i].is_seen = false;
    }
    assert_false(scene_find(&scene, &rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_where_they_are),
        cmocka_unit_test(lines_that_stand_anywhere_show_none),
        cmocka_unit_test(a_few_words_show_none),
        cmocka_unit_test(a_line_between_two_rows_goes_where_its_words_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
