/*
 * verify_named: the files that lines name (V8).
 */
#ifndef STING_LEDGER_VERIFY_NAMED_H
#define STING_LEDGER_VERIFY_NAMED_H

#include "crypt/digest.h"
#include "ledger/line.h"
#include "ledger/recording.h"
#include "ledger/verify_film.h"

/* What a line says of one file. */
struct verify_named {
    char path[RECORDING_PATH_SIZE];
    struct digest ct;
    struct digest pt;
    bool has_pt;
    bool is_plain;              /* not an age file */
    bool is_again;              /* an earlier line names it too */
    bool was_seen;              /* by who adopted the line (verify_settled.h) */
    int64_t bytes;              /* -1: not said */
    struct digest before;       /* it may still be this one; zeros: not */
    struct digest by_nobody;    /* what an unsigned line says; zeros: none */
    enum verify_film_kind film; /* a recording, to be looked into */
};

/* Check that file, which the line names. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_named(struct verify_run *run,
                                              const struct line *line,
                                              const struct verify_named *claim);

/* A file that is not sealed, by its hash. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_plain_file(struct verify_run *run,
                                                   const struct line *line,
                                                   const char *path,
                                                   struct digest ct);

/* Open a file below the operation to read. Fails: E_ABSENT when it is not
 * there, E_UNSUPPORTED when it is no regular file, E_IO. */
STING_MUST_USE enum sting_status verify_open(struct verify_run *run,
                                             const char *path, int *out);
/* Check the files that a line names. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_files(struct verify_run *run,
                                              const struct line *line);
/* A file that may be missing, if it is here: is it the one of that hash, where
 * a line names it? With an identity: does it open? Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_opens(struct verify_run *run,
                                              const struct line *line,
                                              const struct verify_named *claim,
                                              bool has_ct);
#endif
