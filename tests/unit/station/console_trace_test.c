/* What is asked for at the console and waits: none goes for another's sake. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "ledger/line.h"
#include "ledger/store.h"
#include "operation/inbox.h"
#include "station/console_bait.h"
#include "station/console_deed.h"
#include "station/play.h"
#include "tests/unit/station/place.h"
#include "wire/show.h"

static struct place place;
static struct session session = {.csrf = "0123"};
static struct user user = {.name = "anna", .cameras = "*"};

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

static pthread_t loop;         /* the thread that records */
static atomic_int waits_there; /* for the disk, in that thread */

/* In the place of the library's: who waits for the disk? */
int fdatasync(int fd)
{
    waits_there += pthread_equal(pthread_self(), loop);
    return fd < 0;
}

int fsync(int fd)
{
    waits_there += pthread_equal(pthread_self(), loop);
    return fd < 0;
}

/* Give one, and wait until it is kept; its number, 0: it was refused. */
static uint32_t photo_give(void)
{
    struct reply reply STING_AUTO(reply_release) = {0};
    uint32_t number[INBOX_MOST];
    size_t count = 0;
    struct fault fault = {"", ""};
    const struct asked asked = {.id = 7,
                                .session = &session,
                                .user = &user,
                                .field = {"tank.jpg", "3", "0", "YWJj"},
                                .now = clock_now()};
    int http = console_photo(&place.console, &asked, &reply);
    if (http) {
        return 0;
    }
    struct pollfd ready = {console_photo_fd(&place.console), POLLIN, 0};
    assert_int_equal(poll(&ready, 1, 10000), 1);
    console_photo_take(&place.console, clock_now());
    assert_true(!inbox_list(place.desk.operation, number, &count, &fault));
    return count ? number[count - 1] : 0;
}

static void photo_done(int64_t number)
{
    static int64_t given_us;
    struct fault fault = {"", ""};
    const struct wire_head head = {.number = {SHOW_DONE, number}};
    assert_true(!inbox_done(place.desk.operation, (uint32_t)number, ++given_us,
                            &fault));
    console_show(&place.console, &head, (struct bytes){0}, clock_now());
}

static void a_photograph_never_takes_the_place_of_one_that_waits(void **state)
{
    (void)state;
    uint32_t number[INBOX_MOST];
    size_t count = 0;
    struct fault fault = {"", ""};
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    for (int i = 0; i < 100; i++) { /* more than are shown */
        photo_done(photo_give());
    }
    int64_t first = photo_give();
    int64_t second = photo_give();
    assert_int_not_equal(first, second);
    assert_true(!inbox_list(place.operation, number, &count, &fault));
    assert_int_equal(count, 2);
}

static void a_photograph_is_a_line_with_its_hash_or_is_not_taken(void **state)
{
    (void)state;
    struct reply refused STING_AUTO(reply_release) = {0};
    struct buffer ledger STING_AUTO(buffer_release) = {0};
    struct fault fault = {"", ""};
    const struct asked asked = {.session = &session,
                                .user = &user,
                                .field = {"tank.jpg", "3", "0", "YWJj"},
                                .now = clock_now()};
    place.desk.core = NULL;
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    assert_int_equal(console_photo(&place.console, &asked, &refused), 503);
    place.desk.core = place.core;
    assert_int_equal(photo_give(), 1);
    assert_true(!file_read(operation_dir(place.operation), "evidence/ledger",
                           65536, &ledger, &fault));
    assert_non_null(strstr(buffer_text(&ledger),
                           "what=photo-given by=anna why=photograph%201,%20"
                           "sha256%20ba7816bf8f01cfea414140de5dae2223b00361a3"
                           "96177a9cb410ff61f20015ad")); /* of "abc" */
}

static void show_report(int64_t bytes, struct bytes pdf)
{
    const struct wire_head head = {.number = {SHOW_REPORT, 0, bytes}};
    console_show(&place.console, &head, pdf, clock_now());
}

/* Its size is told, so that the page can say where it is to be had. */
/* The loop, which records, waits for no disk; a line of the ledger apart. */
static void a_photograph_is_made_durable_beside_the_loop(void **state)
{
    (void)state;
    struct reply reply STING_AUTO(reply_release) = {0};
    struct fault fault = {"", ""};
    const struct asked asked = {.id = 7,
                                .session = &session,
                                .user = &user,
                                .field = {"tank.jpg", "3", "0", "YWJj"},
                                .now = clock_now()};
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    loop = pthread_self();
    waits_there = 0;
    assert_int_equal(console_photo(&place.console, &asked, &reply), 0);
    struct pollfd ready = {console_photo_fd(&place.console), POLLIN, 0};
    assert_int_equal(poll(&ready, 1, 10000), 1);
    assert_int_equal(waits_there, 0);
    console_photo_take(&place.console, clock_now());
    assert_true(waits_there > 0); /* its line */
}

/* Nobody is told that it is kept, so it is not. */
static void a_photograph_without_its_line_goes_again(void **state)
{
    (void)state;
    struct reply reply STING_AUTO(reply_release) = {0};
    struct fault fault = {"", ""};
    uint32_t number[INBOX_MOST];
    size_t count = 9;
    const struct asked asked = {.session = &session,
                                .user = &user,
                                .field = {"tank.jpg", "3", "0", "YWJj"},
                                .now = clock_now()};
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    assert_int_equal(console_photo(&place.console, &asked, &reply), 0);
    place.desk.is_broken = true;
    struct pollfd ready = {console_photo_fd(&place.console), POLLIN, 0};
    assert_int_equal(poll(&ready, 1, 10000), 1);
    console_photo_take(&place.console, clock_now());
    assert_true(!inbox_list(place.operation, number, &count, &fault));
    assert_int_equal(count, 0);
}

static size_t lines_of(const char *what)
{
    struct buffer ledger STING_AUTO(buffer_release) = {0};
    size_t count = 0;
    assert_true(!file_read(operation_dir(place.desk.operation),
                           "evidence/ledger", 1 << 20, &ledger, NULL));
    for (const char *at = buffer_text(&ledger); (at = strstr(at, what)); at++) {
        count++;
    }
    return count;
}

static void many_deeds_at_once_are_refused_and_logged_once(void **state)
{
    (void)state;
    struct user anna = {.name = "anna", .cameras = "*", .role = ASK_OPERATOR};
    struct asked asked = {
        .ask = ASK_NOTE, .user = &anna, .field = {"1"}, .now = clock_now()};
    for (int i = 0; i < 200; i++) {
        struct reply reply STING_AUTO(reply_release) = {0};
        assert_int_equal(console_deed_refuse(&place.console, &asked, &reply),
                         i < 60 ? 0 : 429);
        assert_int_equal(reply.retry_s, i < 60 ? 0 : 2);
    }
    assert_int_equal(lines_of("what=deeds-refused user=anna"), 1);
    for (int i = 0; i < 4; i++) { /* one in two seconds goes on */
        struct reply reply STING_AUTO(reply_release) = {0};
        asked.now.boot_us += 1000001;
        assert_int_equal(console_deed_refuse(&place.console, &asked, &reply),
                         i % 2 ? 0 : 429);
    }
    struct reply reply STING_AUTO(reply_release) = {0};
    asked.ask = ASK_STATE; /* looking is none */
    assert_int_equal(console_deed_refuse(&place.console, &asked, &reply), 0);
}

static void one_incident_takes_so_many_entries(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    const struct line_field ack[] = {{"incident", "1"}, {"by", "gate"}};
    struct user anna = {.name = "anna", .cameras = "*", .role = ASK_OPERATOR};
    struct asked asked = {
        .ask = ASK_ACK, .user = &anna, .field = {"1"}, .now = clock_now()};
    assert_true(!chronicle_open(operation_dir(place.operation),
                                &place.console.chronicle, &fault));
    for (int i = 0; i < 500; i++) {
        assert_true(!ledger_append(core_ledger(place.core), clock_now(), "ack",
                                   ack, 2, NULL, &fault));
    }
    assert_true(!chronicle_follow(place.console.chronicle, 100000));
    for (int i = 1; i < 3; i++) {
        struct reply reply STING_AUTO(reply_release) = {0};
        asked.field[0] = i == 1 ? "1" : "2";
        assert_int_equal(console_deed_refuse(&place.console, &asked, &reply),
                         i == 1 ? 429 : 0);
    }
}

static void a_report_that_is_too_large_is_told_of(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    const struct asked asked = {.session = &session, .user = &user};
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    for (int i = 0; i < 2; i++) {
        struct reply reply STING_AUTO(reply_release) = {0};
        show_report(i ? 5 : 9999999,
                    i ? bytes_of_text("%PDF-") : (struct bytes){0});
        assert_int_equal(console_traces(&place.console, &asked, &reply), 200);
        assert_int_equal(json_number(reply.json, "report_bytes", 0),
                         i ? 5 : 9999999);
        struct buffer line STING_AUTO(buffer_release) = {0};
        assert_true(!json_line(reply.json, &line));
        assert_non_null(strstr(buffer_text(&line), i ? "\"has_report\":true"
                                                     : "\"has_report\":false"));
    }
}

static void findings_that_are_left_out_are_told_of(void **state)
{
    (void)state;
    struct fault fault = {"", ""};
    struct reply reply STING_AUTO(reply_release) = {0};
    const struct asked asked = {.session = &session, .user = &user};
    const struct wire_head head = {.number = {SHOW_FINDINGS, 0, 12}};
    assert_true(
        !console_traces_new(place.operation, &place.console.traces, &fault));
    console_show(&place.console, &head,
                 bytes_of_text("{\"verdict\":\"lead\"}\n"), clock_now());
    assert_int_equal(console_traces(&place.console, &asked, &reply), 200);
    assert_int_equal(json_number(reply.json, "together_left", 0), 12);
}

static void findings_and_holders_are_for_who_sees_all_cameras(void **state)
{
    (void)state;
    static const struct user some = {.name = "ben", .cameras = "yard"};
    console_answer *const answer[] = {console_photo, console_traces,
                                      console_trace_file, console_names};
    struct user ben = some;
    const struct asked asked = {.session = &session,
                                .user = &ben,
                                .field = {"1", "0", "0", "YWJj"},
                                .now = clock_now()};
    for (size_t i = 0; i < sizeof answer / sizeof *answer; i++) {
        struct reply reply STING_AUTO(reply_release) = {0};
        assert_int_equal(answer[i](&place.console, &asked, &reply), 403);
    }
}

static void what_is_over_keeps_no_place_from_who_asks(void **state)
{
    (void)state;
    struct playing *playing STING_AUTO(playing_free) = playing_new();
    for (int i = 0; i < PLAYS_MOST; i++) {
        struct play *play = play_room(playing);
        assert_non_null(play);
        play->state = PLAY_ASKED;
        play->number = i + 1;
    }
    assert_null(play_room(playing));
    play_find(playing, 9)->state = PLAY_MADE;
    play_find(playing, 5)->state = PLAY_OVER;
    play_find(playing, 2)->state = PLAY_MAKING;
    assert_ptr_equal(play_room(playing), play_find(playing, 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_photograph_never_takes_the_place_of_one_that_waits, begin, end),
        cmocka_unit_test_setup_teardown(
            a_photograph_is_a_line_with_its_hash_or_is_not_taken, begin, end),
        cmocka_unit_test_setup_teardown(
            a_photograph_is_made_durable_beside_the_loop, begin, end),
        cmocka_unit_test_setup_teardown(
            a_photograph_without_its_line_goes_again, begin, end),
        cmocka_unit_test_setup_teardown(
            many_deeds_at_once_are_refused_and_logged_once, begin, end),
        cmocka_unit_test_setup_teardown(one_incident_takes_so_many_entries,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_report_that_is_too_large_is_told_of,
                                        begin, end),
        cmocka_unit_test_setup_teardown(findings_that_are_left_out_are_told_of,
                                        begin, end),
        cmocka_unit_test(findings_and_holders_are_for_who_sees_all_cameras),
        cmocka_unit_test(what_is_over_keeps_no_place_from_who_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
