/* Lines of a ledger in, hours and estimates out. */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "ledger/line.h"
#include "operation/watched.h"
#include "tests/check.h"

#define BEGAN_US INT64_C(1320177600000000)

static struct config_camera camera[3] = {
    {.name = "garage",
     .place = "shed",
     .zones = 1,
     .zone = {{.name = "table", .bait = "tank", .copy = 7}}},
    {.name = "gate",
     .place = "shed",
     .zones = 1,
     .zone = {{.name = "bench", .bait = "tank", .copy = 7}}},
    {.name = "street", .place = "street"}};
static const struct config config = {.cameras = 3, .camera = camera};

/* What a line says, "KEY=VALUE ...", as fields into `text`. */
static size_t fields_of(char *text, struct line_field field[8])
{
    size_t fields = 0;
    for (char *at; (at = strsep(&text, " "));) {
        char *value = strchr(at, '=');
        *value = '\0';
        field[fields++] = (struct line_field){at, value + 1};
    }
    return fields;
}

static void take(struct watching *watching, double at_s, const char *kind,
                 const char *says)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct line_head head = {
        .at = {BEGAN_US + (int64_t)(at_s * 1e6), (int64_t)(at_s * 1e6)},
        .boot = "01234567"};
    struct line_field field[8];
    uint8_t random[LINE_RANDOM_SIZE] = {0};
    char text[256];
    struct line line;
    snprintf(text, sizeof text, "%s", says);
    size_t fields = fields_of(text, field);
    assert_true(!line_begin(&out, &head, kind, field, fields));
    assert_true(!line_end(&out, random, (struct digest){{0}},
                          line_prev_size(bytes_of_text("2"))));
    assert_true(!line_parse(buffer_bytes(&out), &line));
    assert_true(!watching_take(watching, &line));
}

static struct watching *begun(void)
{
    struct watching *watching = NULL;
    assert_true(!watching_new(&config, &watching));
    take(watching, 0, "session", "n=0 boot=b version=1");
    take(watching, 1, "camera", "camera=garage state=on");
    take(watching, 1, "camera", "camera=gate state=on");
    return watching;
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

/* The light may be well and nobody seen; or nothing be known yet. */
static void what_is_not_seen_is_not_called_dark(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 100, "sight", "camera=garage zone=table state=unknown");
    take(watching, 150, "sight",
         "camera=garage zone=table state=blind contrast=1 size=0 level=90");
    take(watching, 200, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    const struct bait_hours *bait = &got.hours.bait[0];
    bool seen[SEEING_STATES] = {false};
    for (size_t i = 0; i < bait->stretches; i++) {
        seen[bait->stretch[i].seeing] = true;
    }
    assert_true(seen[SEEING_LEARNING] && seen[SEEING_BLIND]);
    assert_false(seen[SEEING_DARK]);
}

static void hours_are_those_in_which_the_best_camera_saw(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 100, "sight",
         "camera=garage zone=table state=dark contrast=1 size=0 level=1");
    take(watching, 150, "sight",
         "camera=gate zone=bench state=faint contrast=0 size=0 level=9");
    take(watching, 200, "camera", "camera=gate state=lost");
    take(watching, 230, "camera", "camera=garage state=off");
    take(watching, 240, "stop", "n=0");
    take(watching, 300, "session", "n=1 boot=b version=1");
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.hours.baits, 1);
    const struct bait_hours *bait = &got.hours.bait[0];
    assert_string_equal(bait->bait, "tank");
    assert_int_equal(bait->copy, 7);
    assert_true(seconds(bait->to_us - bait->from_us) == 290);
    assert_true(seconds(bait->us[SEEING_GOOD]) == 90);
    assert_true(seconds(bait->us[SEEING_DARK]) == 50 + 30);
    assert_true(seconds(bait->us[SEEING_FAINT]) == 50);
    assert_true(seconds(bait->us[SEEING_LOST]) == 10);
    assert_true(seconds(bait->us[SEEING_NO_STATION]) == 60);
    assert_int_equal(bait->stretches, 5);
    assert_int_equal(bait->stretch[1].seeing, SEEING_FAINT);
    assert_true(bait->stretch[1].from_us == BEGAN_US + INT64_C(150) * 1000000);
    watched_release(&got);
}

/* Copy 5 lay there, and 7, which operation.yaml names today, since 100 s. */
static void hours_are_those_of_the_copy_that_lay_there_then(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 2, "laid", "camera=garage zone=table bait=tank copy=5");
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 60, "page",
         "camera=garage zone=table bait=tank copy=5 state=lifted "
         "since=2011-11-01T20:01:00.000000Z");
    take(watching, 100, "laid", "camera=garage zone=table bait=tank copy=7");
    take(watching, 130, "laid", "camera=garage zone=table");
    take(watching, 150, "laid", "camera=gate zone=bench bait=tank copy=5");
    take(watching, 170, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.hours.baits, 2);
    const struct bait_hours *seven = &got.hours.bait[0];
    const struct bait_hours *five = &got.hours.bait[1];
    assert_int_equal(seven->copy, 7);
    assert_int_equal(seven->lains, 1);
    assert_true(seconds(seven->lain_us) == 30);
    assert_true(seconds(seven->lain[0].from_us - BEGAN_US) == 100);
    assert_false(seven->lain[0].is_there);
    assert_int_equal(five->copy, 5);
    assert_true(seconds(five->lain_us) == 98 + 20);
    assert_true(seconds(five->us[SEEING_GOOD]) == 90);
    assert_int_equal(five->lains, 2);
    assert_string_equal(five->lain[1].camera, "gate");
    assert_string_equal(five->lain[1].zone, "bench");
    assert_true(five->lain[1].is_there);
    watched_release(&got);
}

/* Of a recorder that wrote no such lines page watch names the copy. */
static void a_page_line_tells_which_copy_lay_there_from_the_start(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 60, "page",
         "camera=garage zone=table bait=tank copy=5 state=lifted "
         "since=2011-11-01T20:01:00.000000Z");
    take(watching, 100, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.hours.baits, 2);
    assert_int_equal(got.hours.bait[0].from_us, 0);
    assert_int_equal(got.hours.bait[1].copy, 5);
    assert_true(seconds(got.hours.bait[1].us[SEEING_GOOD]) == 90);
    watched_release(&got);
}

static void who_learns_is_covered_or_lacks_a_recording_sees_nothing(
    void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 2, "camera", "camera=gate state=off");
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 20, "incident",
         "n=0 state=opened camera=garage kind=learning tier=none");
    take(watching, 25, "incident",
         "n=0 state=closed camera=garage kind=learning tier=none");
    take(watching, 40, "incident",
         "n=1 state=opened camera=garage kind=tamper tier=presence");
    take(watching, 55, "incident",
         "n=1 state=closed camera=garage kind=tamper tier=presence");
    take(watching, 80, "gap",
         "cause=lost camera=garage from=2011-11-01T20:01:00.000000Z "
         "to=2011-11-01T20:01:10.000000Z");
    take(watching, 90, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    const struct bait_hours *bait = &got.hours.bait[0];
    assert_true(seconds(bait->us[SEEING_LEARNING]) == 5);
    assert_true(seconds(bait->us[SEEING_COVERED]) == 15);
    assert_true(seconds(bait->us[SEEING_UNRECORDED]) == 10);
    assert_true(seconds(bait->us[SEEING_GOOD]) == 50);
    watched_release(&got);
}

/* Its incident closes while a tape is on the lens; later it is taken off. */
static void a_lens_is_covered_until_it_sees_again(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 2, "camera", "camera=gate state=off");
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 40, "incident",
         "n=1 state=opened camera=garage kind=tamper tier=presence");
    take(watching, 55, "incident",
         "n=1 state=closed camera=garage kind=tamper tier=presence "
         "blind=gate,garage");
    take(watching, 60, "incident",
         "n=2 state=opened camera=gate kind=person tier=presence");
    take(watching, 65, "incident",
         "n=2 state=closed camera=gate kind=person tier=presence");
    take(watching, 140, "incident",
         "n=1 state=regained camera=garage kind=tamper tier=presence");
    take(watching, 190, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    const struct bait_hours *bait = &got.hours.bait[0];
    assert_true(seconds(bait->us[SEEING_COVERED]) == 100);
    assert_true(seconds(bait->us[SEEING_GOOD]) == 80);
    watched_release(&got);
}

static void a_camera_that_was_lost_or_is_named_star_is_known_too(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 2, "camera", "camera=gate state=off");
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 40, "incident",
         "n=1 state=blinded camera=garage kind=tamper tier=presence");
    take(watching, 50, "incident",
         "n=1 state=closed camera=gate kind=person tier=presence blind=*");
    take(watching, 60, "camera", "camera=garage state=lost");
    take(watching, 70, "camera", "camera=garage state=on");
    take(watching, 75, "stop", "n=0");
    assert_true(!watching_give(watching, &got));
    const struct bait_hours *bait = &got.hours.bait[0];
    assert_true(seconds(bait->us[SEEING_COVERED]) == 20);
    assert_true(seconds(bait->us[SEEING_LOST]) == 10);
    assert_true(seconds(bait->us[SEEING_GOOD]) == 35);
    watched_release(&got);
}

static void a_session_that_broke_off_ends_with_its_last_line(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 60, "note", "type=note blob=b pt=p");
    take(watching, 100, "session", "n=1 boot=b version=1");
    assert_true(!watching_give(watching, &got));
    assert_true(seconds(got.hours.bait[0].us[SEEING_GOOD]) == 50);
    assert_true(seconds(got.hours.bait[0].us[SEEING_NO_STATION]) == 40);
    watched_release(&got);
}

static void commands_that_write_are_no_stations(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    take(watching, 10, "sight",
         "camera=garage zone=table state=good contrast=0 size=0 level=9");
    take(watching, 60, "stop", "n=0 why=asked");
    for (int i = 0; i < 50; i++) {
        take(watching, 70 + i, "session", "n=1 boot=b version=1");
        take(watching, 70.5 + i, "note", "type=note blob=b pt=p");
        take(watching, 70.5 + i, "stop", "n=1 why=command");
    }
    take(watching, 200, "session", "n=2 boot=b version=1");
    assert_true(!watching_give(watching, &got));
    const struct bait_hours *bait = &got.hours.bait[0];
    assert_int_equal(bait->stretches, 1);
    assert_true(seconds(bait->us[SEEING_NO_STATION]) == 140);
    assert_true(seconds(bait->us[SEEING_GOOD]) == 50);
    watched_release(&got);
}

static void of_a_bait_that_no_line_names_nothing_is_said(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.hours.bait[0].from_us, 0);
    assert_int_equal(got.hours.bait[0].to_us, 0);
    assert_int_equal(got.hours.bait[0].stretches, 0);
    watched_release(&got);
}

static void visit(struct watching *watching, int number, const char *seen_by)
{
    char text[200];
    double at_s = 100.0 * number;
    snprintf(text, sizeof text,
             "n=%d state=opened camera=garage kind=person tier=presence "
             "cameras=%s",
             number, seen_by);
    take(watching, at_s, "incident", text);
    snprintf(text, sizeof text,
             "n=%d state=closed camera=garage kind=person tier=presence "
             "end=2011-11-01T20:04:41.250000Z",
             number);
    take(watching, at_s + 10, "incident", text);
}

static void visits_of_two_cameras_tell_of_those_that_neither_saw(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    char text[WATCHED_DOUBT_SIZE];
    for (int n = 1; n <= 4; n++) {
        visit(watching, n, "garage,gate");
    }
    visit(watching, 5, "garage");
    visit(watching, 6, "gate");
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.pairs, 1);
    assert_string_equal(got.pair[0].first, "garage");
    assert_string_equal(got.pair[0].second, "gate");
    assert_int_equal(got.pair[0].by_first, 5);
    assert_int_equal(got.pair[0].by_second, 5);
    assert_int_equal(got.pair[0].by_both, 4);
    assert_true(got.pair[0].has_estimate);
    assert_string_equal(
        watched_doubt(&got.pair[0], 2, text),
        "4 of 6 were seen by both: so few that the estimate leans low");
    assert_string_equal(watched_doubt(&got.pair[0], 3, text),
                        "6 of 6 were marked by nobody: false alarms among "
                        "them count as visits");
    assert_null(watched_doubt(&got.pair[0], 4, text));
    watched_release(&got);
}

static void walks_marks_and_the_own_team_are_no_visits(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    visit(watching, 1, "garage,gate");
    visit(watching, 2, "garage");
    take(watching, 211, "drill", "type=walk trials=1 hits=1 incidents=2");
    take(watching, 211, "drill",
         "type=walk-in-time trials=1 hits=0 team_s=9 incidents=2");
    visit(watching, 3, "garage");
    take(watching, 311, "ack", "incident=3 by=me false=alarm");
    visit(watching, 4, "gate");
    take(watching, 411, "ack", "incident=4 by=me false=known");
    take(watching, 450, "camera", "camera=gate state=lost");
    visit(watching, 5, "garage"); /* the other could not have seen it */
    take(watching, 520, "camera", "camera=gate state=on");
    take(watching, 530, "incident",
         "n=6 state=opened camera=gate kind=tamper tier=presence");
    take(watching, 540, "incident",
         "n=6 state=closed camera=gate kind=tamper tier=presence blind=gate");
    visit(watching, 7, "garage"); /* nor that */
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.pair[0].visits, 1);
    assert_int_equal(got.walks.trials, 1);
    assert_int_equal(got.walks.hits, 1);
    assert_int_equal(got.in_time.trials, 1);
    assert_int_equal(got.in_time.hits, 0);
    watched_release(&got);
}

static void page_watch_is_a_sensor_beside_the_other_camera(void **state)
{
    (void)state;
    struct watching *watching STING_AUTO(watching_free) = begun();
    struct watched got;
    visit(watching, 1, "gate");
    take(watching, 111, "page",
         "camera=garage zone=table state=lifted "
         "since=2011-11-01T20:04:41.250000Z incident=1");
    take(watching, 112, "page",
         "camera=garage zone=table state=flashes "
         "since=2011-11-01T20:04:41.250000Z incident=1");
    visit(watching, 2, "gate");
    take(watching, 212, "page",
         "camera=garage zone=table state=flashes "
         "since=2011-11-01T20:04:41.250000Z incident=2");
    assert_true(!watching_give(watching, &got));
    assert_int_equal(got.pairs, 2); /* and persons by both */
    assert_string_equal(got.pair[0].first, "page watch of garage");
    assert_string_equal(got.pair[0].second, "gate");
    assert_int_equal(got.pair[0].by_first, 1);
    assert_int_equal(got.pair[0].by_second, 2);
    assert_int_equal(got.pair[0].by_both, 1);
    watched_release(&got);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(what_is_not_seen_is_not_called_dark),
        cmocka_unit_test(hours_are_those_in_which_the_best_camera_saw),
        cmocka_unit_test(
            who_learns_is_covered_or_lacks_a_recording_sees_nothing),
        cmocka_unit_test(hours_are_those_of_the_copy_that_lay_there_then),
        cmocka_unit_test(a_page_line_tells_which_copy_lay_there_from_the_start),
        cmocka_unit_test(a_lens_is_covered_until_it_sees_again),
        cmocka_unit_test(a_camera_that_was_lost_or_is_named_star_is_known_too),
        cmocka_unit_test(a_session_that_broke_off_ends_with_its_last_line),
        cmocka_unit_test(commands_that_write_are_no_stations),
        cmocka_unit_test(of_a_bait_that_no_line_names_nothing_is_said),
        cmocka_unit_test(visits_of_two_cameras_tell_of_those_that_neither_saw),
        cmocka_unit_test(walks_marks_and_the_own_team_are_no_visits),
        cmocka_unit_test(page_watch_is_a_sensor_beside_the_other_camera),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
