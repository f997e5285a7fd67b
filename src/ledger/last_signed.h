/*
 * last_signed: the checkpoint that speaks of the most lines.
 *
 * It counts when the log key signed it that the genesis names, in whatever file
 * it stands: a true one of before, planted in a file of a later day, hides
 * none. Of one that stands in two files, the older file's counts. Whether its
 * root is that of the lines is for who reads them.
 *
 * Bounds: the last megabyte of each file; of signatures of nobody 20,000, and
 * then 64 of a file.
 */
#ifndef STING_LEDGER_LAST_SIGNED_H
#define STING_LEDGER_LAST_SIGNED_H

#include "base/base.h"
#include "base/fault.h"
#include "crypt/digest.h"

#define LAST_SIGNED_NOTES_SIZE 17 /* "2011-11-01.notes" and NUL */

struct last_signed {
    uint64_t size; /* lines that it speaks of; 0: there is none */
    struct digest root;
    char notes[LAST_SIGNED_NOTES_SIZE]; /* the file that it is in */
};

/* In files not older than `oldest` ("": in all). Fails: E_ABSENT without a
 * ledger or a first line that names a key, E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status last_signed_read(int operation,
                                                  const char *oldest,
                                                  struct last_signed *out,
                                                  struct fault *fault);

#endif
