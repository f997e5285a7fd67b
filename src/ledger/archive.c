#include "ledger/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/text.h"

#define CHUNK_BYTES ((size_t)1024 * 1024)
#define MOST_PATH 200
#define MOST_LINE (HASH_TEXT_SIZE + MOST_PATH + 8)
#define MAGIC "# sting-archive-1\n"

void archive_manifest_path(uint32_t number, char path[ARCHIVE_PATH_SIZE])
{
    snprintf(path, ARCHIVE_PATH_SIZE, ARCHIVE_FOLDER "/%08u.manifest", number);
}

void archive_record_path(uint32_t number, uint32_t renewal,
                         char path[ARCHIVE_PATH_SIZE])
{
    snprintf(path, ARCHIVE_PATH_SIZE, ARCHIVE_FOLDER "/%08u.%u.er", number,
             renewal);
}

bool archive_record_number(const char *path, uint32_t *number,
                           uint32_t *renewal)
{
    char again[ARCHIVE_PATH_SIZE];
    const char *rest = path + strlen(ARCHIVE_FOLDER "/");
    if (strncmp(path, ARCHIVE_FOLDER "/", strlen(ARCHIVE_FOLDER "/")) != 0 ||
        !digits_read(&rest, 8, number) || *rest++ != '.' ||
        !digits_read(&rest, 6, renewal)) {
        return false;
    }
    archive_record_path(*number, *renewal, again);
    return strcmp(path, again) == 0;
}

/* Hash on until `most` bytes were read, or all. */
static enum sting_status hash_on(int file, uint64_t most, uint8_t *room,
                                 struct hash_state *state, uint64_t *bytes)
{
    *bytes = 0;
    while (*bytes < most) {
        uint64_t left = most - *bytes;
        ssize_t got =
            read(file, room, left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? STING_E_IO : STING_OK;
        }
        hash_state_update(state, (struct bytes){room, (size_t)got});
        *bytes += (uint64_t)got;
    }
    return STING_OK;
}

enum sting_status archive_file_hash(int operation, const char *path,
                                    uint64_t most, struct hash *out,
                                    uint64_t *bytes)
{
    struct stat info;
    struct hash_state state;
    int file STING_AUTO(fd_close) =
        openat(operation, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        return errno == ENOENT || errno == ENOTDIR ? STING_E_ABSENT
                                                   : STING_E_IO;
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        return STING_E_UNSUPPORTED;
    }
    uint8_t *room = malloc(CHUNK_BYTES);
    if (!room) {
        return STING_E_NOMEM;
    }
    hash_state_begin(&state, HASH_SHA512);
    enum sting_status status = hash_on(file, most, room, &state, bytes);
    *out = hash_state_end(&state);
    free(room);
    return status;
}

static enum sting_status found_add(struct archive_found **list, size_t *count,
                                   const struct archive_found *one)
{
    if (*count == ARCHIVE_MOST_FOUND) {
        return STING_E_LIMIT; /* nobody honest has so many */
    }
    struct archive_found *added = array_add(list, count, sizeof **list);
    if (!added) {
        return STING_E_NOMEM;
    }
    *added = *one;
    return STING_OK;
}

static int found_order(const void *left, const void *right)
{
    const struct archive_found *a = left;
    const struct archive_found *b = right;
    return a->number != b->number     ? (a->number < b->number ? -1 : 1)
           : a->renewal != b->renewal ? (a->renewal < b->renewal ? -1 : 1)
                                      : 0;
}

enum sting_status archive_find(int operation, struct archive_found **out,
                               size_t *count)
{
    DIR *listing =
        dir_of(openat(operation, ARCHIVE_FOLDER,
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    const struct dirent *one = NULL;
    enum sting_status status = STING_OK;
    *out = NULL;
    *count = 0;
    if (!listing) {
        return STING_OK;
    }
    while (!status && (one = readdir(listing))) {
        char path[PATH_MAX];
        struct archive_found found;
        snprintf(path, sizeof path, ARCHIVE_FOLDER "/%s", one->d_name);
        if (archive_record_number(path, &found.number, &found.renewal)) {
            status = found_add(out, count, &found);
        }
    }
    closedir(listing);
    if (status) {
        free(*out);
        *out = NULL;
        *count = 0;
    }
    if (*count > 1) {
        qsort(*out, *count, sizeof **out, found_order);
    }
    return status;
}

/* ---- writing ---- */

static bool ends_in(const char *name, const char *end)
{
    size_t size = strlen(name);
    size_t tail = strlen(end);
    return size >= tail && !strcmp(name + size - tail, end);
}

/* Drafts, and fragments that their segment takes up, are of the moment. */
static int is_kept(const struct dirent *entry)
{
    const char *name = entry->d_name;
    return name[0] != '.' && !ends_in(name, ".tmp") && !ends_in(name, ".part");
}

static enum sting_status file_list(int operation, const char *path, FILE *out)
{
    struct hash hash;
    uint64_t bytes = 0;
    char text[HASH_TEXT_SIZE];
    enum sting_status status =
        archive_file_hash(operation, path, UINT64_MAX, &hash, &bytes);
    if (status == STING_E_ABSENT) {
        return STING_OK; /* erased meanwhile */
    }
    if (status) {
        return status;
    }
    return fprintf(out, "%s  %s\n", hash_text(&hash, text), path) > 0
               ? STING_OK
               : STING_E_IO;
}

static enum sting_status folder_list(int operation, const char *path, int depth,
                                     FILE *out)
{
    struct dirent **entry = NULL;
    enum sting_status status = STING_OK;
    int count = scandirat(operation, path, &entry, is_kept, alphasort);
    for (int i = 0; i < count; i++) {
        char below[MOST_PATH];
        int size =
            snprintf(below, sizeof below, "%s/%s", path, entry[i]->d_name);
        bool fits = size > 0 && (size_t)size < sizeof below;
        if (!status && entry[i]->d_type == DT_DIR && fits && depth > 0) {
            status = folder_list(operation, below, depth - 1, out);
        } else if (!status && entry[i]->d_type == DT_REG && fits) {
            status = file_list(operation, below, out);
        }
        free(entry[i]);
    }
    free((void *)entry);
    return status;
}

static enum sting_status lines_write(int operation, const char *origin,
                                     uint64_t entries, uint64_t bytes,
                                     FILE *out)
{
    static const char *const folder[] = {"evidence/anchors", "evidence/blobs",
                                         "evidence/segments"};
    struct hash ledger;
    uint64_t there = 0;
    char text[HASH_TEXT_SIZE];
    enum sting_status status =
        archive_file_hash(operation, "evidence/ledger", bytes, &ledger, &there);
    if (!status && there != bytes) {
        status = STING_E_FORMAT;
    }
    if (!status &&
        fprintf(out,
                MAGIC "# origin %s\n# entries %" PRIu64 "\n# ledger %" PRIu64
                      " %s\n",
                origin, entries, bytes, hash_text(&ledger, text)) < 0) {
        status = STING_E_IO;
    }
    for (size_t i = 0; i < sizeof folder / sizeof *folder && !status; i++) {
        status = folder_list(operation, folder[i], 2, out);
    }
    return status;
}

enum sting_status archive_write(int operation, uint32_t number,
                                const char *origin, uint64_t entries,
                                uint64_t bytes, struct fault *fault)
{
    char path[ARCHIVE_PATH_SIZE];
    char draft[ARCHIVE_PATH_SIZE + 8];
    archive_manifest_path(number, path);
    snprintf(draft, sizeof draft, "%s.tmp", path);
    if (folder_make(operation, ARCHIVE_FOLDER)) {
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           ARCHIVE_FOLDER " cannot be made");
    }
    int file =
        openat(operation, draft,
               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    if (!out) {
        fd_close(&file);
        return fault_errno(fault, STING_E_IO, "check space and permissions",
                           "%s cannot be written", draft);
    }
    enum sting_status status =
        lines_write(operation, origin, entries, bytes, out);
    if (!status && (fflush(out) != 0 || fsync(fileno(out)) != 0)) {
        status = STING_E_IO;
    }
    if (fclose(out) != 0 && !status) {
        status = STING_E_IO;
    }
    if (!status && renameat(operation, draft, operation, path) != 0) {
        status = STING_E_IO;
    }
    int folder STING_AUTO(fd_close) =
        openat(operation, ARCHIVE_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!status && (folder < 0 || fsync(folder) != 0)) {
        status = STING_E_IO;
    }
    return status ? fault_errno(fault, status, "check the disk",
                                "%s cannot be written", path)
                  : STING_OK;
}

/* ---- reading ---- */

/* "# WORD NUMBER[ HASH]". */
static bool number_read(const char *line, const char *word, uint64_t *out,
                        const char **rest)
{
    size_t size = strlen(word);
    char *end = NULL;
    if (strncmp(line, word, size) != 0 || line[size] < '0' ||
        line[size] > '9') {
        return false;
    }
    errno = 0;
    *out = strtoull(line + size, &end, 10);
    *rest = end;
    return errno == 0;
}

static bool hash_read(struct bytes text, struct hash *out)
{
    out->kind = HASH_SHA512;
    return hex_read(text, out->byte, hash_size(HASH_SHA512)) == STING_OK;
}

static bool head_line(const char *line, int at, struct archive_head *head)
{
    static const char origin[] = "# origin ";
    const char *rest = NULL;
    size_t size = strlen(line);
    switch (at) {
    case 0:
        return !strcmp(line, MAGIC);
    case 1:
        if (strncmp(line, origin, strlen(origin)) != 0 ||
            size - strlen(origin) > sizeof head->origin) {
            return false;
        }
        snprintf(head->origin, sizeof head->origin, "%.*s",
                 (int)(size - strlen(origin) - 1), line + strlen(origin));
        return true;
    case 2:
        return number_read(line, "# entries ", &head->entries, &rest) &&
               !strcmp(rest, "\n");
    default:
        return number_read(line, "# ledger ", &head->bytes, &rest) &&
               *rest == ' ' && strlen(rest) == 2 * 64 + 2 &&
               hash_read((struct bytes){(const uint8_t *)rest + 1, 128},
                         &head->ledger);
    }
}

static bool file_line(char *line, const char **path, struct hash *out)
{
    size_t size = strlen(line);
    const size_t hex = 2 * hash_size(HASH_SHA512);
    if (size < hex + 4 || line[hex] != ' ' || line[hex + 1] != ' ' ||
        !hash_read((struct bytes){(const uint8_t *)line, hex}, out)) {
        return false;
    }
    line[size - 1] = '\0';
    *path = line + hex + 2;
    return !strncmp(*path, "evidence/", 9) && !strstr(*path, "..");
}

static enum sting_status lines_read(
    FILE *from, struct archive_head *head, struct hash_state state[HASH_KINDS],
    void (*each)(void *, const char *, const struct hash *), void *context)
{
    char line[MOST_LINE];
    for (int at = 0; fgets(line, sizeof line, from); at += at < 4) {
        const char *path = NULL;
        struct hash hash;
        size_t size = strlen(line);
        if (size == 0 || line[size - 1] != '\n') {
            return STING_E_FORMAT;
        }
        for (unsigned kind = 0; kind < HASH_KINDS; kind++) {
            hash_state_update(&state[kind], bytes_of_text(line));
        }
        if (at < 4 ? !head_line(line, at, head)
                   : !file_line(line, &path, &hash)) {
            return STING_E_FORMAT;
        }
        if (at == 4 && each) {
            each(context, path, &hash);
        }
    }
    return ferror(from) ? STING_E_IO : STING_OK;
}

enum sting_status archive_read(
    int operation, uint32_t number, struct archive_head *head,
    struct evidence_object *object,
    void (*each)(void *, const char *, const struct hash *), void *context)
{
    char path[ARCHIVE_PATH_SIZE];
    struct stat info;
    struct hash_state state[HASH_KINDS];
    archive_manifest_path(number, path);
    int file =
        openat(operation, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    FILE *from = file < 0 ? NULL : fdopen(file, "r");
    if (!from) {
        fd_close(&file);
        return errno == ENOENT ? STING_E_ABSENT : STING_E_IO;
    }
    *head = (struct archive_head){.entries = 0};
    for (unsigned kind = 0; kind < HASH_KINDS; kind++) {
        hash_state_begin(&state[kind], (enum hash_kind)kind);
    }
    enum sting_status status =
        fstat(fileno(from), &info) == 0 && S_ISREG(info.st_mode)
            ? lines_read(from, head, state, each, context)
            : STING_E_FORMAT;
    for (unsigned kind = 0; kind < HASH_KINDS; kind++) {
        object->hash[kind] = hash_state_end(&state[kind]);
    }
    (void)fclose(from);
    return status ? status : head->bytes ? STING_OK : STING_E_FORMAT;
}
