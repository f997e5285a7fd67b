/*
 * agreement: X25519, a secret that two keys share.
 *
 * Source: RFC 7748.
 */
#ifndef STING_CRYPT_AGREEMENT_H
#define STING_CRYPT_AGREEMENT_H

#include "base/base.h"
#include "crypt/secret.h"

#define AGREEMENT_SIZE 32

/* A point on the curve: a public key, or a share sent with a message. */
struct agreement_key {
    uint8_t byte[AGREEMENT_SIZE];
};

/* The public half of a secret. Cannot fail. */
struct agreement_key agreement_public(const struct secret *secret);

/* What secret and peer have in common. Fails: E_FORGED when the peer's key
 * is of low order, so that the result would be no secret; *out kept. */
STING_MUST_USE enum sting_status agreement_shared(
    const struct secret *secret, const struct agreement_key *peer,
    struct secret *out);

/* Both at once, for a secret that is used once: the share to send, and what
 * it has in common with the peer. Fails as agreement_shared(). */
STING_MUST_USE enum sting_status agreement_offer(
    const struct secret *once, const struct agreement_key *peer,
    struct agreement_key *share, struct secret *out);

#endif
