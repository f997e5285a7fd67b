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

/* What is to be registered; all borrowed. */
struct bait_candidate {
    const struct operation *operation;
    struct writer *writer;
    struct picture_worker *worker;
    const char *path; /* of the PDF */
    const char *name; /* NULL: made from the file's own */
    bool is_faint;    /* marks a third as far: mark/plan.h */
};

/* Register a document. The caller releases *out. Fails: E_UNSUPPORTED
 * encrypted, signed, nothing to mark; E_FORMAT, E_BUSY when the name is taken,
 * E_ARG, E_IO. */
STING_MUST_USE enum sting_status bait_add(
    const struct bait_candidate *candidate, struct bait *out,
    struct fault *fault);

/* Look at every page of a bait just added, which the worker still has open,
 * and seal its index. `tell` (may be NULL) hears of every page.
 * Fails: E_IO, E_NOMEM; the bait stands, and a trace makes its index anew. */
typedef void bait_tell(void *context, int page, int pages);
STING_MUST_USE enum sting_status bait_look(const struct operation *operation,
                                           struct picture_worker *worker,
                                           const struct bait *bait,
                                           bait_tell *tell, void *context,
                                           struct fault *fault);

/* A copy that was written, or found written as it should be. */
struct bait_made {
    const struct press *press; /* borrowed */
    uint32_t number;
    const char *holder;
    const char *file; /* NULL: registered only */
    struct digest sha256;
    bool was_there; /* an earlier run had written it */
    bool checked;   /* this very file was read and drawn beside its original */
};
typedef enum sting_status (*bait_sink)(void *context,
                                       const struct bait_made *made);

/* Of a run's files the first, and after it each of so many, is checked. */
#define BAIT_SAMPLE 256U

/* What is to be issued, and to where; all borrowed. */
struct bait_order {
    const struct operation *operation;
    const struct operation_keys *keys; /* identity and mark */
    struct picture_worker *worker;
    const char *bait;
    const char *folder; /* --out; NULL registers and writes no file */
    bool again;         /* holders may get one more copy */
    bool only_new;      /* leave out who has a copy */
    bool check_all;     /* every file, not only the first and BAIT_SAMPLE */
    bait_sink sink;     /* told of each file */
    /* The batch is committed and no file written yet; may be NULL. */
    enum sting_status (*ready)(void *context, const struct bait *bait,
                               uint32_t copies);
    void (*step)(void *context, uint32_t done, uint32_t all,
                 const char *what); /* what is under way; may be NULL */
    /* Files of this batch are about to be made with other packers than it
     * notes: other bytes are possible. May be NULL. */
    void (*repacked)(void *context, const struct register_batch *batch,
                     const char *packers);
    bool (*stopped)(void); /* asked between copies; may be NULL */
    void *context;
};

/* What came of it. */
struct bait_batch {
    uint32_t first, copies; /* copies 0: all have a copy already */
    bool was_there;         /* an earlier run had committed it */
};

/* Commit a batch for these holders, then write its files. Run again with the
 * same holders it goes on with the batch that is there: files that are
 * missing are written, the others compared byte for byte.
 * Whoever has a copy of this bait gets no second one by accident: E_BUSY,
 * unless `again` (a batch to the same list and folder goes on even then) or
 * `only_new`. Holders that stay are in *holders. */
STING_MUST_USE enum sting_status bait_issue(const struct bait_order *order,
                                            struct holders *holders,
                                            struct moment (*now)(void),
                                            struct bait_batch *out,
                                            struct fault *fault);

/* Make the copies first to last again, each issued before; one that is there
 * already is compared. Fails: E_ABSENT. */
STING_MUST_USE enum sting_status bait_again(const struct bait_order *order,
                                            uint32_t first, uint32_t last,
                                            struct fault *fault);

/* Write the copies `first` to `last` of a batch into order->folder. */
STING_MUST_USE enum sting_status bait_write(const struct bait_order *order,
                                            struct press *press,
                                            const struct register_batch *batch,
                                            uint32_t first, uint32_t last,
                                            struct fault *fault);

#endif
