/*
 * writer: how every part writes the ledger.
 *
 * While a station runs, lines and blobs go to it over core.sock; where none
 * runs, the writer takes the lock and is the core for its own duration, by
 * the same code (core.h). Files under bait/ are written by who makes them:
 * each once, whole, under a name that nobody can take twice.
 *
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_WRITER_H
#define STING_OPERATION_WRITER_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/plane.h"
#include "crypt/digest.h"
#include "operation/operation.h"
#include "wire/show.h"

struct line_field; /* ledger/line.h */
struct writer;

/* What is done with an imported record is written into its office's ledger.
 * `now` stamps what is written where no station runs; pass clock_now.
 * Waits up to ten seconds for another command to end.
 * Fails: E_BUSY, E_IO, E_FORMAT, E_FORGED (the ledger is broken, or
 * operation.yaml names recipients that nobody confirmed), E_NOMEM. */
STING_MUST_USE enum sting_status writer_open(const struct operation *operation,
                                             struct moment (*now)(void),
                                             struct writer **out,
                                             struct fault *fault);

/* The same for who is about to confirm other recipients (kept.h). */
STING_MUST_USE enum sting_status writer_open_confirming(
    const struct operation *operation, struct moment (*now)(void),
    struct writer **out, struct fault *fault);

/* Sign what was written and give the lock back. Each line was durable when
 * its call returned. Fails: E_IO. */
STING_MUST_USE enum sting_status writer_close(struct writer **writer,
                                              struct fault *fault);
/* The same on a way out that has failed already; for STING_AUTO. */
void writer_free(struct writer **writer);

/* Append a line; *seq (may be NULL) receives its number.
 * Fails: E_ARG (kind, names or values that the ledger refuses), E_IO. */
STING_MUST_USE enum sting_status writer_line(struct writer *writer,
                                             const char *kind,
                                             const struct line_field *field,
                                             size_t fields, uint64_t *seq,
                                             struct fault *fault);

/* A line alone: opened, written, signed. Fails: as these three. */
STING_MUST_USE enum sting_status writer_note(const struct operation *operation,
                                             struct moment (*now)(void),
                                             const char *kind,
                                             const struct line_field *field,
                                             size_t fields,
                                             struct fault *fault);

/* Seal bytes to all recipients as evidence/blobs/CT.age; *ct and *pt are the
 * digests of the file and of the bytes (pt may be NULL).
 * Fails: E_LIMIT over 8 MB, E_IO. */
STING_MUST_USE enum sting_status writer_blob(struct writer *writer,
                                             struct bytes plain,
                                             struct digest *ct,
                                             struct digest *pt,
                                             struct fault *fault);

enum writer_seal {
    WRITER_SIGN, /* all entries so far */
    WRITER_CUT,  /* and what is recorded ends at the next keyframe and is
                    sealed, soon after this returns */
    WRITER_TURN, /* or the epoch ends, and its key with it */
};

/* Have the station that runs do so. Fails: E_ABSENT where none runs, E_IO. */
STING_MUST_USE enum sting_status writer_station_seal(
    const struct operation *operation, enum writer_seal how,
    struct fault *fault);

/* Have the station that runs take the link of an alert (ack_link.h).
 * Fails: E_ABSENT where none runs, else as ack_link_read(). */
STING_MUST_USE enum sting_status writer_link(const struct operation *operation,
                                             const char *word, const char *by,
                                             int64_t *incident,
                                             struct fault *fault);

/* Have the console of the station that runs show something: `which` and `n`
 * as wire/show.h says. False where none runs, or nobody can look. */
bool writer_show(const struct operation *operation, enum show what,
                 uint32_t which, int64_t n, struct bytes bytes);

/* Hand the station that runs a page of a bait as it is seen from afar
 * (wire/print.h), so that cameras can tell which page lies there.
 * Fails: E_ABSENT where none runs; E_LIMIT when it holds too many, E_IO. */
STING_MUST_USE enum sting_status writer_print(const struct operation *operation,
                                              const char *bait, int page,
                                              const struct plane *grey,
                                              struct fault *fault);

/* A blob and the line that names it: writer_blob(), then a line of `kind`
 * with `field` and after it blob= (the file's digest) and pt=. */
STING_MUST_USE enum sting_status writer_sealed_line(
    struct writer *writer, const char *kind, const struct line_field *field,
    size_t fields, struct bytes plain, struct fault *fault);

#endif
