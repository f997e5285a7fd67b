/*
 * verify_notes: the checkpoints of a folder, one after the other, while a
 * station may be writing more of them; 64 kB of them are held at a time.
 */
#ifndef STING_LEDGER_VERIFY_NOTES_H
#define STING_LEDGER_VERIFY_NOTES_H

#include "base/buffer.h"
#include "base/fault.h"
#include "ledger/note.h"

#define VERIFY_DATE_SIZE 11 /* "2011-11-01" and NUL */

/* Did the log key sign a note? It is asked once, when it matters. */
enum verify_sign {
    VERIFY_SIGN_UNKNOWN,
    VERIFY_SIGN_GOOD,
    VERIFY_SIGN_BAD,
};

/* In the order of the files' names. */
struct verify_notes {
    int operation;
    char (*date)[VERIFY_DATE_SIZE]; /* owned, sorted */
    size_t dates;
    size_t at;          /* the file now read */
    int open;           /* that file, owned; -1: none yet */
    struct buffer text; /* some of that file */
    size_t given;
    struct note note; /* the next one, when has_note */
    bool has_note;
    enum verify_sign sign; /* of that note, as far as it was asked */
    bool is_bad;           /* one was malformed: there is no going on */
    uint64_t offset;       /* in the file, of text */
    uint64_t torn_bytes;   /* an end that was never finished */
    char file[64];         /* where it stands */
};

STING_MUST_USE enum sting_status verify_notes_open(int operation,
                                                   struct verify_notes *notes,
                                                   struct fault *fault);
void verify_notes_release(struct verify_notes *notes);
/* Step to the next note. Fails: E_ABSENT at the end, also when lost power may
 * have torn what is left (torn_bytes), and may be asked again; E_FORMAT,
 * E_LIMIT, E_IO; `file` tells where. */
STING_MUST_USE enum sting_status verify_notes_next(struct verify_notes *notes);

#endif
