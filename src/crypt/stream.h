/*
 * stream: ChaCha20 as a generator of bytes.
 *
 * Source: RFC 8439, section 2.4.
 */
#ifndef STING_CRYPT_STREAM_H
#define STING_CRYPT_STREAM_H

#include "base/base.h"
#include "crypt/secret.h"

#define CHACHA20_NONCE_SIZE 12

/* Write `size` bytes of key stream to out, beginning at 64-byte block
 * `counter`. Cannot fail. */
void chacha20(const struct secret *key,
              const uint8_t nonce[CHACHA20_NONCE_SIZE], uint32_t counter,
              uint8_t *out, size_t size);

#endif
