/* shim: a library to be preloaded, which gives a program another clock and
 * failing syncs, as a file of numbers says that may change at any time.
 *
 * STING_SHIM names the file: 64-bit integers, least byte first: microseconds
 * to add to the wall clock, to the boot clock; whether syncs fail with EIO (1)
 * or all writes with EROFS (2); whether a time daemon keeps the clock; its
 * error in microseconds; the leap second that is due, 1 or -1; how many syncs
 * failed (counted here); how many microseconds a sync takes more; how many
 * syncs go well before they fail; whether each waits at a gate (1), how many
 * came to it (counted here), and how many may pass. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

enum {
    WALL,
    BOOT,
    FAIL,
    SYNCED,
    ERROR,
    LEAP,
    FAILED,
    SLOW,
    AFTER,
    GATE,
    CAME,
    PASS,
    NUMBERS
};

static volatile int64_t *number;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("STING_SHIM");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *made = file < 0 ? MAP_FAILED
                          : mmap(NULL, NUMBERS * sizeof *number,
                                 PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    number = made == MAP_FAILED ? NULL : made;
    if (file >= 0) {
        close(file);
    }
}

static void add(struct timespec *time, int64_t us)
{
    int64_t ns = time->tv_nsec + us % 1000000 * 1000;
    time->tv_sec += us / 1000000 + (ns < 0 ? -1 : ns / 1000000000);
    time->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
}

int clock_gettime(clockid_t which, struct timespec *time)
{
    static int (*real)(clockid_t, struct timespec *);
    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = real(which, time);
    if (number && result == 0 && which == CLOCK_REALTIME) {
        add(time, number[WALL] + number[BOOT]);
    } else if (number && result == 0 && which == CLOCK_BOOTTIME) {
        add(time, number[BOOT]);
    }
    return result;
}

time_t time(time_t *out)
{
    struct timespec now = {.tv_sec = -1};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (out) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

/* What openssl dates its replies by. */
int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    struct timespec now = {.tv_sec = -1};
    int result = clock_gettime(CLOCK_REALTIME, &now);
    (void)zone;
    *out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return result;
}

/* STING_SHIM_ZLIB: another version of zlib, by what it says. */
const char *zlibVersion(void);
const char *zlibVersion(void)
{
    const char *(*real)(void) = NULL;
    const char *told = getenv("STING_SHIM_ZLIB");
    *(void **)&real = dlsym(RTLD_NEXT, "zlibVersion");
    return told ? told : real();
}

int adjtimex(struct timex *kernel)
{
    if (!number) {
        errno = EPERM;
        return -1;
    }
    *kernel = (struct timex){.status = (number[SYNCED] ? 0 : STA_UNSYNC) |
                                       (number[LEAP] > 0   ? STA_INS
                                        : number[LEAP] < 0 ? STA_DEL
                                                           : 0),
                             .esterror = number[ERROR],
                             .maxerror = 2 * number[ERROR]};
    return TIME_OK;
}

static void gate_wait(void)
{
    int64_t mine =
        number ? __atomic_add_fetch(&number[CAME], 1, __ATOMIC_SEQ_CST) : 0;
    while (number && number[GATE] && number[PASS] < mine) {
        usleep(1000);
    }
}

static int sync_by(const char *name, int fd)
{
    int (*real)(int) = NULL;
    if (number && number[FAIL] == 1 && number[AFTER]-- <= 0) {
        number[FAILED]++;
        errno = EIO;
        return -1;
    }
    gate_wait();
    if (number && number[SLOW]) {
        usleep((useconds_t)number[SLOW]);
    }
    *(void **)&real = dlsym(RTLD_NEXT, name);
    return real(fd);
}

/* As after `errors=remount-ro`. */
ssize_t write(int fd, const void *data, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);
    struct stat info;
    if (!real) {
        *(void **)&real = dlsym(RTLD_NEXT, "write");
    }
    if (number && number[FAIL] == 2 && fstat(fd, &info) == 0 &&
        S_ISREG(info.st_mode)) {
        errno = EROFS;
        return -1;
    }
    return real(fd, data, size);
}

int fdatasync(int fd)
{
    return sync_by("fdatasync", fd);
}

int fsync(int fd)
{
    return sync_by("fsync", fd);
}
