/*
 * kdf: keys from keys, and keys from passphrases.
 *
 * Source: RFC 2104 (HMAC), RFC 5869 (HKDF), RFC 7914 (scrypt); SHA-256.
 */
#ifndef STING_CRYPT_KDF_H
#define STING_CRYPT_KDF_H

#include "base/base.h"
#include "crypt/digest.h"

#define HKDF_MOST_BYTES ((size_t)255 * DIGEST_SIZE)

/* HMAC of part[0] || ... || part[count - 1]. Cannot fail. */
struct digest hmac_sha256(struct bytes key, const struct bytes part[],
                          size_t count);

/* Fill out[size], size 1 to HKDF_MOST_BYTES, from `secret`; salt and info
 * may be empty. Cannot fail. */
void hkdf_sha256(struct bytes secret, struct bytes salt, struct bytes info,
                 uint8_t *out, size_t size);

/* scrypt with r = 8, p = 1 and 2^log2_n rounds, log2_n 1 to 22; takes
 * 2^(log2_n + 10) bytes of memory. Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status scrypt(struct bytes passphrase,
                                        struct bytes salt, unsigned log2_n,
                                        uint8_t *out, size_t size);

#endif
