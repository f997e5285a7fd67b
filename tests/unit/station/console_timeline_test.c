/* Looking back, as who sees some cameras does. */
#include <string.h>

#include "base/json.h"
#include "ledger/line.h"
#include "station/console_answer.h"
#include "tests/unit/station/place.h"

/* A person at the yard, while a page at the garage is lifted: one incident. */
static void written(struct desk *desk)
{
    const struct line_field opened[] = {
        {"n", "1"},           {"state", "opened"},
        {"camera", "yard"},   {"kind", "person"},
        {"tier", "presence"}, {"start", "2026-11-27T03:00:00.000000Z"}};
    const struct line_field lifted[] = {{"camera", "garage"},
                                        {"zone", "desk"},
                                        {"state", "lifted"},
                                        {"since", "2026-11-27T03:00:01Z"},
                                        {"incident", "1"}};
    const struct line_field covered[] = {{"camera", "yard"},
                                         {"zone", "bench"},
                                         {"state", "covered"},
                                         {"since", "2026-11-27T03:00:02Z"},
                                         {"incident", "1"}};
    static const char ct[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    const struct line_field sealed[] = {{"camera", "yard"},
                                        {"date", "2026-11-27"},
                                        {"n", "0"},
                                        {"init", "0"},
                                        {"t0", "2026-11-27T02:59:55.000000Z"},
                                        {"pts", "0"},
                                        {"us", "8000000"},
                                        {"frames", "200"},
                                        {"key", "1"},
                                        {"bytes", "1000"},
                                        {"ct", ct},
                                        {"clock_ms", "-15023"}};
    desk_line(desk, clock_now(), "incident", opened,
              sizeof opened / sizeof *opened);
    desk_line(desk, clock_now(), "seg", sealed, sizeof sealed / sizeof *sealed);
    desk_line(desk, clock_now(), "page", lifted,
              sizeof lifted / sizeof *lifted);
    desk_line(desk, clock_now(), "page", covered,
              sizeof covered / sizeof *covered);
    assert_false(desk->is_broken);
}

/* The answer on incident 1 to who sees `cameras`; its status to *http. */
static void answer(struct console *console, const char *cameras, int *http,
                   struct buffer *out)
{
    struct reply reply STING_AUTO(reply_release) = {0};
    struct user user = {.role = ASK_CUSTODIAN};
    (void)snprintf(user.cameras, sizeof user.cameras, "%s", cameras);
    const struct asked asked = {
        .user = &user, .field = {"1", ""}, .now = clock_now()};
    out->size = 0;
    *http = console_incidents(console, &asked, &reply);
    assert_int_equal(json_line(reply.json, out), STING_OK);
}

static void an_incident_tells_nothing_of_cameras_not_seen(void **state)
{
    (void)state;
    int http = 0;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct place place STING_AUTO(place_release);
    struct console *console = &place.console;
    place_make(&place);
    written(&place.desk);
    console_chronicle_follow(console);
    answer(console, "*", &http, &out);
    assert_int_equal(http, 200);
    assert_non_null(strstr(buffer_text(&out), "garage"));
    answer(console, "yard", &http, &out);
    assert_int_equal(http, 200);
    assert_non_null(strstr(buffer_text(&out), "covered"));
    assert_null(strstr(buffer_text(&out), "garage"));
    assert_non_null(strstr(buffer_text(&out), "\"clock_ms\":-15023"));
    answer(console, "gate", &http, &out);
    assert_int_equal(http, 404);
}

/* What the ledger says when a second camera and then a third join. */
static void grown(struct desk *desk)
{
    const struct line_field opened[] = {
        {"n", "1"},           {"state", "opened"},
        {"camera", "garage"}, {"kind", "person"},
        {"tier", "presence"}, {"start", "2026-11-27T03:00:00.000000Z"},
        {"persons", "2"},     {"cameras", "garage"}};
    const struct line_field raised[] = {
        {"n", "1"},
        {"state", "raised"},
        {"camera", "gate"},
        {"zone", "desk"},
        {"bait", "TANK"},
        {"kind", "page"},
        {"tier", "touch"},
        {"start", "2026-11-27T03:00:00.000000Z"},
        {"cameras", "garage,gate"}};
    const struct line_field grew[] = {{"n", "1"},
                                      {"state", "grew"},
                                      {"camera", "gate"},
                                      {"zone", "desk"},
                                      {"bait", "TANK"},
                                      {"kind", "page"},
                                      {"tier", "touch"},
                                      {"start", "2026-11-27T03:00:00.000000Z"},
                                      {"cameras", "garage,yard,gate"}};
    const struct line_field alert[] = {{"n", "1"},
                                       {"incident", "1"},
                                       {"tier", "touch"},
                                       {"channel", "terminal"},
                                       {"state", "shown"}};
    desk_line(desk, clock_now(), "incident", opened,
              sizeof opened / sizeof *opened);
    desk_line(desk, clock_now(), "incident", raised,
              sizeof raised / sizeof *raised);
    desk_line(desk, clock_now(), "alert", alert, sizeof alert / sizeof *alert);
    desk_line(desk, clock_now(), "incident", grew, sizeof grew / sizeof *grew);
    assert_false(desk->is_broken);
}

static void has(const struct buffer *out, const char *text)
{
    if (!strstr(buffer_text(out), text)) {
        fail_msg("no %s in %s", text, buffer_text(out));
    }
}

static void who_sees_a_camera_that_joined_hears_of_it_alone(void **state)
{
    (void)state;
    int http = 0;
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct place place STING_AUTO(place_release);
    struct console *console = &place.console;
    place_make(&place);
    grown(&place.desk);
    console_chronicle_follow(console);
    answer(console, "yard", &http, &out);
    assert_int_equal(http, 200);
    has(&out, "\"word\":\"person\"");
    has(&out, "\"tier\":\"presence\"");
    has(&out, "\"camera\":\"yard\"");
    has(&out, "\"word\":\"shown\"");
    static const char *const others[] = {"garage", "gate",    "desk",
                                         "TANK",   "touch\"", "03:00:00"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(strstr(buffer_text(&out), others[i]));
    }
    /* Whom it was named after first keeps what he saw. */
    answer(console, "garage", &http, &out);
    assert_int_equal(http, 200);
    has(&out, "03:00:00");
    assert_null(strstr(buffer_text(&out), "gate"));
    assert_null(strstr(buffer_text(&out), "TANK"));
    answer(console, "gate", &http, &out);
    has(&out, "TANK");
    answer(console, "shed", &http, &out);
    assert_int_equal(http, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incident_tells_nothing_of_cameras_not_seen),
        cmocka_unit_test(who_sees_a_camera_that_joined_hears_of_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
