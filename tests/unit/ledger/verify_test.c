#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/judge.h"

static void a_closed_operation_is_intact(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 20, 3000);
    for (int inside = 0; inside < 2; inside++) {
        struct verify_report report STING_AUTO(verify_report_release) =
            judge(&garden, inside);
        assert_string_equal(report.reason, "");
        assert_int_equal(report.verdict, VERIFY_INTACT);
        assert_int_equal(report.tail_entries, 0);
        assert_int_equal(report.segments, 4); /* with the init */
        assert_int_equal(report.blobs, 2);
        assert_int_equal(report.opened, inside ? 6 : 0);
        assert_int_equal(report.unclaimed, 0);
        assert_int_equal(report.said.gaps, 0);
    }
    garden_remove(&garden);
}

static void a_stop_and_a_restart_are_no_tampering(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 500);
    for (uint64_t i = 1; i < 4; i++) {
        struct recording *recording STING_AUTO(recording_free) = NULL;
        struct ledger *ledger = garden_open(&garden);
        garden_wait(&garden, 3600000000);
        recording = garden_camera(&garden, ledger);
        assert_true(!garden_record(&garden, recording, 100 * i, 10, 500));
        assert_true(!recording_close(recording, garden.now, NULL));
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    }
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

static void an_open_session_has_a_tail(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 500);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    garden_wait(&garden, 7500000);
    const struct line_field field[] = {{"camera", "garage"}, {"state", "lost"}};
    assert_true(
        !ledger_append(ledger, garden.now, "camera", field, 2, NULL, NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.tail_entries, 3);
    assert_true(report.tail_s > 7.4 && report.tail_s < 7.6);
    assert_true(report.signed_until_us > 0);
    struct buffer words STING_AUTO(buffer_release) = {0};
    assert_true(!verify_report_text(&report, &words));
    *strchr((char *)words.data, '\n') = '\0'; /* its first line */
    assert_non_null(strstr(buffer_text(&words), "INTACT up to entry "));
    assert_non_null(
        strstr(buffer_text(&words), "NOT SIGNED: 3 entries after it (7.5 s)"));
    garden_remove(&garden);
}

/* The clock was ahead when the power went. */
static void a_gap_over_which_the_clock_went_back_has_no_length(void **state)
{
    (void)state;
    struct verify_gap gap = {.seq = 7,
                             .cause = "crash",
                             .from_us = INT64_C(1320180000000000),
                             .to_us = INT64_C(1320170000000000)};
    struct verify_report report = {.gap = &gap, .said = {.gaps = 1}};
    struct buffer words STING_AUTO(buffer_release) = {0};
    assert_true(!verify_report_text(&report, &words));
    assert_non_null(strstr(buffer_text(&words),
                           "gap, crash, entry 7: how long is unknown, the "
                           "clock was set back, 2011-11-01T20:40:00"));
    assert_null(strstr(buffer_text(&words), "-10000"));
}

static void a_crash_leaves_gaps_and_nothing_worse(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording = NULL;
    garden_closed(&garden, 10, 500);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 500, 12, 500));
    recording_free(&recording);
    ledger_free(&ledger);
    assert_verdict(&garden, VERIFY_INTACT); /* with a tail */
    assert_words(&garden, " files without an entry\n", "everything is signed");
    assert_words(&garden, "files are here without an entry in the record: ",
                 "everything is signed");
    ledger = garden_open(&garden);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_words(&garden, "  everything that is here is signed\n",
                 "NOT SIGNED");
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, 1);
    assert_string_equal(report.gap[0].cause, "crash");
    assert_int_equal(report.unclaimed, 0);
    garden_remove(&garden);
}

/* ---- every byte ---- */

/* The entry that a file belongs to, by its name; -1 for ledger and notes. */
static int64_t entry_of(struct garden *garden, const char *path)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct buffer file STING_AUTO(buffer_release) = {0};
    char hex[DIGEST_TEXT_SIZE];
    assert_true(
        !file_read(garden->dir, "evidence/ledger", 1000000, &text, NULL));
    assert_true(!file_read(garden->dir, path, 1000000, &file, NULL));
    digest_text(digest_of(buffer_bytes(&file)), hex);
    const char *found = strstr(buffer_text(&text), hex);
    int64_t entry = 0;
    if (!found) {
        return -1;
    }
    for (const char *c = buffer_text(&text); c < found; c++) {
        entry += *c == '\n';
    }
    return entry;
}

static void flip(struct garden *garden, const char *path, off_t at, int bit)
{
    uint8_t byte = 0;
    int file STING_AUTO(fd_close) = openat(garden->dir, path, O_RDWR);
    assert_true(pread(file, &byte, 1, at) == 1);
    byte ^= (uint8_t)(1 << bit);
    assert_true(pwrite(file, &byte, 1, at) == 1);
}

/* Was the flipped byte found where it lies? `entry` names the file; -1: none
 * does, and in the ledger it is the line itself. */
static bool is_found_at(const struct verify_report *report, const char *path,
                        int64_t entry, uint64_t line)
{
    bool is_file = !strcmp(report->file, path);
    bool is_entry = entry < 0 || report->at == (uint64_t)entry;
    bool right_place = entry < 0 && !strcmp(path, "evidence/ledger")
                           ? report->at == line
                           : is_file && is_entry;
    bool is_known = report->verdict == VERIFY_TAMPERED && report->has_at;
    return right_place && (is_known || report->verdict == VERIFY_UNVERIFIABLE);
}

/* Flip one bit of every byte of a file, and see that it is found. Where:
 * for a file, in the entry that names it; in the ledger, in that very line;
 * in the notes, in that file. */
static void flip_every_byte(struct garden *garden, const char *path)
{
    struct buffer before STING_AUTO(buffer_release) = {0};
    int64_t entry = entry_of(garden, path);
    uint64_t line = 0;
    assert_true(!file_read(garden->dir, path, 1000000, &before, NULL));
    for (size_t at = 0; at < before.size; at++) {
        flip(garden, path, (off_t)at, (int)(at % 8));
        struct verify_report report STING_AUTO(verify_report_release) =
            judge(garden, false);
        if (!is_found_at(&report, path, entry, line)) {
            fail_msg("%s byte %zu (line %" PRIu64 "): %s at %" PRIu64 " %s: %s",
                     path, at, line, verify_verdict_text(report.verdict),
                     report.at, report.file, report.reason);
        }
        flip(garden, path, (off_t)at, (int)(at % 8));
        line += before.data[at] == '\n';
    }
}

static void every_changed_byte_is_found_and_located(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 100);
    garden_walk(&garden, "evidence", flip_every_byte);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

static void what_is_no_operation_is_unverifiable(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    assert_verdict(&garden, VERIFY_INTACT);
    assert_true(!unlinkat(garden.dir, "evidence/ledger", 0));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    assert_words(&garden, "there is no ledger here", "signed");
    assert_words(&garden, "UNVERIFIABLE", "vouches");
    assert_true(!file_write(garden.dir, "evidence/ledger", (struct bytes){0},
                            0600, NULL));
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

static void the_report_is_one_json_line(void **state)
{
    (void)state;
    struct garden garden;
    struct buffer json STING_AUTO(buffer_release) = {0};
    garden_closed(&garden, 10, 100);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_true(!verify_report_json(&report, &json));
    assert_true(strncmp(buffer_text(&json),
                        "{\"verdict\":\"INTACT\",\"at\":null", 29) == 0);
    assert_non_null(strstr(buffer_text(&json), "\"gaps\":[],"));
    assert_non_null(strstr(buffer_text(&json), "\"anchored_until\":null"));
    assert_ptr_equal(strchr(buffer_text(&json), '\n'),
                     buffer_text(&json) + json.size - 1);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_closed_operation_is_intact),
        cmocka_unit_test(a_stop_and_a_restart_are_no_tampering),
        cmocka_unit_test(an_open_session_has_a_tail),
        cmocka_unit_test(a_gap_over_which_the_clock_went_back_has_no_length),
        cmocka_unit_test(a_crash_leaves_gaps_and_nothing_worse),
        cmocka_unit_test(every_changed_byte_is_found_and_located),
        cmocka_unit_test(what_is_no_operation_is_unverifiable),
        cmocka_unit_test(the_report_is_one_json_line),
    };
    return cmocka_run_group_tests_name("verify", test, NULL, NULL);
}
