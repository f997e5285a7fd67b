/*
 * verify_repeated: does a recording stand in the ledger twice (V11)?
 *
 * Hashes are compared as the lines go by. Once more of them are held than
 * may be, only those of one half go on to be held, then of a quarter, and the
 * other parts are compared at the end, in one further pass over the ledger
 * each: memory does not grow with the ledger, and no rule is lost.
 * Limits: 256 parts, a billion hashes as they come; who chose them so that one
 * part holds too many is told of as UNVERIFIABLE. Of what a further pass finds
 * the first is told, but behind what was found before.
 */
#ifndef STING_LEDGER_VERIFY_REPEATED_H
#define STING_LEDGER_VERIFY_REPEATED_H

#include "ledger/line.h"
#include "ledger/verify_seen.h"

struct verify_run;
struct verify_camera;

/* Zero-initialise to start empty. */
struct verify_repeated {
    struct verify_seen ct; /* owned, both */
    struct verify_seen pt;
    unsigned depth; /* of the part that is held now, and which it is */
    unsigned part;
    uint64_t told_to; /* a further pass tells what comes behind this line */
    uint64_t told[VERIFY_MOST_DEPTH]; /* likewise of the half split off there */
    bool is_again;                    /* a further pass */
    bool is_over;                     /* even the smallest part is too large */
    bool has_first;
    uint64_t first; /* of a further pass: the least that stands there twice */
    int64_t first_us;
    uint64_t gaps; /* that further passes told */
};

void verify_repeated_release(struct verify_repeated *repeated);

/* The `seg` line of this camera. */
void verify_repeated_take(struct verify_run *run, const struct line *line,
                          const struct verify_camera *row);
/* The other parts, if there are any; behind verify_settled_end().
 * Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_repeated_end(struct verify_run *run);

#endif
