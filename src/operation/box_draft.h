/*
 * box_draft: the copy of what a box brought, until it has its name: made,
 * verified, put in place, or removed.
 *
 * One at a time for each operation: OP/boxes is locked as long as it is open.
 */
#ifndef STING_OPERATION_BOX_DRAFT_H
#define STING_OPERATION_BOX_DRAFT_H

#include "operation/boxes.h"

struct box_draft {
    int boxes;                   /* OP/boxes, owned */
    int dir;                     /* the copy in it, owned */
    struct folder_copied copied; /* its evidence */
    struct folder_copied bait;   /* not yet told whose it is */
};
#define BOX_DRAFT_NONE ((struct box_draft){.boxes = -1, .dir = -1})
void box_draft_close(struct box_draft *draft);

/* Copy the files of a record from the folder `from`. No line of it is read
 * before its verification. Fails: E_BUSY while another import runs,
 * E_UNSUPPORTED for what is no record, E_IO and as folder_copy. */
STING_MUST_USE enum sting_status box_draft_make(const struct operation *office,
                                                int from, struct box_draft *out,
                                                struct fault *fault);

/* In a check worker; a box's `bait` is left out then, since it has none.
 * Fails: E_FORGED and out->is_refused where it is not intact. */
STING_MUST_USE enum sting_status box_draft_verify(struct box_draft *draft,
                                                  const struct box_order *order,
                                                  struct box_import *out,
                                                  struct fault *fault);

/* It has done->name in it, and is durable: the ledger may tell of it. From
 * here on it is kept, whatever fails, until its box is imported again. Fails:
 * E_IO. */
STING_MUST_USE enum sting_status box_draft_ready(const struct box_draft *draft,
                                                 const struct box_import *done,
                                                 struct fault *fault);

/* It takes the name done->name in one step; what had it is gone, or under
 * done->aside. Fails: E_IO. */
STING_MUST_USE enum sting_status box_draft_place(const struct box_draft *draft,
                                                 const struct box_import *done,
                                                 struct fault *fault);

/* Remove it, if it is ours: another's is under its lock. */
void box_draft_remove(const struct box_draft *draft);

#endif
