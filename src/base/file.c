#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES ((size_t)256 * 1024)

void dir_close(DIR **dir)
{
    if (*dir) {
        closedir(*dir);
    }
    *dir = NULL;
}

enum sting_status file_read_fd(int fd, size_t most_bytes, struct buffer *out)
{
    size_t start = out->size;
    for (;;) {
        enum sting_status status = buffer_reserve(out, CHUNK_BYTES);
        if (status) {
            return status;
        }
        ssize_t got = read(fd, out->data + out->size, CHUNK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return STING_E_IO;
        }
        if (got == 0) {
            return STING_OK;
        }
        out->size += (size_t)got;
        out->data[out->size] = '\0';
        if (out->size - start > most_bytes) {
            return STING_E_LIMIT;
        }
    }
}

int file_open_below(int dir, const char *path, int flags)
{
    int at STING_AUTO(fd_close) = -1;
    char name[NAME_MAX + 1];
    for (const char *slash = strchr(path, '/'); slash;
         slash = strchr(path, '/')) {
        size_t size = (size_t)(slash - path);
        if (size >= sizeof name) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(name, path, size);
        name[size] = '\0';
        int next = openat(at < 0 ? dir : at, name,
                          O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0) {
            return -1;
        }
        fd_close(&at);
        at = next;
        path = slash + 1;
    }
    return openat(at < 0 ? dir : at, path,
                  flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
                      O_CLOEXEC);
}

/* Open for reading without ever blocking on a pipe or a device. */
static enum sting_status open_regular(int dir, const char *name, int *out,
                                      struct fault *fault)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        bool absent = errno == ENOENT || errno == ENOTDIR;
        return fault_errno(fault, absent ? STING_E_ABSENT : STING_E_IO,
                           "check the path and its permissions",
                           "%s cannot be opened", name);
    }
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return fault_set(fault, STING_E_UNSUPPORTED, "name a regular file",
                         "%s is not a regular file", name);
    }
    *out = fd;
    return STING_OK;
}

enum sting_status file_read(int dir, const char *name, size_t most_bytes,
                            struct buffer *out, struct fault *fault)
{
    int fd STING_AUTO(fd_close) = -1;
    enum sting_status status = open_regular(dir, name, &fd, fault);
    if (status) {
        return status;
    }
    status = file_read_fd(fd, most_bytes, out);
    if (status == STING_E_LIMIT) {
        return fault_set(fault, status, "", "%s is larger than %zu bytes", name,
                         most_bytes);
    }
    if (status) {
        return fault_errno(fault, status, "", "%s cannot be read", name);
    }
    return STING_OK;
}

enum sting_status file_write_fd(int fd, struct bytes bytes)
{
    while (bytes.size > 0) {
        ssize_t put = write(fd, bytes.data, bytes.size);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            return STING_E_IO;
        }
        bytes.data += put;
        bytes.size -= (size_t)put;
    }
    return STING_OK;
}

enum sting_status folder_sync(int dir, const char *path)
{
    int fd STING_AUTO(fd_close) =
        openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? STING_OK : STING_E_IO;
}

/* Make the entry `name` itself durable. */
static bool sync_folder_of(int dir, const char *name)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(name, '/');
    if (slash) {
        snprintf(folder, sizeof folder, "%.*s",
                 slash == name ? 1 : (int)(slash - name), name);
    }
    return folder_sync(dir, folder) == STING_OK;
}

enum sting_status file_write(int dir, const char *name, struct bytes bytes,
                             mode_t mode, struct fault *fault)
{
    char draft[PATH_MAX];
    if (snprintf(draft, sizeof draft, "%s.tmp", name) >= (int)sizeof draft) {
        return fault_set(fault, STING_E_ARG, "", "the path is too long");
    }
    int fd STING_AUTO(fd_close) =
        openat(dir, draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    bool done = fd >= 0 && file_write_fd(fd, bytes) == STING_OK &&
                fdatasync(fd) == 0 && renameat(dir, draft, dir, name) == 0;
    if (!done) {
        enum sting_status status =
            fault_errno(fault, STING_E_IO, "check space and permissions",
                        "%s cannot be written", name);
        int saved = errno;
        unlinkat(dir, draft, 0);
        errno = saved;
        return status;
    }
    if (!sync_folder_of(dir, name)) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "the folder of %s cannot be synced", name);
    }
    return STING_OK;
}

/* A new folder's entry is made durable: files in it would be lost with it. */
static bool folder_add(int dir, const char *path)
{
    if (mkdirat(dir, path, 0700) != 0) {
        return errno == EEXIST;
    }
    return sync_folder_of(dir, path);
}

enum sting_status folder_make(int dir, const char *path)
{
    char prefix[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof prefix) {
        return STING_E_ARG;
    }
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(prefix, path, i);
        prefix[i] = '\0';
        if (!folder_add(dir, prefix)) {
            return STING_E_IO;
        }
    }
    return STING_OK;
}
