/*
 * raw_key: 32 bytes as a key of OpenSSL, for the files of this room.
 *
 * `type` is EVP_PKEY_X25519 or EVP_PKEY_ED25519: for both, every 32 bytes are
 * a private key, so nothing here can fail but memory.
 */
#ifndef STING_CRYPT_RAW_KEY_H
#define STING_CRYPT_RAW_KEY_H

#include <openssl/evp.h>

#include "crypt/secret.h"

EVP_PKEY *raw_key_private(int type, const struct secret *secret);
void raw_key_free(EVP_PKEY **key); /* for STING_AUTO */

/* The public half of a key; of the key that a secret makes. */
void raw_key_share(const EVP_PKEY *key, uint8_t out[SECRET_SIZE]);
void raw_key_public(int type, const struct secret *secret,
                    uint8_t out[SECRET_SIZE]);

#endif
