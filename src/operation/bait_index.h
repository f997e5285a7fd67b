/*
 * bait_index: what the pages of one bait look like from far away, packed and
 * sealed beside it, so that a trace need not look at every page again.
 *
 * It is made from the original alone and can be made again at any time. It
 * may be hostile when it is read: whoever knows the recipients can seal one.
 *
 * Format: docs/formats/index.md.
 */
#ifndef STING_OPERATION_BAIT_INDEX_H
#define STING_OPERATION_BAIT_INDEX_H

#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "operation/operation.h"
#include "operation/picture_worker.h"

struct bait_index {
    struct digest original; /* SHA-256 of the document it was made of */
    int pages;
    struct buffer records; /* owned: one a page, image/page_record.h */
};

void bait_index_release(struct bait_index *index);

/* Look at a page of the PDF that the worker has open, and append its record.
 * A page that cannot be rendered gets an empty one: it is never found.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_index_add(struct bait_index *index,
                                                struct picture_worker *worker,
                                                struct fault *fault);

/* Seal it as bait/NAME/index.age. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bait_index_store(
    const struct operation *operation, const char *name,
    const struct bait_index *index, struct fault *fault);

/* The index of a bait. Records are bounded, not yet read.
 * Fails: E_ABSENT when there is none; E_FORMAT when it is none; as
 * operation_unseal. */
STING_MUST_USE enum sting_status bait_index_load(
    const struct operation *operation, const struct operation_keys *keys,
    const char *name, struct bait_index *out, struct fault *fault);

/* The text that is sealed, and back. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status bait_index_write(
    const struct bait_index *index, struct buffer *out);
STING_MUST_USE enum sting_status bait_index_read(struct bytes from,
                                                 struct bait_index *out);

#endif
