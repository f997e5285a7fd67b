/*
 * random: unpredictable bytes, and the interface through which floors below
 * 5 receive them, so that a test can replay a run byte for byte.
 */
#ifndef STING_CRYPT_RANDOM_H
#define STING_CRYPT_RANDOM_H

#include "base/base.h"
#include "crypt/secret.h"

/* From the kernel. Cannot fail: without randomness the program ends. */
void random_bytes(uint8_t *out, size_t size);

struct random_source {
    void (*fill)(void *context, uint8_t *out, size_t size);
    void *context; /* borrowed */
};

/* The source that is random_bytes(). */
extern const struct random_source random_kernel;

void random_fill(const struct random_source *source, uint8_t *out, size_t size);
struct secret random_secret(const struct random_source *source);

#endif
