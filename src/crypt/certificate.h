/*
 * certificate: a self-signed one for the console, and what people compare.
 *
 * ECDSA over P-256, because browsers take no Ed25519 in certificates.
 * Source: RFC 5280. Randomness is the library's own.
 */
#ifndef STING_CRYPT_CERTIFICATE_H
#define STING_CRYPT_CERTIFICATE_H

#include "base/buffer.h"
#include "crypt/digest.h"

/* Append a new key and a certificate for `names` ("DNS:localhost,
 * IP:127.0.0.1"), both as PEM, good from a day before utc_us for ten years.
 * Fails: E_ARG for names that are none, E_NOMEM. */
STING_MUST_USE enum sting_status certificate_make(const char *names,
                                                  int64_t utc_us,
                                                  struct buffer *certificate,
                                                  struct buffer *key);

/* SHA-256 of the first certificate in PEM text, as browsers show it.
 * Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status certificate_fingerprint(struct bytes pem,
                                                         struct digest *out);

#endif
