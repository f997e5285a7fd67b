/*
 * baits: the documents of an operation, sealed under bait/NAME/.
 *
 * A bait is its original, and a reference for reading marks: where each unit
 * of each page lies. Both are age files; nothing about them is in clear but
 * the bait's name.
 *
 * Format: docs/formats/folder.md and bait.md.
 */
#ifndef STING_OPERATION_BAITS_H
#define STING_OPERATION_BAITS_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "mark/unit.h"
#include "operation/operation.h"
#include "operation/writer.h"

#define BAITS_MOST 4096
#define BAIT_FILE_SIZE 256
#define BAIT_MOST_BYTES ((size_t)256 * 1024 * 1024)
#define BAIT_MOST_PAGES 5000

struct bait {
    char name[CONFIG_NAME_SIZE];
    char file[BAIT_FILE_SIZE]; /* the original's own file name */
    int64_t modified_us;       /* and its date, given to its copies */
    struct digest original;    /* SHA-256 of the file */
    int pages;
    struct mark_page *page; /* owned */
};

void bait_release(struct bait *bait);

/* Names of all baits, sorted. */
struct bait_names {
    size_t count;
    char (*name)[CONFIG_NAME_SIZE]; /* owned */
};
STING_MUST_USE enum sting_status bait_names_init(
    const struct operation *operation, struct bait_names *out,
    struct fault *fault);
void bait_names_release(struct bait_names *names);

/* Seal a new bait and write its line; bait->name must be free.
 * Fails: E_ARG, E_BUSY when the name is taken, E_IO. */
STING_MUST_USE enum sting_status bait_store(const struct operation *operation,
                                            struct writer *writer,
                                            const struct bait *bait,
                                            struct bytes original,
                                            struct fault *fault);

/* Read a bait's reference; the caller releases *out.
 * Fails: E_ABSENT, E_FORMAT, E_FORGED, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bait_load(const struct operation *operation,
                                           const struct operation_keys *keys,
                                           const char *name, struct bait *out,
                                           struct fault *fault);

/* The text that is sealed, and back, which takes hostile bytes: a name that
 * leads to another folder is none. The caller releases *out.
 * Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status bait_reference_write(const struct bait *bait,
                                                      struct buffer *out);
STING_MUST_USE enum sting_status bait_reference_read(struct bytes from,
                                                     struct bait *out);

/* Append a bait's original to *out, checked against bait->original. */
STING_MUST_USE enum sting_status bait_original_load(
    const struct operation *operation, const struct operation_keys *keys,
    const struct bait *bait, struct buffer *out, struct fault *fault);

#endif
