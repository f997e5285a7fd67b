/* What was opened on the machine: who may read it, and what is told. */
#include <string.h>

#include "base/json.h"
#include "station/console_bait.h"
#include "tests/unit/station/place.h"
#include "wire/show.h"

static struct place place;
static struct session cleo, ben;
static struct user user = {.name = "cleo", .cameras = "*"};

static int begin(void **state)
{
    (void)state;
    place_make(&place);
    return 0;
}

static int end(void **state)
{
    (void)state;
    place_release(&place);
    return 0;
}

static void name_show(int64_t copy, const char *holder)
{
    const struct wire_head head = {.number = {SHOW_NAME, copy}};
    console_names_take(
        &place.console, &head,
        (struct bytes){(const uint8_t *)holder, strlen(holder) + 1},
        clock_now());
}

static int read_ask(struct session *session, const char *what, const char *why)
{
    struct reply reply STING_AUTO(reply_release) = {0};
    const struct asked asked = {.session = session,
                                .user = &user,
                                .field = {what, why},
                                .now = clock_now()};
    return console_read(&place.console, &asked, &reply);
}

/* What a session is given, as one line. */
static const char *names_of(struct session *session)
{
    static struct buffer text;
    struct reply reply STING_AUTO(reply_release) = {0};
    const struct asked asked = {
        .session = session, .user = &user, .now = clock_now()};
    assert_int_equal(console_names(&place.console, &asked, &reply), 200);
    text.size = 0;
    assert_true(!json_line(reply.json, &text));
    return buffer_text(&text);
}

static void names_are_read_by_who_said_why_and_each_time_is_a_line(void **state)
{
    (void)state;
    struct buffer ledger STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    name_show(7, "gardener");
    name_show(8, "smith");
    name_show(40, "baker");
    assert_null(strstr(names_of(&cleo), "gardener"));
    assert_non_null(strstr(names_of(&cleo), "\"waiting\":3"));
    assert_int_equal(read_ask(&cleo, "names", " "), 400);
    assert_int_equal(read_ask(&cleo, "keys", "why"), 400);
    assert_int_equal(read_ask(&cleo, "names", "the shed"), 200);
    assert_non_null(strstr(names_of(&cleo), "gardener"));
    assert_null(strstr(names_of(&ben), "gardener"));
    name_show(9, "miller");
    assert_null(strstr(names_of(&cleo), "miller"));
    assert_int_equal(read_ask(&cleo, "names", "the barn"), 200);
    assert_non_null(strstr(names_of(&cleo), "miller"));
    assert_true(!file_read(operation_dir(place.operation), "evidence/ledger",
                           65536, &ledger, &fault));
    assert_non_null(strstr(buffer_text(&ledger),
                           "item=names%20of%20copies%207-8,%2040 state=shown "
                           "by=cleo why=the%20shed"));
    assert_non_null(strstr(buffer_text(&ledger),
                           "item=names%20of%20copies%209 state=shown "
                           "by=cleo why=the%20barn"));
    assert_null(strstr(buffer_text(&ledger), "gardener"));
    place.desk.core = NULL; /* no line can be written */
    assert_int_equal(read_ask(&ben, "names", "why"), 503);
    assert_null(strstr(names_of(&ben), "gardener"));
}

static void note_show(int64_t line, int64_t incident, const char *words)
{
    char text[64];
    const struct wire_head head = {.number = {SHOW_NOTE, line, incident}};
    (void)snprintf(text, sizeof text, "{\"text\":\"%s\"}", words);
    console_names_take(&place.console, &head,
                       (struct bytes){(const uint8_t *)text, strlen(text) + 1},
                       clock_now());
}

static const char *notes_of(struct session *session)
{
    static struct buffer text;
    struct reply reply STING_AUTO(reply_release) = {0};
    const struct asked asked = {
        .session = session, .user = &user, .now = clock_now()};
    assert_int_equal(console_notes(&place.console, &asked, &reply), 200);
    text.size = 0;
    assert_true(!json_line(reply.json, &text));
    return buffer_text(&text);
}

/* An incident of each number and camera is in the ledger. */
static void incidents_write(struct core *core, const char *const camera[])
{
    struct fault fault = {"", ""};
    for (int i = 0; camera[i]; i++) {
        char n[12];
        (void)snprintf(n, sizeof n, "%d", i + 1);
        const struct line_field field[] = {{"n", n},
                                           {"state", "opened"},
                                           {"camera", camera[i]},
                                           {"kind", "person"},
                                           {"tier", "presence"},
                                           {"start", "2026-01-01T00:00:00Z"}};
        assert_true(!ledger_append(core_ledger(core), clock_now(), "incident",
                                   field, 6, NULL, &fault));
    }
}

static void who_sees_some_cameras_reads_notes_about_them_alone(void **state)
{
    (void)state;
    struct buffer ledger STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    incidents_write(place.core, (const char *const[]){"garage", "yard", NULL});
    assert_true(!chronicle_open(operation_dir(place.operation),
                                &place.console.chronicle, &fault));
    assert_true(!chronicle_follow(place.console.chronicle, 1000));
    note_show(40, 1, "in the garage");
    note_show(41, 2, "in the yard");
    note_show(42, 0, "on the telephone");
    (void)snprintf(user.cameras, sizeof user.cameras, "yard");
    assert_non_null(strstr(notes_of(&ben), "\"waiting\":1"));
    assert_int_equal(read_ask(&ben, "names", "why"), 403);
    assert_int_equal(read_ask(&ben, "notes", "the yard"), 200);
    assert_non_null(strstr(notes_of(&ben), "in the yard"));
    assert_null(strstr(notes_of(&ben), "garage"));
    assert_null(strstr(notes_of(&ben), "telephone"));
    assert_true(!file_read(operation_dir(place.operation), "evidence/ledger",
                           65536, &ledger, &fault));
    assert_non_null(strstr(buffer_text(&ledger), "notes%20of%20lines%2041 "));
    (void)snprintf(user.cameras, sizeof user.cameras, "*");
    assert_non_null(strstr(notes_of(&cleo), "\"waiting\":3"));
}

static void what_was_opened_goes_after_an_hour(void **state)
{
    (void)state;
    struct moment later = clock_now();
    name_show(7, "gardener");
    later.boot_us += INT64_C(3599) * 1000000;
    console_names_tick(&place.console, later);
    assert_int_equal(place.console.opened[SESSION_READS_NAMES].count, 1);
    later.boot_us += INT64_C(2) * 1000000;
    console_names_tick(&place.console, later);
    assert_int_equal(place.console.opened[SESSION_READS_NAMES].count, 0);
}

static void holders_leave_the_findings(void **state)
{
    (void)state;
    static const char text[] =
        "{\"verdict\":\"attributed\",\"copy\":7,\"issued_to\":\"gardener\","
        "\"copies\":[{\"copy\":7,\"issued_to\":\"gardener\"},"
        "{\"copy\":9,\"issued_to\":\"smith\"}]}\n"
        "nonsense\n{\"verdict\":\"none\",\"copy\":null,\"issued_to\":null}\n";
    struct opened names = {.count = 0};
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_true(
        !opened_of_findings(&names, bytes_of_text(text), clock_now(), &out));
    assert_string_equal(
        buffer_text(&out),
        "{\"verdict\":\"attributed\",\"copy\":7,\"issued_to\":null,"
        "\"copies\":[{\"copy\":7,\"issued_to\":null},"
        "{\"copy\":9,\"issued_to\":null}]}\n"
        "{\"verdict\":\"none\",\"copy\":null,\"issued_to\":null}\n");
    assert_int_equal(names.count, 2);
    assert_int_equal(names.one[0].key, 7);
    assert_string_equal((const char *)names.one[0].bytes.data, "gardener");
    opened_wipe(&names);
}

static void a_long_list_of_copies_is_told_within_a_line(void **state)
{
    (void)state;
    char item[OPENED_ITEM_SIZE];
    struct opened names = {.count = 0};
    for (uint64_t copy = 2; copy < 1000; copy += 2) {
        opened_take(&names, copy, 0, bytes_of_text("x"), clock_now());
    }
    const struct opened_reader reader = {.console = &place.console,
                                         .user = &user,
                                         .session = &ben,
                                         .kind = SESSION_READS_NAMES};
    ben = (struct session){.number = 1};
    opened_item(&names, &reader, "names of copies", item);
    assert_true(strlen(item) < OPENED_ITEM_SIZE - 1);
    assert_non_null(strstr(item, "names of copies 2, 4, 6, "));
    const char *more = strstr(item, " and ");
    assert_non_null(more);
    size_t told = 1;
    for (const char *at = item; (at = strstr(at, ", ")); at++) {
        told++;
    }
    assert_int_equal(told + strtoul(more + 5, NULL, 10), 499);
    opened_wipe(&names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            names_are_read_by_who_said_why_and_each_time_is_a_line, begin, end),
        cmocka_unit_test_setup_teardown(
            who_sees_some_cameras_reads_notes_about_them_alone, begin, end),
        cmocka_unit_test(what_was_opened_goes_after_an_hour),
        cmocka_unit_test(holders_leave_the_findings),
        cmocka_unit_test(a_long_list_of_copies_is_told_within_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
