/* Epochs: a hand-over may die at every step, and again while it is being
 * finished; no key of a closed epoch stays on the disk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/judge.h"

#define DIED 7
#define MOST_EPOCHS 64

/* ---- steps: every call that changes the disk (linked with --wrap) ---- */

static int steps_left = -1; /* until death; -1: it never comes */
static bool dies_half;      /* in the middle of a write, not before it */

static bool is_last_step(void)
{
    if (steps_left == 0) {
        return true;
    }
    steps_left -= steps_left > 0;
    return false;
}

static void step(void)
{
    if (is_last_step()) {
        _exit(DIED);
    }
}

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __real_pwrite(int fd, const void *data, size_t size, off_t at);
ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t at);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_ftruncate(int fd, off_t size);
int __wrap_ftruncate(int fd, off_t size);
int __real_renameat(int a, const char *from, int b, const char *to);
int __wrap_renameat(int a, const char *from, int b, const char *to);
int __real_unlinkat(int dir, const char *name, int flags);
int __wrap_unlinkat(int dir, const char *name, int flags);

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    if (is_last_step()) {
        if (dies_half) {
            (void)!__real_write(fd, data, size / 2);
        }
        _exit(DIED);
    }
    return __real_write(fd, data, size);
}

ssize_t __wrap_pwrite(int fd, const void *data, size_t size, off_t at)
{
    if (is_last_step()) {
        if (dies_half) {
            (void)!__real_pwrite(fd, data, size / 2, at);
        }
        _exit(DIED);
    }
    return __real_pwrite(fd, data, size, at);
}

int __wrap_fdatasync(int fd)
{
    step();
    return __real_fdatasync(fd);
}

int __wrap_fsync(int fd)
{
    step();
    return __real_fsync(fd);
}

int __wrap_ftruncate(int fd, off_t size)
{
    step();
    return __real_ftruncate(fd, size);
}

int __wrap_renameat(int a, const char *from, int b, const char *to)
{
    step();
    return __real_renameat(a, from, b, to);
}

int __wrap_unlinkat(int dir, const char *name, int flags)
{
    step();
    return __real_unlinkat(dir, name, flags);
}

/* ---- what must never be on the disk ---- */

/* The public keys of all epochs, in turn: the last is the open one's. */
static size_t read_epochs(struct garden *garden,
                          struct public_key key[MOST_EPOCHS])
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    size_t count = 0;
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        const char *name = !strcmp(line.kind->name, "genesis") ? "epoch"
                           : !strcmp(line.kind->name, "epoch") ? "next"
                                                               : NULL;
        if (name) {
            assert_true(count < MOST_EPOCHS);
            assert_true(
                !line_hex(&line, name, key[count++].byte, PUBLIC_KEY_SIZE));
        }
    }
    return count;
}

/* Is there a secret key, as 64 hex digits anywhere in these bytes, that
 * belongs to one of the public keys? */
static bool holds_key(struct bytes bytes, const struct public_key key[],
                      size_t keys)
{
    for (size_t at = 0; at + 64 <= bytes.size; at++) {
        struct secret secret;
        if (hex_read((struct bytes){bytes.data + at, 64}, secret.byte,
                     SECRET_SIZE)) {
            continue;
        }
        struct public_key public = signature_public(&secret);
        for (size_t i = 0; i < keys; i++) {
            if (public_key_equal(&public, &key[i])) {
                return true;
            }
        }
    }
    return false;
}

/* No file under keys/ holds the key of a closed epoch. */
static void check_no_old_key(struct garden *garden)
{
    struct public_key key[MOST_EPOCHS];
    size_t keys = read_epochs(garden, key);
    int folder = openat(garden->dir, "keys", O_RDONLY | O_DIRECTORY);
    DIR *listing = fdopendir(folder);
    assert_non_null(listing);
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        if (one->d_type == DT_REG) {
            assert_true(!file_read(folder, one->d_name, 4096, &text, NULL));
            assert_false(holds_key(buffer_bytes(&text), key, keys - 1));
        }
    }
    closedir(listing);
}

static void a_closed_epochs_key_is_overwritten_where_it_lies(void **state)
{
    (void)state;
    struct garden garden;
    struct public_key key[MOST_EPOCHS];
    uint8_t before[128];
    uint8_t after[128];
    garden_make(&garden, NULL);
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    for (int i = 0; i < 4; i++) {
        int old STING_AUTO(fd_close) =
            openat(garden.dir, "keys/epoch", O_RDONLY);
        struct stat was;
        struct stat is;
        ssize_t size = pread(old, before, sizeof before, 0);
        assert_int_equal(size, 65);
        assert_int_equal(fstat(old, &was), 0);
        assert_true(!ledger_next_epoch(ledger, garden.now, NULL));
        size_t keys = read_epochs(&garden, key);
        assert_true(holds_key((struct bytes){before, 65}, key, keys - 1));
        /* The old file has lost its name, and its content before that. */
        assert_int_equal(pread(old, after, sizeof after, 0), 65);
        assert_false(holds_key((struct bytes){after, 65}, key, keys));
        assert_int_equal(fstat(old, &is), 0);
        assert_int_equal(is.st_nlink, 0);
        assert_int_equal(is.st_ino, was.st_ino);
        check_no_old_key(&garden);
    }
    garden_remove(&garden);
}

/* Where the first block of a file lies on its disk; 0 when it is not told. */
static uint64_t block_of(int file)
{
    uint64_t room[(sizeof(struct fiemap) + sizeof(struct fiemap_extent)) / 8 +
                  1] = {0};
    struct fiemap *map = (struct fiemap *)(void *)room;
    map->fm_length = 4096;
    map->fm_flags = FIEMAP_FLAG_SYNC;
    map->fm_extent_count = 1;
    if (ioctl(file, FS_IOC_FIEMAP, map) != 0 || map->fm_mapped_extents != 1) {
        return 0;
    }
    return map->fm_extents[0].fe_physical;
}

/* A disk may put what is overwritten elsewhere; then this says so. */
static void the_overwritten_key_lies_in_the_same_block(void **state)
{
    (void)state;
    struct garden garden;
    garden_make(&garden, "/var/tmp");
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    int old STING_AUTO(fd_close) = openat(garden.dir, "keys/epoch", O_RDONLY);
    uint64_t before = block_of(old);
    assert_true(!ledger_next_epoch(ledger, garden.now, NULL));
    uint64_t after = block_of(old);
    if (before == 0) {
        print_message("this file system does not tell its blocks\n");
    } else {
        assert_int_equal(before, after);
    }
    garden_remove(&garden);
}

/* ---- deaths ---- */

static void note_tap(struct garden *garden, struct ledger *ledger)
{
    const struct line_field field[] = {{"camera", "tap"}, {"state", "on"}};
    garden_wait(garden, 1000000);
    if (ledger_append(ledger, garden->now, "camera", field, 2, NULL, NULL)) {
        abort();
    }
}

static void hand_over(struct garden *garden)
{
    struct ledger *ledger = garden_open(garden);
    note_tap(garden, ledger);
    steps_left = steps_left == -2 ? -1 : steps_left;
    if (ledger_next_epoch(ledger, garden->now, NULL)) {
        abort();
    }
    note_tap(garden, ledger);
    if (ledger_close(&ledger, garden->now, "done", NULL)) {
        abort();
    }
}

/* Do it in a process that dies before step `steps`. True when it did die. */
static bool die_at(struct garden *garden, void (*act)(struct garden *garden),
                   int steps, bool half)
{
    int ended = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        steps_left = steps;
        dies_half = half;
        act(garden);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    assert_true(WIFEXITED(ended));
    assert_true(WEXITSTATUS(ended) == 0 || WEXITSTATUS(ended) == DIED);
    garden_wait(garden, 60000000);
    return WEXITSTATUS(ended) == DIED;
}

static void open_and_close(struct garden *garden)
{
    struct ledger *ledger = garden_open(garden);
    if (ledger_close(&ledger, garden->now, "done", NULL)) {
        abort();
    }
}

static void check_whole(struct garden *garden, const char *when, int at)
{
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(garden, true);
    if (report.verdict > VERIFY_GAPS) {
        fail_msg("%s %d: %s at %" PRIu64 " %s: %s", when, at,
                 verify_verdict_text(report.verdict), report.at, report.file,
                 report.reason);
    }
}

static const char *quick_folder(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static void a_death_at_any_step_of_a_hand_over_is_mended(void **state)
{
    (void)state;
    int deaths = 0;
    for (int half = 0; half < 2; half++) {
        bool died = true;
        for (int at = 0; died; at++) {
            struct garden garden;
            garden_make(&garden, quick_folder());
            died = die_at(&garden, hand_over, at, half);
            check_whole(&garden, "dead at step", at);
            open_and_close(&garden);
            check_whole(&garden, "finished after step", at);
            check_no_old_key(&garden);
            garden_remove(&garden);
            deaths += died;
        }
    }
    print_message("%d deaths\n", deaths);
    assert_true(deaths > 40);
}

/* Every third place of the second death, another third for each first. */
static void a_second_death_while_it_is_mended_is_mended_too(void **state)
{
    (void)state;
    int deaths = 0;
    bool died = true;
    for (int first = 0; died; first++) {
        bool again = true;
        for (int second = first % 3; again; second += 3) {
            struct garden garden;
            garden_make(&garden, quick_folder());
            died = die_at(&garden, hand_over, first, true);
            again = die_at(&garden, open_and_close, second, true);
            check_whole(&garden, "dead twice, first at step", first);
            open_and_close(&garden);
            check_whole(&garden, "finished twice after step", second);
            check_no_old_key(&garden);
            garden_remove(&garden);
            deaths += died && again;
        }
    }
    print_message("%d second deaths\n", deaths);
}

/* ---- the minute ---- */

static void an_epoch_ends_after_a_minute_also_when_nothing_happened(
    void **state)
{
    (void)state;
    struct garden garden;
    struct public_key key[MOST_EPOCHS];
    garden_make(&garden, NULL);
    struct ledger *ledger = garden_open(&garden);
    for (int s = 0; s < 600; s++) {
        garden_wait(&garden, 1000000);
        assert_true(!ledger_epoch_tick(ledger, garden.now, NULL));
    }
    assert_int_equal(read_epochs(&garden, key), 1 + 600 / 60);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, true);
    assert_int_equal(report.verdict, VERIFY_INTACT);
    assert_int_equal(report.epochs, 11);
    for (size_t i = 0; i < 12; i++) { /* each has a key of its own */
        for (size_t j = 0; j < i; j++) {
            assert_false(public_key_equal(&key[i], &key[j]));
        }
    }
    garden_remove(&garden);
}

/* A clock that was in the future once leaves one file for all notes since. */
static void the_last_checkpoint_is_found_behind_a_megabyte_of_others(void **s)
{
    (void)s;
    struct garden garden;
    struct stat info;
    const char *notes = "evidence/checkpoints/2011-11-01.notes";
    garden_make(&garden, quick_folder());
    struct ledger *ledger = garden_open(&garden);
    do {
        note_tap(&garden, ledger);
        garden.now.utc_us -= 1000000; /* it stays the same day */
        assert_true(!ledger_checkpoint(ledger, garden.now, NULL));
        assert_int_equal(fstatat(garden.dir, notes, &info, 0), 0);
    } while (info.st_size < 1100000);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    ledger = garden_open(&garden);
    assert_string_equal(ledger_recovered(ledger), "");
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    int file STING_AUTO(fd_close) =
        openat(garden.dir, notes, O_WRONLY | O_APPEND);
    assert_int_equal(__real_write(file, "sting/0123", 10), 10);
    open_and_close(&garden);
    check_whole(&garden, "a torn one behind a megabyte", 0);
    struct verify_report report STING_AUTO(verify_report_release) =
        judge(&garden, false);
    assert_int_equal(report.torn_bytes, 0);
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_closed_epochs_key_is_overwritten_where_it_lies),
        cmocka_unit_test(the_overwritten_key_lies_in_the_same_block),
        cmocka_unit_test(a_death_at_any_step_of_a_hand_over_is_mended),
        cmocka_unit_test(a_second_death_while_it_is_mended_is_mended_too),
        cmocka_unit_test(
            the_last_checkpoint_is_found_behind_a_megabyte_of_others),
        cmocka_unit_test(
            an_epoch_ends_after_a_minute_also_when_nothing_happened),
    };
    return cmocka_run_group_tests_name("epoch", test, NULL, NULL);
}
