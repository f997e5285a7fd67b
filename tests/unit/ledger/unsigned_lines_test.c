/* Lines that nobody signed: they instruct nobody, and never will. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/note.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "ledger/unsigned_lines.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)
#define NOTES "evidence/checkpoints/2011-11-01.notes"

#define VALUE_SIZE 16

static const struct line_field closing[] = {{"by", "Anna"}};
static const struct line_field page[] = {
    {"camera", "garage"}, {"zone", "table"}, {"state", "gone"}, {"since", "x"}};

/* The first line of a kind at or after `from`, and the value of one key in
 * it; its number, or -1. */
static int64_t line_find(const struct garden *garden, bool only_signed,
                         const char *kind, int64_t from, const char *key,
                         char value[VALUE_SIZE])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    assert_ok((only_signed ? ledger_reader_open_signed
                           : ledger_reader_open)(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, kind) && (int64_t)line.seq >= from) {
            line_text(&line, key, value, VALUE_SIZE);
            return (int64_t)line.seq;
        }
    }
    return -1;
}

static int64_t found(const struct garden *garden, const char *kind)
{
    char ignored[VALUE_SIZE];
    return line_find(garden, true, kind, 0, "-", ignored);
}

static void session_closed(struct garden *garden)
{
    struct ledger *ledger = garden_open(garden);
    assert_ok(ledger_close(&ledger, garden->now, "done", NULL));
}

/* A third reader is named by whoever can write into the folder. */
static void third_reader_is_named(struct garden *garden)
{
    const struct secret third = random_secret(&random_kernel);
    const struct agreement_key key = agreement_public(&third);
    char own[AGE_TEXT_SIZE], other[AGE_TEXT_SIZE], to[2 * AGE_TEXT_SIZE];
    age_recipient_text(&garden->recipient[0], own);
    age_recipient_text(&key, other);
    (void)snprintf(to, sizeof to, "%s,%s", own, other);
    const struct line_field field[] = {{"to", to}, {"by", "Anna"}};
    intruder_appends(garden->dir, "recipients", field, 2);
}

static bool seals_to_its_own(const struct garden *garden,
                             const struct ledger *ledger)
{
    const struct age_to to = ledger_recipients(ledger);
    return to.recipients == 2 &&
           !memcmp(to.recipient, garden->recipient, sizeof garden->recipient);
}

static void a_session_names_the_lines_that_nobody_signed(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    char count[VALUE_SIZE];
    garden_make(&garden, NULL);
    session_closed(&garden);
    int64_t first = line_find(&garden, false, "session", 0, "unsigned", count);
    assert_string_equal(count, "");
    intruder_appends(garden.dir, "page", page, 4);
    intruder_appends(garden.dir, "page", page, 4);
    session_closed(&garden);
    assert_true(
        line_find(&garden, false, "session", first + 1, "unsigned", count) > 0);
    assert_string_equal(count, "2");
}

static void nothing_is_sealed_to_whom_an_unsigned_line_names(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    garden_make(&garden, NULL);
    session_closed(&garden);
    third_reader_is_named(&garden);
    for (int i = 0; i < 3; i++) { /* nor once a session has signed it */
        struct ledger *ledger = garden_open(&garden);
        assert_true(seals_to_its_own(&garden, ledger));
        assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    }
    assert_int_equal(found(&garden, "recipients"), -1);
}

static void an_unsigned_close_line_closes_nothing_and_is_told(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    garden_make(&garden, NULL);
    session_closed(&garden);
    intruder_appends(garden.dir, "close", closing, 1);
    assert_int_equal(found(&garden, "close"), -1);
    struct ledger *ledger = garden_open(&garden);
    assert_non_null(strstr(ledger_recovered(ledger), "nobody signed"));
    assert_non_null(strstr(ledger_recovered(ledger), "close"));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    session_closed(&garden);
    assert_int_equal(found(&garden, "close"), -1);
}

static void a_checkpoint_with_a_made_up_signature_signs_nothing(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct buffer note STING_AUTO(buffer_release) = {0};
    const struct secret key = random_secret(&random_kernel);
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    struct tree tree = {.leaves = 0};
    char origin[LEDGER_ORIGIN_SIZE];
    garden_make(&garden, NULL);
    session_closed(&garden);
    third_reader_is_named(&garden);
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (line.seq == 0) {
            line_text(&line, "origin", origin, sizeof origin);
        }
        tree_add(&tree, tree_leaf(ledger_reader_text(reader)));
    }
    assert_ok(note_write(&note, origin, tree.leaves, tree_root(&tree)));
    assert_ok(note_sign(&note, 0, origin, &key));
    assert_ok(note_close(&note));
    int file STING_AUTO(fd_close) =
        openat(garden.dir, NOTES, O_WRONLY | O_APPEND);
    assert_ok(file_write_fd(file, buffer_bytes(&note)));
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    assert_true(seals_to_its_own(&garden, ledger));
    assert_non_null(strstr(ledger_recovered(ledger), "altered"));
}

static void an_unsigned_session_line_voids_nothing_that_was_signed(void **s)
{
    (void)s;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    const struct line_field drill[] = {
        {"type", "t"}, {"trials", "1"}, {"hits", "1"}};
    const struct line_field session[] = {
        {"n", "9"}, {"boot", "x"}, {"version", "1"}, {"unsigned", "999999"}};
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_append(ledger, garden.now, "drill", drill, 3, NULL, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    int64_t seq = found(&garden, "drill");
    assert_true(seq > 0);
    intruder_appends(garden.dir, "session", session, 4);
    assert_int_equal(found(&garden, "drill"), seq);
    session_closed(&garden);
    assert_int_equal(found(&garden, "drill"), seq);
}

/* The first checkpoint of all, alone, in a file of that name. */
static void first_checkpoint_copied(const struct garden *garden,
                                    const char *path)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct note first;
    assert_ok(file_read(garden->dir, NOTES, 1 << 20, &text, NULL));
    assert_ok(note_parse(buffer_bytes(&text), &first));
    (void)unlinkat(garden->dir, path, 0);
    assert_ok(file_write(garden->dir, path,
                         (struct bytes){text.data, first.bytes}, 0600, NULL));
}

static void a_file_of_no_day_does_not_hide_what_was_signed(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct stat before, after;
    char count[VALUE_SIZE];
    garden_make(&garden, NULL);
    session_closed(&garden);
    first_checkpoint_copied(&garden, "evidence/checkpoints/zzzz-zz-zz.notes");
    assert_int_equal(fstatat(garden.dir, NOTES, &before, 0), 0);
    session_closed(&garden);
    assert_int_equal(fstatat(garden.dir, NOTES, &after, 0), 0);
    assert_true(after.st_size > before.st_size);
    line_find(&garden, false, "session", 2, "unsigned", count);
    assert_string_equal(count, "");
}

/* In a file of a later day stands a true checkpoint of before. */
static void a_later_file_does_not_hide_what_was_signed(void **state)
{
    (void)state;
    static const char planted[] = "evidence/checkpoints/2099-01-01.notes";
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct stat before, after;
    char count[VALUE_SIZE];
    garden_make(&garden, NULL);
    session_closed(&garden);
    first_checkpoint_copied(&garden, planted);
    assert_int_equal(fstatat(garden.dir, NOTES, &before, 0), 0);
    struct ledger *ledger = garden_open(&garden);
    assert_non_null(strstr(ledger_recovered(ledger), "altered"));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    line_find(&garden, false, "session", 2, "unsigned", count);
    assert_string_equal(count, "");
    assert_int_equal(fstatat(garden.dir, NOTES, &after, 0), 0);
    assert_true(after.st_size > before.st_size);
    assert_int_equal(unlinkat(garden.dir, planted, 0), 0);
    assert_verdict(&garden, VERIFY_GAPS); /* the one that tells of it */
}

/* Empty files of checkpoints, named by days from the year 2100 on. */
static void days_made(const struct garden *garden, int count)
{
    for (int i = 0; i < count; i++) {
        char path[64];
        (void)snprintf(path, sizeof path,
                       "evidence/checkpoints/%04d-%02d-%02d.notes",
                       2100 + i / 336, i / 28 % 12 + 1, i % 28 + 1);
        int file STING_AUTO(fd_close) =
            openat(garden->dir, path, O_WRONLY | O_CREAT, 0600);
        assert_true(file >= 0);
    }
}

static void more_files_of_checkpoints_than_are_read_are_told(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    struct fault fault = {"", ""};
    garden_make(&garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    days_made(&garden, 100001);
    assert_int_equal(unsigned_lines_read(garden.dir, &lines, &fault),
                     STING_E_LIMIT);
    assert_non_null(strstr(fault.why, "more than 100000 files"));
    assert_string_not_equal(fault.todo, "");
}

static void a_closed_epoch_without_its_checkpoint_is_told(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    garden_make(&garden, NULL);
    session_closed(&garden);
    first_checkpoint_copied(&garden, NOTES);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    assert_non_null(strstr(ledger_recovered(ledger), "altered"));
}

/* Each unsigned line that instructs asks anew, and anybody can append many. */
static void checkpoints_that_are_as_they_were_are_not_read_again(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    garden_make(&garden, NULL);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    assert_ok(unsigned_lines_read(garden.dir, &lines, NULL));
    const uint64_t before = lines.signed_to;
    unsigned_lines_refresh(&lines, garden.dir); /* looks once */
    lines.signed_to = 0;                        /* would be read anew */
    unsigned_lines_refresh(&lines, garden.dir);
    assert_int_equal(lines.signed_to, 0);
    assert_ok(ledger_checkpoint(ledger, garden.now, NULL));
    unsigned_lines_refresh(&lines, garden.dir);
    assert_true(lines.signed_to > before);
}

static void a_line_that_instructs_is_signed_at_once(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    struct unsigned_lines lines STING_AUTO(unsigned_lines_release) = {0};
    const struct line_field arm[] = {{"state", "armed"}, {"by", "Anna"}};
    uint64_t seq = 0;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    assert_ok(ledger_append(ledger, garden.now, "arm", arm, 2, &seq, NULL));
    ledger_free(&ledger); /* as a crash would */
    assert_ok(unsigned_lines_read(garden.dir, &lines, NULL));
    assert_int_equal(lines.signed_to, seq + 1);
    assert_int_equal(found(&garden, "arm"), seq);
}

/* Does a verdict, whatever else it tells? */
static bool tells_of_a_crash(struct garden *garden, const char *camera)
{
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(garden, false);
    bool any = false;
    for (size_t i = 0; i < report.said.gaps; i++) {
        any = any || (!strcmp(report.gap[i].cause, "crash") &&
                      !strcmp(report.gap[i].camera, camera));
    }
    return any && report.verdict == VERIFY_GAPS;
}

static void an_unsigned_line_excuses_no_missing_picture(void **state)
{
    (void)state;
    static const struct line_field off[] = {{"camera", "garage"},
                                            {"state", "off"}};
    static const struct line_field stop[] = {{"n", "1"}};
    static const struct line_field rest[] = {
        {"camera", "garage"},
        {"from", "2011-11-01T20:04:41.250000Z"},
        {"to", "2019-11-01T20:04:41.250000Z"}};
    static const struct line_field gap[] = {
        {"cause", "lost"},
        {"camera", "garage"},
        {"from", "2011-11-01T20:04:41.250000Z"},
        {"to", "2019-11-01T20:04:41.250000Z"}};
    static const struct {
        const char *kind;
        const struct line_field *field;
        size_t fields;
    } row[] = {{"camera", off, 2},
               {"stop", stop, 1},
               {"rest", rest, 3},
               {"gap", gap, 4}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
        struct recording *recording = NULL;
        garden_make(&garden, NULL);
        struct ledger *ledger = garden_open(&garden);
        recording = garden_camera(&garden, ledger);
        assert_ok(garden_record(&garden, recording, 0, 20, 1000));
        assert_ok(ledger_checkpoint(ledger, garden.now, NULL));
        recording_free(&recording);
        ledger_free(&ledger); /* the power is cut, and somebody comes */
        intruder_appends(garden.dir, row[i].kind, row[i].field, row[i].fields);
        garden_wait(&garden, 3600000000);
        session_closed(&garden);
        assert_true(tells_of_a_crash(&garden, "garage"));
    }
}

static void a_beginning_that_no_checkpoint_signs_is_refused(void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    const struct ledger_context context = {.random = &random_kernel};
    struct ledger *ledger = NULL;
    struct fault fault = {"", ""};
    garden_make(&garden, NULL);
    assert_int_equal(unlinkat(garden.dir, NOTES, 0), 0);
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_E_FORGED);
    assert_non_null(strstr(fault.why, "no checkpoint"));
}

static void what_comes_behind_the_last_line_of_a_closed_one_is_unsigned(
    void **state)
{
    (void)state;
    struct garden garden STING_AUTO(garden_remove) = {.dir = -1};
    const struct ledger_context context = {.random = &random_kernel};
    const struct line_field word[] = {
        {"size", "1"}, {"root", "x"}, {"ct", "x"}, {"file", "x"}};
    struct ledger *ledger = NULL;
    garden_make(&garden, NULL);
    ledger = garden_open(&garden);
    assert_ok(
        ledger_append(ledger, garden.now, "close", closing, 1, NULL, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "closed", NULL));
    intruder_appends(garden.dir, "tsr", word, 4);
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, NULL),
        STING_E_UNSUPPORTED);
    assert_int_equal(found(&garden, "tsr"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_names_the_lines_that_nobody_signed),
        cmocka_unit_test(nothing_is_sealed_to_whom_an_unsigned_line_names),
        cmocka_unit_test(an_unsigned_close_line_closes_nothing_and_is_told),
        cmocka_unit_test(a_checkpoint_with_a_made_up_signature_signs_nothing),
        cmocka_unit_test(
            an_unsigned_session_line_voids_nothing_that_was_signed),
        cmocka_unit_test(a_file_of_no_day_does_not_hide_what_was_signed),
        cmocka_unit_test(a_later_file_does_not_hide_what_was_signed),
        cmocka_unit_test(more_files_of_checkpoints_than_are_read_are_told),
        cmocka_unit_test(a_closed_epoch_without_its_checkpoint_is_told),
        cmocka_unit_test(checkpoints_that_are_as_they_were_are_not_read_again),
        cmocka_unit_test(a_line_that_instructs_is_signed_at_once),
        cmocka_unit_test(an_unsigned_line_excuses_no_missing_picture),
        cmocka_unit_test(a_beginning_that_no_checkpoint_signs_is_refused),
        cmocka_unit_test(
            what_comes_behind_the_last_line_of_a_closed_one_is_unsigned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
