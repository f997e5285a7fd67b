/* What was deleted on purpose is told: when, by whom, why; loudly where an
 * incident lies in it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define SECOND_US INT64_C(1000000)
#define FOLDER "evidence/segments/garage/2011-11-01/"

static struct garden garden;
static int64_t first_us; /* when the first recording begins */

/* 200 s of one camera, in pieces of 8. */
static int begin(void **state)
{
    (void)state;
    garden_closed(&garden, 200, 100);
    first_us = garden.now.utc_us - 200 * SECOND_US;
    return 0;
}

static int end(void **state)
{
    (void)state;
    garden_remove(&garden);
    return 0;
}

static void line_add(const char *kind, const struct line_field field[],
                     size_t fields)
{
    struct ledger *ledger = garden_open(&garden);
    assert_true(
        !ledger_append(ledger, garden.now, kind, field, fields, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

struct told {
    const char *n, *camera;
    int64_t from_s, to_s; /* behind the first recording */
    bool by_nobody;
    const char *state;   /* NULL: closed */
    const char *cameras; /* that saw somebody */
};

static void incident_add(const struct told *told)
{
    char start[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    line_time_text(first_us + told->from_s * SECOND_US, start);
    line_time_text(first_us + told->to_s * SECOND_US, to);
    const struct line_field field[] = {
        {"n", told->n},
        {"state", told->state ? told->state : "closed"},
        {"camera", told->camera},
        {"kind", "person"},
        {"tier", "touch"},
        {"cameras", told->cameras},
        {"start", start},
        {"end", told->state ? NULL : to}};
    if (told->by_nobody) {
        intruder_appends(garden.dir, "incident", field, 8);
    } else {
        line_add("incident", field, 8);
    }
}

/* Delete recordings, the numbers with a blank between, and say so. */
static void erase(const char *numbers, const char *why)
{
    char path[96], count[24], bytes[24];
    unsigned long long sum = 0;
    int files = 0;
    char *end = NULL;
    struct stat info;
    for (long n = strtol(numbers, &end, 10); end != numbers;
         n = strtol(numbers, &end, 10)) {
        numbers = end;
        files++;
        (void)snprintf(path, sizeof path, FOLDER "%08ld.m4s.age", n);
        assert_true(!fstatat(garden.dir, path, &info, 0));
        sum += (unsigned long long)info.st_size;
        assert_true(!unlinkat(garden.dir, path, 0));
    }
    (void)snprintf(count, sizeof count, "%d", files);
    (void)snprintf(bytes, sizeof bytes, "%llu", sum);
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"},
        {"count", count},       {"bytes", bytes},     {"why", why},
        {"by", "the gardener"}};
    line_add("erase", field, 7);
}

static void who_deleted_what_and_why_is_told(void **state)
{
    (void)state;
    erase("0 1", "frost");
    assert_words(&garden, "  2 recordings were deleted on purpose",
                 "AN INCIDENT IS GONE");
    assert_words(&garden,
                 "deleted: 2 recordings of camera garage of 2011-11-01", NULL);
    assert_words(&garden, "by the gardener: frost\n", NULL);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.gone.erasures, 1);
    assert_int_equal(report.gone.erasure[0].count, 2);
    assert_int_equal(report.gone.helds, 0);
}

static void programs_are_told_the_same(void **state)
{
    (void)state;
    struct buffer out STING_AUTO(buffer_release) = {0};
    incident_add(&(struct told){"7", "garage", 100, 110, false, NULL, NULL});
    erase("12", "frost");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(verify_report_json(&report, &out), STING_OK);
    assert_non_null(strstr(buffer_text(&out), "\"erasures\":[{\"camera\":"
                                              "\"garage\",\"date\":\"2011-11-01"
                                              "\",\"at\":"));
    assert_non_null(strstr(buffer_text(&out), "\"incidents\":[7],"));
    assert_non_null(strstr(buffer_text(&out), "\"why\":\"frost\""));
}

static void an_incident_that_lies_in_what_is_gone_is_told_loudly(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "garage", 100, 110, false, NULL, NULL});
    incident_add(&(struct told){"4", "garage", 120, 130, false, NULL, NULL});
    erase("11 12 13", "frost");
    assert_reason(&garden, VERIFY_GAPS,
                  "were erased although incidents 3, 4 lie in them");
    assert_words(&garden,
                 "AN INCIDENT IS GONE: recordings of camera garage of ", NULL);
    assert_words(&garden, "no proof of tampering", "TAMPERED");
}

/* What retention keeps of it: a minute on both sides. */
static void what_lies_a_minute_from_an_incident_is_no_part_of_it(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "garage", 100, 110, false, NULL, NULL});
    erase("0 1 2 3 23 24", "frost"); /* up to 32 s, from 184 s on */
    assert_verdict(&garden, VERIFY_INTACT);
    erase("5", "frost"); /* up to 48 s */
    assert_reason(&garden, VERIFY_GAPS, "although incident 3 lies in them");
    assert_words(&garden, "2 entries say so, each of a part; the last: ", NULL);
}

static void an_incident_of_another_camera_or_told_later_is_none(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "porch", 100, 110, false, NULL, NULL});
    erase("11 12 13", "frost");
    incident_add(&(struct told){"4", "garage", 100, 110, false, NULL, NULL});
    assert_verdict(&garden, VERIFY_INTACT);
}

/* It is named after another, which told of it last. */
static void every_camera_that_saw_an_incident_is_held_to_it(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "porch", 100, 110, false, "opened", NULL});
    incident_add(
        &(struct told){"3", "porch", 100, 110, false, NULL, "porch,garage"});
    erase("12", "frost");
    assert_reason(&garden, VERIFY_GAPS, "although incident 3 lies in them");
}

static void and_one_that_was_put_out_in_it(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "porch", 20, 110, false, "opened", NULL});
    incident_add(
        &(struct told){"3", "garage", 105, 110, false, "blinded", "porch"});
    incident_add(&(struct told){"3", "porch", 20, 110, false, NULL, "porch"});
    incident_add(
        &(struct told){"3", "garage", 105, 110, false, "regained", "porch"});
    erase("2", "frost"); /* up to 24 s: of the incident, not of the dark */
    assert_reason(&garden, VERIFY_GAPS, "although incident 3 lies in them");
}

static void an_incident_that_nobody_signed_accuses_nobody(void **state)
{
    (void)state;
    incident_add(&(struct told){"3", "garage", 100, 110, true, NULL, NULL});
    erase("11 12 13", "frost"); /* the writer finds that line, and marks it */
    assert_words(&garden, "deleted: 3 recordings", "INCIDENT IS GONE");
    assert_verdict(&garden, VERIFY_INTACT);
}

static void an_erasure_that_nobody_signed_is_not_told(void **state)
{
    (void)state;
    const struct line_field field[] = {{"what", "recordings"},
                                       {"camera", "garage"},
                                       {"date", "2011-11-01"},
                                       {"count", "9"},
                                       {"by", "a stranger"}};
    intruder_appends(garden.dir, "erase", field, 5);
    assert_words(&garden, "INTACT", "a stranger");
}

static void of_many_erasures_the_last_are_listed(void **state)
{
    (void)state;
    char number[16];
    for (int i = 0; i < VERIFY_MOST_ERASURES + 2; i++) {
        (void)snprintf(number, sizeof number, "%d", i);
        erase(number, i < 2 ? "early" : "late");
    }
    assert_words(&garden, "  deleted: 2 earlier entries more", ": early\n");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.gone.erasures, VERIFY_MOST_ERASURES);
    assert_int_equal(report.gone.erasures_more, 2);
    assert_int_equal(report.erased, VERIFY_MOST_ERASURES + 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

static void a_late_line_of_an_old_incident_hides_no_newer_one(void **state)
{
    (void)state;
    incident_add(
        &(struct told){"32769", "garage", 100, 110, false, NULL, NULL});
    incident_add(
        &(struct told){"1", "garage", 0, 1, false, NULL, NULL}); /* its place */
    erase("12", "frost");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.gone.helds, 1);
    assert_int_equal(report.gone.held[0].incident[0], 32769);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        TEST(who_deleted_what_and_why_is_told),
        TEST(programs_are_told_the_same),
        TEST(an_incident_that_lies_in_what_is_gone_is_told_loudly),
        TEST(what_lies_a_minute_from_an_incident_is_no_part_of_it),
        TEST(an_incident_of_another_camera_or_told_later_is_none),
        TEST(every_camera_that_saw_an_incident_is_held_to_it),
        TEST(and_one_that_was_put_out_in_it),
        TEST(an_incident_that_nobody_signed_accuses_nobody),
        TEST(a_late_line_of_an_old_incident_hides_no_newer_one),
        TEST(an_erasure_that_nobody_signed_is_not_told),
        TEST(of_many_erasures_the_last_are_listed),
    };
    return cmocka_run_group_tests_name("erased", test, NULL, NULL);
}
