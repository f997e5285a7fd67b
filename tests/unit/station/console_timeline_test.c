/* Looking back, as who sees some cameras does. */
#include <string.h>

#include "base/json.h"
#include "ledger/line.h"
#include "station/console_answer.h"
#include "tests/operation_fixture.h"

/* A person at the yard, while a page at the garage is lifted: one incident. */
static void written(struct desk *desk)
{
    const struct line_field opened[] = {
        {"n", "1"},           {"state", "opened"},
        {"camera", "yard"},   {"kind", "person"},
        {"tier", "presence"}, {"start", "2026-11-27T03:00:00Z"}};
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
    desk_line(desk, clock_now(), "incident", opened,
              sizeof opened / sizeof *opened);
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
    strcpy(user.cameras, cameras);
    const struct asked asked = {
        .user = &user, .field = {"1", ""}, .now = clock_now()};
    out->size = 0;
    *http = console_incidents(console, &asked, &reply);
    assert_int_equal(json_line(reply.json, out), STING_OK);
}

static void an_incident_tells_nothing_of_cameras_not_seen(void **state)
{
    (void)state;
    static struct console console;
    int http = 0;
    struct fault fault = {"", ""};
    struct buffer out STING_AUTO(buffer_release) = {0};
    const struct teller teller = {.json = false};
    struct fixture fixture = fixture_make(NULL);
    struct operation *operation = fixture_open(&fixture);
    struct core *core = NULL;
    assert_true(!core_open(operation, clock_now, &core, &fault));
    struct desk desk = {
        .operation = operation, .core = core, .teller = &teller};
    console.desk = &desk;
    written(&desk);
    console_chronicle_follow(&console);
    answer(&console, "*", &http, &out);
    assert_int_equal(http, 200);
    assert_non_null(strstr(buffer_text(&out), "garage"));
    answer(&console, "yard", &http, &out);
    assert_int_equal(http, 200);
    assert_non_null(strstr(buffer_text(&out), "covered"));
    assert_null(strstr(buffer_text(&out), "garage"));
    answer(&console, "garage", &http, &out);
    assert_int_equal(http, 404);
    chronicle_free(&console.chronicle);
    core_free(&core);
    operation_close(&operation);
    fixture_release(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incident_tells_nothing_of_cameras_not_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
