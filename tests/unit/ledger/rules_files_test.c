/* The rules about files and recordings: V8, V9 and V11. Their names are those
 * of docs/formats/ledger.md; the others are in rules_test.c. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "tests/check.h"
#include "tests/unit/ledger/forge.h"
#include "tests/unit/ledger/judge.h"

#define SEGMENTS "evidence/segments/garage/2011-11-01/"

static void remove_and_verify(struct garden *garden, const char *path)
{
    struct buffer before STING_AUTO(buffer_release) = {0};
    assert_true(!file_read(garden->dir, path, 1000000, &before, NULL));
    assert_true(!unlinkat(garden->dir, path, 0));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(garden, false);
    assert_true(report.verdict == VERIFY_TAMPERED ||
                report.verdict == VERIFY_UNVERIFIABLE);
    assert_true(report.reason[0] != '\0');
    assert_true(
        !file_write(garden->dir, path, buffer_bytes(&before), 0600, NULL));
}

static void v8_every_missing_file_is_missed(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 100);
    garden_walk(&garden, "evidence", remove_and_verify);
    assert_verdict(&garden, VERIFY_INTACT);
    garden_remove(&garden);
}

static void v8_a_link_in_place_of_a_file_is_refused(void **state)
{
    (void)state;
    struct garden garden;
    const char *path = "evidence/segments/garage/2011-11-01/00000000.m4s.age";
    garden_closed(&garden, 10, 100);
    assert_true(!renameat(garden.dir, path, garden.dir, "elsewhere"));
    assert_true(!symlinkat("../../../../elsewhere", garden.dir, path));
    assert_verdict(&garden, VERIFY_TAMPERED);
    unlinkat(garden.dir, path, 0);
    assert_true(!mkfifoat(garden.dir, path, 0600));
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void v8_recordings_that_were_erased_are_accounted_for(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 100);
    assert_true(!unlinkat(
        garden.dir, "evidence/segments/garage/2011-11-01/00000000.m4s.age", 0));
    assert_verdict(&garden, VERIFY_TAMPERED);
    struct ledger *ledger = garden_open(&garden);
    garden_say_erased(&garden, ledger, "day", "why", "retention");
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.erased, 1);
    garden_remove(&garden);
}

/* One that was erased may be put back from an old copy, to hide that another
 * is gone. */
static void v8_larger_recordings_are_not_the_ones_that_were_erased(void **state)
{
    (void)state;
    struct garden garden;
    garden_closed(&garden, 10, 100);
    assert_true(!unlinkat(
        garden.dir, "evidence/segments/garage/2011-11-01/00000000.m4s.age", 0));
    struct ledger *ledger = garden_open(&garden);
    garden_say_erased(&garden, ledger, "recordings", "bytes", "10");
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* Which of two was erased, no line says; one that was recorded later was not.
 */
static void v8_a_recording_missing_behind_the_erase_line_is_named(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    const char *later = "evidence/segments/garage/2011-11-01/00000004.m4s.age";
    garden_closed(&garden, 20, 100);
    struct ledger *ledger = garden_open(&garden);
    garden_say_erased(&garden, ledger, "recordings", "bytes", "1");
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 100, 16, 100));
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    for (int n = 0; n < 2; n++) {
        char path[96];
        snprintf(path, sizeof path,
                 "evidence/segments/garage/2011-11-01/%08d.m4s.age", n);
        assert_true(!unlinkat(garden.dir, path, 0));
    }
    assert_reason(&garden, VERIFY_TAMPERED, "more of this day's recordings");
    assert_true(!unlinkat(garden.dir, later, 0));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    assert_string_equal(report.file, later);
    garden_remove(&garden);
}

/* A station at work while somebody verifies. */
struct station {
    struct garden garden;
    struct ledger *ledger;
    struct recording *recording;
    uint64_t fragments;
};

/* Eight more seconds, a sealed segment of their own, signed. */
static void record_more(struct station *station)
{
    struct garden *garden = &station->garden;
    assert_true(
        !garden_record(garden, station->recording, station->fragments, 8, 300));
    assert_true(!recording_close(station->recording, garden->now, NULL));
    assert_true(!ledger_checkpoint(station->ledger, garden->now, NULL));
    station->fragments += 8;
}

static void record_once(void *context, const struct verify_report *so_far)
{
    struct station *station = context;
    if (so_far->entries == 16) {
        record_more(station);
    }
}

static void remove_one(struct garden *garden, const char *path)
{
    assert_true(unlinkat(garden->dir, path, 0) == 0);
}

/* Retention emptied the folder before; the verifier found it so. */
static void v8_what_comes_into_an_emptied_folder_meanwhile_is_found(
    void **state)
{
    (void)state;
    struct station station = {.fragments = 0};
    struct garden *garden = &station.garden;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    const struct verify_options options = {.progress = record_once,
                                           .context = &station};
    garden_make(garden, "/tmp");
    station.ledger = garden_open(garden);
    assert_true(
        !recording_new(station.ledger, "garage", &station.recording, NULL));
    assert_true(!garden_init(garden, station.recording));
    for (int i = 0; i < 16; i++) {
        record_more(&station);
    }
    garden_walk(garden, "evidence/segments", remove_one);
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"}};
    assert_true(!ledger_append(station.ledger, garden->now, "erase", field, 3,
                               NULL, NULL));
    assert_true(!ledger_checkpoint(station.ledger, garden->now, NULL));
    assert_true(!verify_operation(garden->dir, &options, &report, NULL));
    assert_string_equal(report.reason, "");
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.erased, 17);
    assert_int_equal(report.segments, 18);
    recording_free(&station.recording);
    ledger_free(&station.ledger);
    garden_remove(garden);
}

static void write_bait(struct garden *garden, const char *original)
{
    struct fault fault;
    assert_true(!folder_make(garden->dir, "bait/tank"));
    assert_true(!file_write(garden->dir, "bait/tank/original.pdf.age",
                            bytes_of_text(original), 0600, &fault));
    assert_true(!file_write(garden->dir, "bait/tank/reference.age",
                            bytes_of_text("where words are"), 0600, &fault));
}

static void append_bait(struct garden *garden, const char *original)
{
    char sealed[DIGEST_TEXT_SIZE];
    char reference[DIGEST_TEXT_SIZE];
    struct ledger *ledger = garden_open(garden);
    digest_text(digest_of(bytes_of_text(original)), sealed);
    digest_text(digest_of(bytes_of_text("where words are")), reference);
    const struct line_field field[] = {
        {"bait", "tank"}, {"state", "added"}, {"original", sealed},
        {"pages", "6"},   {"sealed", sealed}, {"reference", reference}};
    assert_true(
        !ledger_append(ledger, garden->now, "bait", field, 6, NULL, NULL));
    assert_true(!ledger_close(&ledger, garden->now, "done", NULL));
}

static void v8_bait_is_checked_where_its_folder_is(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    append_bait(&garden, "cut off before its files were there");
    append_bait(&garden, "added again");
    assert_verdict(&garden, VERIFY_INTACT); /* the evidence alone */
    write_bait(&garden, "added again");
    assert_verdict(&garden, VERIFY_INTACT);
    write_bait(&garden, "another document");
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

static void v9_a_hole_between_recordings_is_a_gap(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 0, 4, 100));
    garden_wait(&garden, 3000000);
    assert_true(!garden_record(&garden, recording, 7, 4, 100));
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.said.gaps, 1);
    assert_string_equal(report.gap[0].cause, "unexplained");
    assert_int_equal(report.gap[0].to_us - report.gap[0].from_us, 3000000);
    garden_remove(&garden);
}

/* A `gap` line from `from_s` to `to_s`, in a hole of 60 s; the gaps told. */
static size_t gaps_with(int64_t from_s, int64_t to_s, struct verify_gap *last)
{
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    char from[LINE_TIME_SIZE], to[LINE_TIME_SIZE];
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 0, 4, 100));
    int64_t end_us = garden.now.utc_us;
    assert_true(!recording_close(recording, garden.now, NULL));
    garden_wait(&garden, 60000000);
    const struct line_field field[] = {
        {"cause", "lost"},
        {"camera", "garage"},
        {"from", line_time_text(end_us + from_s * 1000000, from)},
        {"to", line_time_text(end_us + to_s * 1000000, to)}};
    assert_true(
        !ledger_append(ledger, garden.now, "gap", field, 4, NULL, NULL));
    assert_true(!garden_record(&garden, recording, 64, 4, 100));
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    *last = report.gap[report.said.gaps - 1];
    garden_remove(&garden);
    return report.said.gaps;
}

static void v9_a_gap_line_explains_no_more_than_it_says(void **state)
{
    (void)state;
    struct verify_gap last;
    assert_int_equal(gaps_with(0, 60, &last), 1);
    assert_int_equal(gaps_with(0, 1, &last), 2);
    assert_string_equal(last.cause, "unexplained");
    assert_int_equal(last.to_us - last.from_us, 59000000);
    assert_int_equal(gaps_with(50, 60, &last), 2);
    assert_string_equal(last.cause, "unexplained");
    assert_int_equal(last.to_us - last.from_us, 50000000);
}

/* ---- V8, V9 and V11 against one who has every key ---- */

static struct forge forge; /* too large for the stack */
static struct garden owned;

static void write_and_expect(enum verify_verdict expected, const char *words)
{
    forge_write(&owned, &forge);
    assert_reason(&owned, expected, words);
    garden_remove(&owned);
}

static void v8_a_file_of_another_size_or_hash_is_tampered(void **state)
{
    (void)state;
    forge_recorded(&owned, &forge);
    size_t at = forge_find(&forge, "seg", 0);
    forge_change(&forge, at, " bytes=", " bytes=1");
    write_and_expect(VERIFY_TAMPERED, "");
    forge_recorded(&owned, &forge);
    char *ct = strstr(forge.line[at], " ct=");
    assert_non_null(ct);
    ct[4] = ct[4] == '0' ? '1' : '0';
    write_and_expect(VERIFY_TAMPERED, "");
}

static void v8_what_is_inside_is_compared_when_a_key_opens_it(void **state)
{
    (void)state;
    forge_recorded(&owned, &forge);
    char *pt = strstr(forge.line[forge_find(&forge, "seg", 0)], " pt=");
    assert_non_null(pt);
    pt[4] = pt[4] == '0' ? '1' : '0';
    forge_write(&owned, &forge);
    assert_verdict(&owned, VERIFY_INTACT); /* sealed, it cannot be seen */
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&owned, true);
    assert_int_equal(report.verdict, VERIFY_TAMPERED);
    garden_remove(&owned);
}

static void v9_a_line_older_than_the_one_before_is_tampered(void **state)
{
    (void)state;
    char boot[LINE_BOOT_SIZE];
    const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
    forge_recorded(&owned, &forge);
    size_t at = forge_find(&forge, "stop", 0);
    struct moment when = forge_moment(&forge, at - 1, boot);
    when.boot_us -= 1; /* a microsecond */
    forge_insert(&forge, at, boot, when, "camera", field, 2);
    write_and_expect(VERIFY_TAMPERED, "older than the one before");
}

static void v11_a_recording_that_stands_there_twice_is_tampered(void **state)
{
    (void)state;
    char text[LINE_MOST_BYTES + 1];
    forge_recorded(&owned, &forge); /* the same number */
    size_t at = forge_find(&forge, "seg", 0);
    size_t next = forge_find(&forge, "seg", at + 1);
    const char *rest = strstr(forge.line[at], " seg ");
    assert_non_null(rest);
    snprintf(text, sizeof text, "%.*s%s",
             (int)(strstr(forge.line[next], " seg ") - forge.line[next]),
             forge.line[next], rest);
    forge_insert_text(&forge, next, text);
    write_and_expect(VERIFY_TAMPERED, "used before");
    forge_recorded(&owned, &forge); /* another number, the same file */
    char *ct = strstr(forge.line[at], " ct=");
    char *other = strstr(forge.line[next], " ct=");
    memcpy(other + 4, ct + 4, 64);
    write_and_expect(VERIFY_TAMPERED, "twice");
}

static void v11_the_same_pictures_again_are_told(void **state)
{
    (void)state;
    forge_recorded(
        &owned, &forge); /* sealed anew, so that only the inside is the same */
    size_t at = forge_find(&forge, "seg", 0);
    char *pt = strstr(forge.line[at], " pt=");
    char *other = strstr(forge.line[forge_find(&forge, "seg", at + 1)], " pt=");
    memcpy(other + 4, pt + 4, 64);
    forge_write(&owned, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&owned, false);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_string_equal(report.gap[0].cause, "repeated");
    garden_remove(&owned);
}

/* What is said when so few hashes are held at once. */
static struct verify_report judge_with(size_t most_seen)
{
    struct verify_report report;
    const struct verify_options options = {.most_seen = most_seen};
    assert_true(!verify_operation(owned.dir, &options, &report, NULL));
    return report;
}

static void copy_field(const char *key, size_t from, size_t to)
{
    const char *at = strstr(forge.line[from], key);
    char *other = strstr(forge.line[to], key);
    size_t size = strcspn(at + 1, " ") + 1;
    assert_int_equal(size, strcspn(other + 1, " ") + 1);
    memcpy(other, at, size);
}

/* The second recording is the first one again: line and file. */
static size_t forge_twice(void)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    size_t at = forge_find(&forge, "seg", 0);
    size_t next = forge_find(&forge, "seg", at + 1);
    copy_field(" ct=", at, next);
    copy_field(" bytes=", at, next);
    assert_true(!file_read(owned.dir, SEGMENTS "00000000.m4s.age", 1000000,
                           &file, NULL));
    assert_true(!file_write(owned.dir, SEGMENTS "00000001.m4s.age",
                            buffer_bytes(&file), 0600, NULL));
    return next;
}

static void v11_holds_however_few_hashes_are_held_at_once(void **state)
{
    (void)state;
    for (size_t most = 3; most < 6; most++) {
        forge_recorded(&owned, &forge);
        struct verify_report good = judge_with(most);
        assert_int_equal(good.verdict, VERIFY_INTACT);
        verify_report_release(&good);
        size_t next = forge_twice();
        forge_write(&owned, &forge);
        struct verify_report report STING_AUTO(verify_report_release) =
            judge_with(most);
        assert_int_equal(report.verdict, VERIFY_TAMPERED);
        assert_non_null(strstr(report.reason, "twice"));
        assert_int_equal(report.at, next);
        garden_remove(&owned);
    }
}

static void v11_pictures_again_are_told_however_few_are_held(void **state)
{
    (void)state;
    for (size_t most = 3; most < 6; most++) {
        forge_recorded(&owned, &forge);
        size_t at = forge_find(&forge, "seg", 0);
        copy_field(" pt=", at, forge_find(&forge, "seg", at + 1));
        forge_write(&owned, &forge);
        struct verify_report report STING_AUTO(verify_report_release) =
            judge_with(most);
        assert_int_equal(report.verdict, VERIFY_GAPS);
        assert_int_equal(report.said.gaps, 1);
        assert_string_equal(report.gap[0].cause, "repeated");
        garden_remove(&owned);
    }
}

static void v11_hashes_too_alike_to_be_compared_are_told(void **state)
{
    (void)state;
    forge_recorded(&owned, &forge);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge_with(1); /* no part is small enough */
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    assert_non_null(strstr(report.reason, "too many recordings"));
    garden_remove(&owned);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(v8_every_missing_file_is_missed),
        cmocka_unit_test(v8_a_link_in_place_of_a_file_is_refused),
        cmocka_unit_test(v8_recordings_that_were_erased_are_accounted_for),
        cmocka_unit_test(
            v8_larger_recordings_are_not_the_ones_that_were_erased),
        cmocka_unit_test(
            v8_what_comes_into_an_emptied_folder_meanwhile_is_found),
        cmocka_unit_test(v8_bait_is_checked_where_its_folder_is),
        cmocka_unit_test(v9_a_hole_between_recordings_is_a_gap),
        cmocka_unit_test(v9_a_gap_line_explains_no_more_than_it_says),
        cmocka_unit_test(v8_a_recording_missing_behind_the_erase_line_is_named),
        cmocka_unit_test(v8_a_file_of_another_size_or_hash_is_tampered),
        cmocka_unit_test(v8_what_is_inside_is_compared_when_a_key_opens_it),
        cmocka_unit_test(v9_a_line_older_than_the_one_before_is_tampered),
        cmocka_unit_test(v11_a_recording_that_stands_there_twice_is_tampered),
        cmocka_unit_test(v11_the_same_pictures_again_are_told),
        cmocka_unit_test(v11_holds_however_few_hashes_are_held_at_once),
        cmocka_unit_test(v11_pictures_again_are_told_however_few_are_held),
        cmocka_unit_test(v11_hashes_too_alike_to_be_compared_are_told),
    };
    return cmocka_run_group_tests_name("rules of files", test, NULL, NULL);
}
