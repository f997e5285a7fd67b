/* What retention deletes, what it leaves, and what can be shown afterwards. */
#include "operation/clock_trust.h"
#include "operation/incident_list.h"
#include "operation/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/line.h"
#include "ledger/proof.h"
#include "ledger/reader.h"
#include "ledger/tree.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)
#define DAY_US INT64_C(86400000000)
#define SECOND_US INT64_C(1000000)
#define FIRST_DAY "evidence/segments/garage/2011-11-01/"

/* Which camera its two lines name, which saw somebody, and which was gone
 * meanwhile. */
struct seen_by {
    const char *opened, *closed;
    const char *cameras;
    const char *blinded;
};

static void incident_tell(struct garden *garden, struct ledger *ledger,
                          int64_t start_us, struct seen_by by)
{
    char start[LINE_TIME_SIZE], end[LINE_TIME_SIZE];
    line_time_text(start_us, start);
    line_time_text(start_us + 10 * SECOND_US, end);
    static const char *const state[] = {"opened", "blinded", "closed"};
    for (int i = 0; i < 3; i++) {
        if (i == 1 && !by.blinded) {
            continue;
        }
        const struct line_field field[] = {{"n", "1"},
                                           {"state", state[i]},
                                           {"kind", i == 1 ? "loss" : "person"},
                                           {"camera", i == 0   ? by.opened
                                                      : i == 1 ? by.blinded
                                                               : by.closed},
                                           {"cameras", by.cameras},
                                           {"tier", "touch"},
                                           {"start", start},
                                           {"end", i == 2 ? end : NULL}};
        assert_ok(ledger_append(ledger, garden->now, "incident", field, 8, NULL,
                                NULL));
    }
}

static void config_write(const struct garden *garden)
{
    char text[400], key[2][AGE_TEXT_SIZE];
    age_recipient_text(&garden->recipient[0], key[0]);
    age_recipient_text(&garden->recipient[1], key[1]);
    (void)snprintf(text, sizeof text, "role: box\nrecipients:\n- %s\n- %s\n",
                   key[0], key[1]);
    assert_ok(file_write(garden->dir, "operation.yaml", bytes_of_text(text),
                         0600, NULL));
}

/* Three days of one camera: 400 s with an incident from 100 to 110 s, then
 * 24 s, then 8 s. */
static struct operation *three_days(struct garden *garden, struct seen_by by)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct operation *operation = NULL;
    struct fault fault = {"", ""};
    garden_make(garden, NULL);
    config_write(garden);
    struct ledger *ledger = garden_open(garden);
    int64_t start_us = garden->now.utc_us;
    recording = garden_camera(garden, ledger);
    assert_ok(garden_record(garden, recording, 0, 400, 500));
    incident_tell(garden, ledger, start_us + 100 * SECOND_US, by);
    garden_wait(garden, DAY_US);
    assert_ok(garden_init(garden, recording));
    assert_ok(garden_record(garden, recording, 1000, 24, 500));
    garden_wait(garden, DAY_US);
    assert_ok(garden_init(garden, recording));
    assert_ok(garden_record(garden, recording, 2000, 8, 500));
    assert_ok(recording_close(recording, garden->now, NULL));
    assert_ok(ledger_close(&ledger, garden->now, "done", NULL));
    if (operation_open(garden->path, &operation, &fault)) {
        fail_msg("%s", fault.why);
    }
    return operation;
}

static const struct seen_by by_garage = {"garage", "garage", NULL, NULL};

static struct verify_report verify(const struct garden *garden)
{
    struct verify_report report;
    const struct verify_options options = {.identity = &garden->identity[0]};
    struct fault fault = {"", ""};
    assert_ok(verify_operation(garden->dir, &options, &report, &fault));
    return report;
}

static bool is_there(const struct garden *garden, int n)
{
    char path[80];
    (void)snprintf(path, sizeof path, FIRST_DAY "%08d.m4s.age", n);
    return faccessat(garden->dir, path, F_OK, 0) == 0;
}

static struct clock_state by_daemon(int64_t utc_us)
{
    return (struct clock_state){.at = {utc_us, 0}, .sync = CLOCK_SYNCED};
}

static struct retention_done apply(const struct operation *operation,
                                   struct retention_order order)
{
    struct retention_done done;
    struct fault fault = {"", ""};
    order.change = (struct change){"Anna", "a test"};
    if (retention_apply(operation, &order, &done, &fault)) {
        fail_msg("%s", fault.why);
    }
    return done;
}

static void old_days_go_and_incidents_stay(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    struct verify_report before STING_AUTO(verify_report_release) =
        verify(&garden);
    const struct retention_order order = {.days = 2,
                                          .now = by_daemon(garden.now.utc_us)};
    assert_int_equal(apply(operation, order).files, 0); /* none is older */
    const struct retention_order later = {
        .days = 2, .now = by_daemon(garden.now.utc_us + DAY_US)};
    struct retention_done done = apply(operation, later);
    assert_int_equal(done.days, 1);
    assert_int_equal(done.kept, 17); /* 40 to 170 s, in pieces of 8 */
    assert_int_equal(done.files, 33);
    for (int n = 0; n < 50; n++) {
        assert_int_equal(is_there(&garden, n), n >= 5 && n <= 21);
    }
    struct verify_report after STING_AUTO(verify_report_release) =
        verify(&garden);
    assert_int_equal(after.verdict, before.verdict);
    assert_int_equal(after.said.gaps, before.said.gaps);
    assert_int_equal(after.erased, 33);
    assert_int_equal(after.gone.erasures, 1);
    assert_int_equal(after.gone.erasure[0].count, 33);
    assert_string_equal(after.gone.erasure[0].by, "Anna");
    assert_int_equal(after.gone.helds, 0); /* the incident is still here */
    assert_int_equal(after.opened, before.opened - 33);
    assert_int_equal(apply(operation, later).files, 0);
}

/* Nobody wrote its end: it ended with the recorder, not never. */
static void an_incident_cut_off_by_a_crash_is_over_then(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct incident_list list STING_AUTO(incident_list_release) = {0};
    struct fault fault = {"", ""};
    char start[LINE_TIME_SIZE];
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    int64_t start_us = garden.now.utc_us;
    line_time_text(start_us, start);
    const struct line_field opened[] = {
        {"n", "1"},           {"state", "opened"},  {"kind", "person"},
        {"camera", "garage"}, {"tier", "presence"}, {"start", start}};
    const struct line_field blinded[] = {
        {"n", "1"},         {"state", "blinded"}, {"kind", "loss"},
        {"camera", "gate"}, {"tier", "presence"}, {"start", start}};
    assert_ok(
        ledger_append(ledger, garden.now, "incident", opened, 6, NULL, NULL));
    garden_wait(&garden, 7 * SECOND_US);
    assert_ok(
        ledger_append(ledger, garden.now, "incident", blinded, 6, NULL, NULL));
    ledger_free(&ledger);
    garden_wait(&garden, DAY_US);
    ledger = garden_open(&garden);
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    assert_ok(incident_list_read(garden.dir, &list, &fault));
    assert_int_equal(list.count, 1);
    assert_true(list.entry[0].is_cut);
    assert_int_equal(list.entry[0].end_us, start_us + 7 * SECOND_US);
    assert_string_equal(list.entry[0].kind, "person");
    assert_string_equal(list.entry[0].camera, "garage");
    /* Retention and drills ask that; it saw nobody. */
    assert_true(incident_list_is_by(&list, &list.entry[0], "gate"));
    assert_true(incident_list_is_by(&list, &list.entry[0], "garage"));
    assert_false(list.entry[0].seen_by & incident_list_bit(&list, "gate"));
}

/* Who was seen by two cameras is kept by both; and who put one out is in what
 * it showed last. */
static void every_camera_of_an_incident_keeps_it(void **state)
{
    static const struct seen_by by[] = {{"gate", "gate", "gate,garage", NULL},
                                        {"garage", "gate", NULL, NULL},
                                        {"gate", "gate", "gate", "garage"}};
    (void)state;
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
        struct operation *operation STING_AUTO(operation_close) =
            three_days(&garden, by[i]);
        const struct retention_order later = {
            .days = 2, .now = by_daemon(garden.now.utc_us + DAY_US)};
        assert_int_equal(apply(operation, later).kept, 17);
    }
}

static void newest_day_of_a_camera_is_never_touched(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    const struct retention_order old = {
        .days = 1, .now = by_daemon(garden.now.utc_us + 100 * DAY_US)};
    struct retention_done done = apply(operation, old);
    assert_int_equal(done.days, 2);
    assert_int_equal(done.files, 36);
    const struct retention_order named = {.date = "2011-11-03"};
    assert_int_equal(apply(operation, named).files, 0);
    assert_int_equal(faccessat(garden.dir,
                               "evidence/segments/garage/2011-11-03/"
                               "00000053.m4s.age",
                               F_OK, 0),
                     0);
}

static void oldest_go_until_the_rest_fits(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    const struct retention_order none = {.bytes = 1 << 30};
    struct retention_done done = apply(operation, none);
    assert_int_equal(done.files, 0);
    const struct retention_order some = {.bytes =
                                             (int64_t)done.bytes_left - 1000};
    done = apply(operation, some);
    assert_int_equal(done.days, 1);
    assert_true(done.bytes_left <= (uint64_t)some.bytes);
    assert_int_equal(faccessat(garden.dir,
                               "evidence/segments/garage/2011-11-02/"
                               "00000050.m4s.age",
                               F_OK, 0),
                     0);
}

/* Attack row 28: that an erased segment existed can be shown for ever. */
static void erased_segment_is_proved_by_its_line_under_the_root(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    static struct digest leaf[2000];
    struct tree tree = {0};
    struct proof proof;
    struct line line;
    uint64_t erased = 0, told = 0;
    const struct retention_order named = {.date = "2011-11-01"};
    assert_int_equal(apply(operation, named).files, 33);
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        int64_t n = -1;
        if (!strcmp(line.kind->name, "seg") && !line_integer(&line, "n", &n) &&
            n == 3) {
            erased = line.seq;
            assert_true(line_has(&line, "ct") && line_has(&line, "pt"));
        }
        told += !strcmp(line.kind->name, "erase");
        leaf[tree.leaves] = tree_leaf(ledger_reader_text(reader));
        tree_add(&tree, leaf[tree.leaves]);
    }
    assert_true(erased > 0);
    assert_int_equal(told, 1);
    assert_false(is_there(&garden, 3));
    assert_ok(proof_make(leaf, tree.leaves, erased, &proof));
    assert_ok(proof_check(&proof, leaf[erased], tree_root(&tree)));
    assert_int_equal(proof_check(&proof, leaf[erased + 1], tree_root(&tree)),
                     STING_E_FORGED);
}

/* Without the line, or of another day, it is not retention but a hole. */
static void deletion_without_its_line_is_tampering(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    const struct retention_order named = {.date = "2011-11-01"};
    (void)apply(operation, named);
    assert_int_equal(unlinkat(garden.dir,
                              "evidence/segments/garage/2011-11-02/"
                              "00000050.m4s.age",
                              0),
                     0);
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
}

/* Who holds the disk and no key: a day of which something was erased is no
 * leave to delete what was kept of it. */
static void what_was_kept_of_an_erased_day_must_still_be_here(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    const struct retention_order later = {
        .days = 2, .now = by_daemon(garden.now.utc_us + DAY_US)};
    assert_int_equal(apply(operation, later).files, 33);
    assert_true(is_there(&garden, 12)); /* of the incident */
    assert_int_equal(unlinkat(garden.dir, FIRST_DAY "00000012.m4s.age", 0), 0);
    struct verify_report report STING_AUTO(verify_report_release) =
        verify(&garden);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_string_equal(report.file, "evidence/segments/garage/2011-11-01");
    assert_int_equal(report.erased, 33);
}

/* A clock that nobody keeps, 40 days ahead of the newest line. */
static void a_clock_that_leapt_ahead_lets_no_day_go(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct operation *operation STING_AUTO(operation_close) =
        three_days(&garden, by_garage);
    struct retention_order order = {
        .days = 2,
        .now = {.at = {garden.now.utc_us + 40 * DAY_US,
                       garden.now.boot_us + SECOND_US},
                .sync = CLOCK_FREE}};
    struct retention_done done = apply(operation, order);
    assert_int_equal(done.files, 0);
    assert_int_equal(done.ahead_us, 40 * DAY_US - SECOND_US);
    order.now.sync = CLOCK_SYNCED;
    done = apply(operation, order);
    assert_true(done.files > 0 && done.ahead_us == 0);
}

static int64_t ahead_after(struct clock_trust trust, int64_t wall_us,
                           int64_t boot_us)
{
    const struct clock_state now = {
        .at = {trust.last.utc_us + wall_us, boot_us}, .sync = CLOCK_FREE};
    return clock_trust_ahead(&trust, &now);
}

static void a_clock_is_right_again_when_it_is_set_back_or_has_stood(
    void **state)
{
    (void)state;
    const struct clock_trust plain = {.has_last = true,
                                      .last = {100 * DAY_US, 5 * DAY_US}};
    struct clock_trust ahead = plain;
    ahead.ahead_us = 40 * DAY_US;
    assert_int_equal(ahead_after(plain, DAY_US, 6 * DAY_US), 0);
    assert_int_equal(ahead_after(plain, 3 * DAY_US, 6 * DAY_US), 2 * DAY_US);
    /* Off for three days: what cannot be known is not counted yet. */
    assert_int_equal(ahead_after(plain, 3 * DAY_US, SECOND_US),
                     3 * DAY_US - SECOND_US);
    assert_int_equal(ahead_after(ahead, 1, 5 * DAY_US), 40 * DAY_US);
    assert_int_equal(ahead_after(ahead, -40 * DAY_US, 5 * DAY_US), 0);
    assert_int_equal(ahead_after(ahead, DAY_US, 6 * DAY_US), 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(old_days_go_and_incidents_stay),
        cmocka_unit_test(an_incident_cut_off_by_a_crash_is_over_then),
        cmocka_unit_test(every_camera_of_an_incident_keeps_it),
        cmocka_unit_test(newest_day_of_a_camera_is_never_touched),
        cmocka_unit_test(oldest_go_until_the_rest_fits),
        cmocka_unit_test(erased_segment_is_proved_by_its_line_under_the_root),
        cmocka_unit_test(deletion_without_its_line_is_tampering),
        cmocka_unit_test(what_was_kept_of_an_erased_day_must_still_be_here),
        cmocka_unit_test(a_clock_that_leapt_ahead_lets_no_day_go),
        cmocka_unit_test(
            a_clock_is_right_again_when_it_is_set_back_or_has_stood),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
