#include "exhibit/check_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "exhibit/check_outsiders.h"

#define UNREAD "check the disk, or check a copy of the exhibit"
#define PIECE_BYTES ((size_t)1 << 20)

struct folder {
    struct check_folder *out;
    struct fault *fault;
    bool is_over; /* no more is taken */
};

void check_folder_release(struct check_folder *folder)
{
    for (size_t i = 0; i < folder->entries; i++) {
        free((void *)(uintptr_t)folder->entry[i].content.data);
    }
    free(folder->entry);
    *folder = (struct check_folder){0};
}

bool folder_is_exhibit(int folder)
{
    struct stat info;
    return fstatat(folder, "tagmanifest-sha256.txt", &info,
                   AT_SYMLINK_NOFOLLOW) == 0 ||
           fstatat(folder, "bagit.txt", &info, AT_SYMLINK_NOFOLLOW) == 0;
}

void check_expected_read(const char *text, char out[CHECK_EXPECTED_SIZE])
{
    size_t used = 0;
    for (; *text && used < CHECK_EXPECTED_SIZE - 1; text++) {
        char c = (char)(*text >= 'A' && *text <= 'F' ? *text + 32 : *text);
        if (strchr("0123456789abcdef", c)) {
            out[used++] = c;
        }
    }
    out[used] = '\0';
}

static struct check_entry *entry_add(struct check_folder *folder)
{
    return array_add(&folder->entry, &folder->entries, sizeof *folder->entry);
}

/* Hash `bytes` of an open file from where it stands; kept when asked for. */
static enum sting_status bytes_hash(int fd, uint64_t bytes, uint8_t *keep,
                                    struct digest *out)
{
    static uint8_t block[PIECE_BYTES];
    struct digest_state hash STING_AUTO(digest_release);
    digest_init(&hash);
    while (bytes > 0) {
        size_t wanted = bytes < sizeof block ? (size_t)bytes : sizeof block;
        uint8_t *to = keep ? keep : block;
        ssize_t got = read(fd, to, wanted);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return STING_E_IO;
        }
        if (got == 0) {
            break; /* it became shorter: its hash will say so */
        }
        digest_update(&hash, (struct bytes){to, (size_t)got});
        keep = keep ? keep + got : NULL;
        bytes -= (uint64_t)got;
    }
    *out = digest_final(&hash);
    return STING_OK;
}

static enum sting_status file_take(struct folder *folder,
                                   struct check_entry *entry, int fd)
{
    uint8_t *keep = NULL;
    size_t size = strlen(entry->path);
    entry->is_shut = size > 4 && !strcmp(entry->path + size - 4, ".txt") &&
                     entry->bytes > CHECK_MOST_TEXT;
    if (entry->is_shut) {
        return STING_OK; /* E1 */
    }
    bool is_anchor =
        !strncmp(entry->path, CHECK_ANCHORS, strlen(CHECK_ANCHORS));
    if (check_is_read(entry->path) &&
        (!is_anchor || entry->bytes <= CHECK_MOST_ANCHOR)) {
        folder->out->text_bytes += entry->bytes;
        if (folder->out->text_bytes > CHECK_MOST_TEXT) {
            return fault_set(folder->fault, STING_E_LIMIT, "",
                             "its lists are larger than %zu MB",
                             CHECK_MOST_TEXT >> 20);
        }
        keep = calloc((size_t)entry->bytes + 1, 1);
        if (!keep) {
            return STING_E_NOMEM;
        }
        entry->content = (struct bytes){keep, (size_t)entry->bytes};
    }
    enum sting_status status =
        bytes_hash(fd, entry->bytes, keep, &entry->sha256);
    return status ? fault_errno(folder->fault, status, UNREAD,
                                "%.100s cannot be read", entry->path)
                  : STING_OK;
}

static enum sting_status folder_walk(struct folder *folder, int fd,
                                     const char *above, int depth);

/* Who opens it may not: its entry says so. Anything else is a failure. */
static enum sting_status shut(struct folder *folder, struct check_entry *entry)
{
    entry->is_shut = errno == EACCES || errno == EPERM;
    return entry->is_shut ? STING_OK
                          : fault_errno(folder->fault, STING_E_IO, UNREAD,
                                        "%.100s cannot be read", entry->path);
}

/* `place` of its entry: entries move when they grow. */
static enum sting_status below_take(struct folder *folder, int parent,
                                    const char *name, size_t place, int depth)
{
    char above[CHECK_PATH_SIZE + 1];
    int fd =
        openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return shut(folder, &folder->out->entry[place]);
    }
    (void)snprintf(above, sizeof above, "%s/", folder->out->entry[place].path);
    return folder_walk(folder, fd, above, depth + 1);
}

static enum sting_status regular_take(struct folder *folder, int parent,
                                      const char *name,
                                      struct check_entry *entry)
{
    int fd STING_AUTO(fd_close) =
        openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    return fd < 0 ? shut(folder, entry) : file_take(folder, entry, fd);
}

/* Beyond the limits of exhibits; the walk ends here, no other has this path. */
static enum sting_status beyond_take(struct folder *folder,
                                     struct check_entry *entry)
{
    folder->is_over = true;
    entry->is_beyond = true;
    memcpy(entry->path, "/", 2);
    return STING_OK;
}

static enum sting_status entry_take(struct folder *folder, int parent,
                                    const char *name, const char *above,
                                    int depth)
{
    struct stat info;
    struct check_entry *entry = entry_add(folder->out);
    if (!entry) {
        return STING_E_NOMEM;
    }
    int size = snprintf(entry->path, sizeof entry->path, "%s%s", above, name);
    if (size < 0 || (size_t)size >= sizeof entry->path ||
        folder->out->entries > CHECK_MOST_ENTRIES ||
        depth > FOLDER_MOST_DEPTH) {
        return beyond_take(folder, entry);
    }
    if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return shut(folder, entry);
    }
    entry->is_file = S_ISREG(info.st_mode);
    entry->is_folder = S_ISDIR(info.st_mode);
    entry->bytes = entry->is_file ? (uint64_t)info.st_size : 0;
    mode_t least = entry->is_folder ? S_IRUSR | S_IXUSR : S_IRUSR;
    bool is_taken = entry->is_file || entry->is_folder;
    entry->is_shut = is_taken && (info.st_mode & least) != least;
    if (!is_taken || entry->is_shut) {
        return STING_OK;
    }
    return entry->is_folder ? below_take(folder, parent, name,
                                         folder->out->entries - 1, depth)
                            : regular_take(folder, parent, name, entry);
}

/* Takes fd over. */
static enum sting_status folder_walk(struct folder *folder, int fd,
                                     const char *above, int depth)
{
    DIR *listing = dir_of(fd);
    enum sting_status status = STING_OK;
    if (!listing) {
        return STING_E_IO;
    }
    const struct dirent *one = NULL;
    while (!status && !folder->is_over && (one = readdir(listing))) {
        if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0) {
            status = entry_take(folder, fd, one->d_name, above, depth);
        }
    }
    closedir(listing);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct check_entry *)a)->path,
                  ((const struct check_entry *)b)->path);
}

/* Pieces come film by film, in the order of their bytes. */
static enum sting_status pieces_hash(int folder, const struct check_folder *all,
                                     struct bytes pieces,
                                     struct check_report *report)
{
    int fd STING_AUTO(fd_close) = -1;
    for (size_t at = 0; pieces.data && at < pieces.size;
         at += sizeof(struct check_piece)) {
        struct check_piece piece;
        struct digest hash;
        memcpy(&piece, pieces.data + at, sizeof piece);
        if (piece.entry >= all->entries) {
            return STING_E_ARG;
        }
        if (piece.offset == 0) {
            fd_close(&fd);
            fd = openat(folder, all->entry[piece.entry].path,
                        O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        }
        if (fd < 0 || bytes_hash(fd, piece.bytes, NULL, &hash)) {
            return STING_E_IO;
        }
        if (!digest_equal(hash, piece.pt)) {
            check_piece_differs(&piece, report);
            return STING_OK;
        }
    }
    return STING_OK;
}

enum sting_status check_folder_read(int folder, struct check_folder *out,
                                    struct fault *fault)
{
    struct folder all = {.out = out, .fault = fault};
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum sting_status status =
        fd < 0 ? STING_E_IO : folder_walk(&all, fd, "", 0);
    if (!status && out->entries > 0) {
        qsort(out->entry, out->entries, sizeof *out->entry, by_path);
    }
    return status;
}

enum sting_status exhibit_check_folder(int folder, const char *expected,
                                       const struct verify_known *known,
                                       struct check_report *report,
                                       struct fault *fault)
{
    struct check_folder all STING_AUTO(check_folder_release) = {0};
    struct buffer pieces STING_AUTO(buffer_release) = {0};
    enum sting_status status = check_folder_read(folder, &all, fault);
    if (!status) {
        status =
            exhibit_check(all.entry, all.entries, expected, report, &pieces);
    }
    if (!status && report->rule == 0) {
        status = pieces_hash(folder, &all, buffer_bytes(&pieces), report);
    }
    if (!status && report->rule == 0) {
        status = exhibit_check_outsiders(all.entry, all.entries, known, report);
    }
    return status;
}
