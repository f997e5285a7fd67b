/* Recordings that a crash left without their line get one, marked as
 * recovered. Nothing is opened: what a file's header says of it, in clear,
 * goes into the line beside the hash of the file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "ledger/adopt_list.h"
#include "ledger/adopted_files.h"

#define MOST_FILE_BYTES ((off_t)160 * 1024 * 1024)

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

/* A part whose segment is whole goes: the segment holds its bytes. One that
 * may have a line of its own stays, whatever was put beside it: a death leaves
 * parts beside the last segment only, and none of those has a line. */
static bool is_left_over(const struct adopt_files *found,
                         const struct ledger_camera *before,
                         const struct recording_name *name)
{
    return name->kind == RECORDING_PART &&
           adopt_files_have_segment(found, name->n) &&
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
                                     const struct adopt_files *found,
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
    struct adopt_files found STING_AUTO(adopt_files_release) = {0};
    char path[RECORDING_PATH_SIZE];
    enum sting_status status =
        adopt_files_list(ledger->operation, row->name, date, &found);
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

/* Files of days that have not come: to go by their date would leave no other
 * to the recordings that follow. */
static void leave_late(const struct ledger *ledger, const char *path,
                       struct adopting *adopting)
{
    DIR *listing STING_AUTO(dir_close) = adopt_listing(ledger->operation, path);
    const struct dirent *one = NULL;
    while (listing && (one = readdir(listing))) {
        uint64_t count = 0;
        if (recording_is_date(bytes_of_text(one->d_name)) &&
            strcmp(one->d_name, adopting->last_date) > 0) {
            count = adopt_files_count(dirfd(listing), one->d_name);
        }
        if (count > 0) {
            char folder[RECORDING_PATH_SIZE];
            (void)snprintf(folder, sizeof folder, "%.90s/%.10s", path,
                           one->d_name);
            leave(adopting, folder);
            adopting->left += count - 1;
        }
    }
}

static enum sting_status adopt_camera(struct ledger *ledger, struct moment now,
                                      struct ledger_camera *row,
                                      struct adopting *adopting,
                                      struct fault *fault)
{
    struct adopt_days days STING_AUTO(adopt_days_release) = {0};
    char path[RECORDING_PATH_SIZE];
    snprintf(path, sizeof path, "evidence/segments/%.64s", row->name);
    leave_late(ledger, path, adopting);
    /* Days before the newest one in the ledger hold nothing new. */
    enum sting_status status = adopt_days_list(
        ledger->operation, path, row->date, adopting->last_date, &days);
    if (status) {
        return fault_set(fault, status, "", "out of memory");
    }
    for (size_t i = 0; i < days.count && !status; i++) {
        status = adopt_folder(ledger, now, row, days.date[i], adopting, fault);
    }
    return status;
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
    DIR *listing = adopt_listing(ledger->operation, "evidence/segments");
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
        /* Without a recording it takes no room from a camera. */
        if (ledger_is_camera_name(bytes_of_text(one->d_name)) &&
            adopt_has_day(dirfd(listing), one->d_name) &&
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
