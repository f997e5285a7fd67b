/*
 * box_carry: what the office has of a box's record, and the copy that comes
 * has no more.
 *
 * A box erases recordings, by retention or by whoever holds it and its keys;
 * nothing that comes makes the office lose its own copy of them. A file that a
 * signed line names goes over into the copy that comes, if it is of the size
 * and hash that the line says; any other stays where it is and is counted.
 *
 * Reads the ledger of the copy that comes: after its verification alone.
 */
#ifndef STING_OPERATION_BOX_CARRY_H
#define STING_OPERATION_BOX_CARRY_H

#include "base/base.h"
#include "base/fault.h"

struct box_carried {
    uint64_t recordings; /* that went over, and other files */
    uint64_t blobs;
    uint64_t bytes;
    uint64_t unlike; /* not as their line says: they did not go over */
    int64_t first_us, last_us; /* of the `erase` lines about them; 0: none */
};

/* From the folder that is here into the one that comes: a link, or a copy where
 * none can be made; durable when it returns. Fails: E_IO, E_NOMEM, as reading
 * does; nothing of `here` has changed then. */
STING_MUST_USE enum sting_status box_carry(int here, int coming,
                                           struct box_carried *out,
                                           struct fault *fault);

#endif
