/*
 * secret: 32 bytes that are nobody's business, wiped after use.
 */
#ifndef STING_CRYPT_SECRET_H
#define STING_CRYPT_SECRET_H

#include "base/base.h"

#define SECRET_SIZE 32

struct secret {
    uint8_t byte[SECRET_SIZE];
};

/* Overwrite the secret; the compiler cannot leave this out. For STING_AUTO. */
void secret_wipe(struct secret *secret);

/* The same for any memory. */
void secret_wipe_bytes(void *memory, size_t size);

/* Compare in constant time. */
bool secret_equal(const struct secret *a, const struct secret *b);

struct bytes secret_bytes(const struct secret *secret);

#endif
