#include "detect/light.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"
#include "tests/check.h"

#define WIDTH GRID_WIDTH
#define HEIGHT 90
#define FINE 5
#define TABLE 60.0f
#define GAIN 0.7f

/* A scene, a picture of it, their fine structure, and what is in view. */
struct bench {
    struct plane_f scene, picture, scene_fine, picture_fine;
    double sum[(WIDTH + 1) * (HEIGHT + 1)];
    uint8_t in_view[WIDTH * HEIGHT];
};

static void fine_fill(struct bench *b, const struct plane_f *from,
                      struct plane_f *to)
{
    grid_mean(from, FINE, FINE, b->sum, to);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        to->data[i] = from->data[i] - to->data[i];
    }
}

static void bench_begin(struct bench *b)
{
    *b = (struct bench){0};
    struct plane_f *plane[] = {&b->scene, &b->picture, &b->scene_fine,
                               &b->picture_fine};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        assert_int_equal(plane_f_init(plane[i], WIDTH, HEIGHT), STING_OK);
    }
}

static void bench_end(struct bench *b)
{
    plane_f_release(&b->scene);
    plane_f_release(&b->picture);
    plane_f_release(&b->scene_fine);
    plane_f_release(&b->picture_fine);
}

/* A table, its grain `deep` grey levels, and a page with lines on its left. */
static void scene_draw(struct bench *b, float deep)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        int x = i % WIDTH, y = i / WIDTH;
        float grain = deep * (float)((x * 31 + y * 17 + x * y) % 7 - 3) / 3;
        bool is_page = x > 10 && x < 50 && y > 10 && y < 80;
        float page = y % 4 < 2 ? 120 : 100;
        b->scene.data[i] = is_page ? page : TABLE + grain;
    }
}

/* From this column on somebody hides it, as bright as the table is now. */
static void hidden_from(struct bench *b, int column)
{
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        bool is_hidden = i % WIDTH >= column;
        b->picture.data[i] = is_hidden ? GAIN * TABLE + (float)(i % 3) - 1
                                       : GAIN * b->scene.data[i];
    }
}

static bool fit(struct bench *b, struct light *out)
{
    fine_fill(b, &b->scene, &b->scene_fine);
    fine_fill(b, &b->picture, &b->picture_fine);
    memset(b->in_view, 0, sizeof b->in_view);
    return light_fit_edges(&b->scene, &b->picture, &b->scene_fine,
                           &b->picture_fine, out, b->in_view);
}

static void what_is_in_view_tells_the_light_however_much_is_hidden(void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b);
    scene_draw(&b, 9);
    for (int column = 30; column < WIDTH; column += 10) {
        struct light light;
        hidden_from(&b, column);
        assert_true(fit(&b, &light));
        assert_true(fabsf(light.gain - GAIN) < 0.02f);
        assert_true(fabsf(light.lift) < 1);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            assert_false(b.in_view[i] && i % WIDTH > column + 10);
        }
    }
    bench_end(&b);
}

/* The fit over all cells does follow what hides most of the page. */
static void a_fit_over_all_cells_is_led_astray(void **state)
{
    (void)state;
    static struct bench b;
    bench_begin(&b);
    scene_draw(&b, 9);
    hidden_from(&b, 20);
    assert_true(light_fit(&b.scene, &b.picture).gain < 0.4f * GAIN);
    bench_end(&b);
}

static void a_lamp_that_lights_one_side_hides_nothing(void **state)
{
    (void)state;
    static struct bench b;
    struct light light;
    bench_begin(&b);
    scene_draw(&b, 9);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        float lit = 0.1f + 0.9f * expf(-(float)(i % WIDTH) / 60);
        b.picture.data[i] = lit * b.scene.data[i];
    }
    assert_false(fit(&b, &light));
    bench_end(&b);
}

static void too_little_texture_says_nothing(void **state)
{
    (void)state;
    static struct bench b;
    struct light light;
    bench_begin(&b);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        b.scene.data[i] = TABLE + (float)(i % 2);
        b.picture.data[i] = GAIN * TABLE;
    }
    assert_false(fit(&b, &light));
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            what_is_in_view_tells_the_light_however_much_is_hidden),
        cmocka_unit_test(a_fit_over_all_cells_is_led_astray),
        cmocka_unit_test(a_lamp_that_lights_one_side_hides_nothing),
        cmocka_unit_test(too_little_texture_says_nothing),
    };
    return cmocka_run_group_tests_name("light_edges", test, NULL, NULL);
}
