/* Opening what lines name: a link is followed nowhere, a pipe not waited for.
 * Recordings of one camera and day lie in one folder, and a folder is reached
 * by four steps: those used last are kept open. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/verify_state.h"

/* Has the folder nothing in it? Three entries fit in any case: itself, the
 * one above, and one more. */
static bool is_empty(int folder)
{
    _Alignas(struct dirent64) char held[3 * sizeof(struct dirent64)];
    ssize_t size = getdents64(folder, held, sizeof held);
    bool known = size > 0;
    for (ssize_t at = 0; at < size;) {
        const struct dirent64 *one = (const void *)(held + at);
        if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0) {
            return false;
        }
        at += one->d_reclen;
    }
    return known;
}

/* Retention empties folders, or they are gone, and each of their many files
 * would be asked for in vain. A file is there before its line: where the line
 * is older than this walk, the file had to be in the folder when it was opened.
 */
static bool has_none(const struct verify_run *run, size_t i)
{
    return run->folders.is_empty[i] && !run->is_later;
}

/* The folder of that path, open; -1 and errno. */
static int folder_open(struct verify_run *run, const char *path, size_t size)
{
    struct verify_folders *folders = &run->folders;
    for (size_t i = 0; i < folders->used; i++) {
        if (strlen(folders->path[i]) == size &&
            !memcmp(folders->path[i], path, size) &&
            (has_none(run, i) || folders->fd[i] >= 0)) {
            errno = ENOENT;
            return has_none(run, i) ? -1 : folders->fd[i];
        }
    }
    char name[RECORDING_PATH_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)size, path);
    int fd = file_open_below(run->operation, name, O_DIRECTORY);
    if (fd < 0 && (errno != ENOENT || run->is_later)) {
        return -1; /* not kept: a station may make it yet */
    }
    size_t i = folders->next++ % VERIFY_MOST_FOLDERS;
    if (i < folders->used) {
        fd_close(&folders->fd[i]);
    } else {
        folders->used++;
    }
    memcpy(folders->path[i], name, sizeof name);
    folders->fd[i] = fd;
    folders->is_empty[i] = fd < 0 || is_empty(fd);
    errno = ENOENT;
    return fd;
}

void verify_folders_release(struct verify_folders *folders)
{
    for (size_t i = 0; i < folders->used; i++) {
        fd_close(&folders->fd[i]);
    }
    *folders = (struct verify_folders){0};
}

static enum sting_status refused(struct verify_run *run, const char *path)
{
    if (errno == ENOENT || errno == ENOTDIR) {
        return STING_E_ABSENT;
    }
    return errno == ELOOP || errno == ENXIO
               ? STING_E_UNSUPPORTED
               : fault_errno(run->fault, STING_E_IO,
                             "check the permissions and the disk",
                             "%s cannot be opened", path);
}

enum sting_status verify_open(struct verify_run *run, const char *path,
                              int *out)
{
    const char *slash = strrchr(path, '/');
    int folder =
        slash ? folder_open(run, path, (size_t)(slash - path)) : run->operation;
    int file =
        folder < 0 ? -1 : file_open_below(folder, slash ? slash + 1 : path, 0);
    struct stat info;
    if (file < 0) {
        return refused(run, path);
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        close(file);
        return STING_E_UNSUPPORTED;
    }
    *out = file;
    return STING_OK;
}

#define MOST_LISTED 1024 /* a longer path is that of no file of ours */

/* Files below a folder, so many levels deep, that no line names. */
static uint64_t count_files(struct verify_run *run, const char *path, int depth,
                            bool (*is_named)(struct verify_run *, const char *))
{
    DIR *listing = dir_of(file_open_below(run->operation, path, O_DIRECTORY));
    uint64_t count = 0;
    if (!listing) {
        return 0;
    }
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        char below[MOST_LISTED];
        int size = snprintf(below, sizeof below, "%s/%s", path, one->d_name);
        if (one->d_name[0] == '.') {
            continue;
        }
        if (one->d_type != DT_DIR || size >= MOST_LISTED) {
            count += !is_named || !is_named(run, below);
        } else if (depth > 0) {
            count += count_files(run, below, depth - 1, is_named);
        }
    }
    closedir(listing);
    return count;
}

void verify_unclaimed(struct verify_run *run)
{
    uint64_t there = count_files(run, "evidence/blobs", 0, NULL) +
                     count_files(run, "evidence/segments", 2, NULL);
    run->report->unclaimed = there > run->claimed ? there - run->claimed : 0;
    run->report->unclaimed += count_files(run, "bait", 2, verify_bait_is_named);
}
