#include "detect/scene.h"

#include <math.h>

#include "tests/check.h"

#define WIDTH 640
#define HEIGHT 360
#define LOOKS 120
#define BEAT 0.03 /* of the light: as tubes beat with a rolling shutter */
#define TURN 6.283185307179586
#define MOST_LEFT 0.5f /* grey levels; the bands have six */

/* A wall with a lamp over its right lower corner: 60 grey levels, and 200. */
static double wall(double u, double v)
{
    return 60 + 140 * exp(-4 * ((1 - u) * (1 - u) + (1 - v) * (1 - v)));
}

/* The bands of tubes have wandered to `phase` and lie over the whole row. */
static void wall_show(struct plane *picture, double phase)
{
    for (int y = 0; y < HEIGHT; y++) {
        double v = (double)y / HEIGHT;
        double light = 1 + BEAT * sin(TURN * (1.7 * v + phase));
        for (int x = 0; x < WIDTH; x++) {
            double dither = (x * 7 + y * 13) % 16 / 16.0;
            double level = light * wall((double)x / WIDTH, v) + dither;
            plane_row(picture, y)[x] = (uint8_t)level;
        }
    }
}

/* The mean of what is left in a corner of a tenth of the picture. */
static float corner_rest(const struct scene *scene, int corner)
{
    int wide = scene->width / 10, high = scene->height / 10;
    int left = corner % 2 ? scene->width - wide : 0;
    int top = corner / 2 ? scene->height - high : 0;
    float sum = 0;
    for (int y = top; y < top + high; y++) {
        for (int x = left; x < left + wide; x++) {
            sum += scene->rest.data[y * scene->width + x];
        }
    }
    return sum / (float)(wide * high);
}

static float loudest_corner(const struct scene *scene)
{
    float most = 0;
    for (int corner = 0; corner < 4; corner++) {
        most = fmaxf(most, fabsf(corner_rest(scene, corner)));
    }
    return most;
}

static void bands_of_tubes_leave_nothing_in_the_corners(void **state)
{
    (void)state;
    struct scene scene;
    struct plane picture = {0};
    float most = 0;
    assert_int_equal(scene_init(&scene, WIDTH, HEIGHT), STING_OK);
    assert_int_equal(plane_init(&picture, WIDTH, HEIGHT), STING_OK);
    for (int i = 0; i < LOOKS; i++) {
        wall_show(&picture, 0.37 * i);
        scene_compare(&scene, &picture, SCENE_KEY);
        scene_follow(&scene, SCENE_KEY, 1 / (1.0f + (float)i), 0.1f);
        most = i < LOOKS / 2 ? most : fmaxf(most, loudest_corner(&scene));
    }
    assert_true(most < MOST_LEFT);
    plane_release(&picture);
    scene_release(&scene);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(bands_of_tubes_leave_nothing_in_the_corners),
    };
    return cmocka_run_group_tests_name("scene", test, NULL, NULL);
}
