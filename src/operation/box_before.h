/*
 * box_before: the record of the same box that was imported before, beside the
 * one that comes: does that one continue it, and what of it comes no more?
 *
 * Folders are descriptors, borrowed: `boxes` is OP/boxes, `draft` the copy.
 */
#ifndef STING_OPERATION_BOX_BEFORE_H
#define STING_OPERATION_BOX_BEFORE_H

#include "ledger/tree.h"
#include "operation/boxes.h"

/* Lines that a checkpoint of the record's own signs, added to `tree`; how many
 * bytes they are, added to *bytes. Fails: as unsigned_lines_read. */
STING_MUST_USE enum sting_status box_signed_part(int folder, struct tree *tree,
                                                 uint64_t *bytes,
                                                 struct fault *fault);

/* A name in boxes/ that is free: ".garage.1". Fails: E_LIMIT. */
STING_MUST_USE enum sting_status box_aside_name(int boxes, const char *name,
                                                char out[BOX_ASIDE_SIZE],
                                                struct fault *fault);

/* Does the draft continue what lies under out->name, if anything does? Where
 * that has lines that nobody signed, it is to be kept: out->aside. Fails:
 * E_FORGED and out->is_refused where it does not, or lacks what an `import`
 * line tells of, E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status box_before_check(
    const struct operation *office, int boxes, int draft,
    struct box_import *out, struct fault *fault);

/* What the box has erased since goes over from what is here, and from what an
 * unfinished import left; where a file of
 * it is not as its line says, all that is here is kept: out->aside. Fails: as
 * box_carry, E_LIMIT, E_IO. */
STING_MUST_USE enum sting_status box_before_keep(int boxes, int draft,
                                                 struct box_import *out,
                                                 struct fault *fault);

#endif
