/* What a crash left unsigned is adopted by the next writer, which looks at the
 * files: whoever changes or deletes one later is found out; what was not so
 * when it looked accuses nobody. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)
#define DAY "evidence/segments/garage/2011-11-01/"
#define INIT DAY "init-0000.mp4.age"
#define FIRST DAY "00000000.m4s.age"
#define SECOND DAY "00000001.m4s.age"
#define NOTES "evidence/checkpoints/2011-11-01.notes"
#define VALUE_SIZE 2200

static struct garden garden;

/* ---- the crash, and who comes then ---- */

static struct ledger *begin(void)
{
    garden_make(&garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    return garden_open(&garden);
}

/* Segments of 8 s, and the power goes; nothing but the first line is signed. */
static void crash(struct ledger *ledger, uint64_t seconds)
{
    struct recording *recording = NULL;
    recording = garden_camera(&garden, ledger);
    assert_ok(garden_record(&garden, recording, 0, seconds, 400));
    recording_free(&recording);
    ledger_free(&ledger);
    garden_wait(&garden, 1000000);
}

static void adopt(void)
{
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
}

static void crash_and_adopt(void)
{
    crash(begin(), 20);
    adopt();
    assert_verdict(&garden, VERIFY_GAPS); /* the crash */
}

/* ---- what is done to files ---- */

static void remove_file(const char *path)
{
    assert_int_equal(unlinkat(garden.dir, path, 0), 0);
}

static void change_file(const char *path)
{
    char byte = 0;
    int file STING_AUTO(fd_close) = openat(garden.dir, path, O_RDWR);
    assert_int_equal(pread(file, &byte, 1, 300), 1);
    byte ^= 1;
    assert_int_equal(pwrite(file, &byte, 1, 300), 1);
}

/* A line that names a file of the camera "yard", as anybody can write it. */
static void name_file(const char *n, const char *camera, const char *bytes,
                      const char *text)
{
    struct seg_line line;
    seg_line_write(&line, camera, "2011-11-01", n, bytes, text);
    intruder_appends(garden.dir, "seg", line.field, SEG_FIELDS);
}

/* ---- what is said of it ---- */

static void assert_blamed(enum verify_verdict expected, const char *path)
{
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_string_equal(verify_verdict_text(report.verdict),
                        verify_verdict_text(expected));
    assert_string_equal(report.file, path);
}

/* What the last `session` line says; "" when it does not. */
static char *session_says(const char *key, char value[VALUE_SIZE])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "session")) {
            line_text(&line, key, value, VALUE_SIZE);
        }
    }
    return value;
}

static uint64_t lines_now(void)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    uint64_t lines = 0;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_skip(reader)) {
        lines++;
    }
    return lines;
}

static void assert_seen_all(void)
{
    char seen[VALUE_SIZE], count[VALUE_SIZE];
    assert_string_equal(session_says("seen", seen),
                        session_says("unsigned", count));
    assert_string_not_equal(seen, "");
}

/* ---- */

static void a_file_of_an_adopted_line_that_goes_later_is_tampering(void **state)
{
    (void)state;
    static const char *const file[] = {INIT, FIRST, SECOND};
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        crash_and_adopt();
        assert_seen_all();
        remove_file(file[i]);
        assert_blamed(VERIFY_TAMPERED, file[i]);
        garden_remove(&garden);
    }
}

static void a_file_of_an_adopted_line_that_changes_later_is_tampering(void **s)
{
    (void)s;
    crash_and_adopt();
    change_file(FIRST);
    assert_blamed(VERIFY_TAMPERED, FIRST);
    change_file(FIRST); /* back */
    assert_verdict(&garden, VERIFY_GAPS);
    int file STING_AUTO(fd_close) =
        openat(garden.dir, SECOND, O_WRONLY | O_APPEND);
    assert_int_equal(write(file, "x", 1), 1);
    assert_blamed(VERIFY_TAMPERED, SECOND);
    garden_remove(&garden);
}

static void a_folder_in_place_of_an_adopted_file_is_tampering(void **state)
{
    (void)state;
    crash_and_adopt();
    remove_file(FIRST);
    assert_int_equal(mkdirat(garden.dir, FIRST, 0700), 0);
    assert_blamed(VERIFY_TAMPERED, FIRST);
    garden_remove(&garden);
}

static void what_was_gone_before_anybody_looked_accuses_nobody(void **state)
{
    (void)state;
    char unlike[VALUE_SIZE];
    crash(begin(), 20);
    remove_file(FIRST);
    change_file(SECOND);
    struct ledger *ledger = garden_open(&garden);
    assert_non_null(strstr(ledger_recovered(ledger), "2 recordings"));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    assert_seen_all();
    assert_non_null(strchr(session_says("unlike", unlike), ','));
    assert_blamed(VERIFY_UNVERIFIABLE, SECOND);
    remove_file(SECOND);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    remove_file(INIT); /* which was as its line says */
    assert_blamed(VERIFY_TAMPERED, INIT);
    garden_remove(&garden);
}

static void an_erase_line_accounts_for_adopted_recordings(void **state)
{
    (void)state;
    char count[8], bytes[24];
    struct stat first, second;
    crash_and_adopt();
    assert_int_equal(fstatat(garden.dir, FIRST, &first, 0), 0);
    assert_int_equal(fstatat(garden.dir, SECOND, &second, 0), 0);
    (void)snprintf(count, sizeof count, "%d", 2);
    (void)snprintf(bytes, sizeof bytes, "%lld",
                   (long long)first.st_size + (long long)second.st_size);
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"},
        {"count", count},       {"bytes", bytes},     {"by", "retention"}};
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_append(ledger, garden.now, "erase", field, 6, NULL, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    remove_file(FIRST);
    remove_file(SECOND);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.verdict, VERIFY_GAPS);
    assert_int_equal(report.erased, 2);
    remove_file(INIT); /* one more than it says */
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

/* ---- who dies over it ---- */

/* As it is when the power goes behind the `session` line that adopts. */
static void adopt_and_die(void)
{
    struct buffer notes STING_AUTO(buffer_release) = {0};
    struct buffer key STING_AUTO(buffer_release) = {0};
    struct buffer text STING_AUTO(buffer_release) = {0};
    assert_ok(file_read(garden.dir, NOTES, 1 << 20, &notes, NULL));
    assert_ok(file_read(garden.dir, "keys/epoch", 100, &key, NULL));
    struct ledger *ledger = garden_open(&garden);
    ledger_free(&ledger);
    assert_ok(file_write(garden.dir, NOTES, buffer_bytes(&notes), 0600, NULL));
    assert_ok(
        file_write(garden.dir, "keys/epoch", buffer_bytes(&key), 0600, NULL));
    assert_ok(file_read(garden.dir, "evidence/ledger", 1 << 20, &text, NULL));
    const uint8_t *last = text.data, *at = NULL;
    do {
        last = at ? at : last;
        at = memmem(last + 1, text.size - (size_t)(last + 1 - text.data),
                    " session ", 9);
    } while (at);
    const uint8_t *end =
        memchr(last, '\n', text.size - (size_t)(last - text.data));
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY);
    assert_int_equal(ftruncate(file, end + 1 - text.data), 0);
}

static void who_comes_after_a_dead_one_looks_again(void **state)
{
    (void)state;
    char before[VALUE_SIZE], after[VALUE_SIZE], unlike[VALUE_SIZE];
    crash(begin(), 20);
    adopt_and_die();
    session_says("seen", before);
    assert_string_equal(session_says("unlike", unlike), "");
    remove_file(FIRST); /* nobody signed that it was there */
    assert_blamed(VERIFY_UNVERIFIABLE, FIRST);
    garden_wait(&garden, 1000000);
    adopt();
    session_says("seen", after);
    assert_true(strtol(after, NULL, 10) > strtol(before, NULL, 10));
    assert_string_not_equal(session_says("unlike", unlike), "");
    assert_blamed(VERIFY_UNVERIFIABLE, FIRST);
    remove_file(SECOND);
    assert_blamed(VERIFY_TAMPERED, SECOND);
    garden_remove(&garden);
}

static void a_session_line_that_nobody_signed_saw_nothing(void **state)
{
    (void)state;
    static const struct line_field session[] = {{"n", "2"},
                                                {"boot", "x"},
                                                {"version", "1"},
                                                {"unsigned", "1"},
                                                {"seen", "1"}};
    struct ledger *ledger = begin();
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    name_file("0", "yard", "5", "water");
    intruder_appends(garden.dir, "session", session, 5);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_wait(&garden, 1000000);
    adopt(); /* nor when somebody signs it */
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* ---- what anybody can put there ---- */

static void a_line_that_names_a_signed_file_again_vouches_for_none(void **state)
{
    (void)state;
    char unlike[VALUE_SIZE], wanted[24];
    struct buffer data STING_AUTO(buffer_release) = {0};
    crash_and_adopt();
    assert_ok(file_read(garden.dir, FIRST, 1 << 20, &data, NULL));
    char hex[DIGEST_TEXT_SIZE], bytes[24];
    (void)snprintf(bytes, sizeof bytes, "%zu", data.size);
    const struct line_field field[] = {
        {"camera", "garage"},
        {"date", "2011-11-01"},
        {"n", "0"},
        {"init", "0"},
        {"t0", "2011-11-01T20:04:41.250000Z"},
        {"pts", "0"},
        {"us", "1"},
        {"frames", "1"},
        {"key", "1"},
        {"bytes", bytes},
        {"ct", digest_text(digest_of(buffer_bytes(&data)), hex)}};
    (void)snprintf(wanted, sizeof wanted, "%d", (int)lines_now());
    intruder_appends(garden.dir, "seg", field, 11);
    adopt();
    assert_string_equal(session_says("unlike", unlike), wanted);
    garden_remove(&garden);
}

static void no_link_no_pipe_and_no_way_out_of_the_evidence_is_followed(void **s)
{
    (void)s;
    char unlike[VALUE_SIZE], wanted[64];
    struct ledger *ledger = begin();
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    assert_ok(folder_make(garden.dir, "evidence/segments/yard/2011-11-01"));
    assert_ok(
        file_write(garden.dir, "water", bytes_of_text("water"), 0600, NULL));
    assert_int_equal(
        symlinkat("../../../../water", garden.dir,
                  "evidence/segments/yard/2011-11-01/00000000.m4s.age"),
        0);
    assert_int_equal(
        mkfifoat(garden.dir,
                 "evidence/segments/yard/2011-11-01/00000001.m4s.age", 0600),
        0);
    assert_int_equal(mkdirat(garden.dir,
                             "evidence/segments/yard/2011-11-01/"
                             "00000002.m4s.age",
                             0700),
                     0);
    int at = (int)lines_now();
    name_file("0", "yard", "5", "water");
    name_file("1", "yard", "0", "");
    name_file("2", "yard", "4096", "");
    name_file("3", "..", "5", "water");
    name_file("4", "yard", "9223372036854775807", "water");
    adopt();
    (void)snprintf(wanted, sizeof wanted, "%d,%d,%d,%d,%d", at, at + 1, at + 2,
                   at + 3, at + 4);
    assert_string_equal(session_says("unlike", unlike), wanted);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* Nobody looked into it: only who has an identity can. */
static void what_is_inside_a_file_that_was_seen_accuses_nobody(void **state)
{
    (void)state;
    struct ledger *ledger = begin();
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    assert_ok(folder_make(garden.dir, "evidence/segments/yard/2011-11-01"));
    assert_ok(file_write(garden.dir,
                         "evidence/segments/yard/2011-11-01/00000000.m4s.age",
                         bytes_of_text("water"), 0600, NULL));
    name_file("0", "yard", "5", "water");
    adopt();
    assert_seen_all();
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.verdict, VERIFY_UNVERIFIABLE);
    assert_non_null(strstr(report.reason, "cannot be opened"));
    garden_remove(&garden);
}

/* The last of them, a `session` line, says that it saw them all. */
static void many_lines_without_a_file_end_the_look(void **state)
{
    (void)state;
    char n[8], value[VALUE_SIZE];
    static const struct line_field session[] = {{"n", "2"},
                                                {"boot", "x"},
                                                {"version", "1"},
                                                {"unsigned", "130"},
                                                {"seen", "130"}};
    crash(begin(), 20);
    for (int i = 0; i < 130; i++) {
        (void)snprintf(n, sizeof n, "%d", i);
        name_file(n, "yard", "5", "water");
    }
    intruder_appends(garden.dir, "session", session, 5);
    adopt();
    long count = strtol(session_says("unsigned", value), NULL, 10);
    long seen = strtol(session_says("seen", value), NULL, 10);
    assert_int_equal(count - seen, 31);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    remove_file(FIRST); /* what is before them was seen */
    assert_blamed(VERIFY_TAMPERED, FIRST);
    garden_remove(&garden);
}

/* A line that is not looked at: a file with a hole of a gigabyte. */
static void a_file_too_large_to_be_read_ends_the_look(void **state)
{
    (void)state;
    static const char path[] =
        "evidence/segments/yard/2011-11-01/00000000.m4s.age";
    char value[VALUE_SIZE];
    crash(begin(), 20);
    assert_ok(folder_make(garden.dir, "evidence/segments/yard/2011-11-01"));
    int file STING_AUTO(fd_close) =
        openat(garden.dir, path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(file, ((off_t)1 << 30) + 1), 0);
    name_file("0", "yard", "1073741825", "water");
    name_file("1", "yard", "5", "water");
    assert_int_equal(ftruncate(file, ((off_t)1 << 30) + 1), 0);
    adopt();
    long count = strtol(session_says("unsigned", value), NULL, 10);
    long seen = strtol(session_says("seen", value), NULL, 10);
    assert_int_equal(count - seen, 2);
    assert_string_equal(session_says("unlike", value), "");
    remove_file(path);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    garden_remove(&garden);
}

/* ---- numbers that leave none for what comes ---- */

#define MOST "9223372036854775806"
#define MOST_IN_A_NAME "999999999999999999"

/* Recording goes on, and the power goes; what it left is taken in. */
static void record_on(void)
{
    crash(garden_open(&garden), 20);
    adopt();
}

/* The greatest number of a recording that was made here. */
static int64_t greatest(void)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int64_t most = -1, n = 0, bytes = 0;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        bool is_made = !line_integer(&line, "bytes", &bytes) && bytes > 5 &&
                       (!strcmp(line.kind->name, "seg") ||
                        !strcmp(line.kind->name, "init"));
        most = is_made && !line_integer(&line, "n", &n) && n > most ? n : most;
    }
    return most;
}

static void a_number_of_nobody_takes_none_from_what_is_recorded(void **state)
{
    (void)state;
    static const char *const n[] = {MOST, MOST_IN_A_NAME};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        crash_and_adopt();
        int64_t before = greatest();
        name_file(n[i], "garage", "5", "water");
        record_on();
        assert_blamed(VERIFY_UNVERIFIABLE, "");
        assert_reason(&garden, VERIFY_UNVERIFIABLE, "nobody signed this line");
        assert_true(greatest() > before && greatest() < 100);
        remove_file(FIRST); /* and hides nothing */
        assert_verdict(&garden, VERIFY_TAMPERED);
        garden_remove(&garden);
    }
}

static void a_file_of_nobody_takes_no_number_from_what_is_recorded(void **state)
{
    (void)state;
    static const char *const path[] = {DAY MOST_IN_A_NAME ".m4s.age",
                                       DAY MOST_IN_A_NAME ".0.part",
                                       DAY "init-" MOST_IN_A_NAME ".mp4.age"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        crash_and_adopt();
        int64_t before = greatest();
        assert_ok(file_write(garden.dir, path[i], bytes_of_text("water"), 0600,
                             NULL));
        record_on();
        assert_true(greatest() > before && greatest() < 100);
        assert_verdict(&garden, VERIFY_GAPS);
        garden_remove(&garden);
    }
}

/* Where the numbers are great already, they go on one by one. */
static void great_numbers_go_on(void **state)
{
    (void)state;
    crash_and_adopt();
    name_file("1000000000000000", "garage", "5", "water");
    record_on();
    int64_t first = greatest();
    assert_true(first > INT64_C(1000000000000000));
    record_on();
    assert_true(greatest() > first && greatest() < first + 10);
    assert_reason(&garden, VERIFY_UNVERIFIABLE, "the file is missing");
    garden_remove(&garden);
}

/* ---- without any line ---- */

#define NIGHTS 5

/* A recording of that day of November, as it stands when the power went before
 * its line was written: that of the first, under its own date and number. */
static void record_without_line(int day)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    char path[64];
    assert_ok(file_read(garden.dir, FIRST, 1 << 20, &file, NULL));
    char *stanza = memmem(file.data, file.size, " part ", 6);
    assert_non_null(stanza);
    char *date = strstr(stanza, "date=2011-11-01");
    char *number = strstr(stanza, "n=0");
    assert_true(date && number && date < strchr(stanza, '\n'));
    date[strlen("date=2011-11-0")] = (char)('0' + day);
    number[strlen("n=")] = (char)('0' + day);
    (void)snprintf(path, sizeof path,
                   "evidence/segments/garage/2011-11-%02d/%08d.m4s.age", day,
                   day);
    *strrchr(path, '/') = '\0';
    assert_ok(folder_make(garden.dir, path));
    path[strlen(path)] = '/';
    assert_ok(file_write(garden.dir, path, buffer_bytes(&file), 0600, NULL));
}

static void recordings_of_many_days_are_adopted_in_their_order(void **state)
{
    (void)state;
    crash_and_adopt();
    for (int day = 5; day < 5 + NIGHTS; day++) {
        record_without_line(day);
    }
    garden_wait(&garden, INT64_C(86400) * 1000000 * 20);
    adopt();
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    char date[16] = "", before[16] = "";
    int days = 0;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "seg")) {
            line_text(&line, "date", date, sizeof date);
            assert_true(strcmp(date, before) >= 0);
            days += strcmp(date, before) != 0;
            memcpy(before, date, sizeof before);
        }
    }
    assert_int_equal(days, 1 + NIGHTS);
    assert_verdict(&garden, VERIFY_GAPS);
    garden_remove(&garden);
}

/* ---- days that leave no room for those of others ---- */

#define DAYS 65536

/* The end of the ledger as it stands. */
static struct line_head head_next(struct digest *prev, size_t *digits)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line_head head = {.seq = 0};
    struct line line;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        *prev = digest_of(ledger_reader_text(reader));
        *digits = line.prev_size;
        head = (struct line_head){.seq = line.seq + 1, .at = line.at};
        memcpy(head.boot, line.boot, sizeof head.boot);
    }
    return head;
}

/* Recordings that never were, each of another camera's day. */
static void name_days(void)
{
    const uint8_t random[LINE_RANDOM_SIZE] = {7};
    struct buffer all STING_AUTO(buffer_release) = {0};
    struct digest prev;
    size_t digits = 0;
    struct line_head head = head_next(&prev, &digits);
    for (int i = 0; i < DAYS; i++, head.seq++) {
        char camera[16], date[16], hex[DIGEST_TEXT_SIZE];
        size_t before = all.size;
        (void)snprintf(camera, sizeof camera, "c%d", i % 1000);
        (void)snprintf(date, sizeof date, "2010-%02d-%02d", i / 1000 / 28 + 1,
                       i / 1000 % 28 + 1);
        const struct line_field field[] = {
            {"camera", camera},
            {"date", date},
            {"n", "5"},
            {"init", "0"},
            {"t0", "2011-11-01T20:04:41.250000Z"},
            {"pts", "0"},
            {"us", "1"},
            {"frames", "1"},
            {"key", "1"},
            {"bytes", "5"},
            {"ct", digest_text(digest_of(bytes_of_text(camera)), hex)}};
        assert_ok(line_begin(&all, &head, "seg", field, 11));
        assert_ok(line_end(&all, random, prev, digits));
        prev = digest_of((struct bytes){all.data + before, all.size - before});
    }
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY | O_APPEND);
    assert_ok(file_write_fd(file, buffer_bytes(&all)));
}

static void days_of_nobody_take_no_room_from_what_was_erased(void **state)
{
    (void)state;
    char bytes[24];
    struct stat first;
    struct ledger *ledger = begin();
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    name_days();
    adopt();
    crash(garden_open(&garden), 20);
    adopt();
    assert_int_equal(fstatat(garden.dir, FIRST, &first, 0), 0);
    (void)snprintf(bytes, sizeof bytes, "%lld", (long long)first.st_size);
    const struct line_field field[] = {
        {"what", "recordings"}, {"camera", "garage"}, {"date", "2011-11-01"},
        {"count", "1"},         {"bytes", bytes},     {"by", "retention"}};
    ledger = garden_open(&garden);
    assert_ok(ledger_append(ledger, garden.now, "erase", field, 6, NULL, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    remove_file(FIRST);
    assert_verdict(&garden, VERIFY_UNVERIFIABLE);
    remove_file(SECOND); /* one more than it says */
    assert_verdict(&garden, VERIFY_TAMPERED);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(
            a_file_of_an_adopted_line_that_goes_later_is_tampering),
        cmocka_unit_test(
            a_file_of_an_adopted_line_that_changes_later_is_tampering),
        cmocka_unit_test(a_folder_in_place_of_an_adopted_file_is_tampering),
        cmocka_unit_test(what_was_gone_before_anybody_looked_accuses_nobody),
        cmocka_unit_test(an_erase_line_accounts_for_adopted_recordings),
        cmocka_unit_test(who_comes_after_a_dead_one_looks_again),
        cmocka_unit_test(a_session_line_that_nobody_signed_saw_nothing),
        cmocka_unit_test(
            a_line_that_names_a_signed_file_again_vouches_for_none),
        cmocka_unit_test(
            no_link_no_pipe_and_no_way_out_of_the_evidence_is_followed),
        cmocka_unit_test(what_is_inside_a_file_that_was_seen_accuses_nobody),
        cmocka_unit_test(many_lines_without_a_file_end_the_look),
        cmocka_unit_test(a_file_too_large_to_be_read_ends_the_look),
        cmocka_unit_test(a_number_of_nobody_takes_none_from_what_is_recorded),
        cmocka_unit_test(
            a_file_of_nobody_takes_no_number_from_what_is_recorded),
        cmocka_unit_test(great_numbers_go_on),
        cmocka_unit_test(recordings_of_many_days_are_adopted_in_their_order),
        cmocka_unit_test(days_of_nobody_take_no_room_from_what_was_erased),
    };
    return cmocka_run_group_tests_name("adopted", test, NULL, NULL);
}
