/* The ledger in memory, as one looks back on it. */
#include <stdio.h>
#include <string.h>

#include "ledger/line.h"
#include "operation/chronicle.h"
#include "operation/writer.h"
#include "tests/operation_fixture.h"

#define SECOND_US INT64_C(1000000)
#define AT_US INT64_C(1320177840000000) /* 2011-11-01T20:04:00Z */

struct told {
    struct fixture fixture;
    struct operation *operation;
    struct writer *writer;
    struct chronicle *chronicle;
};

static struct told told_make(void)
{
    struct told told = {.fixture = fixture_make(NULL)};
    struct fault fault = {"", ""};
    told.operation = fixture_open(&told.fixture);
    assert_true(!writer_open(told.operation, clock_now, &told.writer, &fault));
    return told;
}

static void told_release(struct told *told)
{
    struct fault fault = {"", ""};
    chronicle_free(&told->chronicle);
    assert_true(!writer_close(&told->writer, &fault));
    writer_free(&told->writer);
    operation_close(&told->operation);
    fixture_release(&told->fixture);
}

static void line_write(struct told *told, const char *kind,
                       const struct line_field field[], size_t fields)
{
    struct fault fault = {"", ""};
    if (writer_line(told->writer, kind, field, fields, NULL, &fault)) {
        fail_msg("%s", fault.why);
    }
}

static void seg_say(struct told *told, int64_t at_us, const char *us,
                    const char *act, const char *clock_ms)
{
    char t0[LINE_TIME_SIZE];
    static const char ct[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    const struct line_field field[] = {{"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"n", "1"},
                                       {"init", "1"},
                                       {"t0", line_time_text(at_us, t0)},
                                       {"pts", "0"},
                                       {"us", us},
                                       {"frames", "200"},
                                       {"key", "1"},
                                       {"bytes", "1000000"},
                                       {"ct", ct},
                                       {"act", act},
                                       {"clock_ms", clock_ms}};
    line_write(told, "seg", field, sizeof field / sizeof *field);
}

static void seg_write(struct told *told, int64_t at_us, const char *us,
                      const char *act)
{
    seg_say(told, at_us, us, act, NULL);
}

static const struct chronicle *follow(struct told *told)
{
    struct fault fault = {"", ""};
    if (!told->chronicle) {
        assert_true(!chronicle_open(operation_dir(told->operation),
                                    &told->chronicle, &fault));
    }
    while (chronicle_follow(told->chronicle, 1000) == STING_E_BUSY) {
    }
    assert_int_equal(chronicle_follow(told->chronicle, 1000), STING_OK);
    return told->chronicle;
}

static void recordings_without_a_break_are_one_stretch(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    seg_write(&told, AT_US, "8000000", "3");
    seg_write(&told, AT_US + 8 * SECOND_US, "8000000", "200");
    seg_write(&told, AT_US + 60 * SECOND_US, "8000000", "255");
    const struct chronicle *chronicle = follow(&told);
    assert_int_equal(chronicle_cameras(chronicle), 1);
    const struct chronicle_camera *camera = chronicle_camera(chronicle, 0);
    assert_string_equal(camera->name, "garage");
    assert_int_equal(camera->spans, 2);
    assert_int_equal(camera->span[0].from_us, AT_US);
    assert_int_equal(camera->span[0].to_us, AT_US + 16 * SECOND_US);
    assert_int_equal(camera->span[1].from_us, AT_US + 60 * SECOND_US);
}

static void own_clock_of_a_camera_is_known_where_it_said_so(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    int64_t off_ms = 7;
    static const struct {
        int64_t at_s;
        const char *clock_ms;
    } said[] = {
        {0, "-15000"}, {8, "-15090"},  {16, NULL}, {24, NULL},
        {32, NULL},    {40, "-15050"}, {48, "20"}, {56, "99999999999999999"}};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        seg_say(&told, AT_US + said[i].at_s * SECOND_US, "8000000", "3",
                said[i].clock_ms);
    }
    const struct chronicle *chronicle = follow(&told);
    assert_int_equal(chronicle_camera(chronicle, 0)->clocks.runs, 3);
    static const struct {
        int64_t at_s;
        int64_t off_ms; /* 7: not known */
    } known[] = {{-1, 7}, {0, -15000},  {15, -15000}, {31, -15000}, {32, 7},
                 {39, 7}, {40, -15050}, {47, -15050}, {48, 20},     {72, 7}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        int64_t at_us = AT_US + known[i].at_s * SECOND_US;
        off_ms = 7;
        assert_int_equal(chronicle_clock(chronicle, "garage", at_us, &off_ms),
                         known[i].off_ms != 7);
        assert_int_equal(off_ms, known[i].off_ms);
    }
    assert_false(chronicle_clock(chronicle, "shed", AT_US, &off_ms));
}

static void more_clocks_than_are_kept_lose_the_oldest(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    int64_t off_ms = 0;
    for (int64_t i = 0; i < (int64_t)CLOCK_SEEN_MOST + 3; i++) {
        char clock_ms[24];
        snprintf(clock_ms, sizeof clock_ms, "%d", (int)(i * 1000));
        seg_say(&told, AT_US + i * 60 * SECOND_US, "8000000", "3", clock_ms);
    }
    const struct chronicle *chronicle = follow(&told);
    assert_false(chronicle_clock(chronicle, "garage", AT_US, &off_ms));
    int64_t last = (int64_t)CLOCK_SEEN_MOST + 2;
    assert_true(chronicle_clock(chronicle, "garage",
                                AT_US + last * 60 * SECOND_US, &off_ms));
    assert_int_equal(off_ms, last * 1000);
    assert_int_equal(chronicle_camera(told.chronicle, 0)->clocks.runs,
                     CLOCK_SEEN_MOST);
}

static void activity_is_the_liveliest_of_each_part(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    uint8_t part[8];
    seg_write(&told, AT_US, "8000000", "3");
    seg_write(&told, AT_US + 12 * SECOND_US, "8000000", "200");
    seg_write(&told, AT_US + 60 * SECOND_US, "8000000", "255");
    const struct chronicle_camera *camera = chronicle_camera(follow(&told), 0);
    const struct chronicle_span minute = {AT_US, AT_US + 80 * SECOND_US};
    const uint8_t eight[] = {4, 201, 0, 0, 0, 0, 255, 0};
    chronicle_activity(camera, minute, part, 8);
    assert_memory_equal(part, eight, 8);
    chronicle_activity(camera, minute, part, 2);
    assert_int_equal(part[0], 201);
    assert_int_equal(part[1], 255);
    const struct chronicle_span before = {AT_US - 100 * SECOND_US,
                                          AT_US - 20 * SECOND_US};
    chronicle_activity(camera, before, part, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(part[i], 0);
    }
}

static void incident_write(struct told *told, const char *state,
                           const char *kind, const char *tier, const char *end)
{
    const struct line_field field[] = {
        {"n", "1"},     {"state", state},
        {"kind", kind}, {"camera", "garage"},
        {"tier", tier}, {"start", "2011-11-01T20:04:00.000000Z"},
        {"end", end}};
    line_write(told, "incident", field, sizeof field / sizeof *field);
}

static void lines_of_one_incident_are_one_event(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    const struct line_field ack[] = {
        {"incident", "1"}, {"by", "the head gardener"}, {"false", "known"}};
    incident_write(&told, "opened", "person", "presence", NULL);
    const struct chronicle *chronicle = follow(&told);
    size_t events = chronicle_events(chronicle);
    incident_write(&told, "raised", "page", "touch", NULL);
    incident_write(&told, "closed", "page", "touch",
                   "2011-11-01T20:05:00.000000Z");
    line_write(&told, "ack", ack, 3);
    chronicle = follow(&told);
    assert_int_equal(chronicle_events(chronicle), events + 1);
    const struct chronicle_event *incident =
        chronicle_event(chronicle, events - 1);
    assert_string_equal(incident->what, "incident");
    assert_string_equal(incident->word, "page");
    assert_string_equal(incident->tier, "touch");
    assert_string_equal(incident->mark, "known");
    assert_int_equal(incident->from_us, AT_US);
    assert_int_equal(incident->to_us, AT_US + 60 * SECOND_US);
    const struct chronicle_event *said = chronicle_event(chronicle, events);
    assert_string_equal(said->what, "ack");
    assert_string_equal(said->by, "the head gardener");
    assert_int_equal(said->incident, 1);
}

static void told_answered_and_in_the_room_stand_with_the_incident(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    const struct line_field shown[] = {{"n", "1"},
                                       {"incident", "1"},
                                       {"tier", "presence"},
                                       {"channel", "terminal"},
                                       {"state", "shown"}};
    const struct line_field delivered[] = {{"n", "2"},
                                           {"incident", "1"},
                                           {"tier", "presence"},
                                           {"channel", "webhook-1"},
                                           {"state", "delivered"}};
    const struct line_field ack[] = {{"incident", "1"}, {"by", "anna"}};
    const struct line_field go[] = {{"state", "in"},
                                    {"who", "night shift"},
                                    {"by", "anna"},
                                    {"incident", "1"}};
    incident_write(&told, "opened", "person", "presence", NULL);
    line_write(&told, "alert", shown, 5);
    line_write(&told, "alert", delivered, 5);
    line_write(&told, "alert", delivered, 5);
    line_write(&told, "ack", ack, 2);
    line_write(&told, "ack", ack, 2);
    line_write(&told, "go", go, 4);
    line_write(&told, "go", go, 4);
    const struct chronicle *chronicle = follow(&told);
    const struct chronicle_event *incident = chronicle_incident(chronicle, 1);
    size_t first = chronicle_events(chronicle) - 7; /* behind the incident */
    assert_int_equal(incident->shown_us,
                     chronicle_event(chronicle, first)->at_us);
    assert_int_equal(incident->delivered_us,
                     chronicle_event(chronicle, first + 1)->at_us);
    assert_int_equal(incident->ack_us,
                     chronicle_event(chronicle, first + 3)->at_us);
    assert_int_equal(incident->team_us,
                     chronicle_event(chronicle, first + 5)->at_us);
    assert_string_equal(incident->text, "night shift");
    assert_null(chronicle_incident(chronicle, 2));
    assert_null(chronicle_incident(chronicle, 0));
}

static void deaths_of_workers_and_words_of_outsiders_are_counted(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    struct fault fault = {"", ""};
    static const char root[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    const struct line_field camera[] = {{"name", "camera"},
                                        {"state", "died"},
                                        {"why", "killed by SIGSYS"},
                                        {"camera", "garage"}};
    const struct line_field net[] = {
        {"name", "net"}, {"state", "died"}, {"why", "ended"}};
    const struct line_field late[] = {{"type", "tsa"},  {"size", "4"},
                                      {"root", root},   {"state", "failed"},
                                      {"by", "stamps"}, {"why", "no answer"}};
    line_write(&told, "worker", camera, 4);
    line_write(&told, "worker", camera, 4);
    line_write(&told, "worker", net, 3);
    line_write(&told, "anchor", late, 6);
    const struct health *health = chronicle_health(follow(&told));
    assert_int_equal(health->workers, 2);
    assert_int_equal(health->worker[0].deaths, 2);
    assert_string_equal(health->worker[0].why, "killed by SIGSYS");
    assert_string_equal(health->worker[1].name, "net");
    assert_int_equal(health->vouched_us, 0);
    assert_true(health->refused_us > 0);
    assert_string_equal(health->refused_by, "stamps");
    assert_true(!writer_close(&told.writer, &fault));
    writer_free(&told.writer);
    assert_true(!writer_open(told.operation, clock_now, &told.writer, &fault));
    assert_int_equal(chronicle_health(follow(&told))->workers, 0);
}

static void a_trace_is_told_by_the_best_that_it_found(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    static const char *const found[][4] = {{"2", "1", "0", "attributed"},
                                           {"0", "1", "3", "lead"},
                                           {"0", "0", "1", "none"},
                                           {"0", "0", "0", "no-page"}};
    static const char hash[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    for (size_t i = 0; i < 4; i++) {
        const struct line_field trace[] = {{"run", "1"},
                                           {"question", hash},
                                           {"k", "1"},
                                           {"pictures", "4"},
                                           {"tried", "100"},
                                           {"blob", hash},
                                           {"pt", hash},
                                           {"by", "cleo"},
                                           {"lead", found[i][1]},
                                           {"none", found[i][2]},
                                           {"attributed", found[i][0]}};
        line_write(&told, "trace", trace, 11);
    }
    const struct chronicle *chronicle = follow(&told);
    size_t first = chronicle_events(chronicle) - 4;
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(chronicle_event(chronicle, first + i)->word,
                            found[i][3]);
    }
}

static void a_question_counted_again_is_no_photograph(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    size_t before = chronicle_events(follow(&told));
    static const char hash[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    static const char nothing[] = /* SHA-256 of no byte, FIPS 180-4 */
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const struct line_field counted[] = {
        {"run", "2"},        {"question", hash}, {"k", "2"},
        {"pictures", "1"},   {"tried", "100"},   {"blob", hash},
        {"pt", nothing},     {"lead", "0"},      {"none", "0"},
        {"attributed", "0"},
    };
    line_write(&told, "trace", counted, sizeof counted / sizeof *counted);
    assert_int_equal(chronicle_events(follow(&told)), before);
}

static void what_is_given_out_is_told_when_it_was(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    static const char hash[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    const struct line_field cut[] = {
        {"incident", "3"}, {"sha256", hash},
        {"bytes", "1000"}, {"from", "2011-11-01T21:04:38.000000Z"},
        {"masks", "0"},    {"to", "2011-11-01T21:05:10.000000Z"},
    };
    line_write(&told, "release", cut, sizeof cut / sizeof *cut);
    const struct chronicle *chronicle = follow(&told);
    const struct chronicle_event *event =
        chronicle_event(chronicle, chronicle_events(chronicle) - 1);
    assert_string_equal(event->what, "release");
    assert_int_equal(event->incident, 3);
    assert_int_equal(event->from_us, 0);
    assert_true(event->at_us > 0);
}

static void what_a_camera_lost_is_counted_since_the_session(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    struct fault fault = {"", ""};
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    const struct line_field lost[] = {{"camera", "garage"}, {"state", "lost"}};
    const struct line_field on[] = {{"camera", "garage"}, {"state", "on"}};
    const struct line_field gap[] = {
        {"cause", "lost"},
        {"camera", "garage"},
        {"from", line_time_text(AT_US, from)},
        {"to", line_time_text(AT_US + 3 * SECOND_US, to)}};
    const struct line_field crash[] = {{"cause", "torn"}};
    line_write(&told, "camera", on, 2);
    line_write(&told, "camera", lost, 2);
    line_write(&told, "gap", gap, 4);
    line_write(&told, "gap", gap, 4);
    line_write(&told, "gap", crash, 1);
    const struct health *health = chronicle_health(follow(&told));
    const struct health_camera *garage = health_camera(health, "garage");
    assert_non_null(garage);
    assert_int_equal(garage->losses, 1);
    assert_int_equal(garage->gaps, 2);
    assert_int_equal(garage->gap_us, 6 * SECOND_US);
    assert_null(health_camera(health, "yard"));
    assert_null(health_camera(health, ""));
    assert_true(!writer_close(&told.writer, &fault));
    writer_free(&told.writer);
    assert_true(!writer_open(told.operation, clock_now, &told.writer, &fault));
    health = chronicle_health(follow(&told));
    assert_null(health_camera(health, "garage"));
    assert_true(health->signed_us > 0 && health->signed_lines > 5);
}

static void an_incident_that_no_session_ended_is_cut(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    struct fault fault = {"", ""};
    incident_write(&told, "opened", "person", "presence", NULL);
    const struct chronicle *chronicle = follow(&told);
    size_t at = chronicle_events(chronicle) - 1;
    assert_false(chronicle_event(chronicle, at)->is_cut);
    assert_true(!writer_close(&told.writer, &fault));
    writer_free(&told.writer);
    assert_true(!writer_open(told.operation, clock_now, &told.writer, &fault));
    assert_true(chronicle_event(follow(&told), at)->is_cut);
    incident_write(&told, "blinded", "tamper", "presence", NULL);
    assert_true(chronicle_event(follow(&told), at)->is_cut);
    incident_write(&told, "closed", "person", "presence",
                   "2011-11-01T20:05:00.000000Z");
    assert_false(chronicle_event(follow(&told), at)->is_cut);
}

static void an_incident_that_no_camera_saw_end_is_cut(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    const struct line_field closed[] = {
        {"n", "1"},
        {"state", "closed"},
        {"kind", "person"},
        {"camera", "garage"},
        {"tier", "presence"},
        {"start", "2011-11-01T20:04:00.000000Z"},
        {"end", "2011-11-01T20:05:00.000000Z"},
        {"unseen", "garage"}};
    incident_write(&told, "opened", "person", "presence", NULL);
    line_write(&told, "incident", closed, sizeof closed / sizeof *closed);
    const struct chronicle *chronicle = follow(&told);
    size_t at = chronicle_events(chronicle) - 1;
    assert_true(chronicle_event(chronicle, at)->is_cut);
    assert_true(chronicle_event(chronicle, at)->to_us > 0);
}

static void a_stretch_holds_what_touches_it(void **state)
{
    (void)state;
    const struct chronicle_event minute = {.from_us = AT_US,
                                           .to_us = AT_US + 60 * SECOND_US};
    const struct chronicle_event moment = {.at_us = AT_US};
    for (int64_t s = -5; s < 70; s++) {
        const struct chronicle_span second = {AT_US + s * SECOND_US,
                                              AT_US + (s + 1) * SECOND_US};
        assert_int_equal(chronicle_is_in(&minute, second), s >= 0 && s <= 60);
        assert_int_equal(chronicle_is_in(&moment, second), s == 0);
    }
}

static void it_takes_no_more_lines_than_it_was_told(void **state)
{
    (void)state;
    struct told told STING_AUTO(told_release) = told_make();
    struct fault fault = {"", ""};
    for (int i = 0; i < 20; i++) {
        seg_write(&told, AT_US + (int64_t)i * 8 * SECOND_US, "8000000", "0");
    }
    assert_true(!chronicle_open(operation_dir(told.operation), &told.chronicle,
                                &fault));
    size_t steps = 1;
    while (chronicle_follow(told.chronicle, 5) == STING_E_BUSY) {
        steps++;
    }
    assert_in_range(steps, 4, 8);
    assert_int_equal(chronicle_camera(told.chronicle, 0)->spans, 1);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(recordings_without_a_break_are_one_stretch),
        cmocka_unit_test(own_clock_of_a_camera_is_known_where_it_said_so),
        cmocka_unit_test(more_clocks_than_are_kept_lose_the_oldest),
        cmocka_unit_test(activity_is_the_liveliest_of_each_part),
        cmocka_unit_test(lines_of_one_incident_are_one_event),
        cmocka_unit_test(an_incident_that_no_session_ended_is_cut),
        cmocka_unit_test(an_incident_that_no_camera_saw_end_is_cut),
        cmocka_unit_test(deaths_of_workers_and_words_of_outsiders_are_counted),
        cmocka_unit_test(a_trace_is_told_by_the_best_that_it_found),
        cmocka_unit_test(a_question_counted_again_is_no_photograph),
        cmocka_unit_test(what_is_given_out_is_told_when_it_was),
        cmocka_unit_test(what_a_camera_lost_is_counted_since_the_session),
        cmocka_unit_test(told_answered_and_in_the_room_stand_with_the_incident),
        cmocka_unit_test(a_stretch_holds_what_touches_it),
        cmocka_unit_test(it_takes_no_more_lines_than_it_was_told),
    };
    return cmocka_run_group_tests_name("chronicle", test, NULL, NULL);
}
