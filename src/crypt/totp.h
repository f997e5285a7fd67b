/*
 * totp: the six digits that a telephone shows, good for half a minute.
 *
 * Source: RFC 6238 over RFC 4226, HMAC-SHA-1, because that is what the
 * programs on telephones compute.
 */
#ifndef STING_CRYPT_TOTP_H
#define STING_CRYPT_TOTP_H

#include "base/base.h"
#include "base/buffer.h"

#define TOTP_STEP_S 30
#define TOTP_SECRET_SIZE 20
#define TOTP_DIGITS 6

struct totp_secret {
    uint8_t byte[TOTP_SECRET_SIZE];
};

/* The digits of a step, the number of half minutes since 1970. Cannot fail. */
void totp_code(const struct totp_secret *secret, uint64_t step,
               char out[TOTP_DIGITS + 1]);

/* Which step, `around` or one before or after, has that code; 0: none. */
uint64_t totp_step(const struct totp_secret *secret, uint64_t around,
                   const char *code);

/* The secret as people type it: 32 letters and digits (RFC 4648, base32). */
#define TOTP_TEXT_SIZE 33
void totp_text(const struct totp_secret *secret, char out[TOTP_TEXT_SIZE]);
/* Fails: E_FORMAT. */
STING_MUST_USE enum sting_status totp_read(const char *text,
                                           struct totp_secret *out);

#endif
