/* Who can write beside a record, and has no key, keeps no writer from
 * starting: what such a one planted stays where it is, and is told. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/intruder.h"
#include "tests/unit/ledger/judge.h"

#define assert_ok(call) assert_int_equal((call), STING_OK)
#define NOTES "evidence/checkpoints/"
#define CAMERA "evidence/segments/garage/"
#define DAY CAMERA "2011-11-01/"

static struct garden garden;

/* A record of 20 s, closed in order. */
static void make(void)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    garden_make(&garden, access("/dev/shm", W_OK) ? NULL : "/dev/shm");
    struct ledger *ledger = garden_open(&garden);
    recording = garden_camera(&garden, ledger);
    assert_ok(garden_record(&garden, recording, 0, 20, 400));
    assert_ok(recording_close(recording, garden.now, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    garden_wait(&garden, 1000000);
}

/* The next writer starts, tells, records and ends; what it told. */
static void start(char told[400])
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(&garden);
    (void)snprintf(told, 400, "%s", ledger_recovered(ledger));
    recording = garden_camera(&garden, ledger);
    assert_ok(garden_record(&garden, recording, 0, 10, 400));
    assert_ok(recording_close(recording, garden.now, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
}

static void assert_told(const char *words)
{
    char told[400];
    start(told);
    if (!strstr(told, words)) {
        fail_msg("\"%s\" does not tell: %s", told, words);
    }
}

/* Which gaps there are, by their causes. */
static int gaps(const char *cause)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    int count = 0;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        count += !strcmp(line.kind->name, "gap") &&
                 bytes_equal(line_raw(&line, "cause"), bytes_of_text(cause));
    }
    return count;
}

/* Lines of gaps that name such a file. */
static int gaps_of(const char *file)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    int count = 0;
    assert_ok(ledger_reader_open(garden.dir, &reader, NULL));
    while (!ledger_reader_skip(reader)) {
        struct bytes text = ledger_reader_text(reader);
        count += memmem(text.data, text.size, " gap ", 5) &&
                 memmem(text.data, text.size, file, strlen(file));
    }
    return count;
}

static bool is_there(const char *path)
{
    struct stat info;
    return fstatat(garden.dir, path, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

static void sparse(const char *path, off_t bytes)
{
    int file STING_AUTO(fd_close) =
        openat(garden.dir, path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(file, bytes), 0);
}

static void plant_epoch(const char *n, const char *next)
{
    const struct line_field field[] = {
        {"n", n}, {"first", "0"}, {"next", next}};
    intruder_appends(garden.dir, "epoch", field, 3);
}

/* ---- epochs ---- */

/* The public key of keys/epoch, which the ledger names. */
static char *open_key(char hex[2 * PUBLIC_KEY_SIZE + 1])
{
    struct secret key STING_AUTO(secret_wipe) = {{0}};
    assert_ok(ledger_key_read(garden.dir, "keys/epoch", &key, NULL));
    struct public_key public = signature_public(&key);
    hex_write((struct bytes){public.byte, PUBLIC_KEY_SIZE}, hex);
    return hex;
}

static void an_epoch_line_that_nobody_signed_hands_nothing_over(void **state)
{
    (void)state;
    char hex[2 * PUBLIC_KEY_SIZE + 1];
    for (int i = 0; i < 2; i++) {
        make();
        memset(hex, 'a', sizeof hex - 1);
        hex[sizeof hex - 1] = '\0';
        plant_epoch("999", i ? open_key(hex) : hex);
        assert_told("an epoch line that nobody signed");
        assert_int_equal(gaps("torn"), 1);
        assert_int_equal(gaps("altered"), 0);
        assert_true(is_there("evidence/torn.1"));
        assert_verdict(&garden, VERIFY_GAPS);
        garden_remove(&garden);
    }
}

/* As it is when the power goes behind the line that hands over. */
static void die_in_hand_over(void)
{
    struct secret next;
    char text[2 * SECRET_SIZE + 2], hex[2 * PUBLIC_KEY_SIZE + 1];
    char n[24], first[24];
    memset(next.byte, 9, sizeof next.byte);
    struct public_key public = signature_public(&next);
    hex_write(secret_bytes(&next), text);
    memcpy(text + sizeof text - 2, "\n", 2);
    hex_write((struct bytes){public.byte, PUBLIC_KEY_SIZE}, hex);
    struct ledger *ledger = garden_open(&garden);
    (void)snprintf(n, sizeof n, "%d", (int)ledger->epoch);
    (void)snprintf(first, sizeof first, "%d", (int)ledger->epoch_first);
    assert_ok(file_write(garden.dir, "keys/epoch.next", bytes_of_text(text),
                         0600, NULL));
    const struct line_field field[] = {
        {"n", n}, {"first", first}, {"next", hex}};
    assert_ok(ledger_append(ledger, garden.now, "epoch", field, 3, NULL, NULL));
    ledger_free(&ledger);
}

/* To finish it would be to sign what may have been slipped in before it. */
static void a_hand_over_without_its_checkpoint_is_put_aside(void **state)
{
    (void)state;
    char hex[2 * PUBLIC_KEY_SIZE + 1];
    make();
    die_in_hand_over();
    assert_told("an epoch line that nobody signed");
    assert_int_equal(gaps("torn"), 1);
    die_in_hand_over();
    memset(hex, 'a', sizeof hex - 1);
    hex[sizeof hex - 1] = '\0';
    plant_epoch("999", hex);
    assert_told("an epoch line that nobody signed");
    assert_int_equal(gaps("torn"), 2);
    assert_int_equal(gaps("altered"), 0);
    assert_verdict(&garden, VERIFY_GAPS);
    garden_remove(&garden);
}

/* ---- checkpoints ---- */

static void plant_notes(int kind, const char *date)
{
    char path[64];
    (void)snprintf(path, sizeof path, NOTES "%s.notes", date);
    assert_int_equal(kind == 0   ? mkdirat(garden.dir, path, 0700)
                     : kind == 1 ? mkfifoat(garden.dir, path, 0600)
                                 : symlinkat("../ledger", garden.dir, path),
                     0);
}

static void what_is_no_file_of_checkpoints_is_left_alone(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        make();
        plant_notes(kind, "9999-12-31");
        assert_told("the ledger was altered");
        assert_true(is_there(NOTES "9999-12-31.notes"));
        garden_remove(&garden);
    }
}

static void a_day_whose_checkpoints_cannot_be_goes_on_in_the_one_before(
    void **s)
{
    (void)s;
    for (int kind = 0; kind < 3; kind++) {
        char told[400];
        make();
        plant_notes(kind, "2011-11-02");
        garden_wait(&garden, INT64_C(86400000000));
        start(told);
        assert_false(is_there(NOTES "2011-11-03.notes"));
        garden_remove(&garden);
    }
}

static void a_first_line_that_is_none_is_refused_in_words(void **state)
{
    (void)state;
    struct buffer text STING_AUTO(buffer_release) = {0};
    struct ledger *ledger = NULL;
    struct fault fault = {"", ""};
    const struct ledger_context context = {.random = &random_kernel};
    make();
    assert_ok(file_read(garden.dir, "evidence/ledger", 1 << 20, &text, NULL));
    struct bytes cut = {text.data + 1, text.size - 1};
    assert_ok(file_write(garden.dir, "evidence/ledger", cut, 0600, NULL));
    assert_int_not_equal(
        ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
        STING_OK);
    assert_non_null(strstr(fault.why, "genesis"));
    garden_remove(&garden);
}

/* In place of the only file of checkpoints: nothing is signed any more. */
static void what_stands_in_place_of_the_checkpoints_is_named(void **state)
{
    (void)state;
    static const char *const words[] = {
        NOTES "2011-11-01.notes is a folder, not a file",
        NOTES "2011-11-01.notes is a pipe, not a file",
        NOTES "2011-11-01.notes is a symbolic link, not a file"};
    const struct ledger_context context = {.random = &random_kernel};
    for (int kind = 0; kind < 3; kind++) {
        struct ledger *ledger = NULL;
        struct fault fault = {"", ""};
        make();
        assert_int_equal(unlinkat(garden.dir, NOTES "2011-11-01.notes", 0), 0);
        plant_notes(kind, "2011-11-01");
        assert_int_equal(
            ledger_open(garden.dir, &context, garden.now, &ledger, &fault),
            STING_E_FORGED);
        assert_non_null(strstr(fault.why, words[kind]));
        garden_remove(&garden);
    }
}

/* ---- recordings ---- */

static void what_is_no_recording_is_left_and_told(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        make();
        if (kind == 0) {
            sparse(DAY "00000100.m4s.age", 200000000);
        } else if (kind == 1) {
            assert_int_equal(mkdirat(garden.dir, DAY "00000100.m4s.age", 0700),
                             0);
        } else {
            assert_int_equal(mkfifoat(garden.dir, DAY "00000100.m4s.age", 0600),
                             0);
        }
        assert_told("1 files among the recordings were left");
        assert_true(is_there(DAY "00000100.m4s.age"));
        garden_remove(&garden);
    }
}

static void more_than_may_be_read_is_left_and_told(void **state)
{
    (void)state;
    make();
    for (int i = 0; i < 8; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, DAY "%08d.m4s.age", 100 + i);
        sparse(path, (off_t)160 * 1024 * 1024);
    }
    assert_told("2 files among the recordings were left");
    assert_int_equal(gaps("unreadable"), 6);
    garden_remove(&garden);
}

static void an_empty_day_is_no_day_of_the_recordings(void **state)
{
    (void)state;
    char told[400];
    make();
    assert_int_equal(mkdirat(garden.dir, CAMERA "9999-12-31", 0700), 0);
    start(told);
    assert_int_equal(unlinkat(garden.dir, CAMERA "9999-12-31", AT_REMOVEDIR),
                     0);
    garden_remove(&garden);
}

static void empty_folders_take_no_room_from_a_camera(void **state)
{
    (void)state;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    make();
    for (int i = 0; i < LEDGER_MOST_CAMERAS; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "evidence/segments/c%d", i);
        assert_int_equal(mkdirat(garden.dir, path, 0700), 0);
    }
    struct ledger *ledger = garden_open(&garden);
    assert_ok(recording_new(ledger, "cellar", &recording, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
    garden_remove(&garden);
}

static void add_file(const char *path, const char *text)
{
    char folder[96];
    (void)snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    assert_ok(folder_make(garden.dir, folder));
    assert_ok(file_write(garden.dir, path, bytes_of_text(text), 0600, NULL));
}

static int entries(const char *path)
{
    int count = 0;
    int folder = openat(garden.dir, path, O_RDONLY | O_DIRECTORY);
    DIR *listing STING_AUTO(dir_close) = fdopendir(folder);
    while (readdir(listing)) {
        count++;
    }
    return count - 2;
}

static void a_day_that_has_not_come_takes_no_recordings(void **state)
{
    (void)state;
    make();
    add_file(CAMERA "9999-12-31/00000100.m4s.age", "leaves");
    assert_told("1 files among the recordings were left as they are, the first "
                "evidence/segments/garage/9999-12-31");
    assert_told("1 files"); /* and so it goes on */
    assert_int_equal(entries(CAMERA "9999-12-31"), 1);
    garden_remove(&garden);
}

static void plant_seg(const char *camera, const char *date)
{
    struct seg_line line;
    seg_line_write(&line, camera, date, "3", "6", "leaves");
    intruder_appends(garden.dir, "seg", line.field, SEG_FIELDS);
}

static void a_date_that_nobody_signed_takes_no_recordings(void **state)
{
    (void)state;
    char told[400];
    make();
    plant_seg("garage", "9999-12-31");
    start(told);
    assert_false(is_there(CAMERA "9999-12-31"));
    start(told); /* nor once a checkpoint signs it */
    assert_false(is_there(CAMERA "9999-12-31"));
    garden_remove(&garden);
}

static void checkpoints_go_on_in_no_empty_file_of_a_day_to_come(void **state)
{
    (void)state;
    struct stat info;
    make();
    sparse(NOTES "9999-12-31.notes", 0);
    assert_told("the ledger was altered");
    assert_int_equal(fstatat(garden.dir, NOTES "9999-12-31.notes", &info, 0),
                     0);
    assert_int_equal(info.st_size, 0);
    garden_remove(&garden);
}

static void assert_room_for_one(void)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(&garden);
    assert_ok(recording_new(ledger, "cellar", &recording, NULL));
    assert_ok(ledger_close(&ledger, garden.now, "done", NULL));
}

static void cameras_of_nobody_take_no_room_from_one(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        make();
        for (int i = 0; i < LEDGER_MOST_CAMERAS; i++) {
            char path[96];
            (void)snprintf(path, sizeof path,
                           "evidence/segments/c%d/2011-11-01/%08d.m4s.age", i,
                           0);
            add_file(path, "leaves");
            if (kind == 0) { /* an empty day */
                assert_int_equal(unlinkat(garden.dir, path, 0), 0);
            } else if (kind == 1) { /* named by a line of nobody */
                (void)snprintf(path, sizeof path, "c%d", i);
                plant_seg(path, "2011-11-01");
            }
        }
        assert_room_for_one();
        assert_room_for_one();
        garden_remove(&garden);
    }
}

static void no_camera_takes_what_may_be_read_from_another(void **state)
{
    (void)state;
    char told[400];
    make();
    for (int i = 0; i < 7; i++) { /* 1 GiB */
        char path[64];
        (void)snprintf(path, sizeof path, DAY "%08d.m4s.age", 100 + i);
        sparse(path, (off_t)(i ? 160 : 64) * 1024 * 1024);
    }
    add_file("evidence/segments/cellar/2011-11-01/00000000.m4s.age", "leaves");
    start(told);
    assert_int_equal(gaps_of("cellar/2011-11-01/00000000.m4s.age"), 1);
    garden_remove(&garden);
}

static void an_end_of_any_length_is_put_aside_and_told(void **state)
{
    (void)state;
    struct stat info;
    make();
    int file STING_AUTO(fd_close) =
        openat(garden.dir, "evidence/ledger", O_WRONLY);
    assert_int_equal(fstat(file, &info), 0);
    assert_int_equal(ftruncate(file, info.st_size + (off_t)80 * 1024 * 1024),
                     0);
    assert_int_equal(pwrite(file, "leaves", 6, info.st_size), 6);
    assert_told("83886080 bytes at the end of the ledger that are no lines "
                "were put aside as evidence/torn.1");
    assert_int_equal(gaps("torn"), 1);
    assert_int_equal(fstatat(garden.dir, "evidence/torn.1", &info, 0), 0);
    assert_int_equal(info.st_size, 80 * 1024 * 1024);
    assert_in_range(info.st_blocks, 1, 2048); /* what is empty stays so */
    assert_verdict(&garden, VERIFY_GAPS);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(an_epoch_line_that_nobody_signed_hands_nothing_over),
        cmocka_unit_test(a_hand_over_without_its_checkpoint_is_put_aside),
        cmocka_unit_test(a_first_line_that_is_none_is_refused_in_words),
        cmocka_unit_test(what_stands_in_place_of_the_checkpoints_is_named),
        cmocka_unit_test(what_is_no_file_of_checkpoints_is_left_alone),
        cmocka_unit_test(
            a_day_whose_checkpoints_cannot_be_goes_on_in_the_one_before),
        cmocka_unit_test(what_is_no_recording_is_left_and_told),
        cmocka_unit_test(more_than_may_be_read_is_left_and_told),
        cmocka_unit_test(an_empty_day_is_no_day_of_the_recordings),
        cmocka_unit_test(empty_folders_take_no_room_from_a_camera),
        cmocka_unit_test(a_day_that_has_not_come_takes_no_recordings),
        cmocka_unit_test(a_date_that_nobody_signed_takes_no_recordings),
        cmocka_unit_test(checkpoints_go_on_in_no_empty_file_of_a_day_to_come),
        cmocka_unit_test(cameras_of_nobody_take_no_room_from_one),
        cmocka_unit_test(no_camera_takes_what_may_be_read_from_another),
        cmocka_unit_test(an_end_of_any_length_is_put_aside_and_told),
    };
    return cmocka_run_group_tests_name("planted", test, NULL, NULL);
}
