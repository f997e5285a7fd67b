/* What comes again coded anew, and what only looks like it. */
#include "detect/tamper_echo.h"
#include "tests/check.h"

#define WIDE 480
#define HIGH 270
#define MOST_LOOKS 600

struct film {
    struct echo echo;
    struct plane shown;
    int count;      /* looks so far */
    int heard_at;   /* the first of them that was heard; -1 */
    double light;   /* of things of 24 pixels */
    double flicker; /* of it, up and down from look to look */
};

static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* About normal, of deviation 4: of pixel `at` in the noise of look `number`. */
static double noise_at(int number, int at)
{
    uint64_t z = mixed((uint64_t)number * 0x9e3779b97f4a7c15U + (uint64_t)at);
    int sum = 0;
    for (int i = 0; i < 4; i++, z >>= 8) {
        sum += (int)(z & 255);
    }
    return (sum - 510) / 37.0;
}

/* The next look; `part` of its noise is that of look `of`. */
static void look(struct film *f, double part, int of)
{
    int sign = f->count % 2 ? 1 : -1;
    double light = f->light * (1 + sign * f->flicker);
    for (int i = 0; i < WIDE * HIGH; i++) {
        int x = i % WIDE, y = i / WIDE;
        uint64_t thing = (uint64_t)(x / 24 + 97 * (y / 24));
        double v = 40 + light * (double)(mixed(thing) & 63) +
                   (1 - part) * noise_at(f->count + 100000, i) +
                   (part > 0 ? part * noise_at(of + 100000, i) : 0);
        plane_row(&f->shown, y)[x] = (uint8_t)(v + 0.5);
    }
    echo_look(&f->echo, &f->shown);
    if (f->echo.is_heard && f->heard_at < 0) {
        f->heard_at = f->count;
    }
    f->count++;
}

static void fresh(struct film *f, int looks)
{
    for (int i = 0; i < looks; i++) {
        look(f, 0, 0);
    }
}

static void film_begin(struct film *f)
{
    *f = (struct film){.heard_at = -1, .light = 1};
    assert_int_equal(echo_init(&f->echo), 0);
    assert_int_equal(plane_init(&f->shown, WIDE, HIGH), 0);
}

static void film_end(struct film *f)
{
    echo_release(&f->echo);
    plane_release(&f->shown);
}

static void a_few_hundredths_of_old_noise_are_heard_within_six_looks(
    void **state)
{
    (void)state;
    struct film f;
    film_begin(&f);
    fresh(&f, 50);
    assert_int_equal(f.heard_at, -1);
    for (int i = 0; i < 6; i++) {
        look(&f, 0.07, 20 + i);
    }
    assert_in_range(f.heard_at, 51, 55);
    film_end(&f);
}

static void noise_that_never_came_before_is_not_heard(void **state)
{
    (void)state;
    struct film f;
    film_begin(&f);
    fresh(&f, MOST_LOOKS);
    assert_int_equal(f.heard_at, -1);
    film_end(&f);
}

static void one_look_that_is_like_an_old_one_is_not_heard(void **state)
{
    (void)state;
    struct film f;
    film_begin(&f);
    fresh(&f, 40);
    look(&f, 0.9, 12);
    fresh(&f, 20);
    assert_int_equal(f.heard_at, -1);
    film_end(&f);
}

static void light_that_beats_is_not_heard(void **state)
{
    (void)state;
    struct film f;
    film_begin(&f);
    f.flicker = 0.04;
    fresh(&f, 120);
    assert_int_equal(f.heard_at, -1);
    film_end(&f);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            a_few_hundredths_of_old_noise_are_heard_within_six_looks),
        cmocka_unit_test(noise_that_never_came_before_is_not_heard),
        cmocka_unit_test(one_look_that_is_like_an_old_one_is_not_heard),
        cmocka_unit_test(light_that_beats_is_not_heard),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
