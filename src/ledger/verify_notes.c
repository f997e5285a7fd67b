/* Reading the notes of a folder, and remembering hashes. */
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
#include "ledger/recording_name.h"
#include "ledger/torn.h"
#include "ledger/verify_state.h"

#define CHUNK_BYTES ((size_t)64 * 1024)
#define MOST_TORN_BYTES ((size_t)2 * NOTE_MOST_BYTES)
#define MOST_FILES 100000

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum sting_status add_date(struct verify_notes *notes, const char *name)
{
    if (notes->dates == MOST_FILES) {
        return STING_E_LIMIT;
    }
    char *date = array_add(&notes->date, &notes->dates, sizeof *notes->date);
    if (!date) {
        return STING_E_NOMEM;
    }
    memcpy(date, name, VERIFY_DATE_SIZE - 1); /* its NUL is there */
    return STING_OK;
}

/* The files whose dates come after the last one known. */
static enum sting_status list_dates(struct verify_notes *notes)
{
    DIR *listing = dir_of(
        file_open_below(notes->operation, "evidence/checkpoints", O_DIRECTORY));
    enum sting_status status = STING_OK;
    size_t known = notes->dates;
    const struct dirent *one = NULL;
    if (!listing) {
        return STING_OK; /* no notes: the caller will miss them */
    }
    while (!status && (one = readdir(listing))) {
        if (recording_is_notes(one->d_name) &&
            (known == 0 || strncmp(one->d_name, notes->date[known - 1],
                                   VERIFY_DATE_SIZE - 1) > 0)) {
            status = add_date(notes, one->d_name);
        }
    }
    closedir(listing);
    if (notes->dates > known) {
        qsort(notes->date + known, notes->dates - known, sizeof *notes->date,
              compare);
    }
    return status;
}

enum sting_status verify_notes_open(int operation, struct verify_notes *notes,
                                    struct fault *fault)
{
    notes->operation = operation;
    notes->open = -1;
    enum sting_status status = list_dates(notes);
    return status
               ? fault_set(fault, status, "", "there are too many checkpoints")
               : STING_OK;
}

void verify_notes_release(struct verify_notes *notes)
{
    free(notes->date);
    buffer_release(&notes->text);
    fd_close(&notes->open);
    *notes = (struct verify_notes){.open = -1};
}

/* Go on to the next file. Fails: E_ABSENT when there is none,
 * E_UNSUPPORTED when it is no regular file. */
static enum sting_status next_file(struct verify_notes *notes)
{
    struct stat info;
    size_t next = notes->at + (notes->open >= 0);
    enum sting_status status =
        next < notes->dates ? STING_OK : list_dates(notes);
    if (status || next >= notes->dates) {
        return status ? status : STING_E_ABSENT;
    }
    fd_close(&notes->open);
    notes->at = next;
    notes->text.size = 0;
    notes->given = 0;
    notes->offset = 0;
    snprintf(notes->file, sizeof notes->file, "evidence/checkpoints/%s.notes",
             notes->date[next]);
    notes->open = file_open_below(notes->operation, notes->file, 0);
    if (notes->open < 0 && errno != ELOOP && errno != ENOTDIR &&
        errno != ENXIO) {
        return STING_E_IO;
    }
    bool is_regular = notes->open >= 0 && fstat(notes->open, &info) == 0 &&
                      S_ISREG(info.st_mode);
    return is_regular ? STING_OK : STING_E_UNSUPPORTED;
}

/* Hold more of the file. Fails: E_ABSENT at its end, for now. */
static enum sting_status fill(struct verify_notes *notes)
{
    struct buffer *text = &notes->text;
    text->size -= notes->given;
    notes->offset += notes->given;
    if (text->size > 0 && notes->given > 0) {
        memmove(text->data, text->data + notes->given, text->size);
    }
    notes->given = 0;
    enum sting_status status = buffer_reserve(text, CHUNK_BYTES);
    ssize_t got = 0;
    if (status) {
        return status;
    }
    do {
        got = read(notes->open, text->data + text->size, CHUNK_BYTES);
    } while (got < 0 && errno == EINTR);
    text->size += got > 0 ? (size_t)got : 0;
    return got < 0 ? STING_E_IO : got == 0 ? STING_E_ABSENT : STING_OK;
}

static struct bytes rest_of(const struct verify_notes *notes)
{
    size_t left = notes->text.size - notes->given;
    return left ? (struct bytes){notes->text.data + notes->given, left}
                : (struct bytes){0};
}

/* What cannot be read as a note: has it never been finished, at the very end
 * of all? Then it is no note, and a station may yet finish it. */
static enum sting_status end_torn(struct verify_notes *notes)
{
    enum sting_status status = STING_OK;
    while (!status && rest_of(notes).size <= MOST_TORN_BYTES) {
        status = fill(notes);
    }
    if (status && status != STING_E_ABSENT) {
        return status;
    }
    if (!status || !torn_is_note(rest_of(notes), notes->offset)) {
        return STING_E_FORMAT;
    }
    if (list_dates(notes) || notes->at + 1 < notes->dates) {
        return STING_E_FORMAT; /* more comes after it */
    }
    notes->torn_bytes = rest_of(notes).size;
    return STING_E_ABSENT;
}

/* Hold a whole note, of this file or the next. Fails: as verify_notes_next. */
static enum sting_status hold_note(struct verify_notes *notes)
{
    enum sting_status status = note_parse(rest_of(notes), &notes->note);
    while (status == STING_E_ABSENT) {
        status = fill(notes);
        if (status == STING_E_ABSENT) {
            status = rest_of(notes).size ? end_torn(notes) : next_file(notes);
        }
        if (status) {
            return status;
        }
        status = note_parse(rest_of(notes), &notes->note);
    }
    return status == STING_E_FORMAT || status == STING_E_LIMIT ? end_torn(notes)
                                                               : status;
}

enum sting_status verify_notes_next(struct verify_notes *notes)
{
    notes->has_note = false;
    notes->sign = VERIFY_SIGN_UNKNOWN;
    notes->torn_bytes = 0;
    if (notes->is_bad) {
        return STING_E_ABSENT;
    }
    enum sting_status status = notes->open < 0 ? next_file(notes) : STING_OK;
    if (!status) {
        status = hold_note(notes);
    }
    if (!status) {
        notes->given += notes->note.bytes;
        notes->has_note = true;
    }
    notes->is_bad = status && status != STING_E_ABSENT;
    return status;
}
