#include "ledger/last_signed.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"
#include "ledger/ledger_state.h"
#include "ledger/reader.h"
#include "ledger/recording_name.h"

/* Of a file of notes, looked at: its end. Of those behind the newest that
 * holds any, the last ones: within a file they never go back. */
#define TAIL_BYTES ((size_t)1 << 20)
#define LAST_BYTES ((size_t)2 * NOTE_MOST_BYTES)
#define NOTES_NAME_SIZE LAST_SIGNED_NOTES_SIZE
#define MOST_FILES 100000
/* Signatures of nobody that are looked at, in all, and then still in a file:
 * who plants files full of them keeps nobody from starting. */
#define MOST_FORGED 20000
#define FEW_FORGED 64

/* Who has to have signed: as the first line says. */
struct signer {
    char origin[LEDGER_ORIGIN_SIZE];
    struct public_key log;
};

/* Names of files of notes. */
struct names {
    char (*name)[NOTES_NAME_SIZE]; /* owned */
    size_t count;
};

static void names_release(struct names *names)
{
    free(names->name);
    *names = (struct names){0};
}

static enum sting_status signer_read(int operation, struct signer *out,
                                     struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status) {
        return status;
    }
    status = ledger_reader_next(reader, &line);
    if (status == STING_E_IO || status == STING_E_NOMEM) {
        return fault_errno(fault, status, "check the disk",
                           "the first line of evidence/ledger cannot be read");
    }
    if (status || strcmp(line.kind->name, "genesis") != 0 ||
        line_hex(&line, "log", out->log.byte, PUBLIC_KEY_SIZE)) {
        return STING_E_ABSENT;
    }
    line_text(&line, "origin", out->origin, sizeof out->origin);
    return STING_OK;
}

static int newest_first(const void *left, const void *right)
{
    return strcmp(right, left);
}

static enum sting_status names_add(struct names *names, const char *name,
                                   struct fault *fault)
{
    if (names->count == MOST_FILES) {
        return fault_set(fault, STING_E_LIMIT,
                         "take away those that no day of the record has",
                         "evidence/checkpoints holds more than %d files of "
                         "checkpoints",
                         MOST_FILES);
    }
    char *one = array_add(&names->name, &names->count, NOTES_NAME_SIZE);
    if (!one) {
        return STING_E_NOMEM;
    }
    memcpy(one, name, NOTES_NAME_SIZE);
    return STING_OK;
}

/* Files of notes not older than `oldest`, the newest first. */
static enum sting_status names_list(int operation, const char *oldest,
                                    struct names *out, struct fault *fault)
{
    DIR *listing STING_AUTO(dir_close) = dir_of(openat(
        operation, "evidence/checkpoints", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    enum sting_status status = STING_OK;
    const struct dirent *one = NULL;
    if (!listing) {
        return STING_OK;
    }
    while (!status && (one = readdir(listing))) {
        if (recording_is_notes(one->d_name) &&
            strcmp(one->d_name, oldest) >= 0) {
            status = names_add(out, one->d_name, fault);
        }
    }
    if (out->count > 0) {
        qsort(out->name, out->count, NOTES_NAME_SIZE, newest_first);
    }
    return status;
}

static enum sting_status tail_read(int operation, const char *name, size_t most,
                                   struct buffer *out, struct fault *fault)
{
    struct stat info;
    char path[64];
    (void)snprintf(path, sizeof path, "evidence/checkpoints/%s", name);
    int file STING_AUTO(fd_close) =
        openat(operation, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0 || fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        return STING_OK; /* no file of notes: there may be an older one */
    }
    off_t tail = (off_t)most;
    off_t skip = info.st_size > tail ? info.st_size - tail : 0;
    enum sting_status status = lseek(file, skip, SEEK_SET) < 0
                                   ? STING_E_IO
                                   : file_read_fd(file, 2 * most, out);
    return status ? fault_errno(fault, status, "check the disk",
                                "%s cannot be read", path)
                  : STING_OK;
}

/* Where the piece of text that ends at `end` begins, behind an empty line. */
static size_t piece_start(struct bytes text, size_t end)
{
    size_t start = end;
    while (start > 1 && memcmp(text.data + start - 2, "\n\n", 2) != 0) {
        start--;
    }
    return start > 1 ? start : 0;
}

/* Of two that speak of as many lines, the one in the older file. */
static bool is_more(const struct note *note, const char *name,
                    const struct last_signed *than)
{
    return note->size > than->size ||
           (note->size > 0 && note->size == than->size &&
            strcmp(name, than->notes) < 0);
}

/* The one that speaks of the most lines and that the signer signed. Read from
 * the end back, so that one signature is checked where nobody added any. */
static void text_take(struct bytes text, const char *name,
                      const struct signer *signer, struct note *note,
                      int *forged, struct last_signed *out)
{
    size_t end = text.size;
    int few = *forged + FEW_FORGED;
    while (end > 0 && *forged < (few > MOST_FORGED ? few : MOST_FORGED)) {
        size_t start = piece_start(text, end);
        struct bytes rest = {text.data + start, text.size - start};
        if (!note_parse(rest, note) && is_more(note, name, out)) {
            if (note_verify(note, signer->origin, &signer->log)) {
                ++*forged;
            } else {
                *out = (struct last_signed){note->size, note->root, ""};
                memcpy(out->notes, name, NOTES_NAME_SIZE);
            }
        }
        end = start > 1 ? start - 1 : 0;
    }
}

/* All files, for any may be a planted one, and the true one behind it. */
static enum sting_status last_read(int operation, const struct signer *signer,
                                   const char *oldest, struct last_signed *out,
                                   struct fault *fault)
{
    struct names names STING_AUTO(names_release) = {0};
    struct note *note = malloc(sizeof *note);
    int forged = 0;
    enum sting_status status =
        note ? names_list(operation, oldest, &names, fault) : STING_E_NOMEM;
    for (size_t i = 0; i < names.count && !status; i++) {
        struct buffer text STING_AUTO(buffer_release) = {0};
        status = tail_read(operation, names.name[i],
                           out->size ? LAST_BYTES : TAIL_BYTES, &text, fault);
        if (!status) {
            text_take(buffer_bytes(&text), names.name[i], signer, note, &forged,
                      out);
        }
    }
    free(note);
    return status;
}

enum sting_status last_signed_read(int operation, const char *oldest,
                                   struct last_signed *out, struct fault *fault)
{
    struct signer signer;
    *out = (struct last_signed){.size = 0};
    enum sting_status status = signer_read(operation, &signer, fault);
    return status ? status : last_read(operation, &signer, oldest, out, fault);
}
