#include <math.h>

#include "image/seeded.h"
#include "mark/read_near.h"
#include "tests/check.h"

#define COLUMNS 12
#define ROWS 24
#define WORDS ((size_t)COLUMNS * ROWS)
#define NOISE_PT 0.06
#define MARK_PT 0.18

/* A page of words of which each is displaced by its mark, by noise of its own,
 * and by what it has in common with the others around. */
struct field {
    struct word_reading word[WORDS];
    struct near_voice voice[WORDS];
    struct near_unit unit[WORDS];
    double truth[WORDS]; /* where its mark put it */
};

/* About normal. */
static double grain(struct seeded *seeded)
{
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += (double)(seeded_next(seeded) >> 11) * 0x1p-53;
    }
    return sum;
}

/* `common_pt`: of a wave of 280 points across and 140 down. */
static void field_fill(struct field *field, double common_pt, uint64_t seed)
{
    struct seeded seeded = {seed};
    for (size_t i = 0; i < WORDS; i++) {
        size_t column = i % COLUMNS, row = i / COLUMNS;
        double x = 40.0 * (double)column;
        double y = 12.0 * (double)row;
        double sign = seeded_next(&seeded) >> 63 ? 1 : -1;
        double common =
            common_pt * sin(2 * M_PI * x / 280) * cos(2 * M_PI * y / 140);
        double own = NOISE_PT * grain(&seeded);
        field->truth[i] = sign * MARK_PT;
        field->word[i] = (struct word_reading){.x0_pt = (float)x,
                                               .y0_pt = (float)y,
                                               .x1_pt = (float)x + 20,
                                               .y1_pt = (float)y + 9,
                                               .is_seen = true};
        /* Signs of the others are known: nothing of them is left. */
        field->voice[i] = (struct near_voice){.x_pt = common + own};
        field->unit[i] = (struct near_unit){
            (uint32_t)i,
            1,
            0,
            common + own + field->truth[i],
            {.r_pt = common + own + field->truth[i], .mark_pt = MARK_PT}};
    }
}

static double error_of(const struct field *field)
{
    double square = 0;
    for (size_t i = 0; i < WORDS; i++) {
        double error = field->unit[i].residual.r_pt - field->truth[i];
        square += error * error;
    }
    return sqrt(square / (double)WORDS);
}

static void field_run(struct field *field)
{
    struct near_words near STING_AUTO(near_words_release) = {0};
    const struct word_readings words = {.word = field->word, .words = WORDS};
    double error = error_of(field);
    const struct noise noise = {.floor_pt = error, .factor = 1};
    assert_int_equal(near_words_init(&near, &words), STING_OK);
    assert_int_equal(
        near_remove(&near, field->voice, &noise, field->unit, WORDS), STING_OK);
    print_message("error %.3f pt, %.3f after\n", error, error_of(field));
}

static void what_words_around_have_in_common_is_taken_out(void **state)
{
    static struct field field;
    (void)state;
    field_fill(&field, 0.14, 1);
    assert_true(error_of(&field) > 1.4 * NOISE_PT);
    field_run(&field);
    assert_true(error_of(&field) < 1.25 * NOISE_PT);
}

static void where_words_have_nothing_in_common_nothing_is_taken_out(
    void **state)
{
    static struct field field;
    (void)state;
    for (uint64_t seed = 2; seed < 12; seed++) {
        field_fill(&field, 0, seed);
        double before = error_of(&field);
        field_run(&field);
        assert_true(error_of(&field) < 1.02 * before);
    }
}

/* A word that lies elsewhere takes none with it, and is left where it is. */
static void a_stray_word_moves_no_other(void **state)
{
    static struct field field;
    const size_t stray = WORDS / 2 + COLUMNS / 2;
    (void)state;
    field_fill(&field, 0.14, 3);
    field.voice[stray].x_pt += 3;
    field.unit[stray].residual.r_pt += 3;
    field.unit[stray].moved_pt += 3;
    field.truth[stray] += 3;
    field_run(&field);
    assert_true(error_of(&field) < 1.25 * NOISE_PT);
    assert_true(field.unit[stray].residual.r_pt > 2.5);
}

static void a_word_alone_is_left_as_it_is(void **state)
{
    struct near_words near STING_AUTO(near_words_release) = {0};
    struct word_reading word = {.x1_pt = 20, .y1_pt = 9, .is_seen = true};
    const struct word_readings words = {.word = &word, .words = 1};
    const struct near_voice voice = {.x_pt = 0.3};
    const struct noise noise = {.floor_pt = 0.1, .factor = 1};
    struct near_unit unit = {0, 1, 0, 0.3, {.r_pt = 0.3, .mark_pt = 0.2}};
    (void)state;
    assert_int_equal(near_words_init(&near, &words), STING_OK);
    assert_int_equal(near.place[0].nears, 0);
    assert_int_equal(near_remove(&near, &voice, &noise, &unit, 1), STING_OK);
    assert_true(unit.residual.r_pt == 0.3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_words_around_have_in_common_is_taken_out),
        cmocka_unit_test(
            where_words_have_nothing_in_common_nothing_is_taken_out),
        cmocka_unit_test(a_stray_word_moves_no_other),
        cmocka_unit_test(a_word_alone_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
