/* What checkpoints a writer finds when it comes: in which file they go on, and
 * an end of it that was never finished. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "ledger/recording_name.h"
#include "ledger/recover_state.h"
#include "ledger/torn.h"

/* Of a file of notes, looked at. */
#define TAIL_BYTES ((off_t)1 << 20)

static bool is_regular(int folder, const char *name)
{
    struct stat info;
    return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(info.st_mode);
}

/* The newest "DATE.notes"; "" when there is none. What is no file was put
 * there by somebody, and stays. */
static enum sting_status newest_notes(struct ledger *ledger, struct scan *scan,
                                      struct fault *fault)
{
    DIR *listing =
        dir_of(openat(ledger->operation, "evidence/checkpoints",
                      O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!listing) {
        if (file_kind_check(ledger->operation, "evidence/checkpoints", true,
                            fault)) {
            return STING_E_UNSUPPORTED;
        }
        return fault_errno(fault, STING_E_IO, "put the folder back",
                           "evidence/checkpoints cannot be read");
    }
    for (const struct dirent *one = readdir(listing); one;
         one = readdir(listing)) {
        if (!recording_is_notes(one->d_name)) {
            continue;
        }
        if (!is_regular(dirfd(listing), one->d_name)) {
            scan->is_altered = true;
            if (strcmp(one->d_name, scan->no_notes) > 0) {
                (void)snprintf(scan->no_notes, sizeof scan->no_notes, "%.60s",
                               one->d_name);
            }
        } else if (strncmp(one->d_name, ledger->notes_date,
                           LEDGER_DATE_SIZE - 1) > 0) {
            memcpy(ledger->notes_date, one->d_name, LEDGER_DATE_SIZE - 1);
        }
    }
    closedir(listing);
    return STING_OK;
}

/* A note that was never finished: put it aside. */
static enum sting_status cut_torn_note(struct ledger *ledger, const char *path,
                                       struct bytes torn, off_t good,
                                       struct scan *scan, struct fault *fault)
{
    enum sting_status status = torn_put_aside(ledger, torn, &scan->note, fault);
    if (status) {
        return status;
    }
    int file STING_AUTO(fd_close) =
        openat(ledger->operation, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 || ftruncate(file, good) != 0 || fsync(file) != 0) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "%s cannot be cut", path);
    }
    return STING_OK;
}

/* Cut off what comes before the first note that begins in `text`. */
static uint64_t cut_front(struct buffer *text)
{
    struct note *note = malloc(sizeof *note);
    size_t cut = 0;
    const uint8_t *at = text->data;
    const uint8_t *end = text->data + text->size;
    while (note && !cut &&
           (at = memmem(at, (size_t)(end - at), "\n\n", 2)) != NULL) {
        at += 2;
        if (!note_parse((struct bytes){at, (size_t)(end - at)}, note)) {
            cut = (size_t)(at - text->data);
        }
    }
    free(note);
    text->size -= cut;
    memmove(text->data, text->data + cut, text->size);
    return cut;
}

/* The last notes of a file, which may hold those of years when the clock was
 * in the future once; *offset tells where in it they begin. */
static enum sting_status read_last(struct ledger *ledger, const char *path,
                                   struct buffer *text, uint64_t *offset,
                                   struct fault *fault)
{
    struct stat info;
    if (file_kind_check(ledger->operation, path, false, fault)) {
        return STING_E_UNSUPPORTED;
    }
    int file STING_AUTO(fd_close) =
        openat(ledger->operation, path,
               O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        return fault_errno(fault, STING_E_IO, "put the file back",
                           "%s cannot be read", path);
    }
    off_t skip = info.st_size > TAIL_BYTES ? info.st_size - TAIL_BYTES : 0;
    if (lseek(file, skip, SEEK_SET) < 0 ||
        file_read_fd(file, (size_t)(2 * TAIL_BYTES), text)) {
        return fault_errno(fault, STING_E_IO, "check the disk",
                           "%s cannot be read", path);
    }
    *offset = (uint64_t)skip + (skip > 0 ? cut_front(text) : 0);
    return STING_OK;
}

/* The end of one file of notes. */
struct notes_end {
    char path[64];
    struct buffer text;
    uint64_t offset; /* where in the file the text begins */
    size_t good;     /* bytes of whole notes at its front */
    uint64_t last;   /* lines that the last of these speaks of; 0: none */
    enum sting_status parsed; /* why it ends there */
};

static void notes_end_release(struct notes_end *end)
{
    buffer_release(&end->text);
    *end = (struct notes_end){.path = ""};
}

static enum sting_status notes_end_read(struct ledger *ledger,
                                        struct notes_end *end,
                                        struct fault *fault)
{
    struct note *note = malloc(sizeof *note);
    notes_end_release(end);
    (void)snprintf(end->path, sizeof end->path, "evidence/checkpoints/%s.notes",
                   ledger->notes_date);
    enum sting_status status =
        note ? read_last(ledger, end->path, &end->text, &end->offset, fault)
             : STING_E_NOMEM;
    while (!status && !end->parsed && end->good < end->text.size) {
        end->parsed = note_parse((struct bytes){end->text.data + end->good,
                                                end->text.size - end->good},
                                 note);
        if (!end->parsed) {
            end->last = note->size;
            end->good += note->bytes;
        }
    }
    free(note);
    return status;
}

/* Go on in the file of the last one that was signed: where a later one holds
 * another, somebody put it there. It stays as it is, and signs nothing. */
static enum sting_status notes_choose(struct ledger *ledger, struct scan *scan,
                                      struct notes_end *end,
                                      struct fault *fault)
{
    const char *known = scan->unsigned_lines.notes;
    char last[LEDGER_DATE_SIZE];
    enum sting_status status = notes_end_read(ledger, end, fault);
    scan_last_date(scan, last);
    bool is_late = strncmp(last, ledger->notes_date, LEDGER_DATE_SIZE - 1) < 0;
    if (!status && (end->last > 0 || is_late) && known[0] &&
        strncmp(known, ledger->notes_date, LEDGER_DATE_SIZE - 1) < 0) {
        scan->is_altered = true;
        memcpy(ledger->notes_date, known, LEDGER_DATE_SIZE - 1);
        status = notes_end_read(ledger, end, fault);
    }
    return status;
}

enum sting_status scan_notes(struct ledger *ledger, struct scan *scan,
                             struct fault *fault)
{
    struct notes_end end STING_AUTO(notes_end_release) = {.path = ""};
    enum sting_status status = newest_notes(ledger, scan, fault);
    if (status || !ledger->notes_date[0]) {
        return status;
    }
    status = notes_choose(ledger, scan, &end, fault);
    /* Behind the last one that was signed stands one that was not. */
    scan->is_altered =
        scan->is_altered || (end.last > 0 && end.last != scan->note_size);
    struct bytes torn = {end.text.data + end.good, end.text.size - end.good};
    if (!status && torn.size > 0 &&
        (end.parsed == STING_E_ABSENT ||
         torn_is_note(torn, end.offset + end.good))) {
        return cut_torn_note(ledger, end.path, torn,
                             (off_t)(end.offset + end.good), scan, fault);
    }
    scan->is_altered = scan->is_altered || end.good < end.text.size;
    return status;
}
