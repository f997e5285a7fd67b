#include <string.h>

#include "operation/incident.h"
#include "tests/check.h"

#define S INT64_C(1000000)

static struct moment at(int64_t s)
{
    return (struct moment){1000 * S + s * S, s * S};
}

static void see(struct incidents *incidents, int camera,
                enum incident_kind kind, bool begins, int64_t s)
{
    struct observation seen = {.camera = camera,
                               .zone = -1,
                               .kind = kind,
                               .begins = begins,
                               .at = at(s),
                               .looked = at(s),
                               .score = (double)s};
    assert_true(!incidents_observe(incidents, &seen));
}

static struct incidents *fresh(void)
{
    struct incidents *incidents = NULL;
    assert_true(!incidents_new(10 * S, 1, &incidents));
    return incidents;
}

static void expect(struct incidents *incidents, enum incident_change change,
                   uint32_t number, enum incident_kind kind)
{
    struct incident_event event;
    assert_true(incidents_next(incidents, &event));
    assert_int_equal(event.change, change);
    assert_int_equal(event.incident.number, number);
    assert_int_equal(event.incident.kind, kind);
}

static void expect_nothing(struct incidents *incidents)
{
    struct incident_event event;
    assert_false(incidents_next(incidents, &event));
}

static void a_visit_is_one_incident_and_closes_when_quiet(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_PERSON, true, 5);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    for (int s = 6; s < 60; s++) {
        incidents_tick(in, at(s));
    }
    see(in, 0, INCIDENT_PERSON, false, 60);
    see(in, 0, INCIDENT_PERSON, true, 65);
    see(in, 0, INCIDENT_PERSON, false, 70);
    incidents_tick(in, at(79));
    expect_nothing(in);
    incidents_tick(in, at(80));
    struct incident_event event;
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.start.boot_us, 5 * S);
    assert_int_equal(event.incident.end.boot_us, 70 * S);
    assert_true(event.incident.score == 65.0);
    see(in, 0, INCIDENT_PERSON, true, 81);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
}

static uint64_t unseen_by_the_end(struct incidents *in, int64_t s)
{
    struct incident_event event = {.change = INCIDENT_OPENED};
    incidents_tick(in, at(s));
    while (incidents_next(in, &event)) {
    }
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.blind, 0);
    return event.incident.unseen;
}

static void an_end_that_a_camera_did_not_see_is_told_as_such(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct observation cut = {
        .camera = 2, .zone = -1, .is_cut = true, .at = at(8), .looked = at(8)};
    see(in, 2, INCIDENT_PERSON, true, 5);
    assert_true(!incidents_observe(in, &cut));
    assert_int_equal(unseen_by_the_end(in, 30), 1U << 2);
    see(in, 1, INCIDENT_PERSON, true, 40); /* and gone for a moment */
    see(in, 1, INCIDENT_LOSS, true, 45);
    see(in, 1, INCIDENT_LOSS, false, 46);
    assert_int_equal(unseen_by_the_end(in, 70), 1U << 1);
    see(in, 1, INCIDENT_PERSON, true, 80);
    see(in, 1, INCIDENT_PERSON, false, 82); /* he left before */
    see(in, 1, INCIDENT_LOSS, true, 83);
    see(in, 1, INCIDENT_LOSS, false, 84);
    assert_int_equal(unseen_by_the_end(in, 110), 0);
}

static void what_goes_on_when_all_stops_is_not_seen_to_end(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_PERSON, true, 5);
    incidents_finish(in, at(9));
    assert_int_equal(unseen_by_the_end(in, 10), 1);
}

static void who_only_told_of_itself_saw_nobody(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    see(in, 2, INCIDENT_LOSS, true, 1);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.incident.seen_by, 0);
    see(in, 1, INCIDENT_PERSON, true, 2);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.incident.seen_by, 2);
    see(in, 2, INCIDENT_PERSON, true, 3);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_GREW);
    assert_int_equal(event.incident.seen_by, 6);
    assert_int_equal(event.incident.cameras, 6);
}

/* Whose camera it was, and what that one alone tells. */
static void a_camera_that_joins_tells_its_own_part(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    struct incident part;
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 0, INCIDENT_PAGE, true, 2);
    assert_false(incidents_part_of(in, 1, &part));
    see(in, 1, INCIDENT_TAMPER, true, 3);
    assert_false(incidents_part_of(in, 1, &part));
    see(in, 1, INCIDENT_PERSON, true, 4);
    incidents_persons(in, 1, 2, at(5));
    assert_true(incidents_part_of(in, 1, &part));
    assert_int_equal(part.number, 1);
    assert_int_equal(part.camera, 1);
    assert_int_equal(part.kind, INCIDENT_PERSON);
    assert_int_equal(part.tier, INCIDENT_PRESENCE);
    assert_int_equal(part.start.boot_us, 4 * S);
    assert_int_equal(part.persons, 2);
    assert_int_equal(part.cameras, 2);
    assert_true(incidents_part_of(in, 0, &part));
    assert_int_equal(part.kind, INCIDENT_PAGE);
    assert_int_equal(part.start.boot_us, 1 * S);
    const int by[] = {0, 0, 1, 1, 1}; /* opened, raised, tamper, person, two */
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        assert_true(incidents_next(in, &event));
        assert_int_equal(event.camera, by[i]);
        assert_int_equal(event.incident.camera, i == 2 ? 1 : 0);
    }
    incidents_finish(in, at(6));
    assert_false(incidents_part_of(in, 1, &part));
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.camera, -1);
    assert_false(incidents_part_of(in, 64, &part));
}

static void an_incident_grows_by_a_second_person_and_never_shrinks(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    incidents_persons(in, 0, 2, at(1)); /* there is no incident */
    incidents_persons(in, 64, 2, at(1));
    see(in, 0, INCIDENT_PERSON, true, 5);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    incidents_persons(in, 0, 1, at(6));
    expect_nothing(in);
    incidents_persons(in, 0, 2, at(7));
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_GREW);
    assert_int_equal(event.incident.persons, 2);
    incidents_persons(in, 0, 2, at(8));
    incidents_persons(in, 0, 0, at(9));
    see(in, 0, INCIDENT_PERSON, false, 9);
    expect_nothing(in);
    incidents_tick(in, at(30));
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.persons, 2);
}

static void two_places_have_incidents_of_their_own(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    incidents_place_set(in, 3, 1);
    incidents_place_set(in, 4, 1);
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 3, INCIDENT_PERSON, true, 2);
    see(in, 4, INCIDENT_PERSON, true, 3);
    see(in, 0, INCIDENT_PERSON, false, 4);
    incidents_tick(in, at(30));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
    expect(in, INCIDENT_GREW, 2, INCIDENT_PERSON);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.number, 1);
    assert_int_equal(event.incident.cameras, 1);
    expect_nothing(in); /* the other goes on */
    assert_int_equal(incidents_open(in)->number, 2);
    incidents_finish(in, at(31));
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.incident.number, 2);
    assert_int_equal(event.incident.cameras, 24);
}

static void two_cameras_share_an_incident(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 3, INCIDENT_PERSON, true, 2);
    see(in, 0, INCIDENT_PERSON, false, 3);
    incidents_tick(in, at(40));
    see(in, 3, INCIDENT_PERSON, false, 41);
    incidents_tick(in, at(60));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    expect(in, INCIDENT_GREW, 1, INCIDENT_PERSON);
    struct incident_event event;
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.cameras, 9);
    assert_int_equal(event.incident.camera, 0);
}

static void a_touched_page_raises_the_tier_once(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 1, INCIDENT_PERSON, true, 1);
    see(in, 2, INCIDENT_PAGE, true, 2);
    see(in, 2, INCIDENT_PAGE, false, 3);
    see(in, 2, INCIDENT_PAGE, true, 4);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    struct incident_event event;
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_RAISED);
    assert_int_equal(event.incident.tier, INCIDENT_TOUCH);
    assert_int_equal(event.incident.camera, 2);
    expect_nothing(in);
}

/* A camera that stays away must not swallow the person that comes later. */
static void a_lost_camera_does_not_hold_the_incident_open(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 0, INCIDENT_LOSS, true, 5);
    incidents_tick(in, at(15));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    expect(in, INCIDENT_BLINDED, 1, INCIDENT_LOSS);
    expect(in, INCIDENT_CLOSED, 1, INCIDENT_PERSON);
    see(in, 1, INCIDENT_PERSON, true, 100);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
    see(in, 0, INCIDENT_LOSS, false, 101);
    expect(in, INCIDENT_REGAINED, 1, INCIDENT_LOSS);
    expect_nothing(in);
}

static void light_and_learning_are_told_without_a_number(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_LEARNING, true, 0);
    see(in, 0, INCIDENT_LIGHT, true, 4);
    see(in, 0, INCIDENT_LIGHT, true, 5);
    see(in, 0, INCIDENT_LIGHT, false, 6);
    assert_null(incidents_open(in));
    expect(in, INCIDENT_OPENED, 0, INCIDENT_LEARNING);
    expect(in, INCIDENT_OPENED, 0, INCIDENT_LIGHT);
    expect(in, INCIDENT_CLOSED, 0, INCIDENT_LIGHT);
    incidents_finish(in, at(9));
    expect(in, INCIDENT_CLOSED, 0, INCIDENT_LEARNING);
    incidents_finish(in, at(10)); /* what ended is over */
    expect_nothing(in);
}

static void touch(struct incidents *incidents, int camera, int zone, int64_t s)
{
    struct observation seen = {.camera = camera,
                               .zone = zone,
                               .kind = INCIDENT_PAGE,
                               .begins = true,
                               .at = at(s),
                               .looked = at(s),
                               .score = 1};
    assert_true(!incidents_observe(incidents, &seen));
    seen.begins = false;
    assert_true(!incidents_observe(incidents, &seen));
}

/* He goes from one document to the next. */
static void the_first_touch_of_each_zone_is_news(void **state)
{
    (void)state;
    static const struct {
        int camera, zone;
        bool is_news;
    } row[] = {{0, 0, true}, {0, 0, false}, {0, 1, true},
               {1, 0, true}, {0, 1, false}, {1, 0, false}};
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    see(in, 0, INCIDENT_PERSON, true, 1);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        touch(in, row[i].camera, row[i].zone, 2 + (int64_t)i);
        assert_int_equal(incidents_next(in, &event), row[i].is_news);
        if (row[i].is_news) {
            assert_int_equal(event.change, INCIDENT_RAISED);
            assert_int_equal(event.incident.tier, INCIDENT_TOUCH);
            assert_int_equal(event.incident.camera, row[i].camera);
            assert_int_equal(event.incident.zone, row[i].zone);
            assert_int_equal(event.incident.start.boot_us, 1 * S);
        }
    }
    see(in, 0, INCIDENT_PERSON, false, 20);
    incidents_tick(in, at(40));
    expect(in, INCIDENT_CLOSED, 1, INCIDENT_PAGE);
    touch(in, 0, 0, 50);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PAGE);
    touch(in, 0, 1, 51);
    expect(in, INCIDENT_RAISED, 2, INCIDENT_PAGE);
}

/* Who is in view cuts the cable, and another camera is covered. */
static void a_camera_that_goes_is_news_of_an_incident_once(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 1, INCIDENT_PERSON, true, 2);
    see(in, 1, INCIDENT_LOSS, true, 3);
    see(in, 1, INCIDENT_LOSS, false, 4);
    see(in, 1, INCIDENT_LOSS, true, 5);
    see(in, 0, INCIDENT_TAMPER, true, 6);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    expect(in, INCIDENT_GREW, 1, INCIDENT_PERSON);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_BLINDED);
    assert_int_equal(event.incident.kind, INCIDENT_LOSS);
    assert_int_equal(event.incident.camera, 1);
    assert_int_equal(event.incident.start.boot_us, 3 * S);
    expect(in, INCIDENT_BLINDED, 1, INCIDENT_TAMPER);
    expect_nothing(in);
    assert_int_equal(incidents_open(in)->kind, INCIDENT_PERSON);
    see(in, 0, INCIDENT_TAMPER, false, 7);
    see(in, 0, INCIDENT_PERSON, false, 8);
    incidents_tick(in, at(20));
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.blind, 1U << 1);
    see(in, 1, INCIDENT_LOSS, false, 25);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_REGAINED);
    assert_int_equal(event.incident.number, 1);
    assert_int_equal(event.incident.camera, 1);
    see(in, 0, INCIDENT_PERSON, true, 30);
    see(in, 0, INCIDENT_TAMPER, true, 31);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
    expect(in, INCIDENT_BLINDED, 2, INCIDENT_TAMPER);
}

/* It was covered, and unplugged; covered again, that is told again. */
static void a_camera_that_comes_back_tells_anew(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_TAMPER, true, 1);
    see(in, 0, INCIDENT_LOSS, true, 2);
    see(in, 0, INCIDENT_LOSS, false, 5);
    incidents_tick(in, at(30));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_TAMPER);
    expect(in, INCIDENT_BLINDED, 1, INCIDENT_LOSS);
    expect(in, INCIDENT_CLOSED, 1, INCIDENT_TAMPER);
    see(in, 0, INCIDENT_TAMPER, true, 40);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_TAMPER);
}

/* Covered as the first incident closed; unplugged in the second, which tells
 * of it from then on. */
static void a_camera_is_left_open_by_the_last_incident_that_told(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    see(in, 0, INCIDENT_TAMPER, true, 1);
    incidents_tick(in, at(20));
    see(in, 1, INCIDENT_PERSON, true, 30);
    see(in, 0, INCIDENT_LOSS, true, 31);
    see(in, 0, INCIDENT_LOSS, false, 32);
    see(in, 0, INCIDENT_TAMPER, false, 33);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_TAMPER);
    expect(in, INCIDENT_CLOSED, 1, INCIDENT_TAMPER);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
    expect(in, INCIDENT_BLINDED, 2, INCIDENT_LOSS);
    expect_nothing(in);
}

/* The operation's time is over while somebody is there. */
static void who_is_not_watched_any_more_holds_no_incident_open(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    see(in, 0, INCIDENT_PERSON, true, 1);
    incidents_tick(in, at(8));
    incidents_camera_off(in, 0);
    incidents_tick(in, at(30));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.end.boot_us, 8 * S);
}

/* Somebody drew a zone while people were there. */
static void zones_drawn_anew_hold_no_incident_open(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    const int moved[] = {1, -1};
    struct observation seen = {.zone = 0,
                               .kind = INCIDENT_PERSON,
                               .begins = true,
                               .at = at(1),
                               .looked = at(1)};
    assert_true(!incidents_observe(in, &seen));
    incidents_camera_anew(in, 0, moved, 2);
    incidents_tick(in, at(2));
    incidents_tick(in, at(30));
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_CLOSED);
    assert_int_equal(event.incident.zone, 1);
}

static void once_our_own_are_in_an_incident_is_theirs_too(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    const struct moment went = at(5);
    int64_t since_us = 0;
    see(in, 0, INCIDENT_PERSON, true, 1);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    assert_null(incidents_team(in, 0, &since_us));
    incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", &went);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_TEAM);
    assert_int_equal(event.incident.team_us, went.utc_us);
    assert_string_equal(event.incident.team, "night shift");
    assert_string_equal(incidents_team(in, 0, &since_us), "night shift");
    assert_int_equal(since_us, went.utc_us);
    /* A touch is still told as one. */
    see(in, 0, INCIDENT_PAGE, true, 6);
    assert_true(incidents_next(in, &event));
    assert_int_equal(event.change, INCIDENT_RAISED);
    assert_int_equal(event.incident.team_us, went.utc_us);
}

/* They go round a corner, and come back. */
static void our_own_stay_so_until_nobody_was_seen_for_long(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    const struct moment went = at(5);
    int64_t since_us = 0;
    incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", &went);
    see(in, 0, INCIDENT_PERSON, true, 200);
    see(in, 0, INCIDENT_PERSON, false, 230);
    incidents_tick(in, at(240));
    see(in, 0, INCIDENT_PERSON, true, 520);
    while (incidents_next(in, &event)) {
        assert_int_equal(event.incident.team_us, went.utc_us);
    }
    see(in, 0, INCIDENT_PERSON, false, 530);
    incidents_tick(in, at(829));
    assert_non_null(incidents_team(in, 0, &since_us));
    incidents_tick(in, at(830));
    assert_null(incidents_team(in, 0, &since_us));
    see(in, 0, INCIDENT_PERSON, true, 831);
    while (incidents_next(in, &event)) {
        assert_int_equal(event.incident.team_us != 0,
                         event.incident.number < 3);
    }
}

static void who_comes_after_our_own_are_out_is_a_stranger(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    const struct moment went = at(5);
    see(in, 0, INCIDENT_PERSON, true, 1);
    incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", &went);
    incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", NULL);
    see(in, 0, INCIDENT_PERSON, false, 8);
    incidents_tick(in, at(30));
    see(in, 0, INCIDENT_PERSON, true, 31);
    while (incidents_next(in, &event)) {
        if (event.incident.number == 2) {
            assert_int_equal(event.incident.team_us, 0);
        }
    }
    assert_int_equal(event.incident.number, 2);
}

static void who_stays_when_our_own_are_out_is_told_of(void **state)
{
    (void)state;
    for (int stays = 0; stays < 2; stays++) {
        struct incidents *in STING_AUTO(incidents_free) = fresh();
        struct incident_event event;
        const struct moment went = at(5);
        see(in, 0, INCIDENT_PERSON, true, 1);
        incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", &went);
        expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
        expect(in, INCIDENT_TEAM, 1, INCIDENT_PERSON);
        incidents_team_set(in, INCIDENT_EVERYWHERE, "night shift", NULL);
        incidents_tick(in, at(10));
        incidents_tick(in, at(24)); /* they are on their way out */
        expect_nothing(in);
        if (!stays) {
            see(in, 0, INCIDENT_PERSON, false, 24);
            expect_nothing(in);
            incidents_tick(in, at(25));
            expect_nothing(in);
            continue;
        }
        incidents_tick(in, at(25));
        expect(in, INCIDENT_CLOSED, 1, INCIDENT_PERSON);
        assert_true(incidents_next(in, &event));
        assert_int_equal(event.change, INCIDENT_OPENED);
        assert_int_equal(event.incident.number, 2);
        assert_int_equal(event.incident.team_us, 0);
        incidents_tick(in, at(300));
        expect_nothing(in);
    }
}

static void our_own_in_one_room_are_not_in_the_other(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct incident_event event;
    const struct moment went = at(5);
    incidents_place_set(in, 3, 1);
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 3, INCIDENT_PERSON, true, 2);
    expect(in, INCIDENT_OPENED, 1, INCIDENT_PERSON);
    expect(in, INCIDENT_OPENED, 2, INCIDENT_PERSON);
    incidents_team_set(in, incidents_place_of(in, 3), "night shift", &went);
    incidents_finish(in, at(9));
    while (incidents_next(in, &event)) {
        assert_int_equal(event.incident.team_us != 0,
                         event.incident.number == 2);
    }
}

/* Whatever the incidents' numbers are by then. */
static void our_own_are_out_of_the_room_that_they_went_into(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    int64_t since_us = 0;
    const struct moment went = at(5);
    incidents_place_set(in, 3, 1);
    see(in, 0, INCIDENT_PERSON, true, 1);
    see(in, 3, INCIDENT_PERSON, true, 2);
    incidents_team_set(in, incidents_place_of(in, 0), "night shift", &went);
    incidents_team_set(in, incidents_place_of(in, 3), "gate", &went);
    see(in, 0, INCIDENT_PERSON, false, 8);
    incidents_tick(in, at(30));
    see(in, 0, INCIDENT_PERSON, true, 31);
    assert_int_equal(incidents_open_of(in, 0)->number, 3);
    assert_int_equal(incidents_open_of(in, 0)->team_us, went.utc_us);
    incidents_team_set(in, incidents_place_of(in, 0), "night shift", NULL);
    assert_null(incidents_team(in, 0, &since_us));
    assert_string_equal(incidents_team(in, 1, &since_us), "gate");
    assert_null(incidents_team(in, INCIDENT_EVERYWHERE, &since_us));
    assert_null(incidents_team(in, INCIDENT_MOST_PLACES, &since_us));
}

static void an_incident_is_of_the_cameras_of_its_place(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    incidents_place_set(in, 3, 1);
    see(in, 3, INCIDENT_PERSON, true, 1);
    assert_null(incidents_open_of(in, 0));
    assert_null(incidents_open_of(in, -1));
    assert_null(incidents_open_of(in, 64));
    assert_int_equal(incidents_open_of(in, 3)->number, 1);
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    struct incidents *in STING_AUTO(incidents_free) = fresh();
    struct observation bad = {.camera = 64, .zone = -1, .begins = true};
    assert_int_equal(incidents_observe(in, &bad), STING_E_ARG);
    bad = (struct observation){.camera = 0, .zone = 31, .begins = true};
    assert_int_equal(incidents_observe(in, &bad), STING_E_ARG);
    bad = (struct observation){.zone = -1, .kind = INCIDENT_KINDS};
    assert_int_equal(incidents_observe(in, &bad), STING_E_ARG);
    assert_string_equal(incident_kind_name(99), "unknown");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_end_that_a_camera_did_not_see_is_told_as_such),
        cmocka_unit_test(what_goes_on_when_all_stops_is_not_seen_to_end),
        cmocka_unit_test(who_only_told_of_itself_saw_nobody),
        cmocka_unit_test(a_visit_is_one_incident_and_closes_when_quiet),
        cmocka_unit_test(two_cameras_share_an_incident),
        cmocka_unit_test(two_places_have_incidents_of_their_own),
        cmocka_unit_test(a_touched_page_raises_the_tier_once),
        cmocka_unit_test(the_first_touch_of_each_zone_is_news),
        cmocka_unit_test(a_lost_camera_does_not_hold_the_incident_open),
        cmocka_unit_test(light_and_learning_are_told_without_a_number),
        cmocka_unit_test(a_camera_that_goes_is_news_of_an_incident_once),
        cmocka_unit_test(a_camera_that_comes_back_tells_anew),
        cmocka_unit_test(a_camera_is_left_open_by_the_last_incident_that_told),
        cmocka_unit_test(who_is_not_watched_any_more_holds_no_incident_open),
        cmocka_unit_test(zones_drawn_anew_hold_no_incident_open),
        cmocka_unit_test(once_our_own_are_in_an_incident_is_theirs_too),
        cmocka_unit_test(our_own_stay_so_until_nobody_was_seen_for_long),
        cmocka_unit_test(who_comes_after_our_own_are_out_is_a_stranger),
        cmocka_unit_test(who_stays_when_our_own_are_out_is_told_of),
        cmocka_unit_test(our_own_in_one_room_are_not_in_the_other),
        cmocka_unit_test(a_camera_that_joins_tells_its_own_part),
        cmocka_unit_test(
            an_incident_grows_by_a_second_person_and_never_shrinks),
        cmocka_unit_test(our_own_are_out_of_the_room_that_they_went_into),
        cmocka_unit_test(an_incident_is_of_the_cameras_of_its_place),
        cmocka_unit_test(numbers_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("incident", test, NULL, NULL);
}
