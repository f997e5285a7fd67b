/*
 * time_stamp_trust: certificates and lists as OpenSSL wants them, and what
 * it found wrong with them. Only for time_stamp.c.
 */
#ifndef STING_CRYPT_TIME_STAMP_TRUST_H
#define STING_CRYPT_TIME_STAMP_TRUST_H

#include <openssl/x509.h>

#include "crypt/time_stamp.h"

struct stamp_verdict {
    int error;     /* X509_V_ERR_..., the first */
    char root[65]; /* SHA-256 of the root that the chain ended in; "" */
};

/* Self-signed certificates of `trust` are believed; dates are those of the
 * day `at_us`. Lists are believed whatever their own dates: they are kept
 * from the day of stamping. *verdict is borrowed as long as the store lives.
 * Cannot fail: without memory the program ends. */
X509_STORE *stamp_store_new(const struct time_stamp_trust *trust, int64_t at_us,
                            struct stamp_verdict *verdict);

/* The certificates between; the caller owns the list. */
STACK_OF(X509) * stamp_certificates(const struct time_stamp_trust *trust);

#endif
