/*
 * syncer: files of one folder made durable in the order in which they are
 * given, each as files_write() does it.
 *
 * Without a thread syncer_put() returns when the file is durable. With one it
 * returns at once: the thread takes all that waits, up to FILES_AT_ONCE files,
 * and syncs their folder once, so that a disk that is slow costs time and not
 * pictures. Threads of several cameras sync beside each other, and the file
 * system puts that together.
 *
 * What failed once is never tried again: the syncer then refuses everything.
 * Limits: SYNCER_MOST_FILES, SYNCER_MOST_BYTES waiting, or one file of any
 * size. Threads: one calls, one works.
 */
#ifndef STING_LEDGER_SYNCER_H
#define STING_LEDGER_SYNCER_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"

#define SYNCER_MOST_FILES 64
#define SYNCER_MOST_BYTES ((size_t)48 << 20)
#define SYNCER_PATH_SIZE 192

struct syncer;

/* Names are relative to `dir`, which is borrowed. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status syncer_new(int dir, struct syncer **out);
/* What the thread has begun is finished, what waits is dropped. */
void syncer_free(struct syncer **syncer);

/* From here on a thread does the work. Fails: E_IO. */
STING_MUST_USE enum sting_status syncer_start(struct syncer *syncer,
                                              struct fault *fault);

/* May a file of that size be put? */
bool syncer_has_room(struct syncer *syncer, size_t bytes);

/* Write the file; *bytes is taken, and empty then. *number: it is durable when
 * so many are. Fails: E_BUSY when it has to wait for room (*bytes is kept),
 * E_IO. */
STING_MUST_USE enum sting_status syncer_put(struct syncer *syncer,
                                            const char *path,
                                            struct buffer *bytes,
                                            uint64_t *number,
                                            struct fault *fault);

/* How many of all that were put are durable. Fails: E_IO once one failed. */
STING_MUST_USE enum sting_status syncer_durable(struct syncer *syncer,
                                                uint64_t *count,
                                                struct fault *fault);
/* Wait until all that were put are durable. Fails: E_IO. */
STING_MUST_USE enum sting_status syncer_wait(struct syncer *syncer,
                                             struct fault *fault);

#endif
