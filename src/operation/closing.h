/*
 * closing: the end of an operation. A last line and checkpoint, then its keys
 * are handed over or destroyed: nothing can be written any more, and `sting
 * verify` goes on saying what it says.
 */
#ifndef STING_OPERATION_CLOSING_H
#define STING_OPERATION_CLOSING_H

#include "operation/change.h"

struct core; /* operation/core.h */

struct closing {
    struct change change;
    /* Called when the last line is signed, so that outsiders see it; what they
     * do not say in time closes no less. May be NULL. */
    void (*last)(void *context, struct core *core);
    void *context;
    const char *keys_to; /* folder for identity, mark, case and names; NULL:
                            they are destroyed */
};

struct closing_done {
    size_t handed_over;
    size_t destroyed;
    bool was_closed; /* the line was there already; the keys went now */
};

/* Hand over, write the lines, sign, destroy. What was cut off is finished by
 * doing it again. Fails: E_BUSY while a station runs, E_IO, as core_open(). */
STING_MUST_USE enum sting_status operation_end(
    const struct operation *operation, const struct closing *closing,
    struct closing_done *out, struct fault *fault);

#endif
