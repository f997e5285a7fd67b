/* What is durable when: a fragment before its forerunner is sealed, a folder
 * and checkpoints before a line speaks of what was found there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/reel.h"

#define SIZE 5000
#define FRAGMENTS 9 /* the last one begins the second segment */

static struct garden garden;

/* Linked with --wrap: folders that were synced, and how long the ledger was
 * then. */
static char synced[32][200];
static off_t synced_at[32];
static size_t syncs;
int __real_fsync(int fd);
int __wrap_fsync(int fd);

static off_t ledger_bytes(void)
{
    struct stat info = {0};
    (void)fstatat(garden.dir, "evidence/ledger", &info, 0);
    return info.st_size;
}

int __wrap_fsync(int fd)
{
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    if (syncs < 32) {
        ssize_t size = readlink(name, synced[syncs], sizeof synced[0] - 1);
        synced[syncs][size > 0 ? size : 0] = '\0';
        synced_at[syncs++] = ledger_bytes();
    }
    return __real_fsync(fd);
}

/* How long was the ledger when this folder was synced first? */
static off_t bytes_at_sync_of(const char *end)
{
    for (size_t i = 0; i < syncs; i++) {
        size_t size = strlen(synced[i]);
        if (size >= strlen(end) &&
            !strcmp(synced[i] + size - strlen(end), end)) {
            return synced_at[i];
        }
    }
    fail_msg("%s was not synced", end);
    return -1;
}

static bool is_there(const char *date, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "evidence/segments/garage/%s/%s", date, name);
    return faccessat(garden.dir, path, F_OK, 0) == 0;
}

/* Record up to the first fragment of a second segment, and die there. Gives
 * the day. */
static void record_and_die(char date[11])
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    char time[LINE_TIME_SIZE];
    struct ledger *ledger = garden_open(&garden);
    assert_true(!recording_new(ledger, "garage", &recording, NULL));
    snprintf(date, 11, "%.10s", line_time_text(garden.now.utc_us, time));
    assert_true(!garden_init(&garden, recording));
    assert_true(!garden_record(&garden, recording, 0, FRAGMENTS - 1, SIZE));
    struct buffer data STING_AUTO(buffer_release) = {0};
    garden_fragment(FRAGMENTS - 1, SIZE, &data);
    const struct recording_fragment last = {.data = buffer_bytes(&data),
                                            .pts_us = (int64_t)(FRAGMENTS - 1) *
                                                      1000000,
                                            .duration_us = 1000000,
                                            .utc_us = garden.now.utc_us,
                                            .frames = REEL_FRAMES,
                                            .starts_with_key = true};
    assert_true(!recording_fragment(recording, garden.now, &last, NULL));
    ledger_free(&ledger);
}

static void a_fragment_does_not_wait_for_the_segment_before_it(void **state)
{
    (void)state;
    char date[11];
    garden_make(&garden, "/tmp");
    record_and_die(date);
    assert_true(is_there(date, "00000001.0.part"));
    assert_true(is_there(date, "00000000.7.part"));
    assert_false(is_there(date, "00000000.m4s.age"));
    garden_remove(&garden);
}

/* Lines of recordings that were adopted, from a byte of the ledger on. */
static size_t adopted_after(off_t from)
{
    struct buffer text STING_AUTO(buffer_release) = {0};
    size_t count = 0;
    assert_true(
        !file_read(garden.dir, "evidence/ledger", 1 << 20, &text, NULL));
    assert_true(from >= 0 && (size_t)from <= text.size);
    const char *at = (const char *)text.data + from;
    while ((at = strstr(at, " recovered=1 "))) {
        count++;
        at++;
    }
    return count;
}

static void what_is_found_is_durable_before_a_line_speaks_of_it(void **state)
{
    (void)state;
    char date[11];
    char path[64];
    garden_make(&garden, "/tmp");
    record_and_die(date);
    syncs = 0;
    struct ledger *ledger = garden_open(&garden);
    snprintf(path, sizeof path, "/garage/%s", date);
    assert_int_equal(adopted_after(0), FRAGMENTS);
    assert_int_equal(adopted_after(bytes_at_sync_of(path)), FRAGMENTS);
    assert_int_equal(adopted_after(bytes_at_sync_of("/garage")), FRAGMENTS);
    assert_int_equal(adopted_after(bytes_at_sync_of("/segments")), FRAGMENTS);
    assert_int_equal(adopted_after(bytes_at_sync_of("/checkpoints")),
                     FRAGMENTS);
    assert_int_equal(adopted_after(bytes_at_sync_of(".notes")), FRAGMENTS);
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    garden_remove(&garden);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_fragment_does_not_wait_for_the_segment_before_it),
        cmocka_unit_test(what_is_found_is_durable_before_a_line_speaks_of_it),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
