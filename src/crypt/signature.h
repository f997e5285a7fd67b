/*
 * signature: Ed25519, who said this.
 *
 * Source: RFC 8032. A secret is the 32-byte seed of its section 5.1.5.
 */
#ifndef STING_CRYPT_SIGNATURE_H
#define STING_CRYPT_SIGNATURE_H

#include "base/base.h"
#include "crypt/secret.h"

#define PUBLIC_KEY_SIZE 32
#define SIGNATURE_SIZE 64

struct public_key {
    uint8_t byte[PUBLIC_KEY_SIZE];
};

struct signature {
    uint8_t byte[SIGNATURE_SIZE];
};

/* The public half of a secret. Cannot fail. */
struct public_key signature_public(const struct secret *secret);

/* Sign; the same input gives the same signature. Cannot fail. */
struct signature signature_sign(const struct secret *secret,
                                struct bytes message);

/* Fails: E_FORGED. */
STING_MUST_USE enum sting_status signature_verify(
    const struct public_key *key, struct bytes message,
    const struct signature *signature);

bool public_key_equal(const struct public_key *a, const struct public_key *b);

#endif
