/*
 * The probe: in this build of the binary a worker locks itself in like any
 * other and then does, on request, one thing that it may or may not do. The
 * jail is believed only when the worker is seen to die.
 *
 * One letter comes in; the worker dies, or answers with the errno of what
 * it tried (0: it was let).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cli/workers.h"
#include "jail/worker.h"
#include "tests/probe/probe.h"

/* Memory of a thread, given back: the C library tidies up after it. */
static void *thread_body(void *argument)
{
    enum { BLOCKS = 256, BLOCK_BYTES = 100000 };
    static void *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = malloc(BLOCK_BYTES);
    }
    for (int i = 0; i < BLOCKS; i++) {
        free(block[i]);
    }
    return argument;
}

/* What every decoder does: memory, threads, the clock. */
static bool threads_work(void)
{
    pthread_t thread;
    void *result = NULL;
    return pthread_create(&thread, NULL, thread_body, &result) == 0 &&
           pthread_join(thread, &result) == 0;
}

static bool memory_works(void)
{
    struct timespec now;
    size_t size = 16u << 20;
    char *block = malloc(size);
    struct tm local; /* libraries write dates */
    time_t zero = 0;
    if (!block || clock_gettime(CLOCK_MONOTONIC, &now) != 0 ||
        !localtime_r(&zero, &local) || mktime(&local) == -1) {
        free(block);
        return false;
    }
    memset(block, (int)now.tv_nsec, size);
    char *grown = realloc(block, 2 * size);
    free(grown ? grown : block);
    return grown != NULL;
}

static long connect_to(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return connect(fd, (struct sockaddr *)&to, sizeof to);
}

/* What a camera worker does, in little: one connection, both ways. */
static long talk(const char *host, uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    char answer[5] = "";
    inet_pton(AF_INET, host, &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
        send(fd, "hello", 5, MSG_NOSIGNAL) != 5) {
        return -1;
    }
    ssize_t got = recv(fd, answer, sizeof answer, MSG_WAITALL);
    close(fd);
    if (got != 5 || memcmp(answer, "HELLO", 5) != 0) {
        errno = EPROTO;
        return -1;
    }
    return 0;
}

static long executable_memory(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return page == MAP_FAILED ? -1 : 0;
}

static long much_memory(void)
{
    void *block = mmap(NULL, (size_t)64 << 30, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? -1 : 0;
}

static long program_run(void)
{
    static char *const argv[] = {NULL};
    return execve("/bin/true", argv, argv);
}

/* What a camera device could be told beyond what it is asked for pictures:
 * here its brightness. */
static long device_ask(int fd, unsigned long request)
{
    union {
        struct v4l2_capability has;
        struct v4l2_control set;
    } with = {.set = {V4L2_CID_BRIGHTNESS, 0}};
    return ioctl(fd, request, &with);
}

static long probe_do(char what)
{
    switch (what) {
    case PROBE_ALIVE:
        return memory_works() ? 0 : -1;
    case PROBE_THREADS:
        return threads_work() ? 0 : -1;
    case PROBE_OPEN:
        return open("/etc/passwd", O_RDONLY);
    case PROBE_OPEN_TO_WRITE:
        return open("/tmp/probe", O_RDWR | O_CREAT, 0600);
    case PROBE_SOCKET_TCP:
        return socket(AF_INET, SOCK_STREAM, 0);
    case PROBE_SOCKET_UDP:
        return socket(AF_INET, SOCK_DGRAM, 0);
    case PROBE_SOCKET_RAW:
        return socket(AF_INET, SOCK_RAW, 1);
    case PROBE_SOCKET_PACKET:
        return socket(AF_PACKET, SOCK_RAW, 0);
    case PROBE_CONNECT_OTHER:
        return connect_to(PROBE_OTHER_PORT);
    case PROBE_EXECVE:
        return program_run();
    case PROBE_PTRACE:
        return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
    case PROBE_FORK:
        return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    case PROBE_KILL:
        return kill(getppid(), 0);
    case PROBE_MOUNT:
        return mount("none", "/tmp", "tmpfs", 0, NULL);
    case PROBE_EXECUTABLE:
        return executable_memory();
    case PROBE_URING:
        return syscall(SYS_io_uring_setup, 1, NULL);
    case PROBE_BPF:
        return syscall(SYS_bpf, 0, NULL, 0);
    case PROBE_DEVICE:
        return device_ask(WORKER_INPUT_FD, VIDIOC_QUERYCAP);
    case PROBE_DEVICE_BESIDE:
        return device_ask(STDOUT_FILENO, VIDIOC_QUERYCAP);
    case PROBE_DEVICE_CONTROL:
        return device_ask(WORKER_INPUT_FD, VIDIOC_S_CTRL);
    case PROBE_TALK:
        return talk(PROBE_CAMERA, PROBE_CAMERA_PORT);
    case PROBE_TALK_SECOND:
        return talk(PROBE_CAMERA, PROBE_SECOND_PORT);
    case PROBE_TALK_THIRD:
        return talk(PROBE_CAMERA, PROBE_THIRD_PORT);
    case PROBE_TALK_NEIGHBOUR:
        return talk(PROBE_NEIGHBOUR, PROBE_SECOND_PORT);
    case PROBE_MUCH_MEMORY:
        return much_memory();
    default:
        return -1;
    }
}

int probe_serve(int channel)
{
    char what;
    while (read(channel, &what, 1) == 1) {
        errno = 0;
        unsigned char answer = probe_do(what) < 0 ? (unsigned char)errno : 0;
        if (write(channel, &answer, 1) != 1) {
            return 1;
        }
    }
    return 0;
}
