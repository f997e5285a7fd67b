/*
 * bait: documents registered, copies issued, and any copy made again.
 *
 * A batch is committed in one ledger line before its first file exists;
 * docs/formats/bait.md says to what.
 */
#ifndef STING_BAIT_BAIT_H
#define STING_BAIT_BAIT_H

#include "bait/holders.h"
#include "bait/press.h"
#include "base/clock.h"
#include "base/fault.h"
#include "operation/register.h"
#include "operation/writer.h"

/* Register the PDF at `path` under `name` (NULL: made from the file's own).
 * The caller releases *out. Fails: E_UNSUPPORTED encrypted, signed, nothing
 * to mark; E_FORMAT, E_BUSY when the name is taken, E_ARG, E_IO. */
STING_MUST_USE enum sting_status bait_add(const struct operation *operation,
                                          struct writer *writer,
                                          struct picture_worker *worker,
                                          const char *path, const char *name,
                                          struct bait *out,
                                          struct fault *fault);

/* A copy that was written. */
struct bait_made {
    const struct press *press; /* borrowed */
    uint32_t number;
    const char *holder;
    const char *file;
    struct digest sha256;
};
typedef enum sting_status (*bait_sink)(void *context,
                                       const struct bait_made *made);

/* What is to be issued, and to where; all borrowed. */
struct bait_order {
    const struct operation *operation;
    const struct operation_keys *keys; /* identity and mark */
    struct picture_worker *worker;
    const char *bait;
    const char *folder; /* --out */
    bait_sink sink;     /* told of each file */
    void *context;
};

/* Commit a batch for these holders, then write its files. When a file cannot
 * be written the batch stands and bait_again() makes the rest. */
STING_MUST_USE enum sting_status bait_issue(const struct bait_order *order,
                                            const struct holders *holders,
                                            struct moment (*now)(void),
                                            struct fault *fault);

/* Make a copy again that was issued before. Fails: E_ABSENT. */
STING_MUST_USE enum sting_status bait_again(const struct bait_order *order,
                                            uint32_t number,
                                            struct fault *fault);

#endif
