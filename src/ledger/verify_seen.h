/*
 * verify_seen: which hashes have come before, by their first 8 bytes.
 *
 * Two bytes choose one of 65,536 rows, six are kept: about 7 bytes a hash where
 * there are many, and exact for those 8 bytes. Two of a million hashes that
 * differ share them in one of 37 million records.
 * Limits: VERIFY_MOST_SEEN hashes; what comes then is not kept. One owner,
 * zero-initialise to start empty.
 */
#ifndef STING_LEDGER_VERIFY_SEEN_H
#define STING_LEDGER_VERIFY_SEEN_H

#include "crypt/digest.h"

#define VERIFY_MOST_SEEN ((size_t)4 << 20)

struct verify_seen_row;
struct verify_seen {
    struct verify_seen_row **block; /* owned; NULL while it is empty */
    size_t used;
};

/* True when the hash was there already. */
bool verify_seen_add(struct verify_seen *seen, struct digest hash);
/* All hashes fall into 1 << depth parts, at most 1 << VERIFY_MOST_DEPTH. Forget
 * those of other parts than this one. */
#define VERIFY_MOST_DEPTH 8
unsigned verify_seen_part(struct digest hash, unsigned depth);
void verify_seen_keep(struct verify_seen *seen, unsigned depth, unsigned part);
void verify_seen_release(struct verify_seen *seen);

#endif
