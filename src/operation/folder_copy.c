#include "operation/folder_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"

#define PIECE_BYTES ((size_t)1 << 18)

static bool is_dot(const char *name)
{
    return !strcmp(name, ".") || !strcmp(name, "..");
}

/* The open folder as a stream of its own. */
static DIR *listing(int fd)
{
    return dir_of(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static enum sting_status bytes_copy(int from, int to, const char *name,
                                    struct folder_copied *done,
                                    struct fault *fault)
{
    uint8_t *piece = malloc(PIECE_BYTES);
    enum sting_status status = piece ? STING_OK : STING_E_NOMEM;
    ssize_t got = 0;
    while (!status && (got = read(from, piece, PIECE_BYTES)) > 0) {
        status = file_write_fd(to, (struct bytes){piece, (size_t)got});
        done->bytes += (uint64_t)got;
    }
    free(piece);
    if (status || got < 0 || fdatasync(to) != 0) {
        return fault_errno(fault, STING_E_IO, "check both disks",
                           "%.100s cannot be copied", name);
    }
    done->files++;
    return STING_OK;
}

static void leave(struct folder_copied *done, const char *name)
{
    if (done->left++ > 0) {
        return;
    }
    (void)snprintf(done->left_name, sizeof done->left_name, "%s", name);
    for (char *c = done->left_name; *c; c++) {
        if (*c <= ' ' || *c == 127) {
            *c = '?';
        }
    }
}

/* A file full of holes takes its whole size here. */
static enum sting_status room_check(int to, off_t size, const char *name,
                                    struct fault *fault)
{
    struct statvfs disk;
    uint64_t most = fstatvfs(to, &disk) == 0
                        ? (uint64_t)disk.f_bavail * disk.f_frsize
                        : UINT64_MAX;
    return (uint64_t)size <= most
               ? STING_OK
               : fault_set(fault, STING_E_IO,
                           "make room, or look at what that file is",
                           "%.100s has %" PRIu64 " bytes, and %" PRIu64
                           " are free",
                           name, (uint64_t)size, most);
}

/* One level of the walk; `depth` is how many folders are above. */
static enum sting_status entry_copy(int from, int to, const char *name,
                                    int depth, struct folder_copied *done,
                                    struct fault *fault);

static enum sting_status below_copy(int from, int to, int depth,
                                    struct folder_copied *done,
                                    struct fault *fault)
{
    DIR *dir STING_AUTO(dir_close) = listing(from);
    enum sting_status status = STING_OK;
    struct dirent *entry = NULL;
    if (!dir) {
        return fault_errno(fault, STING_E_IO, "", "a folder cannot be read");
    }
    if (depth == COPY_MOST_DEPTH) {
        return fault_set(fault, STING_E_LIMIT, "",
                         "it holds folders more than %d deep", COPY_MOST_DEPTH);
    }
    while (!status && (entry = readdir(dir)) != NULL) {
        if (!is_dot(entry->d_name)) {
            status =
                entry_copy(from, to, entry->d_name, depth + 1, done, fault);
        }
    }
    return status           ? status
           : fsync(to) == 0 ? STING_OK
                            : fault_errno(fault, STING_E_IO, "check the disk",
                                          "a folder cannot be synced");
}

static enum sting_status folder_made(int from, int to, const char *name,
                                     int depth, struct folder_copied *done,
                                     struct fault *fault)
{
    int made STING_AUTO(fd_close) = -1;
    if (mkdirat(to, name, 0700) != 0 ||
        (made = openat(to, name,
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)) < 0) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "%.100s cannot be made", name);
    }
    return below_copy(from, made, depth, done, fault);
}

/* A file or a folder, and which; nothing else is opened. */
static enum sting_status entry_open(int from, const char *name, int *out,
                                    struct stat *info, struct fault *fault)
{
    int in STING_AUTO(fd_close) =
        openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (in < 0 && errno == ENOENT) {
        return fault_set(fault, STING_E_ABSENT, "", "there is no %.100s", name);
    }
    if (in < 0 && errno != ELOOP && errno != ENXIO) {
        return fault_errno(fault, STING_E_IO, "", "%.100s cannot be read",
                           name);
    }
    if (in >= 0 && fstat(in, info) == 0 &&
        (S_ISDIR(info->st_mode) || S_ISREG(info->st_mode))) {
        *out = in;
        in = -1;
        return STING_OK;
    }
    bool is_known = fstatat(from, name, info, AT_SYMLINK_NOFOLLOW) == 0;
    return fault_set(fault, STING_E_UNSUPPORTED, "take it away from there",
                     "%.100s is %s, neither a file nor a folder", name,
                     is_known ? file_kind_words(info->st_mode) : "gone");
}

static enum sting_status file_copy(int in, off_t size, int to, const char *name,
                                   struct folder_copied *done,
                                   struct fault *fault)
{
    if (done->most_bytes && size > done->most_bytes) {
        return fault_set(fault, STING_E_LIMIT, "look at what that file is",
                         "%.100s is larger than %" PRId64 " bytes", name,
                         done->most_bytes);
    }
    if (done->is_known && !done->is_known(name)) {
        leave(done, name);
        return STING_OK;
    }
    if (room_check(to, size, name, fault)) {
        return STING_E_IO;
    }
    int file STING_AUTO(fd_close) = openat(
        to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return file < 0 ? fault_errno(fault, STING_E_IO, "check space",
                                  "%.100s cannot be written", name)
                    : bytes_copy(in, file, name, done, fault);
}

/* NOLINTNEXTLINE(misc-no-recursion): bounded by COPY_MOST_DEPTH */
static enum sting_status entry_copy(int from, int to, const char *name,
                                    int depth, struct folder_copied *done,
                                    struct fault *fault)
{
    struct stat info = {.st_mode = 0};
    int in STING_AUTO(fd_close) = -1;
    enum sting_status status = entry_open(from, name, &in, &info, fault);
    if (status) {
        return status;
    }
    return S_ISDIR(info.st_mode)
               ? folder_made(in, to, name, depth, done, fault)
               : file_copy(in, info.st_size, to, name, done, fault);
}

enum sting_status folder_copy(int from, int to, const char *name,
                              struct folder_copied *done, struct fault *fault)
{
    return entry_copy(from, to, name, 0, done, fault);
}

/* NOLINTNEXTLINE(misc-no-recursion): what we copied ourselves */
static void below_remove(int fd)
{
    DIR *dir STING_AUTO(dir_close) = listing(fd);
    struct dirent *entry = NULL;
    while (dir && (entry = readdir(dir)) != NULL) {
        if (!is_dot(entry->d_name)) {
            folder_remove(fd, entry->d_name);
        }
    }
}

/* NOLINTNEXTLINE(misc-no-recursion) */
void folder_remove(int dir, const char *name)
{
    int fd STING_AUTO(fd_close) =
        openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        below_remove(fd);
    }
    (void)unlinkat(dir, name, fd >= 0 ? AT_REMOVEDIR : 0);
}
