/* Files are durable in order, beside whoever gives them, and a disk that
 * fails once is not believed again. */
#include "ledger/syncer.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"

/* Linked with --wrap: the disk, which can be held up and can fail. */
static pthread_mutex_t disk = PTHREAD_MUTEX_INITIALIZER;
static int fails_after = -1; /* so many syncs of files */
static int files_synced, folders_synced;
int __real_fdatasync(int fd);
int __real_fsync(int fd);
int __wrap_fdatasync(int fd);
int __wrap_fsync(int fd);

int __wrap_fdatasync(int fd)
{
    pthread_mutex_lock(&disk);
    bool fails = fails_after == 0;
    fails_after -= fails_after > 0;
    files_synced++;
    pthread_mutex_unlock(&disk);
    errno = EIO;
    return fails ? -1 : __real_fdatasync(fd);
}

int __wrap_fsync(int fd)
{
    pthread_mutex_lock(&disk);
    folders_synced++;
    pthread_mutex_unlock(&disk);
    return __real_fsync(fd);
}

static struct garden garden;
static struct syncer *syncer;

static int begin(void **state)
{
    (void)state;
    garden_make(&garden, "/tmp");
    fails_after = -1;
    return syncer_new(garden.dir, &syncer) || syncer_start(syncer, NULL);
}

static int end(void **state)
{
    (void)state;
    syncer_free(&syncer);
    garden_remove(&garden);
    return 0;
}

static enum sting_status put(int n, size_t size)
{
    struct buffer bytes STING_AUTO(buffer_release) = {0};
    char path[40];
    uint64_t number = 0;
    snprintf(path, sizeof path, "evidence/%d", n);
    assert_true(!buffer_reserve(&bytes, size));
    bytes.size = size;
    enum sting_status status = syncer_put(syncer, path, &bytes, &number, NULL);
    assert_int_equal(bytes.size, status ? size : 0);
    return status;
}

static bool is_there(int n)
{
    char path[40];
    snprintf(path, sizeof path, "evidence/%d", n);
    return faccessat(garden.dir, path, F_OK, 0) == 0;
}

static uint64_t durable(void)
{
    uint64_t count = 0;
    assert_true(!syncer_durable(syncer, &count, NULL));
    return count;
}

static void what_waits_shares_one_sync_of_its_folder(void **state)
{
    (void)state;
    pthread_mutex_lock(&disk); /* the first of them hangs there */
    files_synced = 0;
    folders_synced = 0;
    for (int i = 0; i < 10; i++) {
        assert_true(!put(i, 100));
    }
    assert_int_equal(durable(), 0);
    assert_false(is_there(0));
    pthread_mutex_unlock(&disk);
    assert_true(!syncer_wait(syncer, NULL));
    assert_int_equal(durable(), 10);
    assert_true(is_there(0) && is_there(9));
    assert_int_equal(files_synced, 10);
    assert_in_range(folders_synced, 1, 4);
}

static void what_waits_is_bounded_and_what_is_refused_is_kept(void **state)
{
    (void)state;
    enum sting_status status = STING_OK;
    int taken = 0;
    pthread_mutex_lock(&disk);
    while (!status && taken <= SYNCER_MOST_FILES) {
        status = put(taken, 100);
        taken += !status;
    }
    assert_int_equal(status, STING_E_BUSY);
    assert_int_equal(taken, SYNCER_MOST_FILES);
    assert_false(syncer_has_room(syncer, 1));
    pthread_mutex_unlock(&disk);
    assert_true(!syncer_wait(syncer, NULL));
    pthread_mutex_lock(&disk);
    assert_true(!put(100, SYNCER_MOST_BYTES + 1)); /* alone it may be large */
    assert_int_equal(put(101, 1), STING_E_BUSY);
    pthread_mutex_unlock(&disk);
    assert_true(!syncer_wait(syncer, NULL));
    assert_true(!put(101, 1));
}

static void a_sync_that_failed_is_final(void **state)
{
    (void)state;
    uint64_t count = 0;
    struct fault fault = {"", ""};
    assert_true(!put(0, 100));
    assert_true(!syncer_wait(syncer, NULL));
    pthread_mutex_lock(&disk);
    fails_after = 2;
    pthread_mutex_unlock(&disk);
    for (int i = 1; i < 8; i++) {
        (void)!put(i, 100);
    }
    assert_int_equal(syncer_wait(syncer, &fault), STING_E_IO);
    assert_true(fault.why[0] != '\0');
    fails_after = -1;
    assert_int_equal(put(8, 100), STING_E_IO);
    assert_int_equal(syncer_durable(syncer, &count, NULL), STING_E_IO);
    assert_in_range(count, 1, 3);
    assert_false(is_there(7));
}

static void what_is_dropped_with_it_is_not_half_there(void **state)
{
    (void)state;
    pthread_mutex_lock(&disk);
    for (int i = 0; i < 40; i++) {
        assert_true(!put(i, 100));
    }
    pthread_mutex_unlock(&disk);
    syncer_free(&syncer);
    assert_true(is_there(0) || !is_there(1));
    assert_false(faccessat(garden.dir, "evidence/39.tmp", F_OK, 0) == 0);
}

/* How many lines of that kind the ledger has. */
static size_t lines_of(const char *kind)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    size_t count = 0;
    assert_true(!ledger_reader_open(garden.dir, &reader, NULL));
    while (ledger_reader_next(reader, &line) == STING_OK) {
        count += !strcmp(line.kind->name, kind);
    }
    return count;
}

static void a_line_waits_until_its_recording_is_durable(void **state)
{
    (void)state;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!recording_background(recording, NULL));
    assert_true(!garden_init(&garden, recording));
    pthread_mutex_lock(&disk);
    assert_true(!garden_record(&garden, recording, 0, 10, 5000));
    assert_int_equal(recording_until_us(recording), 0);
    assert_int_equal(lines_of("seg"), 0);
    pthread_mutex_unlock(&disk);
    assert_true(!recording_wait(recording, garden.now, NULL));
    assert_int_equal(lines_of("seg"), 1);
    assert_true(recording_until_us(recording) > 0);
    assert_true(!recording_close(recording, garden.now, NULL));
    assert_int_equal(lines_of("seg"), 2);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

static void too_slow_a_disk_is_told_and_ends_the_segment(void **state)
{
    (void)state;
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    assert_true(!recording_background(recording, NULL));
    assert_true(!garden_init(&garden, recording));
    pthread_mutex_lock(&disk);
    enum sting_status status = STING_OK;
    uint64_t n = 0;
    while (!status && n <= SYNCER_MOST_FILES) {
        status = garden_record(&garden, recording, n, 1, 5000);
        n += !status;
    }
    assert_int_equal(status, STING_E_BUSY);
    assert_false(recording_ended(recording));
    pthread_mutex_unlock(&disk);
    while (!recording_ended(recording)) {
        assert_true(!recording_settle(recording, garden.now, NULL));
        usleep(1000);
    }
    assert_int_equal(lines_of("seg"), 2); /* of 8 s, and what was taken then */
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_waits_shares_one_sync_of_its_folder, begin, end),
        cmocka_unit_test_setup_teardown(
            what_waits_is_bounded_and_what_is_refused_is_kept, begin, end),
        cmocka_unit_test_setup_teardown(a_sync_that_failed_is_final, begin,
                                        end),
        cmocka_unit_test_setup_teardown(
            what_is_dropped_with_it_is_not_half_there, begin, end),
        cmocka_unit_test_setup_teardown(
            a_line_waits_until_its_recording_is_durable, begin, end),
        cmocka_unit_test_setup_teardown(
            too_slow_a_disk_is_told_and_ends_the_segment, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
