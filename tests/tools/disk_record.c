/* What a program does to the files below one folder, written down in order,
 * so that every state in which lost power could leave them can be built.
 *
 * LD_PRELOAD=libdisk_record.so DISK_RECORD_ROOT=OP DISK_RECORD_LOG=FILE sting
 * ...
 *
 * FILE gets one head a call, after it succeeded, and the bytes written:
 *     US create INODE PATH       US open INODE PATH (to write, it was there)
 *     US truncate INODE SIZE
 *     US write INODE OFFSET SIZE LF bytes
 *     US sync INODE              US syncdir PATH
 *     US rename OLD TAB NEW      US unlink PATH      US mkdir PATH
 * US is the wall clock in microseconds; paths are below the folder. Calls of
 * another shape than those that sting makes are not seen: the story checks
 * that the record gives the folder that is there in the end. */
/* Under both names that the C library gives to these functions. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 4096

static const char *root;
static size_t root_size;
static int log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

__attribute__((constructor)) static void begin(void)
{
    const char *log = getenv("DISK_RECORD_LOG");
    root = getenv("DISK_RECORD_ROOT");
    root_size = root ? strlen(root) : 0;
    if (root && log) {
        log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
}

/* The next one of that name: the C library's. */
#define REAL(name) ((__typeof__(&(name)))(uintptr_t)dlsym(RTLD_NEXT, #name))

static void record(const void *data, size_t size, const char *format, ...)
{
    char head[2 * PATH_SIZE];
    struct timespec now;
    va_list arguments;
    int saved = errno;
    clock_gettime(CLOCK_REALTIME, &now);
    int used = snprintf(head, sizeof head, "%" PRId64 " ",
                        (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    va_start(arguments, format);
    used +=
        vsnprintf(head + used, sizeof head - (size_t)used, format, arguments);
    va_end(arguments);
    head[used++] = '\n';
    struct iovec part[2] = {{head, (size_t)used},
                            {(void *)(uintptr_t)data, size}};
    pthread_mutex_lock(&lock);
    if (writev(log_fd, part, 2) != (ssize_t)((size_t)used + size)) {
        abort();
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
}

/* The path of dir/name below the folder; NULL when it is elsewhere. */
static const char *below(int dir, const char *name, char path[PATH_SIZE])
{
    char link[64];
    size_t used = 0;
    if (log_fd < 0) {
        return NULL;
    }
    if (name[0] != '/' && dir == AT_FDCWD) {
        used = getcwd(path, PATH_SIZE) ? strlen(path) : 0;
    } else if (name[0] != '/') {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t size = readlink(link, path, PATH_SIZE - 1);
        used = size > 0 ? (size_t)size : 0;
    }
    int more = snprintf(path + used, PATH_SIZE - used, "%s%s",
                        name[0] && used ? "/" : "", name);
    bool is_below = more >= 0 && !strncmp(path, root, root_size) &&
                    (path[root_size] == '/' || path[root_size] == '\0');
    if (!is_below) {
        return NULL;
    }
    return path[root_size] ? path + root_size + 1 : "";
}

static const char *below_fd(int fd, char path[PATH_SIZE], struct stat *info)
{
    if (log_fd < 0 || fd == log_fd || fstat(fd, info) != 0) {
        return NULL;
    }
    return S_ISREG(info->st_mode) || S_ISDIR(info->st_mode)
               ? below(fd, "", path)
               : NULL;
}

int openat(int dir, const char *name, int flags, ...)
{
    char path[PATH_SIZE];
    struct stat info;
    mode_t mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    bool writes = (flags & O_ACCMODE) != O_RDONLY;
    const char *told = writes ? below(dir, name, path) : NULL;
    bool is_new = told && fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0;
    int fd = REAL(openat)(dir, name, flags, mode);
    if (fd >= 0 && told && fstat(fd, &info) == 0) {
        record(NULL, 0, "%s %ju %s", is_new ? "create" : "open",
               (uintmax_t)info.st_ino, told);
        if (!is_new && (flags & O_TRUNC)) {
            record(NULL, 0, "truncate %ju 0", (uintmax_t)info.st_ino);
        }
    }
    return fd;
}

int openat64(int dir, const char *name, int flags, ...)
    __attribute__((alias("openat")));

ssize_t write(int fd, const void *data, size_t size)
{
    char path[PATH_SIZE];
    struct stat info;
    ssize_t put = REAL(write)(fd, data, size);
    if (put > 0 && below_fd(fd, path, &info)) {
        off_t end = lseek(fd, 0, SEEK_CUR);
        record(data, (size_t)put, "write %ju %jd %zd", (uintmax_t)info.st_ino,
               (intmax_t)(end - put), put);
    }
    return put;
}

int ftruncate(int fd, off_t size)
{
    char path[PATH_SIZE];
    struct stat info;
    int failed = REAL(ftruncate)(fd, size);
    if (!failed && below_fd(fd, path, &info)) {
        record(NULL, 0, "truncate %ju %jd", (uintmax_t)info.st_ino,
               (intmax_t)size);
    }
    return failed;
}

int ftruncate64(int fd, off_t size) __attribute__((alias("ftruncate")));

static int synced(int fd, int failed)
{
    char path[PATH_SIZE];
    struct stat info;
    const char *told = failed ? NULL : below_fd(fd, path, &info);
    if (told && S_ISDIR(info.st_mode)) {
        record(NULL, 0, "syncdir %s", told);
    } else if (told) {
        record(NULL, 0, "sync %ju", (uintmax_t)info.st_ino);
    }
    return failed;
}

int fsync(int fd)
{
    return synced(fd, REAL(fsync)(fd));
}

int fdatasync(int fd)
{
    return synced(fd, REAL(fdatasync)(fd));
}

int renameat(int old_dir, const char *old_name, int new_dir,
             const char *new_name)
{
    char from[PATH_SIZE];
    char to[PATH_SIZE];
    const char *old_told = below(old_dir, old_name, from);
    const char *new_told = below(new_dir, new_name, to);
    int failed = REAL(renameat)(old_dir, old_name, new_dir, new_name);
    if (!failed && old_told && new_told) {
        record(NULL, 0, "rename %s\t%s", old_told, new_told);
    }
    return failed;
}

int rename(const char *old_name, const char *new_name)
{
    return renameat(AT_FDCWD, old_name, AT_FDCWD, new_name);
}

int unlinkat(int dir, const char *name, int flags)
{
    char path[PATH_SIZE];
    const char *told = below(dir, name, path);
    int failed = REAL(unlinkat)(dir, name, flags);
    if (!failed && told) {
        record(NULL, 0, "unlink %s", told);
    }
    return failed;
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

int mkdirat(int dir, const char *name, mode_t mode)
{
    char path[PATH_SIZE];
    const char *told = below(dir, name, path);
    int failed = REAL(mkdirat)(dir, name, mode);
    if (!failed && told) {
        record(NULL, 0, "mkdir %s", told);
    }
    return failed;
}
