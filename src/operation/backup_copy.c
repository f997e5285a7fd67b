#include "operation/backup_copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/line.h"
#include "ledger/recording_name.h"
#include "operation/box_hold.h"

#define PIECE_BYTES ((size_t)1 << 18)
#define MOST_DEPTH 8
#define LEDGER "evidence/ledger"

static enum sting_status cannot(const char *path, const char *what,
                                struct fault *fault)
{
    return fault_errno(fault, STING_E_IO,
                       "make room or check both disks, then do it again: it "
                       "goes on",
                       "%.150s cannot be %s", path, what);
}

/* The folder that the file lies in. */
static enum sting_status folder_of(int to, const char *path,
                                   struct fault *fault)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s",
                   slash ? (int)(slash - path) : 0, path);
    if (!slash || faccessat(to, folder, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        return STING_OK;
    }
    return folder_make(to, folder) ? cannot(folder, "made", fault) : STING_OK;
}

static enum sting_status bytes_copy(int in, int out, uint64_t *bytes)
{
    uint8_t *piece = malloc(PIECE_BYTES);
    enum sting_status status = piece ? STING_OK : STING_E_NOMEM;
    ssize_t got = 0;
    while (!status && (got = read(in, piece, PIECE_BYTES)) > 0) {
        status = file_write_fd(out, (struct bytes){piece, (size_t)got});
        *bytes += (uint64_t)got;
    }
    free(piece);
    return !status && got < 0 ? STING_E_IO : status;
}

/* Beside its name, synced, and renamed. */
static enum sting_status file_put(const struct backup_way *way, int in,
                                  const char *path, struct fault *fault)
{
    char draft[PATH_MAX];
    (void)snprintf(draft, sizeof draft, "%s.tmp", path);
    enum sting_status status = folder_of(way->to, path, fault);
    if (status) {
        return status;
    }
    int out STING_AUTO(fd_close) =
        openat(way->to, draft,
               O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out < 0 || bytes_copy(in, out, &way->done->bytes) ||
        fdatasync(out) != 0 || renameat(way->to, draft, way->to, path) != 0) {
        status = cannot(path, "copied", fault);
        (void)unlinkat(way->to, draft, 0);
        return status;
    }
    way->done->files++;
    return STING_OK;
}

enum sting_status backup_file(const struct backup_way *way, const char *path,
                              bool is_grown, struct fault *fault)
{
    struct stat here, there;
    int in STING_AUTO(fd_close) = file_open_below(way->from, path, 0);
    if (in < 0 && errno == ENOENT) {
        return STING_OK; /* deleted meanwhile; verification judges that */
    }
    if (in < 0 || fstat(in, &here) != 0) {
        return cannot(path, "read", fault);
    }
    if (!S_ISREG(here.st_mode)) {
        return fault_set(fault, STING_E_UNSUPPORTED, "take it away from there",
                         "%.150s is no regular file", path);
    }
    bool is_there = fstatat(way->to, path, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
                    S_ISREG(there.st_mode) && there.st_size == here.st_size;
    return is_there && !is_grown ? STING_OK : file_put(way, in, path, fault);
}

/* What an unfinished import left is none: the ledger tells of it. */
static bool is_draft(const char *name)
{
    size_t size = strlen(name);
    bool waits = !strncmp(name, BOX_COMING "@", sizeof BOX_COMING);
    return (name[0] == '.' && !waits) ||
           (size > 4 && !strcmp(name + size - 4, ".tmp"));
}

/* NOLINTNEXTLINE(misc-no-recursion): bounded by MOST_DEPTH */
static enum sting_status tree(const struct backup_way *way, const char *path,
                              bool is_grown, int depth, struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) =
        dir_of(file_open_below(way->from, path, O_DIRECTORY));
    const struct dirent *one = NULL;
    enum sting_status status = STING_OK;
    if (!listing) {
        bool is_absent = errno == ENOENT;
        return is_absent ? STING_OK : cannot(path, "read", fault);
    }
    while (!status && (one = readdir(listing))) {
        char below[PATH_MAX];
        struct stat info;
        (void)snprintf(below, sizeof below, "%s/%s", path, one->d_name);
        if (is_draft(one->d_name) ||
            fstatat(way->from, below, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        status =
            !S_ISDIR(info.st_mode) ? backup_file(way, below, is_grown, fault)
            : depth < MOST_DEPTH ? tree(way, below, is_grown, depth + 1, fault)
                                 : STING_E_LIMIT;
    }
    return status;
}

enum sting_status backup_tree(const struct backup_way *way, const char *path,
                              bool is_grown, struct fault *fault)
{
    return tree(way, path, is_grown, 0, fault);
}

static enum sting_status blob(const struct backup_way *way,
                              const struct line *line, const char *key,
                              struct fault *fault)
{
    struct digest ct;
    char path[DIGEST_TEXT_SIZE + 32];
    char hex[DIGEST_TEXT_SIZE];
    if (line_hex(line, key, ct.byte, DIGEST_SIZE)) {
        return STING_OK;
    }
    (void)snprintf(path, sizeof path, "evidence/blobs/%s.age",
                   digest_text(ct, hex));
    return backup_file(way, path, false, fault);
}

/* What was deleted on purpose goes from the copy too. */
static void erased(const struct backup_way *way, const struct line *line)
{
    char camera[LEDGER_CAMERA_SIZE], date[LEDGER_DATE_SIZE];
    char folder[RECORDING_PATH_SIZE];
    const struct dirent *one = NULL;
    line_text(line, "camera", camera, sizeof camera);
    line_text(line, "date", date, sizeof date);
    if (!ledger_is_camera_name(bytes_of_text(camera)) ||
        !recording_is_date(bytes_of_text(date))) {
        return;
    }
    (void)snprintf(folder, sizeof folder, "evidence/segments/%s/%s", camera,
                   date);
    DIR *listing STING_AUTO(dir_close) =
        dir_of(file_open_below(way->to, folder, O_DIRECTORY));
    while (listing && (one = readdir(listing))) {
        char path[PATH_MAX];
        (void)snprintf(path, sizeof path, "%s/%s", folder, one->d_name);
        if (faccessat(way->from, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
            errno == ENOENT) {
            (void)unlinkat(way->to, path, 0);
        }
    }
}

static enum sting_status aside(const struct backup_way *way,
                               const struct line *line, struct fault *fault)
{
    char path[RECORDING_PATH_SIZE];
    line_text(line, "file", path, sizeof path);
    return strncmp(path, "evidence/", 9) != 0 || strstr(path, "..")
               ? STING_OK
               : backup_file(way, path, false, fault);
}

enum sting_status backup_line(const struct backup_way *way,
                              const struct line *line, struct fault *fault)
{
    const char *kind = line->kind->name;
    char path[RECORDING_PATH_SIZE];
    if (!strcmp(kind, "seg") || !strcmp(kind, "init")) {
        return recording_path(line, path)
                   ? STING_OK
                   : backup_file(way, path, false, fault);
    }
    if (!strcmp(kind, "erase")) {
        erased(way, line);
    }
    if (!strcmp(kind, "gap")) {
        return aside(way, line, fault);
    }
    return blob(way, line, !strcmp(kind, "genesis") ? "purpose" : "blob",
                fault);
}

/* Does the ledger begin with all that the copy has? */
static bool begins_with(int ledger, int copy, uint64_t size)
{
    uint8_t a[4096], b[4096];
    for (uint64_t at = 0; at < size;) {
        ssize_t got = pread(copy, a, sizeof a, (off_t)at);
        if (got <= 0 || pread(ledger, b, (size_t)got, (off_t)at) != got ||
            memcmp(a, b, (size_t)got) != 0) {
            return false;
        }
        at += (uint64_t)got;
    }
    return true;
}

static enum sting_status append(int from, int to, uint64_t at, uint64_t bytes,
                                struct backup_done *done)
{
    uint8_t piece[4096];
    enum sting_status status = STING_OK;
    while (at < bytes && !status) {
        uint64_t left = bytes - at;
        size_t most = left < sizeof piece ? (size_t)left : sizeof piece;
        ssize_t got = pread(from, piece, most, (off_t)at);
        status = got <= 0
                     ? STING_E_IO
                     : file_write_fd(to, (struct bytes){piece, (size_t)got});
        at += got > 0 ? (uint64_t)got : 0;
        done->bytes += got > 0 ? (uint64_t)got : 0;
    }
    return status || fdatasync(to) != 0 ? STING_E_IO : STING_OK;
}

enum sting_status backup_ledger(const struct backup_way *way, uint64_t bytes,
                                struct fault *fault)
{
    struct stat info;
    enum sting_status status = folder_of(way->to, LEDGER, fault);
    int from STING_AUTO(fd_close) = file_open_below(way->from, LEDGER, 0);
    int to STING_AUTO(fd_close) =
        openat(way->to, LEDGER,
               O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (status) {
        return status;
    }
    if (from < 0 || to < 0 || fstat(to, &info) != 0) {
        return cannot(LEDGER, "copied", fault);
    }
    uint64_t has = (uint64_t)info.st_size;
    if (has > bytes || !begins_with(from, to, has)) {
        return fault_set(
            fault, STING_E_FORGED, "keep both, and use another folder",
            "the backup does not hold the beginning of this record: it is of "
            "another operation, or one of two copies went on by itself");
    }
    return append(from, to, has, bytes, way->done)
               ? cannot(LEDGER, "copied", fault)
               : STING_OK;
}
