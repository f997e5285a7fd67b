#include "mark/read_place.h"

#include <math.h>

#include "tests/check.h"

#define MARK_PT 0.2
#define PITCH_PT 0.65
#define FIRST_PT 100

/* Words of one letter, each a bit further right than a column and further down
 * than a row; the last has no letter that is known. */
#define WORDS 14
struct scene {
    struct mark_unit unit[WORDS];
    struct mark_page page;
    struct word_reading word[WORDS];
    struct grid_letter letter[WORDS];
    struct grid_word of[WORDS];
    struct places places;
};

static double away_pt(size_t i)
{
    return 0.05 * (double)i; /* never near the middle between two */
}

static void scene_make(struct scene *scene, enum mark_axis axis, float ux)
{
    const struct field_cells cells = {0};
    const struct word_readings words = {.word = scene->word, .words = WORDS};
    *scene = (struct scene){.page = {.units = WORDS, .unit = scene->unit}};
    for (size_t i = 0; i < WORDS; i++) {
        scene->unit[i] = (struct mark_unit){.axis = (uint8_t)axis,
                                            .ux = ux,
                                            .uy = 1 - fabsf(ux),
                                            .shift_pt = (float)MARK_PT,
                                            .word = (uint16_t)i};
        scene->letter[i] = (struct grid_letter){FIRST_PT + away_pt(i),
                                                FIRST_PT + away_pt(i), 1};
        scene->of[i] = (struct grid_word){i, i + 1 < WORDS, 0};
    }
    assert_int_equal(places_init(&scene->places, &scene->page, &cells, &words),
                     STING_OK);
    scene->places.letters =
        (struct grid_words){scene->of, WORDS, scene->letter, WORDS};
}

static void scene_end(struct scene *scene)
{
    scene->places.letters = (struct grid_words){0}; /* not its own */
    places_release(&scene->places);
}

static struct grid columns(void)
{
    return (struct grid){PITCH_PT, -FIRST_PT / PITCH_PT, GRID_COLUMNS,
                         GRID_EITHER_PT};
}

/* As a one, as a zero and at rest. */
static void words_are_on_the_grid(const struct scene *scene, int side)
{
    for (size_t i = 0; i + 1 < WORDS; i++) {
        const struct unit_place *place = &scene->places.unit[i];
        const double shown[] = {place->centre_pt + place->mark_pt,
                                place->centre_pt - place->mark_pt,
                                place->centre_pt + place->rest_pt};
        const double meant[] = {MARK_PT, -MARK_PT, 0};
        for (int k = 0; k < 3; k++) {
            double at = away_pt(i) + side * meant[k];
            double line = PITCH_PT * round(at / PITCH_PT);
            assert_true(fabs(away_pt(i) + side * shown[k] - line) < 1e-4);
        }
        assert_true(place->mark_pt >= -1e-9);
        assert_true(scene->places.rest[i].x == 0);
        assert_true(scene->places.rest[i].y == 0);
    }
}

static void words_are_where_columns_put_them(void **state)
{
    (void)state;
    for (int side = -1; side <= 1; side += 2) {
        struct scene scene;
        const struct grid grid = columns();
        scene_make(&scene, MARK_ALONG, (float)side);
        places_put(&scene.places, &scene.page, &grid);
        words_are_on_the_grid(&scene, side);
        scene_end(&scene);
    }
}

static void words_that_move_across_are_where_rows_put_them(void **state)
{
    struct scene scene;
    struct grid grid = columns();
    (void)state;
    grid.kind = GRID_ROWS;
    scene_make(&scene, MARK_ACROSS, 0);
    places_put(&scene.places, &scene.page, &grid);
    words_are_on_the_grid(&scene, 1);
    assert_true(scene.places.has_rows && !scene.places.has_columns);
    scene_end(&scene);
}

/* They are at rest where rows put them, and move as they did. */
static void words_that_move_along_are_put_on_rows_too(void **state)
{
    struct scene scene;
    struct grid grid = columns();
    (void)state;
    grid.kind = GRID_ROWS;
    scene_make(&scene, MARK_ALONG, 1);
    places_put(&scene.places, &scene.page, &grid);
    for (size_t i = 0; i + 1 < WORDS; i++) {
        double row = PITCH_PT * round(away_pt(i) / PITCH_PT);
        assert_true(fabs(scene.places.rest[i].y - (row - away_pt(i))) < 1e-9);
        assert_true(fabs(scene.places.unit[i].mark_pt - MARK_PT) < 1e-6);
    }
    scene_end(&scene);
}

static void words_without_letters_stay_as_they_were(void **state)
{
    struct scene scene;
    const struct grid grid = columns();
    (void)state;
    scene_make(&scene, MARK_ALONG, 1);
    places_put(&scene.places, &scene.page, &grid);
    const struct unit_place *last = &scene.places.unit[WORDS - 1];
    assert_true(fabs(last->mark_pt - MARK_PT) < 1e-6);
    assert_true(last->centre_pt == 0 && last->either == 0);
    scene_end(&scene);
}

static void lines_that_are_not_level_stay_as_they_were(void **state)
{
    struct scene scene;
    const struct grid grid = columns();
    (void)state;
    scene_make(&scene, MARK_ALONG, 0);
    places_put(&scene.places, &scene.page, &grid);
    for (size_t i = 0; i < WORDS; i++) {
        assert_false(place_has_letters(&scene.places, &scene.unit[i]));
        assert_true(fabs(scene.places.unit[i].mark_pt - MARK_PT) < 1e-6);
        assert_true(scene.places.unit[i].centre_pt == 0);
    }
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_where_columns_put_them),
        cmocka_unit_test(words_that_move_across_are_where_rows_put_them),
        cmocka_unit_test(words_that_move_along_are_put_on_rows_too),
        cmocka_unit_test(words_without_letters_stay_as_they_were),
        cmocka_unit_test(lines_that_are_not_level_stay_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
