#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

/* How many lines of this kind there are; the last one in *line. */
static int count_lines(struct garden *garden, const char *kind)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int count = 0;
    uint64_t seq = 0;
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        assert_int_equal(line.seq, seq++);
        count += !strcmp(line.kind->name, kind);
    }
    return count;
}

static void note_something(struct garden *garden, struct ledger *ledger)
{
    struct ledger_blob blob;
    char ct[DIGEST_TEXT_SIZE];
    char pt[DIGEST_TEXT_SIZE];
    assert_true(
        !ledger_blob(ledger, bytes_of_text("the tap drips"), &blob, NULL));
    const struct line_field field[] = {{"type", "seen"},
                                       {"blob", digest_text(blob.ct, ct)},
                                       {"pt", digest_text(blob.pt, pt)}};
    assert_true(
        !ledger_append(ledger, garden->now, "note", field, 3, NULL, NULL));
}

static void sessions_follow_each_other(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    for (int i = 0; i < 3; i++) {
        struct ledger *ledger = garden_open(&garden);
        assert_string_equal(ledger_recovered(ledger), "");
        note_something(&garden, ledger);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        assert_null(ledger);
    }
    assert_int_equal(count_lines(&garden, "session"), 3);
    assert_int_equal(count_lines(&garden, "stop"), 3);
    assert_int_equal(count_lines(&garden, "epoch"), 3);
    assert_int_equal(count_lines(&garden, "note"), 3);
    assert_int_equal(count_lines(&garden, "gap"), 0);
    garden_remove(&garden);
}

static void a_blob_opens_with_either_identity_only(void **state)
{
    (void)state;
    struct garden garden;
    struct ledger_blob blob;
    garden_make(&garden, NULL);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    assert_true(
        !ledger_blob(ledger, bytes_of_text("the tap drips"), &blob, NULL));
    for (size_t i = 0; i < 2; i++) {
        struct buffer out STING_AUTO(buffer_release) = {0};
        assert_true(!ledger_blob_open(garden.dir, &garden.identity[i], blob.ct,
                                      10000, &out, NULL));
        assert_string_equal(buffer_text(&out), "the tap drips");
    }
    struct buffer out STING_AUTO(buffer_release) = {0};
    assert_int_equal(ledger_blob_open(garden.dir, &garden.log_key, blob.ct,
                                      10000, &out, NULL),
                     STING_E_ABSENT);
    garden_remove(&garden);
}

static void a_second_writer_is_refused(void **state)
{
    (void)state;
    struct garden garden;
    struct fault fault;
    struct ledger *second = NULL;
    const struct ledger_context context = {.random = &random_kernel};
    garden_make(&garden, NULL);
    struct ledger *first STING_AUTO(ledger_free) = garden_open(&garden);
    assert_non_null(first);
    assert_int_equal(
        ledger_open(garden.dir, &context, garden.now, &second, &fault),
        STING_E_BUSY);
    assert_null(second);
    garden_remove(&garden);
}

static void a_key_of_another_operation_is_refused(void **state)
{
    (void)state;
    static const char *const name[] = {"keys/log", "keys/epoch"};
    for (size_t i = 0; i < 2; i++) {
        struct garden garden;
        struct fault fault;
        struct ledger *ledger = NULL;
        const struct ledger_context context = {.random = &random_kernel};
        char other[66];
        memset(other, 'a', 64);
        memcpy(other + 64, "\n", 2);
        garden_make(&garden, NULL);
        assert_true(
            !file_write(garden.dir, name[i], bytes_of_text(other), 0600, NULL));
        assert_int_equal(
            ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
            STING_E_FORGED);
        garden_remove(&garden);
    }
}

static off_t size_of(struct garden *garden, const char *path)
{
    struct stat info;
    return fstatat(garden->dir, path, &info, 0) ? -1 : info.st_size;
}

static void segments_are_cut_at_keyframes_after_eight_seconds(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 0, 8, 5000));
    assert_int_equal(count_lines(&garden, "seg"), 0);
    assert_true(size_of(&garden, "evidence/segments/garage/2011-11-01/"
                                 "00000000.7.part") > 5000);
    assert_true(!garden_record(&garden, recording, 8, 1, 5000));
    assert_int_equal(count_lines(&garden, "seg"), 1);
    assert_int_equal(size_of(&garden, "evidence/segments/garage/2011-11-01/"
                                      "00000000.7.part"),
                     -1);
    recording_alert(recording);
    recording_look(recording, 2, 300);
    assert_true(!garden_record(&garden, recording, 9, 1, 5000));
    assert_int_equal(count_lines(&garden, "seg"), 2);
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_int_equal(count_lines(&garden, "seg"), 3);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    garden_remove(&garden);
}

/* All segments of a camera, opened and put one behind the other. */
static void play(struct garden *garden, struct buffer *out)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    struct fault fault;
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "seg") &&
            recording_open(garden->dir, &garden->identity[1], &line, out,
                           &fault)) {
            fail_msg("%s", fault.why);
        }
    }
}

static void assert_plays(struct garden *garden, uint64_t fragments, size_t size)
{
    struct buffer played STING_AUTO(buffer_release) = {0};
    struct buffer expected STING_AUTO(buffer_release) = {0};
    play(garden, &played);
    assert_int_equal(played.size, fragments * size);
    for (uint64_t i = 0; i < fragments; i++) {
        garden_fragment(i, size, &expected);
        assert_memory_equal(played.data + i * size, expected.data, size);
    }
}

static void what_was_recorded_plays_back_byte_for_byte(void **state)
{
    (void)state;
    struct garden garden;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 0, 30, 70000));
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_plays(&garden, 30, 70000);
    garden_remove(&garden);
}

/* The power goes after twelve seconds of a camera; what is opened then. */
static struct ledger *open_after_power_went(struct garden *garden)
{
    garden_make(garden, NULL);
    struct ledger *ledger = garden_open(garden);
    struct recording *recording = garden_camera(garden, ledger);
    assert_true(!garden_record(garden, recording, 0, 12, 3000));
    recording_free(&recording);
    ledger_free(&ledger);
    return garden_open(garden);
}

static void parts_without_their_line_are_adopted(void **state)
{
    (void)state;
    struct garden garden;
    struct ledger *ledger = open_after_power_went(&garden);
    assert_non_null(strstr(ledger_recovered(ledger), "4 recordings"));
    assert_int_equal(count_lines(&garden, "seg"), 5);
    assert_plays(&garden, 12, 3000);
    ledger_free(&ledger); /* and again, at once: nothing is adopted twice */
    ledger = garden_open(&garden);
    assert_int_equal(count_lines(&garden, "seg"), 5);
    struct recording *recording = garden_camera(&garden, ledger);
    assert_true(!garden_record(&garden, recording, 12, 8, 3000));
    assert_true(!recording_close(recording, garden.now, NULL));
    recording_free(&recording);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    assert_plays(&garden, 20, 3000);
    garden_remove(&garden);
}

/* Whoever can write there sets a whole segment beside them. */
static void parts_that_have_their_lines_stay_beside_any_file(void **state)
{
    (void)state;
    struct garden garden;
    struct ledger *ledger = open_after_power_went(&garden);
    assert_int_equal(count_lines(&garden, "seg"), 5);
    ledger_free(&ledger);
    int file = openat(garden.dir,
                      "evidence/segments/garage/2011-11-01/00000001.m4s.age",
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    fd_close(&file);
    ledger = garden_open(&garden);
    assert_plays(&garden, 12, 3000);
    ledger_free(&ledger);
    garden_remove(&garden);
}

static void a_torn_line_is_put_aside(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    note_something(&garden, ledger);
    ledger_free(&ledger);
    off_t whole = size_of(&garden, "evidence/ledger");
    int file = openat(garden.dir, "evidence/ledger", O_WRONLY | O_APPEND);
    assert_true(write(file, "3 2011-11-01T20:0", 17) == 17);
    fd_close(&file);
    ledger = garden_open(&garden);
    assert_int_equal(size_of(&garden, "evidence/torn.1"), 17);
    assert_true(size_of(&garden, "evidence/ledger") > whole);
    assert_int_equal(count_lines(&garden, "gap"), 2); /* torn and crash */
    ledger_free(&ledger);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(sessions_follow_each_other),
        cmocka_unit_test(a_blob_opens_with_either_identity_only),
        cmocka_unit_test(a_second_writer_is_refused),
        cmocka_unit_test(a_key_of_another_operation_is_refused),
        cmocka_unit_test(segments_are_cut_at_keyframes_after_eight_seconds),
        cmocka_unit_test(what_was_recorded_plays_back_byte_for_byte),
        cmocka_unit_test(parts_without_their_line_are_adopted),
        cmocka_unit_test(parts_that_have_their_lines_stay_beside_any_file),
        cmocka_unit_test(a_torn_line_is_put_aside),
    };
    return cmocka_run_group_tests_name("store", test, NULL, NULL);
}
