#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/scene.h"
#include "tests/check.h"

static struct scene *scene_of(uint64_t seed)
{
    struct scene_settings settings = {
        .seed = seed, .quiet_s = 4, .light = 1, .grain = 5};
    struct scene *scene = NULL;
    assert_int_equal(scene_new(&settings, &scene, NULL), 0);
    return scene;
}

static double mean_difference(const struct plane *a, const struct plane *b)
{
    double sum = 0;
    for (int i = 0; i < a->width_px * a->height_px; i++) {
        sum += abs(a->data[i] - b->data[i]);
    }
    return sum / (a->width_px * a->height_px);
}

static void the_seed_decides_every_frame(void **state)
{
    (void)state;
    struct video_frame one STING_AUTO(video_frame_release) = {0};
    struct video_frame two STING_AUTO(video_frame_release) = {0};
    assert_int_equal(video_frame_init(&one, GARAGE_WIDTH, GARAGE_HEIGHT, true),
                     0);
    assert_int_equal(video_frame_init(&two, GARAGE_WIDTH, GARAGE_HEIGHT, true),
                     0);
    struct scene *a STING_AUTO(scene_free) = scene_of(3);
    struct scene *b STING_AUTO(scene_free) = scene_of(3);
    for (int i = 0; i < 12; i++) {
        scene_draw(a, i, &one);
        scene_draw(b, i, &two);
        assert_memory_equal(one.y.data, two.y.data,
                            (size_t)GARAGE_WIDTH * GARAGE_HEIGHT);
        assert_memory_equal(one.u.data, two.u.data,
                            (size_t)GARAGE_WIDTH * GARAGE_HEIGHT / 4);
    }
    /* The same moment again has other noise, and nothing but that. */
    scene_draw(a, 1, &one);
    scene_draw(a, 1, &two);
    double difference = mean_difference(&one.y, &two.y);
    assert_true(difference > 2 && difference < 9);
}

static void assert_stands(const struct figure *figure)
{
    assert_true(figure->solids <= FIGURE_SOLIDS);
    assert_true(figure->low.y > -0.12F && figure->low.y < 0.08F);
    assert_true(figure->high.y > 1.0F && figure->high.y < 2.05F);
    for (int k = 0; k < figure->solids; k++) {
        assert_true(isfinite(figure->solid[k].a.x));
        assert_true(isfinite(figure->solid[k].b.y));
    }
}

static void figures_stand_on_the_floor_and_below_the_ceiling(void **state)
{
    (void)state;
    static struct plane_f print[GARAGE_MOST_PAGES];
    static struct moment_seen seen;
    struct garage garage;
    for (uint64_t seed = 1; seed < 30; seed++) {
        struct play play;
        garage_init(&garage, seed, print);
        play_init(&play, &garage, 2, false, seed);
        int most = 0;
        for (int i = 0; i < 667; i++) {
            play_look(&play, 0.09 * i, &seen);
            most = seen.figures > most ? seen.figures : most;
            for (int k = 0; k < seen.figures; k++) {
                assert_stands(&seen.figure[k]);
            }
        }
        assert_int_equal(most, 2);
        garage_release(&garage);
    }
}

static void events_come_in_their_order(void **state)
{
    (void)state;
    static struct plane_f print[GARAGE_MOST_PAGES];
    struct garage garage;
    for (uint64_t seed = 1; seed < 100; seed++) {
        struct play play;
        garage_init(&garage, seed, print);
        play_init(&play, &garage, 16, false, seed);
        assert_int_equal(play.event[0].kind, PLAY_ENTER);
        assert_int_equal(play.event[play.events - 1].kind, PLAY_END);
        double end = play.event[play.events - 1].at_s;
        assert_true(end > 38 && end < 52);
        for (int i = 1; i < play.events; i++) {
            assert_true(play.event[i].at_s >= play.event[i - 1].at_s);
        }
        garage_release(&garage);
    }
}

static void nobody_is_there_before_the_door_opens(void **state)
{
    (void)state;
    static struct plane_f print[GARAGE_MOST_PAGES];
    static struct moment_seen seen;
    struct garage garage;
    struct play play;
    garage_init(&garage, 5, print);
    play_init(&play, &garage, 16, false, 5);
    for (int i = 0; i < 157; i++) {
        play_look(&play, 0.1 * i, &seen);
        assert_int_equal(seen.figures, 0);
        assert_true(seen.door <= 0 && seen.glows == 0);
    }
    garage_release(&garage);
}

static void a_ray_meets_boxes_and_cones_where_they_are(void **state)
{
    (void)state;
    struct solid solid[2] = {
        solid_box((struct vec){0, 0, 5}, (struct vec){1, 1, 1}, 0.5F, 0),
        solid_cone((struct vec){3, -1, 5}, (struct vec){3, 1, 5}, 0.5F, 0.25F,
                   0)};
    struct ray ahead = {{0, 0, 0}, {0, 0, 1}};
    struct hit hit = {1e9F, {0, 0, 0}, -1};
    assert_true(solid_trace(solid, 2, ahead, &hit));
    assert_int_equal(hit.index, 0);
    assert_true(fabsf(hit.distance - (5 - 1 / cosf(0.5F))) < 1e-4F);
    struct ray aside = {{3, 0, 0}, {0, 0, 1}};
    hit = (struct hit){1e9F, {0, 0, 0}, -1};
    assert_true(solid_trace(solid, 2, aside, &hit));
    assert_int_equal(hit.index, 1);
    /* The cone's side leans by asin(0.25 / 2) from its axis. */
    float slope = asinf(0.125F);
    assert_true(fabsf(hit.distance - (5 - 0.375F / cosf(slope))) < 1e-4F);
    assert_true(fabsf(hit.normal.y - sinf(slope)) < 1e-4F);
    struct ray past = {{6, 0, 0}, {0, 0, 1}};
    hit = (struct hit){1e9F, {0, 0, 0}, -1};
    assert_false(solid_trace(solid, 2, past, &hit));
    assert_false(solid_blocks(solid, 2, aside, 4));
    assert_true(solid_blocks(solid, 2, aside, 5));
}

static void the_zone_holds_all_pages(void **state)
{
    (void)state;
    static struct plane_f print[GARAGE_MOST_PAGES];
    for (uint64_t seed = 1; seed < 50; seed++) {
        struct garage garage;
        float corner[GARAGE_MOST_CORNERS][2];
        garage_init(&garage, seed, print);
        int corners = garage_zone(&garage, corner);
        assert_true(corners >= 4);
        for (int i = 0; i < garage.pages; i++) {
            float x;
            float y;
            assert_true(garage_place(&garage, garage.page[i], &x, &y));
            x /= GARAGE_WIDTH;
            y /= GARAGE_HEIGHT;
            for (int k = 0; k < corners; k++) {
                const float *a = corner[k];
                const float *b = corner[(k + 1) % corners];
                assert_true((b[0] - a[0]) * (y - a[1]) -
                                (b[1] - a[1]) * (x - a[0]) >
                            0);
            }
        }
        garage_release(&garage);
    }
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(the_seed_decides_every_frame),
        cmocka_unit_test(figures_stand_on_the_floor_and_below_the_ceiling),
        cmocka_unit_test(events_come_in_their_order),
        cmocka_unit_test(nobody_is_there_before_the_door_opens),
        cmocka_unit_test(a_ray_meets_boxes_and_cones_where_they_are),
        cmocka_unit_test(the_zone_holds_all_pages),
    };
    return cmocka_run_group_tests_name("scene", test, NULL, NULL);
}
