/*
 * press: one bait opened for making copies.
 *
 * A copy is a function of the original, the mark key and its number alone:
 * made again it comes out byte for byte the same.
 */
#ifndef STING_BAIT_PRESS_H
#define STING_BAIT_PRESS_H

#include "base/buffer.h"
#include "base/fault.h"
#include "operation/baits.h"
#include "operation/facts.h"
#include "operation/operation.h"
#include "operation/picture_worker.h"

struct press {
    struct picture_worker *worker; /* borrowed */
    struct bait bait;
    struct fact_sheet facts; /* planted in it, if any */
    struct secret document;  /* K_doc */
    int8_t **sign;           /* owned; one a page */
    uint8_t **threshold;     /* owned; one a page */
    uint32_t *units;         /* owned */
};

/* Load the bait's original into the worker. `keys` holds identity and mark
 * key. Fails: E_ABSENT, E_FORMAT, E_FORGED, E_IO, E_NOMEM; E_UNSUPPORTED when
 * this version of sting finds words in other places than the one that
 * registered the bait. */
STING_MUST_USE enum sting_status press_init(struct press *press,
                                            const struct operation *operation,
                                            const struct operation_keys *keys,
                                            const char *bait,
                                            struct picture_worker *worker,
                                            struct fault *fault);
void press_release(struct press *press);

/* From here on copies are packed as those of a batch with such packers (""
 * is one of long ago); at first as new ones. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status press_pack(struct press *press,
                                            const char *packers,
                                            struct fault *fault);

/* Append copy `number` to *out. */
STING_MUST_USE enum sting_status press_copy(struct press *press,
                                            uint32_t number, struct buffer *out,
                                            struct fault *fault);

/* Read and draw the copy that was made last beside the original. Fails:
 * E_FORGED when a rule is broken: it must not be given out. */
STING_MUST_USE enum sting_status press_check(struct press *press,
                                             struct fault *fault);

/* "DIR/HOLDER/NAME.pdf" for a holder; fails: E_LIMIT when too long. */
STING_MUST_USE enum sting_status press_path(const struct press *press,
                                            const char *folder,
                                            const char *holder, char *out,
                                            size_t size, struct fault *fault);

/* Write a copy to that path, with the original's date; the holder's folder
 * is made. An existing file is never replaced. Fails: E_BUSY, E_IO. */
STING_MUST_USE enum sting_status press_save(const struct press *press,
                                            const char *path, struct bytes copy,
                                            struct fault *fault);

/* Give a file the original's date. Fails: E_IO. */
STING_MUST_USE enum sting_status press_date(const struct press *press,
                                            const char *path,
                                            struct fault *fault);

#endif
