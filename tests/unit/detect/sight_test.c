#include <math.h>

#include "detect/sight.h"
#include "tests/check.h"
#include "tests/unit/detect/room.h"

/* Half of what is told, and twice; and in the dark that nobody is seen. */
static void what_can_be_seen_is_told(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .points = 4,
        .point = {{0.2f, 0.2f}, {0.8f, 0.2f}, {0.8f, 0.9f}, {0.2f, 0.9f}},
        .metres = 1.7f,
        .mark = {{0.5f, 0.3f}, {0.5f, 0.7f}}};
    struct watch light, half, dark;
    watch_begin(&light, 1, 3, &zone);
    watch_begin(&half, 0.3, 6, &zone);
    zone.mark[1].y = 0.36f; /* far away, too */
    watch_begin(&dark, 0.01, 7, &zone);
    watch_pass(&light, 40);
    watch_pass(&half, 40);
    watch_pass(&dark, 40);
    assert_int_equal(light.heard.sights, 2 * 2); /* at 5 s and 30 s later */
    assert_int_equal(light.heard.sight.zone, 0);
    assert_true(fabsf(light.heard.sight.tall - 0.4f) < 0.01f);
    assert_true(light.heard.sight.contrast < half.heard.sight.contrast / 2);
    assert_true(half.heard.sight.contrast < SIGHT_PLAIN);
    assert_true(dark.heard.sight.contrast > SIGHT_BLIND);
    half.room.contrast = 2.5 * 120 * (double)half.heard.sight.contrast;
    watch_visit(&half, 10);
    assert_true(half.heard.begins[DETECT_PERSON] > 0);
    watch_end(&light);
    watch_end(&half);
    watch_end(&dark);
}

/* Who moves while it learns would pass for noise of the camera. */
static void nothing_is_known_until_the_quiet_was_heard(void **state)
{
    (void)state;
    struct watch watch;
    watch_begin(&watch, 1, 3, NULL);
    for (int i = 0; i < 220; i++) { /* to and fro, until it has learned */
        watch.room.person_x = 160 + 100 * sin(i * 0.11);
        watch_frame(&watch);
    }
    assert_int_equal(watch.heard.ends[DETECT_LEARNING], 1);
    assert_int_equal(watch.heard.sights, 1);
    assert_true(watch.heard.sight.is_unquiet);
    assert_true(watch.heard.sight.contrast <= 0);
    watch.room.person_x = -1;
    watch_pass(&watch, 20);
    assert_int_equal(watch.heard.sights, 2);
    assert_true(!watch.heard.sight.is_unquiet);
    assert_true(watch.heard.sight.contrast < SIGHT_PLAIN / 3);
    watch_end(&watch);
}

/* Who is small there is taken for a clock (scene_is_edge). */
static void where_clocks_are_burned_in_only_the_tall_are_found(void **state)
{
    (void)state;
    struct detect_zone zone = {
        .points = 4, .point = {{0, 0.3f}, {1, 0.3f}, {1, 0.6f}, {0, 0.6f}}};
    struct watch within, edge;
    watch_begin(&within, 1, 3, &zone);
    for (int i = 0; i < 4; i++) {
        zone.point[i].y += 0.38f;
    }
    zone.point[0].y = zone.point[1].y = 0.88f;
    watch_begin(&edge, 1, 3, &zone);
    watch_pass(&within, 10);
    watch_pass(&edge, 10);
    assert_true(within.heard.sight.size < 0.05f);
    assert_true(edge.heard.sight.size >= 0.11f);
    watch_end(&within);
    watch_end(&edge);
}

static void pixels_a_metre_have_a_class(void **state)
{
    (void)state;
    assert_string_equal(sight_class(12), "none");
    assert_string_equal(sight_class(25), "detect");
    assert_string_equal(sight_class(62), "detect");
    assert_string_equal(sight_class(63), "observe");
    assert_string_equal(sight_class(125), "recognise");
    assert_string_equal(sight_class(1e9), "inspect");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_can_be_seen_is_told),
        cmocka_unit_test(nothing_is_known_until_the_quiet_was_heard),
        cmocka_unit_test(where_clocks_are_burned_in_only_the_tall_are_found),
        cmocka_unit_test(pixels_a_metre_have_a_class),
    };
    return cmocka_run_group_tests_name("sight", test, NULL, NULL);
}
