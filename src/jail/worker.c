#include "jail/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "jail/camera_net.h"
#include "jail/jail_table.h"
#include "jail/report.h"

#define ENTER_MS 15000 /* under sanitizers on a busy machine */
#define SAFE_FD 16     /* above every number that the worker will use */
#define POLL_MS 5

static const char *binary = "/proc/self/exe";

void worker_binary(const char *path)
{
    binary = path;
}

const char *worker_name(enum worker_kind kind)
{
    return kind < WORKER_KINDS ? jail_row[kind].name : "unknown";
}

enum worker_kind worker_kind_find(const char *name)
{
    unsigned kind = 0;
    while (kind < WORKER_KINDS && strcmp(jail_row[kind].name, name) != 0) {
        kind++;
    }
    return (enum worker_kind)kind;
}

/* ---- the new process, between fork and exec ---- */

/* Put fd at `number`, open across exec. Descriptors below SAFE_FD may be
 * about to be overwritten, so the caller moved them up first. */
static bool place_fd(int fd, int number)
{
    return fd < 0 || dup2(fd, number) == number;
}

static int move_up(int fd)
{
    return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SAFE_FD);
}

static bool descriptors_set(int channel, int input, int second)
{
    int up = move_up(channel);
    int up_input = move_up(input);
    int up_second = move_up(second);
    int null = move_up(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (up < 0 || null < 0 || (input >= 0 && up_input < 0) ||
        (second >= 0 && up_second < 0)) {
        return false;
    }
    /* Nothing of a worker reaches the terminal: it may say what a hostile
     * camera made it say. Sanitizers' reports are wanted. */
#ifdef STING_SANITIZED
    bool is_quiet = true;
#else
    bool is_quiet = place_fd(null, 2);
#endif
    return is_quiet && place_fd(null, 0) && place_fd(null, 1) &&
           place_fd(up, WORKER_CHANNEL_FD) &&
           place_fd(up_input, WORKER_INPUT_FD) &&
           place_fd(up_second, WORKER_SECOND_FD);
}

/* Enter the camera's network and hand the listening sockets back; what is
 * left of them here ends with exec. */
static bool camera_enter(const struct worker_place *place)
{
    struct report report = {.mark = REPORT_MARK};
    int listener[CAMERA_NET_PORTS];
    report.status =
        camera_net_enter(place->camera, place->second_port, listener);
    report.error = report.status ? errno : 0;
    return report_send(WORKER_CHANNEL_FD, &report, listener) == STING_OK &&
           report.status == STING_OK;
}

static int second_input(const struct worker_place *place)
{
    return place->input >= 0 && place->second_input > 0 ? place->second_input
                                                        : -1;
}

static void signals_reset(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* Ctrl-C and a service manager reach the whole group: it is the core that
     * ends its workers, in order. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

_Noreturn static void become_worker(char *const argv[], char *const env[],
                                    int channel,
                                    const struct worker_place *place,
                                    bool has_net)
{
    signals_reset();
    int second = second_input(place);
    bool ok = descriptors_set(channel, place->input, second) &&
              (!has_net || camera_enter(place));
    if (ok) {
        int last = second >= 0         ? WORKER_SECOND_FD
                   : place->input >= 0 ? WORKER_INPUT_FD
                                       : WORKER_CHANNEL_FD;
        close_range((unsigned)last + 1, ~0u, 0);
        execve(binary, argv, env);
    }
    _exit(127);
}

/* ---- the process that starts it ---- */

#ifdef STING_SANITIZED
/* The leak checker attaches to its own process, which no jail allows; leaks
 * are looked for in what is not a worker. */
static const char leaks_off[] = ":detect_leaks=0";
#else
static const char leaks_off[] = "";
#endif

/* Of the environment only what a sanitizer build needs. */
static char *const *environment(void)
{
    static const char *const kept[] = {"UBSAN_OPTIONS", "LLVM_PROFILE_FILE"};
    static char text[3][512];
    static char locale[] = "LC_ALL=C.UTF-8";
    static char *env[5];
    int count = 0;
    const char *asan = getenv("ASAN_OPTIONS");
    env[count++] = locale;
    snprintf(text[2], sizeof text[2], "ASAN_OPTIONS=%s%s", asan ? asan : "",
             leaks_off);
    env[count++] = text[2];
    for (int i = 0; i < 2; i++) {
        const char *value = getenv(kept[i]);
        if (value) {
            snprintf(text[i], sizeof text[i], "%s=%s", kept[i], value);
            env[count++] = text[i];
        }
    }
    env[count] = NULL;
    return env;
}

/* As worker_enter() reads them. */
static void ports_write(const struct worker_place *place, char out[16])
{
    int used = snprintf(out, 16, "%u",
                        place->camera ? camera_net_port(place->camera) : 0u);
    if (place->camera && place->second_port) {
        snprintf(out + used, 16 - (size_t)used, ",%u", place->second_port);
    }
}

/* Fork with a socket between the two; *out->channel is our end. */
static enum sting_status spawn(enum worker_kind kind,
                               const struct worker_place *place, bool has_net,
                               struct worker *out)
{
    char ports[16];
    ports_write(place, ports);
    char *const argv[] = {(char[]){"sting"}, (char[]){"--worker"},
                          (char *)(uintptr_t)jail_row[kind].name, ports, NULL};
    char *const *env = environment();
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return STING_E_IO;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become_worker(argv, env, pair[1], place, has_net);
    }
    close(pair[1]);
    if (pid < 0) {
        close(pair[0]);
        return STING_E_IO;
    }
    *out = (struct worker){.kind = kind, .pid = pid, .channel = pair[0]};
    return STING_OK;
}

/* Wait for the report that it is locked in. */
static enum sting_status entered_wait(struct worker *worker,
                                      struct fault *fault)
{
    struct report report;
    enum sting_status status =
        report_receive(worker->channel, ENTER_MS, &report, NULL);
    if (status) {
        return fault_errno(fault, STING_E_IO, "",
                           "the %s worker ended before it was locked in",
                           worker_name(worker->kind));
    }
    if (report.status) {
        errno = report.error;
        return fault_errno(fault, STING_E_IO,
                           "run sting where it may lock its workers in",
                           "the %s worker could not be locked in (%s)",
                           worker_name(worker->kind), report.missing);
    }
    memcpy(worker->missing, report.missing, sizeof worker->missing);
    return STING_OK;
}

/* Wait for the sockets that listen in its network. */
static enum sting_status listeners_take(struct worker *worker,
                                        const struct worker_place *place)
{
    struct report net = {0};
    int listener[REPORT_PASSED] = {-1, -1};
    enum sting_status status =
        report_receive(worker->channel, ENTER_MS, &net, listener);
    *place->listener = listener[0];
    if (place->second_port) {
        *place->second_listener = listener[1];
    }
    return status ? status : (enum sting_status)net.status;
}

static enum sting_status start(enum worker_kind kind,
                               const struct worker_place *place, bool has_net,
                               struct worker *out, struct fault *fault)
{
    enum sting_status status = spawn(kind, place, has_net, out);
    if (status) {
        return fault_errno(fault, STING_E_IO, "",
                           "the %s worker could not be started",
                           worker_name(kind));
    }
    if (has_net) {
        status = listeners_take(out, place);
    }
    if (!status) {
        status = entered_wait(out, fault);
    }
    if (status) {
        worker_stop(out, 0);
    }
    return status;
}

enum sting_status worker_start_with(enum worker_kind kind,
                                    const struct worker_place *place,
                                    struct worker *out, struct fault *fault)
{
    *out = WORKER_NONE;
    if (place->camera && place->listener) {
        *place->listener = -1;
        if (place->second_port) {
            *place->second_listener = -1;
        }
        if (start(kind, place, true, out, fault) == STING_OK) {
            return STING_OK;
        }
        fd_close(place->listener);
        if (place->second_port) {
            fd_close(place->second_listener);
        }
    }
    return start(kind, place, false, out, fault);
}

enum sting_status worker_start(enum worker_kind kind, struct worker *out,
                               struct fault *fault)
{
    const struct worker_place nowhere = {.input = -1};
    return worker_start_with(kind, &nowhere, out, fault);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reap it if it ends until the deadline. */
static bool reaped(pid_t pid, int64_t deadline_ms, int *how)
{
    for (;;) {
        pid_t ended = waitpid(pid, how, WNOHANG);
        if (ended == pid || (ended < 0 && errno != EINTR)) {
            return true;
        }
        if (now_ms() >= deadline_ms) {
            return false;
        }
        poll(NULL, 0, POLL_MS);
    }
}

static const char *how_text(int how)
{
    if (WIFEXITED(how)) {
        return WEXITSTATUS(how) == 0 ? "ended" : "gave up";
    }
    switch (WTERMSIG(how)) {
    case SIGSYS:
        return "broke its jail and was stopped (SIGSYS)";
    case SIGKILL:
        return "was killed";
    case SIGXCPU:
        return "used up its processor time";
    case SIGABRT:
        return "stopped at an error of its own (SIGABRT)";
    default:
        return "crashed";
    }
}

const char *worker_stop_why(struct worker *worker, int grace_ms)
{
    int how = 0;
    fd_close(&worker->channel);
    if (worker->pid <= 0) {
        return "was not running";
    }
    if (!reaped(worker->pid, now_ms() + grace_ms, &how)) {
        kill(worker->pid, SIGKILL);
        waitpid(worker->pid, &how, 0);
    }
    worker->pid = 0;
    return how_text(how);
}

void worker_stop(struct worker *worker, int grace_ms)
{
    worker_stop_why(worker, grace_ms);
}

void worker_free(struct worker *worker)
{
    worker_stop(worker, 0);
}
