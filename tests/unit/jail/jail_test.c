/* The jail, as seen from outside: a worker that tries dies, or is refused.
 * What its table says is not evidence; only this is. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jail/worker.h"
#include "tests/check.h"
#include "tests/probe/probe.h"

#define DIES 256
static const char killed_by_jail[] = "broke its jail and was stopped (SIGSYS)";

/* What became of a worker of this kind that tried: errno, or DIES. */
static int outcome(enum worker_kind kind, char what)
{
    struct fault fault = {0};
    struct worker worker;
    if (worker_start(kind, &worker, &fault)) {
        fail_msg("%s: %s", worker_name(kind), fault.why);
    }
    unsigned char answer = 0;
    assert_int_equal(write(worker.channel, &what, 1), 1);
    ssize_t got = read(worker.channel, &answer, 1);
    const char *why = worker_stop_why(&worker, 5000);
    if (got == 1) {
        return answer;
    }
    if (strcmp(why, killed_by_jail) != 0) {
        fail_msg("%s, probe %c: %s", worker_name(kind), what, why);
    }
    return DIES;
}

static bool one_of(char what, const char *list)
{
    return strchr(list, what) != NULL;
}

#ifndef STING_SANITIZED
static const char dies_everywhere[] = {PROBE_OPEN_TO_WRITE,
                                       PROBE_SOCKET_RAW,
                                       PROBE_SOCKET_PACKET,
                                       PROBE_EXECVE,
                                       PROBE_PTRACE,
                                       PROBE_FORK,
                                       PROBE_KILL,
                                       PROBE_MOUNT,
                                       PROBE_EXECUTABLE,
                                       PROBE_URING,
                                       PROBE_BPF,
                                       PROBE_DEVICE_BESIDE,
                                       PROBE_DEVICE_CONTROL,
                                       '\0'};
#else /* the wider table lets open, fork and ptrace through */
static const char dies_everywhere[] = {PROBE_SOCKET_RAW,
                                       PROBE_SOCKET_PACKET,
                                       PROBE_EXECVE,
                                       PROBE_KILL,
                                       PROBE_MOUNT,
                                       PROBE_URING,
                                       PROBE_BPF,
                                       PROBE_DEVICE_BESIDE,
                                       PROBE_DEVICE_CONTROL,
                                       '\0'};
#endif

static void kind_dies(enum worker_kind kind)
{
    for (const char *what = dies_everywhere; *what; what++) {
        if (outcome(kind, *what) != DIES) {
            fail_msg("%s outlived probe %c", worker_name(kind), *what);
        }
    }
}

static void every_kind_dies_of_what_no_worker_may_do(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        kind_dies((enum worker_kind)kind);
    }
}

static void every_kind_lives_and_has_memory(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_ALIVE), 0);
    }
}

static void only_some_kinds_have_threads(void **state)
{
    (void)state;
    static const char with[] = {WORKER_CAMERA + 1, WORKER_PICTURE + 1,
                                WORKER_PLAYER + 1, WORKER_NET + 1,
                                WORKER_DRILL + 1,  '\0'};
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        int expected = one_of((char)(kind + 1), with) ? 0 : DIES;
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_THREADS),
                         expected);
    }
}

static void only_camera_relay_and_net_have_tcp(void **state)
{
    (void)state;
    static const char with[] = {WORKER_CAMERA + 1, WORKER_RELAY + 1,
                                WORKER_NET + 1, '\0'};
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        int expected = one_of((char)(kind + 1), with) ? 0 : DIES;
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_SOCKET_TCP),
                         expected);
    }
}

static void only_net_has_udp_to_look_up_names(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        int expected = kind == WORKER_NET ? 0 : DIES;
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_SOCKET_UDP),
                         expected);
    }
}

static void nobody_opens_a_file_beyond_names_and_certificates(void **state)
{
    (void)state;
#ifndef STING_SANITIZED
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        /* These two may open files; Landlock says which. */
        bool opens = kind == WORKER_NET || kind == WORKER_FOLDER;
        int expected = opens ? EACCES : DIES;
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_OPEN), expected);
    }
#else
    assert_int_equal(outcome(WORKER_PICTURE, PROBE_OPEN), EACCES);
#endif
}

static void camera_and_relay_reach_no_other_port(void **state)
{
    (void)state;
    assert_int_equal(outcome(WORKER_CAMERA, PROBE_CONNECT_OTHER), EACCES);
    assert_int_equal(outcome(WORKER_RELAY, PROBE_CONNECT_OTHER), EACCES);
}

static void only_the_camera_asks_a_device_for_pictures(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        int got = outcome((enum worker_kind)kind, PROBE_DEVICE);
        /* There is no device here: the kernel is asked, and says so. */
        bool was_let = got == EBADF || got == ENOTTY;
        if (kind == WORKER_CAMERA ? !was_let : got != DIES) {
            fail_msg("%s: %d", worker_name((enum worker_kind)kind), got);
        }
    }
}

static void memory_ends_somewhere(void **state)
{
    (void)state;
#ifndef STING_SANITIZED
    for (unsigned kind = 0; kind < WORKER_KINDS; kind++) {
        assert_int_equal(outcome((enum worker_kind)kind, PROBE_MUCH_MEMORY),
                         ENOMEM);
    }
#endif
}

static struct sockaddr_in address(const char *text, uint16_t port)
{
    struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons(port)};
    assert_int_equal(inet_pton(AF_INET, text, &made.sin_addr), 1);
    return made;
}

static void camera_worker_meets_only_the_camera_s_address(void **state)
{
    (void)state;
    struct sockaddr_in camera = address("192.0.2.7", 554);
    int listener STING_AUTO(fd_close) = -1;
    struct worker_place place = {.input = -1,
                                 .camera = (struct sockaddr *)&camera,
                                 .listener = &listener};
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    assert_int_equal(worker_start_with(WORKER_CAMERA, &place, &worker, NULL),
                     STING_OK);
    assert_true(listener >= 0);
    struct sockaddr_in bound = {0};
    socklen_t size = sizeof bound;
    assert_int_equal(getsockname(listener, (struct sockaddr *)&bound, &size),
                     0);
    assert_int_equal(bound.sin_addr.s_addr, camera.sin_addr.s_addr);
    assert_int_equal(bound.sin_port, camera.sin_port);
}

static void worker_that_was_killed_is_told_from_one_that_ended(void **state)
{
    (void)state;
    struct worker worker = WORKER_NONE;
    assert_int_equal(worker_start(WORKER_CHECK, &worker, NULL), STING_OK);
    kill(worker.pid, SIGKILL);
    assert_string_equal(worker_stop_why(&worker, 5000), "was killed");
    assert_int_equal(worker_start(WORKER_CHECK, &worker, NULL), STING_OK);
    assert_string_equal(worker_stop_why(&worker, 5000), "ended");
    assert_int_equal(worker.channel, -1);
    worker_stop(&worker, 0); /* once more does no harm */
}

static void workers_die_with_the_process_that_started_them(void **state)
{
    (void)state;
    int line[2];
    assert_int_equal(pipe(line), 0);
    pid_t core = fork();
    if (core == 0) {
        struct worker worker;
        enum sting_status status = worker_start(WORKER_CHECK, &worker, NULL);
        pid_t pid = status ? 0 : worker.pid;
        /* The channel stays open in us, so only the signal can end it. */
        if (write(line[1], &pid, sizeof pid) == sizeof pid) {
            pause();
        }
        _exit(1);
    }
    pid_t worker = 0;
    int inherited = dup(line[0]);
    assert_int_equal(read(line[0], &worker, sizeof worker), sizeof worker);
    assert_true(worker > 0);
    kill(core, SIGKILL);
    waitpid(core, NULL, 0);
    int tries = 0;
    /* Somebody else reaps it; a zombie of init counts as gone. */
    while (kill(worker, 0) == 0 && tries++ < 500) {
        usleep(10000);
    }
    assert_true(tries < 500);
    close(inherited);
    close(line[0]);
    close(line[1]);
}

static void binary_that_is_not_there_is_one_clear_fault(void **state)
{
    (void)state;
    struct fault fault = {0};
    struct worker worker;
    worker_binary("/nowhere");
    enum sting_status status = worker_start(WORKER_CHECK, &worker, &fault);
    worker_binary(PROBE_BINARY);
    assert_int_equal(status, STING_E_IO);
    assert_non_null(strstr(fault.why, "the check worker ended before"));
    assert_int_equal(worker.channel, -1);
}

int main(void)
{
    worker_binary(PROBE_BINARY);
    const struct CMUnitTest test[] = {
        cmocka_unit_test(every_kind_lives_and_has_memory),
        cmocka_unit_test(every_kind_dies_of_what_no_worker_may_do),
        cmocka_unit_test(only_some_kinds_have_threads),
        cmocka_unit_test(only_camera_relay_and_net_have_tcp),
        cmocka_unit_test(only_net_has_udp_to_look_up_names),
        cmocka_unit_test(nobody_opens_a_file_beyond_names_and_certificates),
        cmocka_unit_test(camera_and_relay_reach_no_other_port),
        cmocka_unit_test(only_the_camera_asks_a_device_for_pictures),
        cmocka_unit_test(memory_ends_somewhere),
        cmocka_unit_test(camera_worker_meets_only_the_camera_s_address),
        cmocka_unit_test(worker_that_was_killed_is_told_from_one_that_ended),
        cmocka_unit_test(workers_die_with_the_process_that_started_them),
        cmocka_unit_test(binary_that_is_not_there_is_one_clear_fault),
    };
    return cmocka_run_group_tests_name("jail", test, NULL, NULL);
}
