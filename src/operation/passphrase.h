/*
 * passphrase: from a file or the terminal, never from the command line.
 *
 * Where an operation needs two people, each types his own; the prompt says
 * whose is asked for.
 *
 * Threads: one at a time (the terminal is one).
 */
#ifndef STING_OPERATION_PASSPHRASE_H
#define STING_OPERATION_PASSPHRASE_H

#include "base/base.h"
#include "base/fault.h"

#define PASSPHRASE_SIZE 1024

struct passphrase {
    size_t size;
    uint8_t byte[PASSPHRASE_SIZE];
};

enum passphrase_use {
    PASSPHRASE_OPEN,   /* of an operation that exists */
    PASSPHRASE_CHOOSE, /* for a new one: 8 bytes at least, typed twice */
};

/* Read it from `file` (its first line), or from the terminal when `file` is
 * NULL; `whose` goes into the prompt, " of the second person", "" for the
 * only one. Fails: E_ABSENT without a terminal, E_ARG when too short or the two
 * differ, E_IO, E_LIMIT. */
STING_MUST_USE enum sting_status passphrase_read(const char *file,
                                                 enum passphrase_use use,
                                                 const char *whose,
                                                 struct passphrase *out,
                                                 struct fault *fault);

/* The second of two people, for prompts. */
#define PASSPHRASE_SECOND " of the second person"
struct bytes passphrase_bytes(const struct passphrase *passphrase);
void passphrase_wipe(struct passphrase *passphrase);

#endif
