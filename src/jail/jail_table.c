#include "jail/jail_table.h"

#include <seccomp.h>

#define MIB ((rlim_t)1024 * 1024)
#define GIB (MIB * 1024)
#define FOREVER RLIM_INFINITY

/* What a resolver and a TLS client read. */
static const char *const net_path[] = {"/etc/resolv.conf",
                                       "/etc/hosts",
                                       "/etc/host.conf",
                                       "/etc/nsswitch.conf",
                                       "/etc/gai.conf",
                                       "/etc/services",
                                       "/etc/ssl",
                                       "/usr/lib/ssl",
                                       "/usr/share/ca-certificates",
                                       "/usr/local/share/ca-certificates",
                                       "/run/systemd/resolve",
                                       "/run/resolvconf",
                                       NULL};

#define DECODES (JAIL_BASIC | JAIL_THREADS)

const struct jail_row jail_row[WORKER_KINDS] = {
    [WORKER_CAMERA] = {"camera", 2 * GIB, FOREVER, 32, NULL,
                       DECODES | JAIL_CONNECT | JAIL_DEVICE, false},
    [WORKER_RELAY] = {"relay", 64 * MIB, FOREVER, 16, NULL,
                      JAIL_BASIC | JAIL_CONNECT | JAIL_ACCEPT, false},
    [WORKER_PICTURE] = {"picture", 4 * GIB, 3600, 16, NULL, DECODES, false},
    [WORKER_PLAYER] = {"player", 4 * GIB, 3600, 16, NULL, DECODES, false},
    [WORKER_CHECK] = {"check", 1 * GIB, 3600, 16, NULL, JAIL_BASIC, false},
    [WORKER_FOLDER] = {"folder", 1 * GIB, FOREVER, 64, NULL,
                       JAIL_BASIC | JAIL_FOLDER, false},
    [WORKER_NET] = {"net", 1 * GIB, FOREVER, 64, net_path,
                    DECODES | JAIL_CONNECT | JAIL_NAMES, true},
    [WORKER_WEB] = {"web", 1 * GIB, FOREVER, 512, NULL,
                    JAIL_BASIC | JAIL_ACCEPT | JAIL_EVENTS, false},
    [WORKER_WITNESS] = {"witness", 256 * MIB, FOREVER, 64, NULL,
                        JAIL_BASIC | JAIL_ACCEPT, false},
    [WORKER_DRILL] = {"drill", 4 * GIB, 86400, 16, NULL, DECODES, false},
};

/* clang-format off */
static const int basic_call[] = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(close),
    SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg), SCMP_SYS(shutdown),
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
    SCMP_SYS(futex), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid),
    SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrandom),
    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(getcpu),
    SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(tgkill),
    -1};

static const int threads_call[] = {
    SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(set_tid_address), -1};

static const int connect_call[] = {
    SCMP_SYS(connect), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname), SCMP_SYS(getpeername), -1};

static const int accept_call[] = {
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt), SCMP_SYS(getsockname), -1};

/* sendmmsg: the resolver asks for A and AAAA at once. */
static const int names_call[] = {
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(getdents64),
    SCMP_SYS(sendmmsg), SCMP_SYS(bind), SCMP_SYS(eventfd2), SCMP_SYS(pipe2),
    SCMP_SYS(socketpair), SCMP_SYS(sysinfo), -1};

static const int folder_call[] = {
    SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(getdents64),
    SCMP_SYS(faccessat), SCMP_SYS(faccessat2), -1};

static const int events_call[] = {
    SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(eventfd2), -1};

/* The table by which sanitizer builds are wider: shadow memory, reports,
 * the leak check's own process and its reading of /proc. */
static const int sanitizer_call[] = {
    SCMP_SYS(mprotect), SCMP_SYS(mmap), SCMP_SYS(openat), SCMP_SYS(open),
    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(stat),
    SCMP_SYS(newfstatat), SCMP_SYS(getdents64), SCMP_SYS(clone),
    SCMP_SYS(wait4), SCMP_SYS(ptrace), SCMP_SYS(arch_prctl),
    SCMP_SYS(process_vm_readv), SCMP_SYS(getrlimit), SCMP_SYS(prlimit64),
    SCMP_SYS(sched_setaffinity), SCMP_SYS(sysinfo), SCMP_SYS(pipe2),
    SCMP_SYS(pipe), SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(mincore), -1};
/* clang-format on */

const int *jail_calls(enum jail_group group)
{
    switch (group) {
    case JAIL_BASIC:
        return basic_call;
    case JAIL_THREADS:
        return threads_call;
    case JAIL_CONNECT:
        return connect_call;
    case JAIL_ACCEPT:
        return accept_call;
    case JAIL_NAMES:
        return names_call;
    case JAIL_SANITIZER:
        return sanitizer_call;
    case JAIL_FOLDER:
        return folder_call;
    case JAIL_EVENTS:
        return events_call;
    case JAIL_DEVICE:
        return NULL; /* ioctl(2) alone, by its arguments: seccomp.c */
    }
    return NULL;
}
