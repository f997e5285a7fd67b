/*
 * history: where the numbering goes on, read from the ledger.
 */
#ifndef STING_OPERATION_HISTORY_H
#define STING_OPERATION_HISTORY_H

#include "operation/duty.h"
#include "operation/operation.h"

struct history {
    uint32_t next_incident; /* from 1 */
    uint32_t next_alert;    /* from 1 */
    struct duty duty;
};

/* One pass over the ledger, 1 s a million lines. Lines that do not parse are
 * left to `sting verify`. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status history_read(const struct operation *operation,
                                              struct history *out,
                                              struct fault *fault);

#endif
