/*
 * aead: ChaCha20-Poly1305, encryption that notices every change.
 *
 * Source: RFC 8439, section 2.8. One key, many nonces: an `aead` keeps the
 * key set up, as a file of many chunks wants it.
 * Threads: one at a time.
 */
#ifndef STING_CRYPT_AEAD_H
#define STING_CRYPT_AEAD_H

#include "base/base.h"
#include "crypt/secret.h"

#define AEAD_NONCE_SIZE 12
#define AEAD_TAG_SIZE 16
#define AEAD_MOST_BYTES ((size_t)1 << 30) /* in one call */

struct aead;

/* Fails: E_NOMEM. */
STING_MUST_USE enum sting_status aead_new(const struct secret *key,
                                          struct aead **out);
void aead_free(struct aead **aead);

/* Seal plain (at most AEAD_MOST_BYTES) into out, plain.size + AEAD_TAG_SIZE
 * bytes; out may be plain.data itself. Cannot fail. */
void aead_seal(struct aead *aead, const uint8_t nonce[AEAD_NONCE_SIZE],
               struct bytes associated, struct bytes plain, uint8_t *out);

/* Open sealed into out, sealed.size - AEAD_TAG_SIZE bytes; out may be
 * sealed.data itself. Fails: E_FORMAT when shorter than a tag, E_FORGED;
 * out then holds nothing of use and is wiped. */
STING_MUST_USE enum sting_status aead_open(struct aead *aead,
                                           const uint8_t nonce[AEAD_NONCE_SIZE],
                                           struct bytes associated,
                                           struct bytes sealed, uint8_t *out);

#endif
