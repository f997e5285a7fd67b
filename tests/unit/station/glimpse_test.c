/* Pictures for alerts, where their worker dies again and again, or cannot be
 * started. */
#include "tests/check.h"

#include "station/desk.h"
#include "station/glimpse.h"
#include "tests/unit/station/no_fork.h"

/* A clip that goes alone, while no player may be started, is no work of one:
 * the next pause stays the longer one. */
static void a_clip_without_a_player_makes_no_pause_short_again(void **state)
{
    (void)state;
    const struct moment now = {.utc_us = 1, .boot_us = 1000000};
    struct desk desk = {.alerts = NULL};
    struct glimpse glimpse = GLIMPSE_NONE;
    glimpse.deaths = (struct deaths){.count = 3, .again_us = 5000000};
    glimpse.films = 1;
    glimpse_serve(&glimpse, &desk, now);
    assert_int_equal(glimpse.films, 0); /* it went */
    assert_int_equal(glimpse.deaths.count, 3);
    glimpse_release(&glimpse);
}

static void recent_add(struct camera *camera)
{
    const struct recording_fragment fragment = {.data =
                                                    bytes_of_text("moof mdat"),
                                                .duration_us = 1000000,
                                                .starts_with_key = true};
    assert_true(!roll_add(&camera->recent, &fragment, GLIMPSE_BEFORE_US));
}

/* Incident after incident: each film goes at once, and alone. */
static void a_film_without_picture_is_told_once_where_no_worker_starts(
    void **state)
{
    static struct place place;
    static struct camera camera;
    (void)state;
    place_make(&place);
    camera.desk = &place.desk;
    recent_add(&camera);
    struct glimpse glimpse = GLIMPSE_NONE;
    struct moment now = clock_now();
    for (uint32_t i = 1; i < 5; i++) {
        const struct incident incident = {.number = i};
        glimpse_begin(&glimpse, &camera, &incident, now);
        assert_int_equal(glimpse.until_us, now.boot_us);
        glimpse_serve(&glimpse, &place.desk, now);
        assert_int_equal(glimpse.films, 0);   /* it went */
        now.boot_us += INT64_C(60) * 1000000; /* the pause is over */
    }
    no_fork_is_told_once(&place, "glimpse");
    glimpse_release(&glimpse);
    roll_clear(&camera.recent);
    place_release(&place);
}

/* Each has its turn, the gravest before the others; what is under way is not
 * thrown away for it. */
static void films_of_many_incidents_wait_for_their_turn(void **state)
{
    static struct place place;
    static struct camera camera;
    (void)state;
    place_make(&place);
    camera.desk = &place.desk;
    recent_add(&camera);
    struct glimpse glimpse = GLIMPSE_NONE;
    struct moment now = clock_now();
    const struct incident incident[] = {
        {.number = 1, .tier = INCIDENT_PRESENCE},
        {.number = 2, .tier = INCIDENT_PRESENCE},
        {.number = 3, .tier = INCIDENT_TOUCH},
        {.number = 2, .tier = INCIDENT_PRESENCE},
        {.number = 1, .tier = INCIDENT_TOUCH}};
    for (size_t i = 0; i < sizeof incident / sizeof *incident; i++) {
        glimpse_begin(&glimpse, &camera, &incident[i], now);
    }
    const uint32_t turn[] = {1, 3, 1, 2};
    for (size_t i = 0; i < sizeof turn / sizeof *turn; i++) {
        assert_int_equal(glimpse.films, sizeof turn / sizeof *turn - i);
        assert_int_equal(glimpse.film[0].incident.number, turn[i]);
        glimpse_serve(&glimpse, &place.desk, now);
    }
    assert_int_equal(glimpse.films, 0);
    for (uint32_t i = 1; i <= GLIMPSE_MOST + 2; i++) {
        const struct incident one = {.number = i, .tier = INCIDENT_PRESENCE};
        glimpse_begin(&glimpse, &camera, &one, now);
    }
    assert_int_equal(glimpse.films, GLIMPSE_MOST);
    glimpse_begin(&glimpse, &camera, &incident[4], now);
    assert_int_equal(glimpse.films, GLIMPSE_MOST);
    assert_int_equal(glimpse.film[1].incident.tier, INCIDENT_TOUCH);
    glimpse_release(&glimpse);
    roll_clear(&camera.recent);
    place_release(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clip_without_a_player_makes_no_pause_short_again),
        cmocka_unit_test(
            a_film_without_picture_is_told_once_where_no_worker_starts),
        cmocka_unit_test(films_of_many_incidents_wait_for_their_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
