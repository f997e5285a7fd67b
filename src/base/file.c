#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_kind.h"

#define CHUNK_BYTES ((size_t)256 * 1024)

DIR *dir_of(int folder)
{
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    if (!dir && folder >= 0) {
        int cause = errno;
        close(folder);
        errno = cause;
    }
    return dir;
}

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

static enum sting_status not_regular(int dir, const char *name,
                                     struct fault *fault)
{
    struct stat info;
    bool is_known = fstatat(dir, name, &info, 0) == 0;
    return fault_set(fault, STING_E_UNSUPPORTED,
                     "put the file back, or name another",
                     "%s is %s, not a file", name,
                     is_known ? file_kind_words(info.st_mode) : "gone");
}

/* Open for reading without ever blocking on a pipe or a device. */
static enum sting_status open_regular(int dir, const char *name, int *out,
                                      struct fault *fault)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENXIO) {
        return not_regular(dir, name, fault);
    }
    if (fd < 0) {
        bool absent = errno == ENOENT || errno == ENOTDIR;
        return fault_errno(fault, absent ? STING_E_ABSENT : STING_E_IO,
                           "check the path and its permissions",
                           "%s cannot be opened", name);
    }
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(fd);
        return not_regular(dir, name, fault);
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
        return fault_set(fault, status, "look at what that file is",
                         "%s is larger than %zu bytes", name, most_bytes);
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

/* A file that is being written beside its name. */
struct draft {
    char name[PATH_MAX];
    int fd;
};

/* Its bytes are written, and not yet synced. */
static bool draft_write(int dir, const struct file_whole *file, mode_t mode,
                        struct draft *out)
{
    snprintf(out->name, sizeof out->name, "%s.tmp", file->name);
    out->fd =
        openat(dir, out->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    return out->fd >= 0 && file_write_fd(out->fd, file->bytes) == STING_OK;
}

static enum sting_status cannot_write(const char *name, struct fault *fault)
{
    return fault_errno(fault, STING_E_IO, "check space and permissions",
                       "%s cannot be written", name);
}

/* Synced, they take their names. What is given back stays a draft. */
static size_t drafts_name(int dir, struct draft *draft, size_t drafts,
                          const struct file_whole file[])
{
    size_t named = 0;
    for (size_t i = 0; i < drafts; i++) {
        if (fdatasync(draft[i].fd) != 0) {
            return 0;
        }
    }
    while (named < drafts &&
           renameat(dir, draft[named].name, dir, file[named].name) == 0) {
        named++;
    }
    return named;
}

static enum sting_status drafts_write(int dir, const struct file_whole file[],
                                      size_t files, mode_t mode,
                                      struct draft draft[FILES_AT_ONCE],
                                      struct fault *fault)
{
    size_t written = 0;
    size_t named = 0;
    while (written < files &&
           draft_write(dir, &file[written], mode, &draft[written])) {
        written++;
    }
    if (written == files) {
        named = drafts_name(dir, draft, files, file);
    }
    if (named == files) {
        return STING_OK;
    }
    enum sting_status status =
        cannot_write(file[written < files ? written : named].name, fault);
    int saved = errno;
    for (size_t i = named; i < files && i <= written; i++) {
        unlinkat(dir, draft[i].name, 0);
    }
    errno = saved;
    return status;
}

enum sting_status files_write(int dir, const struct file_whole file[],
                              size_t files, mode_t mode, struct fault *fault)
{
    struct draft draft[FILES_AT_ONCE];
    if (files == 0 || files > FILES_AT_ONCE) {
        return fault_set(fault, STING_E_ARG, "", "too many files at once");
    }
    for (size_t i = 0; i < files; i++) {
        draft[i].fd = -1;
        if (strlen(file[i].name) + sizeof ".tmp" > PATH_MAX) {
            return fault_set(fault, STING_E_ARG, "", "the path is too long");
        }
    }
    enum sting_status status =
        drafts_write(dir, file, files, mode, draft, fault);
    for (size_t i = 0; i < files; i++) {
        fd_close(&draft[i].fd);
    }
    if (!status && !sync_folder_of(dir, file[0].name)) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "the folder of %s cannot be synced", file[0].name);
    }
    return status;
}

enum sting_status file_write(int dir, const char *name, struct bytes bytes,
                             mode_t mode, struct fault *fault)
{
    const struct file_whole file = {name, bytes};
    return files_write(dir, &file, 1, mode, fault);
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

const char *file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
