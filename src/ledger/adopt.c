/* Recordings that a crash left without their line get one, marked as
 * recovered. Nothing is opened: what a file's header says of it, in clear,
 * goes into the line beside the hash of the file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "ledger/adopted_files.h"
#include "ledger/recording_name.h"

#define MOST_FILE_BYTES ((off_t)160 * 1024 * 1024)

/* Files of one folder, in the order in which they are adopted. */
struct found {
    struct recording_name *name; /* owned */
    size_t count;
};

static void found_release(struct found *found)
{
    free(found->name);
    *found = (struct found){0};
}

static enum sting_status found_add(struct found *found,
                                   const struct recording_name *name)
{
    struct recording_name *one =
        array_add(&found->name, &found->count, sizeof *found->name);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = *name;
    return STING_OK;
}

/* Inits first, then by number; a segment before its parts. */
static int compare(const void *left, const void *right)
{
    const struct recording_name *a = left;
    const struct recording_name *b = right;
    bool a_init = a->kind == RECORDING_INIT;
    bool b_init = b->kind == RECORDING_INIT;
    if (a_init != b_init) {
        return a_init ? -1 : 1;
    }
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return a->part < b->part ? -1 : a->part > b->part;
}

static DIR *open_listing(int dir, const char *path)
{
    int folder =
        openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (!listing) {
        fd_close(&folder);
    }
    return listing;
}

/* Names in CAMERA/DATE; drafts of files that never became whole go: what
 * they would have held is in the parts. */
static enum sting_status list_folder(struct ledger *ledger, const char *camera,
                                     const char *date, struct found *out)
{
    char path[RECORDING_PATH_SIZE];
    snprintf(path, sizeof path, "evidence/segments/%.64s/%.10s", camera, date);
    DIR *listing = open_listing(ledger->operation, path);
    enum sting_status status = listing ? STING_OK : STING_E_IO;
    const struct dirent *one = NULL;
    while (!status && (one = readdir(listing))) {
        struct recording_name name = {.kind = RECORDING_OTHER};
        snprintf(name.camera, sizeof name.camera, "%s", camera);
        snprintf(name.date, sizeof name.date, "%.10s", date);
        recording_name_parse(one->d_name, &name);
        if (name.kind == RECORDING_DRAFT) {
            unlinkat(dirfd(listing), one->d_name, 0);
        } else if (name.kind != RECORDING_OTHER) {
            status = found_add(out, &name);
        }
    }
    if (listing) {
        closedir(listing);
    }
    if (out->count > 0) {
        qsort(out->name, out->count, sizeof *out->name, compare);
    }
    return status;
}

static enum sting_status append_unreadable(struct ledger *ledger,
                                           struct moment now, const char *path,
                                           struct bytes file,
                                           struct fault *fault)
{
    char bytes[24];
    char ct[DIGEST_TEXT_SIZE];
    snprintf(bytes, sizeof bytes, "%zu", file.size);
    const struct line_field field[] = {{"cause", "unreadable"},
                                       {"bytes", bytes},
                                       {"ct", digest_text(digest_of(file), ct)},
                                       {"file", path}};
    return ledger_append(ledger, now, "gap", field, 4, NULL, fault);
}

/* Every field of the note, and what the file itself says. */
static enum sting_status append_adopted(struct ledger *ledger,
                                        struct moment now,
                                        const struct line *note,
                                        struct bytes file, struct fault *fault)
{
    static const char *const key[] = {
        "camera", "date",   "n",     "part",  "init",    "t0",    "pts",
        "us",     "frames", "key",   "width", "height",  "codec", "pt",
        "looks",  "act",    "masks", "raw",   "clock_ms"};
    const size_t keys = sizeof key / sizeof *key;
    char value[sizeof key / sizeof *key][128];
    struct line_field field[sizeof key / sizeof *key + 3];
    char bytes[24];
    char ct[DIGEST_TEXT_SIZE];
    for (size_t i = 0; i < keys; i++) {
        field[i].name = key[i];
        field[i].value = line_has(note, key[i])
                             ? line_text(note, key[i], value[i], 128)
                             : NULL;
    }
    snprintf(bytes, sizeof bytes, "%zu", file.size);
    field[keys] = (struct line_field){"bytes", bytes};
    field[keys + 1] =
        (struct line_field){"ct", digest_text(digest_of(file), ct)};
    field[keys + 2] = (struct line_field){"recovered", "1"};
    ledger_lag_adopt(ledger_camera_row(ledger, value[0]), note);
    const char *kind = strcmp(note->kind->name, "head") ? "seg" : "init";
    return ledger_append(ledger, now, kind, field, keys + 3, NULL, fault);
}

/* Is the note about the file that it stands in? */
static bool is_about(const struct line *note, const struct recording_name *name)
{
    int64_t n = -1;
    int64_t part = 0;
    bool whole = line_integer(note, "part", &part) != STING_OK;
    bool head = !strcmp(note->kind->name, "head");
    return !line_integer(note, "n", &n) && n == name->n &&
           bytes_equal(line_raw(note, "camera"), bytes_of_text(name->camera)) &&
           bytes_equal(line_raw(note, "date"), bytes_of_text(name->date)) &&
           head == (name->kind == RECORDING_INIT) &&
           whole == (name->kind != RECORDING_PART) &&
           (whole || part == name->part);
}

static void leave(struct adopting *adopting, const char *path)
{
    if (adopting->left++ == 0) {
        (void)snprintf(adopting->first_left, sizeof adopting->first_left,
                       "%.159s", path);
    }
}

/* A file that may be a recording, whole. Fails: E_ABSENT when it is left. */
static enum sting_status read_file(const struct ledger *ledger,
                                   const char *path, struct adopting *adopting,
                                   struct buffer *out, struct fault *fault)
{
    struct stat info = {.st_size = 0};
    int file STING_AUTO(fd_close) = file_open_below(ledger->operation, path, 0);
    bool is_broken = file < 0 && (errno == EIO || errno == ENOMEM ||
                                  errno == EMFILE || errno == ENFILE);
    bool is_file =
        file >= 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode);
    if (!is_broken &&
        (!is_file || info.st_size > MOST_FILE_BYTES ||
         adopting->files >= adopting->most_files ||
         (uint64_t)info.st_size > adopting->most_bytes - adopting->bytes)) {
        leave(adopting, path);
        return STING_E_ABSENT;
    }
    enum sting_status status =
        is_broken ? STING_E_IO : file_read_fd(file, (size_t)info.st_size, out);
    if (status) {
        return fault_errno(fault, status, "check the disk", "%s cannot be read",
                           path);
    }
    adopting->files++;
    adopting->bytes += (uint64_t)info.st_size;
    return STING_OK;
}

static enum sting_status adopt_file(struct ledger *ledger, struct moment now,
                                    const struct recording_name *name,
                                    struct adopting *adopting,
                                    struct fault *fault)
{
    struct buffer file STING_AUTO(buffer_release) = {0};
    struct buffer words STING_AUTO(buffer_release) = {0};
    struct line note;
    char path[RECORDING_PATH_SIZE];
    recording_name_path(name, path);
    enum sting_status status = read_file(ledger, path, adopting, &file, fault);
    if (status) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    adopting->adopted++;
    if (age_note(buffer_bytes(&file), &words) ||
        line_note_parse(buffer_bytes(&words), &note) ||
        !is_about(&note, name)) {
        return append_unreadable(ledger, now, path, buffer_bytes(&file), fault);
    }
    return append_adopted(ledger, now, &note, buffer_bytes(&file), fault);
}

static bool has_segment(const struct found *found, int64_t n)
{
    const struct recording_name wanted = {.kind = RECORDING_SEGMENT, .n = n};
    return bsearch(&wanted, found->name, found->count, sizeof *found->name,
                   compare) != NULL;
}

/* A part whose segment is whole goes: the segment holds its bytes. One that
 * may have a line of its own stays, whatever was put beside it: a death leaves
 * parts beside the last segment only, and none of those has a line. */
static bool is_left_over(const struct found *found,
                         const struct ledger_camera *before,
                         const struct recording_name *name)
{
    return name->kind == RECORDING_PART && has_segment(found, name->n) &&
           (name->n >= before->segment ||
            (name->n == before->segment - 1 && before->part == 0));
}

static void remove_file(const struct ledger *ledger,
                        const struct recording_name *name)
{
    char path[RECORDING_PATH_SIZE];
    unlinkat(ledger->operation, recording_name_path(name, path), 0);
}

/* Is it numbered beyond what the ledger knew of when it was read? Where a
 * death cut off an earlier recovery, only some parts of the last segment have
 * their lines. */
static bool is_new(const struct ledger_camera *before,
                   const struct recording_name *name)
{
    if (name->kind == RECORDING_INIT) {
        return name->n >= before->init;
    }
    bool goes_on = name->kind == RECORDING_PART && before->part > 0 &&
                   name->n == before->segment - 1;
    return name->n >= before->segment ||
           (goes_on && name->part >= before->part);
}

/* Adopt what is new; a file whose number does not fit stays nobody's. */
static enum sting_status adopt_found(struct ledger *ledger, struct moment now,
                                     struct ledger_camera *row,
                                     const struct found *found,
                                     struct adopting *adopting,
                                     struct fault *fault)
{
    const struct ledger_camera before = *row;
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < found->count && !status; i++) {
        const struct recording_name *name = &found->name[i];
        bool is_init = name->kind == RECORDING_INIT;
        int64_t *next = is_init ? &row->init : &row->segment;
        if (!recording_number_fits(name->n, *next)) {
            continue;
        }
        if (is_left_over(found, &before, name)) {
            remove_file(ledger, name);
        } else if (is_new(&before, name)) {
            status = adopt_file(ledger, now, name, adopting, fault);
        }
        *next = name->n >= *next ? name->n + 1 : *next;
    }
    return status;
}

/* A death may have come between a file's name and the sync of its folder:
 * what a line is to speak of must be there when the power goes, too. */
static enum sting_status sync_found(const struct ledger *ledger,
                                    const char *path, struct fault *fault)
{
    return folder_sync(ledger->operation, path)
               ? fault_errno(fault, STING_E_IO, "check the disk",
                             "%s cannot be synced", path)
               : STING_OK;
}

static enum sting_status adopt_folder(struct ledger *ledger, struct moment now,
                                      struct ledger_camera *row,
                                      const char *date,
                                      struct adopting *adopting,
                                      struct fault *fault)
{
    struct found found STING_AUTO(found_release) = {0};
    char path[RECORDING_PATH_SIZE];
    enum sting_status status = list_folder(ledger, row->name, date, &found);
    if (status) {
        return fault_errno(fault, status, "check the disk",
                           "evidence/segments cannot be read");
    }
    snprintf(path, sizeof path, "evidence/segments/%.64s/%.10s", row->name,
             date);
    status = sync_found(ledger, path, fault);
    if (!status) {
        *strrchr(path, '/') = '\0'; /* the date in the camera's folder */
        status = sync_found(ledger, path, fault);
    }
    if (!status) {
        status = adopt_found(ledger, now, row, &found, adopting, fault);
    }
    if (found.count > 0 && strcmp(date, row->date) > 0) {
        snprintf(row->date, sizeof row->date, "%.10s", date);
    }
    return status;
}

/* What is called as recordings are in such a folder; their count. */
static uint64_t count_recordings(int camera, const char *date)
{
    uint64_t count = 0;
    DIR *listing = open_listing(camera, date);
    const struct dirent *one = NULL;
    while (listing && (one = readdir(listing))) {
        struct recording_name name = {.kind = RECORDING_OTHER};
        recording_name_parse(one->d_name, &name);
        count += name.kind != RECORDING_OTHER && name.kind != RECORDING_DRAFT;
    }
    if (listing) {
        closedir(listing);
    }
    return count;
}

/* Files of days that have not come: to go by their date would leave no other
 * to the recordings that follow. */
static void leave_late(const struct ledger *ledger, const char *path,
                       struct adopting *adopting)
{
    DIR *listing = open_listing(ledger->operation, path);
    const struct dirent *one = NULL;
    while (listing && (one = readdir(listing))) {
        uint64_t count = 0;
        if (recording_is_date(bytes_of_text(one->d_name)) &&
            strcmp(one->d_name, adopting->last_date) > 0) {
            count = count_recordings(dirfd(listing), one->d_name);
        }
        if (count > 0) {
            char folder[RECORDING_PATH_SIZE];
            (void)snprintf(folder, sizeof folder, "%.90s/%.10s", path,
                           one->d_name);
            leave(adopting, folder);
            adopting->left += count - 1;
        }
    }
    if (listing) {
        closedir(listing);
    }
}

/* Dates of one camera, in their order. */
struct days {
    char (*date)[LEDGER_DATE_SIZE]; /* owned */
    size_t count;
};

static void days_release(struct days *days)
{
    free(days->date);
    *days = (struct days){0};
}

static enum sting_status days_add(struct days *days, const char *date)
{
    char *one = array_add(&days->date, &days->count, sizeof *days->date);
    if (!one) {
        return STING_E_NOMEM;
    }
    (void)snprintf(one, sizeof *days->date, "%.10s", date);
    return STING_OK;
}

static int by_date(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* Folders of dates before the newest one in the ledger hold nothing new. A
 * camera that has no recordings yet has none. */
static enum sting_status days_list(const struct ledger *ledger,
                                   const char *path, const char *from,
                                   const char *to, struct days *out)
{
    DIR *listing STING_AUTO(dir_close) = open_listing(ledger->operation, path);
    enum sting_status status = STING_OK;
    const struct dirent *one = NULL;
    while (!status && listing && (one = readdir(listing))) {
        if (recording_is_date(bytes_of_text(one->d_name)) &&
            strcmp(one->d_name, from) >= 0 && strcmp(one->d_name, to) <= 0) {
            status = days_add(out, one->d_name);
        }
    }
    if (out->count > 0) {
        qsort(out->date, out->count, sizeof *out->date, by_date);
    }
    return status;
}

static enum sting_status adopt_camera(struct ledger *ledger, struct moment now,
                                      struct ledger_camera *row,
                                      struct adopting *adopting,
                                      struct fault *fault)
{
    struct days days STING_AUTO(days_release) = {0};
    char path[RECORDING_PATH_SIZE];
    snprintf(path, sizeof path, "evidence/segments/%.64s", row->name);
    leave_late(ledger, path, adopting);
    enum sting_status status =
        days_list(ledger, path, row->date, adopting->last_date, &days);
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    for (size_t i = 0; i < days.count && !status; i++) {
        status = adopt_folder(ledger, now, row, days.date[i], adopting, fault);
    }
    return status;
}

/* Folders without a recording take no room from a camera. */
static bool has_day(int segments, const char *camera)
{
    bool has = false;
    DIR *listing = open_listing(segments, camera);
    const struct dirent *one = NULL;
    while (listing && !has && (one = readdir(listing))) {
        has = recording_is_date(bytes_of_text(one->d_name)) &&
              count_recordings(dirfd(listing), one->d_name) > 0;
    }
    if (listing) {
        closedir(listing);
    }
    return has;
}

/* Each camera may have an equal part of what may still be read, all that the
 * ledger does not know together one: none takes it from another. */
static void share(struct adopting *adopting, size_t cameras)
{
    adopting->most_bytes =
        adopting->bytes + (ADOPTED_MOST_BYTES - adopting->bytes) / cameras;
    adopting->most_files =
        adopting->files + (ADOPTED_MOST_FILES - adopting->files) / cameras;
}

enum sting_status ledger_adopt(struct ledger *ledger, struct moment now,
                               struct adopting *adopting, struct fault *fault)
{
    DIR *listing = open_listing(ledger->operation, "evidence/segments");
    if (!listing &&
        file_kind_check(ledger->operation, "evidence/segments", true, fault)) {
        return STING_E_UNSUPPORTED;
    }
    if (!listing) {
        return fault_errno(fault, STING_E_IO, "put the folder back",
                           "evidence/segments cannot be read");
    }
    size_t known = ledger->cameras;
    ledger->is_stranger = true;
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        if (ledger_is_camera_name(bytes_of_text(one->d_name)) &&
            has_day(dirfd(listing), one->d_name) &&
            !ledger_camera_row(ledger, one->d_name)) {
            leave(adopting, "evidence/segments");
        }
    }
    ledger->is_stranger = false;
    closedir(listing);
    enum sting_status status = sync_found(ledger, "evidence/segments", fault);
    for (size_t i = 0; i < ledger->cameras && !status; i++) {
        share(adopting, i < known ? known - i + (ledger->cameras > known)
                                  : ledger->cameras - i);
        status = adopt_camera(ledger, now, &ledger->camera[i], adopting, fault);
    }
    return status;
}
