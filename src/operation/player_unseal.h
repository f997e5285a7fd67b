/*
 * player_unseal: one sealed file of a recording, opened with its own key as it
 * comes, for the player worker only.
 *
 * Both hashes that the ledger has of it are held against what came.
 */
#ifndef STING_OPERATION_PLAYER_UNSEAL_H
#define STING_OPERATION_PLAYER_UNSEAL_H

#include "base/buffer.h"
#include "crypt/digest.h"
#include "ledger/age.h"

/* The payload of WIRE_PLAYER_UNSEAL. */
struct player_unseal_order {
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    struct digest ct;
    struct digest pt; /* zeros: the line has none */
};

struct player_unseal {
    struct player_unseal_order order;
    struct age_reader *reader; /* owned; NULL: none is under way */
    struct digest_state ct;
    size_t left;  /* sealed bytes that are to come */
    size_t start; /* where what is opened begins */
};

/* Begin with a file of `bytes` sealed bytes, opened behind what *into holds;
 * what was under way is let go of. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status player_unseal_begin(
    struct player_unseal *unseal, const struct player_unseal_order *order,
    size_t bytes, const struct buffer *into);
void player_unseal_release(struct player_unseal *unseal);

/* Some more of it; the last leaves `left` 0. Fails: E_ARG when it is more than
 * was said or none is under way, E_FORGED, E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status player_unseal_put(struct player_unseal *unseal,
                                                   struct bytes sealed,
                                                   struct buffer *into);

#endif
