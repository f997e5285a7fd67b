/*
 * renew: so that proof outlives certificates and hashes.
 *
 * All evidence records of an operation get one more stamp, by the first
 * authority of operation.yaml; what has come since the newest of them is
 * listed and gets a record of its own. So does all of it when a record is
 * broken: no stamp mends one that was not renewed in time. Nothing is renewed
 * that does not verify: ask that first.
 *
 * Source: RFC 4998. Format: docs/formats/anchors.md.
 */
#ifndef STING_ANCHOR_RENEW_H
#define STING_ANCHOR_RENEW_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "crypt/time_stamp.h"
#include "operation/operation.h"

struct renew_settings {
    enum hash_kind kind;    /* HASH_KINDS: of each record the one it has */
    const uint32_t *broken; /* numbers of records, as a verifier said */
    size_t brokens;
    struct moment (*now)(void);
};

struct renewed {
    size_t records; /* that got one more stamp */
    size_t begun;   /* new ones */
    size_t broken;  /* left as they are */
    uint64_t entries;
    struct time_stamp last;
};

/* Fails: E_ARG without an authority in operation.yaml, E_ABSENT when it
 * cannot be reached, E_FORMAT with what is wrong with its answer, or when a
 * record here is not the one that the ledger names; E_IO, E_NOMEM. What was
 * renewed until then stays. */
STING_MUST_USE enum sting_status renew_run(const struct operation *operation,
                                           const struct renew_settings *how,
                                           struct renewed *out,
                                           struct fault *fault);

#endif
