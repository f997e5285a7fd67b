/* A camera goes on with another coder while somebody is there, or nobody. */
#include <math.h>

#include "tests/check.h"
#include "tests/unit/detect/room.h"

static void watch_known(struct watch *watch)
{
    watch_begin(watch, 1, 3, NULL);
    watch_pass(watch, 20);
}

static void walk_in(struct watch *watch)
{
    for (int i = 0; i < 30; i++) {
        watch->room.person_x = i < 20 ? 8 * i : 160 + 4 * sin(i * 0.35);
        watch_frame(watch);
    }
    assert_int_equal(watch->heard.begins[DETECT_PERSON], 1);
}

static void stand(struct watch *watch, int seconds)
{
    for (int i = 0; i < 10 * seconds; i++) {
        watch->room.person_x = 160 + 4 * sin(i * 0.35);
        watch_frame(watch);
    }
}

/* He stays in the incident, it ends when he has gone, and who comes later is
 * told, whatever the new coder's noise and the light are. */
static void stays_with(double sigma, double light, double blotch)
{
    struct watch watch;
    watch_known(&watch);
    walk_in(&watch);
    watch.room.sigma = sigma;
    watch.room.light = light;
    watch.room.blotch = blotch;
    assert_true(watch_renew(&watch));
    stand(&watch, 40);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 0);
    watch.room.person_x = -1;
    watch_pass(&watch, 60);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.begins[DETECT_LEARNING], 1);
    assert_int_equal(watch.heard.cuts, 0);
    watch_visit(&watch, 15);
    watch_pass(&watch, 6);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 2);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 2);
    watch_end(&watch);
}

static void who_is_there_stays_in_the_incident(void **state)
{
    (void)state;
    stays_with(3, 1, 0);
    stays_with(6, 1, 0);
    stays_with(1, 1, 0);
    stays_with(3, 0.6, 0);
    stays_with(3, 1.2, 0);
    stays_with(3, 1, 1);
    stays_with(3, 1, 3);
}

static void a_quiet_room_stays_quiet(void **state)
{
    (void)state;
    static const double sigma[] = {1, 3, 6};
    for (int i = 0; i < 3; i++) {
        struct watch watch;
        watch_known(&watch);
        watch.room.sigma = sigma[i];
        assert_true(watch_renew(&watch));
        watch_pass(&watch, 120);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 0);
        assert_int_equal(watch.heard.begins[DETECT_LEARNING], 1);
        watch_visit(&watch, 15);
        watch_pass(&watch, 6);
        assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
        assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
        watch_end(&watch);
    }
}

/* Who comes in while the noise is learned is told afterwards. */
static void who_comes_in_just_then_is_told(void **state)
{
    (void)state;
    struct watch watch;
    watch_known(&watch);
    assert_true(watch_renew(&watch));
    watch_visit(&watch, 20);
    watch_pass(&watch, 6);
    assert_int_equal(watch.heard.begins[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    watch_end(&watch);
}

/* What the coder leaves is far coarser: no law tells him from it. */
static void where_the_noise_is_of_another_kind_his_end_is_not_seen(void **state)
{
    (void)state;
    struct watch watch;
    watch_known(&watch);
    walk_in(&watch);
    watch.room.blotch = 8;
    assert_true(watch_renew(&watch));
    stand(&watch, 20);
    assert_int_equal(watch.heard.ends[DETECT_PERSON], 1);
    assert_int_equal(watch.heard.cuts, 1);
    assert_int_equal(watch.heard.begins[DETECT_LEARNING], 2);
    watch_end(&watch);
}

static void another_view_or_shape_is_learned_anew(void **state)
{
    (void)state;
    struct watch watch;
    struct plane wide STING_AUTO(plane_release) = {0};
    watch_known(&watch);
    walk_in(&watch);
    for (int y = 0; y < ROOM_HEIGHT; y++) { /* the camera was turned */
        for (int x = 0; x < ROOM_WIDTH; x++) {
            plane_row(&watch.room.still, y)[x] =
                (uint8_t)(110 + (x / 31 * 47 + y / 13 * 29) % 60 - 20);
        }
    }
    assert_false(watch_renew(&watch));
    watch_end(&watch);
    watch_known(&watch);
    assert_int_equal(plane_init(&wide, ROOM_WIDTH, ROOM_WIDTH), 0);
    assert_false(detector_renew(watch.detector, &wide));
    watch_end(&watch);
    watch_begin(&watch, 1, 3, NULL);
    watch_pass(&watch, 2);
    assert_false(watch_renew(&watch)); /* nothing is known yet */
    watch_end(&watch);
}

static void the_same_view_in_another_size_is_known(void **state)
{
    (void)state;
    struct watch watch;
    struct plane twice STING_AUTO(plane_release) = {0};
    watch_known(&watch);
    assert_int_equal(plane_init(&twice, 2 * ROOM_WIDTH, 2 * ROOM_HEIGHT), 0);
    for (int y = 0; y < 2 * ROOM_HEIGHT; y++) {
        for (int x = 0; x < 2 * ROOM_WIDTH; x++) {
            plane_row(&twice, y)[x] =
                plane_row(&watch.room.still, y / 2)[x / 2];
        }
    }
    assert_true(detector_renew(watch.detector, &twice));
    watch_end(&watch);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(who_is_there_stays_in_the_incident),
        cmocka_unit_test(a_quiet_room_stays_quiet),
        cmocka_unit_test(who_comes_in_just_then_is_told),
        cmocka_unit_test(
            where_the_noise_is_of_another_kind_his_end_is_not_seen),
        cmocka_unit_test(another_view_or_shape_is_learned_anew),
        cmocka_unit_test(the_same_view_in_another_size_is_known),
    };
    return cmocka_run_group_tests_name("renewal", test, NULL, NULL);
}
