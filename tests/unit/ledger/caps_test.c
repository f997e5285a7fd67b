/* What a verifier holds at once has an end; where a record goes beyond it, the
 * verdict says so, and no rule is lost without a word. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "ledger/unsigned_lines.h"
#include "tests/check.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define DAY_US INT64_C(86400000000)
#define MOST_VOID_DAYS 4096 /* verify_state.h */
#define MOST_DAYS 65536

static struct garden garden;

static void add_cameras(int count)
{
    struct ledger *ledger = garden_open(&garden);
    for (int i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "tap%d", i);
        const struct line_field field[] = {{"camera", name}, {"state", "on"}};
        assert_true(
            !ledger_append(ledger, garden.now, "camera", field, 2, NULL, NULL));
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

static void more_cameras_than_can_be_judged_are_told(void **state)
{
    (void)state;
    garden_make(&garden, "/dev/shm");
    add_cameras(LEDGER_MOST_CAMERAS);
    assert_verdict(&garden, VERIFY_INTACT);
    add_cameras(LEDGER_MOST_CAMERAS + 1);
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "more than 2048 cameras");
    garden_remove(&garden);
}

static void add_missing(struct ledger *ledger, int day)
{
    char n[24], date[LINE_TIME_SIZE];
    (void)snprintf(n, sizeof n, "%d", day);
    line_time_text(garden.now.utc_us + day * DAY_US, date);
    date[10] = '\0';
    struct seg_line line;
    seg_line_write(&line, "garage", date, n, "6", n);
    assert_true(!ledger_append(ledger, garden.now, "seg", line.field,
                               SEG_FIELDS, NULL, NULL));
}

/* Of lines that nobody signed. */
static void more_days_missing_than_can_be_told_are_told(void **state)
{
    (void)state;
    garden_make(&garden, "/dev/shm");
    struct ledger *ledger = garden_open(&garden);
    for (int day = 0; day <= MOST_VOID_DAYS; day++) {
        add_missing(ledger, day);
    }
    ledger_free(&ledger); /* the power goes */
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_reason(&garden, VERIFY_UNVERIFIABLE,
                  "recordings of more days are missing than can be told");
    garden_remove(&garden);
}

static void more_signed_days_missing_than_can_be_told_are_told(void **state)
{
    (void)state;
    garden_make(&garden, "/dev/shm");
    struct ledger *ledger = garden_open(&garden);
    for (int day = 0; day <= MOST_DAYS; day++) {
        add_missing(ledger, day);
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_reason(&garden, VERIFY_TAMPERED,
                  "recordings of more days are missing than can be told");
    garden_remove(&garden);
}

/* A holder of the key may write what no recorder would. */
static void add_sessions(int count)
{
    struct ledger *ledger = garden_open(&garden);
    for (int i = 0; i < count; i++) {
        const struct line_field field[] = {
            {"n", "7"}, {"boot", "1"}, {"version", "1"}, {"unsigned", "1"}};
        assert_true(!ledger_append(ledger, garden.now, "session", field, 4,
                                   NULL, NULL));
        const struct line_field tap[] = {{"camera", "tap"}, {"state", "on"}};
        assert_true(
            !ledger_append(ledger, garden.now, "camera", tap, 2, NULL, NULL));
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

static void a_record_found_unsigned_too_often_is_not_read(void **state)
{
    (void)state;
    struct unsigned_lines lines = {.signed_to = 0};
    struct fault fault = {"", ""};
    garden_make(&garden, "/dev/shm");
    add_sessions(UNSIGNED_LINES_MOST);
    assert_true(!unsigned_lines_read(garden.dir, &lines, &fault));
    assert_int_equal(lines.ranges, UNSIGNED_LINES_MOST);
    unsigned_lines_release(&lines);
    add_sessions(1);
    assert_int_equal(unsigned_lines_read(garden.dir, &lines, &fault),
                     STING_E_LIMIT);
    assert_non_null(strstr(fault.why, "signed by nobody"));
    unsigned_lines_release(&lines);
    garden_remove(&garden);
}

#define NAMED 128 /* lines that one mark calls unlike their file */

static uint64_t lines_of(const struct garden *of)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    uint64_t count = 0;
    assert_true(!ledger_reader_open(of->dir, &reader, NULL));
    while (!ledger_reader_skip(reader)) {
        count++;
    }
    return count;
}

/* Lines, and a mark that calls all but the last unlike their file. */
static void add_unlikes(struct ledger *ledger, uint64_t first)
{
    char unlike[NAMED * 8] = "";
    size_t size = 0;
    for (uint64_t i = 0; i <= NAMED; i++) {
        const struct line_field tap[] = {{"camera", "tap"}, {"state", "on"}};
        assert_true(
            !ledger_append(ledger, garden.now, "camera", tap, 2, NULL, NULL));
        size += i == NAMED
                    ? 0
                    : (size_t)snprintf(unlike + size, sizeof unlike - size,
                                       "%s%" PRIu64, i ? "," : "", first + i);
    }
    const struct line_field mark[] = {{"n", "7"},       {"boot", "1"},
                                      {"version", "1"}, {"unsigned", "129"},
                                      {"seen", "129"},  {"unlike", unlike}};
    assert_true(
        !ledger_append(ledger, garden.now, "session", mark, 6, NULL, NULL));
}

static void where_too_many_files_were_unlike_the_oldest_mark_saw_none(
    void **state)
{
    (void)state;
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    garden_make(&garden, "/dev/shm");
    struct ledger *ledger = garden_open(&garden);
    uint64_t first = lines_of(&garden);
    uint64_t next = first;
    for (int i = 0; i <= UNSIGNED_LINES_MOST / NAMED; i++) {
        add_unlikes(ledger, next);
        next += NAMED + 2;
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_true(!unsigned_lines_read(garden.dir, &lines, NULL));
    assert_int_equal(lines.unlikes, UNSIGNED_LINES_MOST);
    assert_true(unsigned_lines_has(&lines, first + NAMED));
    assert_false(unsigned_lines_file_seen(&lines, first + NAMED));
    first += NAMED + 2;
    assert_true(unsigned_lines_file_seen(&lines, first + NAMED));
    assert_false(unsigned_lines_file_seen(&lines, first));
    assert_true(unsigned_lines_file_seen(&lines, next - 2));
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(more_cameras_than_can_be_judged_are_told),
        cmocka_unit_test(more_days_missing_than_can_be_told_are_told),
        cmocka_unit_test(more_signed_days_missing_than_can_be_told_are_told),
        cmocka_unit_test(a_record_found_unsigned_too_often_is_not_read),
        cmocka_unit_test(
            where_too_many_files_were_unlike_the_oldest_mark_saw_none),
    };
    return cmocka_run_group_tests_name("caps", test, NULL, NULL);
}
