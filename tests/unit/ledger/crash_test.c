/* A writer is killed at random moments, its disk fills up, its syncs fail.
 * Whatever happens: never a false verdict, never a sealed segment lost, and
 * every fragment that was called durable plays.
 * Usage: crash_test [ROUNDS [SEED [kills]]]; with `kills`, nothing else. */
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/reader.h"
#include "ledger/verify.h"
#include "tests/check.h"
#include "tests/unit/ledger/garden.h"
#include "tests/unit/ledger/reel.h"

static int rounds = 40;
static uint64_t seed = 1;

/* Linked with --wrap: this many syncs succeed, then one fails; -1: all do. */
static int syncs_left = -1;
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

int __wrap_fdatasync(int fd)
{
    if (syncs_left == 0) {
        syncs_left = -1;
        return -1;
    }
    syncs_left -= syncs_left > 0;
    return __real_fdatasync(fd);
}

static uint64_t next_random(void)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return seed >> 33;
}

/* A kill leaves what was written to the page cache in place, so that memory
 * does as well as a disk, and gives the writer more chances to be hit. */
static const char *quick_folder(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

static size_t size_of_fragment(uint64_t number)
{
    return 200 + number * 7919 % 90000;
}

/* Record one fragment; its number is its time. */
static enum sting_status record_one(struct garden *garden,
                                    struct recording *recording,
                                    uint64_t number)
{
    struct buffer data STING_AUTO(buffer_release) = {0};
    garden_fragment(number, size_of_fragment(number), &data);
    const struct recording_fragment fragment = {.data = buffer_bytes(&data),
                                                .pts_us =
                                                    (int64_t)number * 1000000,
                                                .duration_us = 1000000,
                                                .utc_us = garden->now.utc_us,
                                                .frames = REEL_FRAMES,
                                                .starts_with_key = true};
    garden_wait(garden, 1000000);
    return recording_fragment(recording, garden->now, &fragment, NULL);
}

/* One session of the writer: what becomes durable is told over the pipe. */
static void write_session(struct garden *garden, uint64_t *number, int pipe)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger = garden_open(garden);
    if (recording_new(ledger, "garage", &recording, NULL) ||
        garden_init(garden, recording)) {
        _exit(3);
    }
    for (int i = 0; i < 14; i++, ++*number) {
        if (record_one(garden, recording, *number) ||
            write(pipe, number, sizeof *number) != sizeof *number ||
            recording_settle(recording, garden->now, NULL)) {
            _exit(3);
        }
        if (i % 5 == 4 && ledger_checkpoint(ledger, garden->now, NULL)) {
            _exit(3);
        }
        if (i == 6) {
            recording_alert(recording);
        }
    }
    if (recording_close(recording, garden->now, NULL) ||
        ledger_close(&ledger, garden->now, "done", NULL)) {
        _exit(3);
    }
}

static void write_until_killed(struct garden *garden, uint64_t number, int pipe)
{
    for (;;) {
        write_session(garden, &number, pipe);
    }
}

/* The last fragment that the writer called durable, plus one. */
static uint64_t read_durable(int pipe, uint64_t first)
{
    uint64_t number = 0;
    uint64_t durable = first;
    while (read(pipe, &number, sizeof number) == sizeof number) {
        durable = number + 1;
    }
    return durable;
}

/* Let a writer run and kill it. Gives what it had called durable. */
static uint64_t kill_a_writer(struct garden *garden, uint64_t first)
{
    int ends[2];
    int ended = 0;
    assert_true(pipe(ends) == 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        write_until_killed(garden, first, ends[1]);
    }
    close(ends[1]);
    usleep((useconds_t)(next_random() % 40000));
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
    uint64_t durable = read_durable(ends[0], first);
    close(ends[0]);
    return durable;
}

static void check_verdict(struct garden *garden, const char *when)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct fault fault = {.why = ""};
    const struct verify_options options = {.identity = &garden->identity[0]};
    assert_true(!verify_operation(garden->dir, &options, &report, &fault));
    if (report.verdict != VERIFY_INTACT && report.verdict != VERIFY_GAPS) {
        fail_msg("%s, %s: %s at %" PRIu64 " %s: %s", garden->path, when,
                 verify_verdict_text(report.verdict), report.at, report.file,
                 report.reason);
    }
    for (size_t i = 0; i < report.said.gaps; i++) {
        if (!strcmp(report.gap[i].cause, "unexplained")) {
            fail_msg("%s, %s: nothing says why pictures of %s are missing",
                     garden->path, when, report.gap[i].camera);
        }
    }
}

/* Whatever a death left has its files: who found it unsigned saw each. */
static void check_seen(struct garden *garden)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (!strcmp(line.kind->name, "session")) {
            assert_true(bytes_equal(line_raw(&line, "seen"),
                                    line_raw(&line, "unsigned")));
            assert_false(line_has(&line, "unlike"));
        }
    }
}

/* A recording holds whole fragments, in their order. Gives the number behind
 * its last one. */
static uint64_t check_recording(struct garden *garden, const struct line *line)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct buffer expected STING_AUTO(buffer_release) = {0};
    struct fault fault = {.why = ""};
    int64_t pts_us = 0;
    assert_true(!line_integer(line, "pts", &pts_us));
    if (recording_open(garden->dir, &garden->identity[1], line, &plain,
                       &fault)) {
        fail_msg("%s", fault.why);
    }
    uint64_t number = (uint64_t)pts_us / 1000000;
    for (size_t at = 0; at < plain.size; number++) {
        garden_fragment(number, size_of_fragment(number), &expected);
        assert_true(plain.size - at >= expected.size);
        assert_memory_equal(plain.data + at, expected.data, expected.size);
        at += expected.size;
    }
    return number;
}

/* Every fragment from `first` on is in the ledger once, without a hole, up
 * to the one that is given back. */
static uint64_t check_played(struct garden *garden, uint64_t from_line,
                             uint64_t first)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    uint64_t next = first;
    assert_true(!ledger_reader_open(garden->dir, &reader, NULL));
    while (!ledger_reader_next(reader, &line)) {
        if (line.seq < from_line || strcmp(line.kind->name, "seg") != 0 ||
            !bytes_equal(line_raw(&line, "camera"), bytes_of_text("garage"))) {
            continue;
        }
        int64_t pts_us = 0;
        assert_true(!line_integer(&line, "pts", &pts_us));
        assert_int_equal(pts_us, next * 1000000);
        next = check_recording(garden, &line);
    }
    return next;
}

static void a_killed_writer_loses_nothing_durable(void **state)
{
    (void)state;
    struct garden garden;
    uint64_t number = 0;
    uint64_t lines = 0;
    uint64_t played = 0;
    for (int i = 0; i < rounds; i++) {
        if (i % 20 == 0) {
            garden_make(&garden, quick_folder());
            number = 0;
            lines = 0;
        }
        uint64_t durable = kill_a_writer(&garden, number);
        garden_wait(&garden, 3600000000);
        check_verdict(&garden, "after the kill");
        struct ledger *ledger = garden_open(&garden);
        uint64_t all = check_played(&garden, lines, number);
        if (all < durable || all > durable + 1) {
            fail_msg("round %d: %" PRIu64 " durable, %" PRIu64 " found", i,
                     durable, all);
        }
        played += all - number;
        number = all;
        lines = ledger_lines(ledger);
        if (i % 3 == 0) {
            assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        } else {
            ledger_free(&ledger);
        }
        check_verdict(&garden, "after recovery");
        check_seen(&garden);
        if (i % 20 == 19 || i + 1 == rounds) {
            garden_remove(&garden);
        }
    }
    print_message("%d kills, %" PRIu64 " fragments, none lost\n", rounds,
                  played);
}

/* ---- a disk that fills up ---- */

/* Record until an error; then say how far it came. */
static void write_until_full(struct garden *garden, int pipe)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(garden);
    struct fault fault = {.why = ""};
    enum sting_status status =
        recording_new(ledger, "garage", &recording, &fault);
    status = status ? status : garden_init(garden, recording);
    for (uint64_t i = 0; !status && i < 4000; i++) {
        status = record_one(garden, recording, i);
        if (!status && write(pipe, &i, sizeof i) != sizeof i) {
            _exit(3);
        }
    }
    /* Loud, and the next attempt is no false success. */
    bool loud = status == STING_E_IO;
    if (ledger_append(ledger, garden->now, "gap",
                      (const struct line_field[]){{"cause", "full"}}, 1, NULL,
                      &fault)) {
        loud = loud && fault.why[0] && fault.todo[0];
    }
    _exit(loud ? 0 : 4);
}

/* Gives how many fragments the writer called durable before it gave up. */
static uint64_t fill_and_check(struct garden *garden, rlim_t most)
{
    int ends[2];
    int ended = 0;
    assert_true(pipe(ends) == 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        signal(SIGXFSZ, SIG_IGN);
        close(ends[0]);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){most, most});
        write_until_full(garden, ends[1]);
    }
    close(ends[1]);
    uint64_t durable = read_durable(ends[0], 0);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
        fail_msg("limit %ju: the writer ended with %x", (uintmax_t)most,
                 (unsigned)ended);
    }
    garden_wait(garden, INT64_C(36000000000));
    check_verdict(garden, "on the full disk");
    return durable;
}

static void a_file_that_cannot_grow_is_told_and_the_ledger_is_whole(
    void **state)
{
    (void)state;
    static const rlim_t most[] = {60000, 20000, 7001, 5000, 4097, 3500};
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        struct garden garden;
        garden_make(&garden, quick_folder());
        uint64_t durable = fill_and_check(&garden, most[i]);
        struct ledger *ledger = garden_open(&garden); /* room again */
        assert_true(check_played(&garden, 0, 0) >= durable);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        check_verdict(&garden, "with room again");
        garden_remove(&garden);
    }
}

static bool write_text(const char *path, const char *text)
{
    int file STING_AUTO(fd_close) = open(path, O_WRONLY | O_CLOEXEC);
    return file >= 0 &&
           write(file, text, strlen(text)) == (ssize_t)strlen(text);
}

/* A mount namespace of our own; without rights, as root of a user namespace
 * of our own. */
static bool may_mount(void)
{
    char map[64];
    snprintf(map, sizeof map, "0 %u 1", (unsigned)geteuid());
    bool mine = geteuid() == 0 ? unshare(CLONE_NEWNS) == 0
                               : unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
                                     write_text("/proc/self/uid_map", map);
    return mine && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* A file system of a few megabytes, where the machine lets us have one. */
static void write_on_small_disk(void)
{
    struct garden garden;
    if (!may_mount() || mount("none", "/mnt", "tmpfs", 0, "size=3m") != 0) {
        _exit(77);
    }
    garden_make(&garden, "/mnt");
    fill_and_check(&garden, RLIM_INFINITY);
    _exit(0); /* the file system goes with this process */
}

static void a_full_disk_is_told_and_the_ledger_is_whole(void **state)
{
    (void)state;
    int ended = 0;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        write_on_small_disk();
    }
    assert_int_equal(waitpid(pid, &ended, 0), pid);
    assert_true(WIFEXITED(ended));
    if (WEXITSTATUS(ended) == 77) {
        print_message("no small file system here; limits were tried above\n");
        return;
    }
    assert_int_equal(WEXITSTATUS(ended), 0);
}

/* ---- a disk that fails ---- */

static void a_failed_sync_is_never_called_success(void **state)
{
    (void)state;
    for (int good = 0; good < 60; good++) {
        struct garden garden;
        struct recording *recording = NULL;
        garden_make(&garden, quick_folder());
        struct ledger *ledger = garden_open(&garden);
        assert_true(!recording_new(ledger, "garage", &recording, NULL));
        syncs_left = good;
        enum sting_status status = garden_init(&garden, recording);
        uint64_t number = 0;
        while (!status && number < 10) {
            status = record_one(&garden, recording, number);
            number += !status;
            if (!status) {
                status = recording_settle(recording, garden.now, NULL);
            }
        }
        if (!status) {
            status = recording_close(recording, garden.now, NULL);
        }
        bool failed = syncs_left == -1;
        assert_true(failed == (status != STING_OK));
        syncs_left = -1;
        recording_free(&recording);
        ledger_free(&ledger);
        check_verdict(&garden, "after the failed sync");
        ledger = garden_open(&garden);
        assert_true(check_played(&garden, 0, 0) >= number);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        check_verdict(&garden, "after recovery");
        garden_remove(&garden);
    }
}

/* How many recordings lie there that no line names. */
static uint64_t unclaimed(struct garden *garden)
{
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct fault fault = {.why = ""};
    const struct verify_options options = {.identity = &garden->identity[0]};
    assert_true(!verify_operation(garden->dir, &options, &report, &fault));
    return report.unclaimed;
}

/* Opening ends at its sync number `good`, as a death there would end it.
 * False when it had no more than that. */
static bool open_and_die(struct garden *garden, int good)
{
    const struct ledger_context context = {
        .random = &random_kernel,
        .boot = "0a1b2c3d-0000-4000-8000-000000000000",
        .version = "0.1.0"};
    struct ledger *ledger STING_AUTO(ledger_free) = NULL;
    struct fault fault = {.why = ""};
    syncs_left = good;
    enum sting_status status =
        ledger_open(garden->dir, &context, garden->now, &ledger, &fault);
    bool died = syncs_left == -1;
    syncs_left = -1;
    assert_true(died == (status != STING_OK));
    return died;
}

/* Record some, and let go as a death would. */
static void record_some(struct garden *garden, struct ledger *ledger,
                        const char *camera, uint64_t first, uint64_t count)
{
    struct recording *recording STING_AUTO(recording_free) = NULL;
    assert_true(!recording_new(ledger, camera, &recording, NULL));
    assert_true(!garden_init(garden, recording));
    for (uint64_t number = first; number < first + count; number++) {
        assert_true(!record_one(garden, recording, number));
    }
}

/* What a first death left is being adopted, when a second one comes. */
static void a_death_at_any_step_of_recovery_loses_nothing(void **state)
{
    (void)state;
    bool died = true;
    const uint64_t number = 12;
    for (int good = 0; died; good++) {
        struct garden garden;
        garden_make(&garden, quick_folder());
        struct ledger *ledger = garden_open(&garden);
        record_some(&garden, ledger, "yard", 100, 5);
        record_some(&garden, ledger, "garage", 0, number);
        ledger_free(&ledger);
        garden_wait(&garden, 60000000);
        died = open_and_die(&garden, good);
        check_verdict(&garden, "after the second death");
        ledger = garden_open(&garden);
        assert_int_equal(check_played(&garden, 0, 0), number);
        assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
        check_verdict(&garden, "after the second recovery");
        check_seen(&garden);
        assert_int_equal(unclaimed(&garden), 0);
        garden_remove(&garden);
    }
}

/* A death while a blob is written leaves a draft that no line names. */
static void half_written_files_go_with_the_next_opening(void **state)
{
    (void)state;
    static const char *const draft[] = {"evidence/blobs/00ff.age.tmp",
                                        "evidence/torn.1.tmp"};
    struct garden garden;
    garden_make(&garden, quick_folder());
    struct ledger *ledger = garden_open(&garden);
    ledger_free(&ledger);
    for (size_t i = 0; i < 2; i++) {
        assert_true(!file_write(garden.dir, draft[i], bytes_of_text("half"),
                                0600, NULL));
    }
    ledger = garden_open(&garden);
    for (size_t i = 0; i < 2; i++) {
        assert_int_not_equal(faccessat(garden.dir, draft[i], F_OK, 0), 0);
    }
    assert_true(!ledger_close(&ledger, garden.now, "done", NULL));
    check_verdict(&garden, "without its drafts");
    garden_remove(&garden);
}

static void after_a_failed_sync_of_the_ledger_nothing_is_written(void **state)
{
    (void)state;
    struct garden garden;
    struct fault fault = {.why = ""};
    const struct line_field field[] = {{"camera", "garage"}, {"state", "on"}};
    garden_make(&garden, quick_folder());
    struct ledger *ledger STING_AUTO(ledger_free) = garden_open(&garden);
    syncs_left = 0;
    assert_int_equal(
        ledger_append(ledger, garden.now, "camera", field, 2, NULL, &fault),
        STING_E_IO);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(
            ledger_append(ledger, garden.now, "camera", field, 2, NULL, &fault),
            STING_E_IO);
        assert_true(fault.todo[0]);
    }
    assert_int_equal(ledger_checkpoint(ledger, garden.now, &fault), STING_E_IO);
    garden_remove(&garden);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_killed_writer_loses_nothing_durable),
        cmocka_unit_test(
            a_file_that_cannot_grow_is_told_and_the_ledger_is_whole),
        cmocka_unit_test(a_full_disk_is_told_and_the_ledger_is_whole),
        cmocka_unit_test(a_failed_sync_is_never_called_success),
        cmocka_unit_test(a_death_at_any_step_of_recovery_loses_nothing),
        cmocka_unit_test(half_written_files_go_with_the_next_opening),
        cmocka_unit_test(after_a_failed_sync_of_the_ledger_nothing_is_written),
    };
    rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : rounds;
    seed = argc > 2 ? strtoul(argv[2], NULL, 10) : (unsigned long)getpid();
    print_message("seed %" PRIu64 "\n", seed);
    if (argc > 3) {
        const struct CMUnitTest kills[] = {test[0]};
        return cmocka_run_group_tests_name("kills", kills, NULL, NULL);
    }
    return cmocka_run_group_tests_name("crash", test, NULL, NULL);
}
