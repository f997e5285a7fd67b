/*
 * digest: SHA-256 (FIPS 180-4) as a plain value.
 */
#ifndef STING_CRYPT_DIGEST_H
#define STING_CRYPT_DIGEST_H

#include "base/base.h"

#define DIGEST_SIZE 32
#define DIGEST_TEXT_SIZE (2 * DIGEST_SIZE + 1) /* lower-case hex and NUL */

/* A struct, not an array: it copies, returns and type-checks like a number. */
struct digest {
    uint8_t byte[DIGEST_SIZE];
};

/* SHA-256 of part[0] || part[1] || ... || part[count - 1]. Cannot fail. */
struct digest digest_sha256(const struct bytes part[], size_t count);

/* SHA-256 of one run of bytes. */
struct digest digest_of(struct bytes bytes);

bool digest_equal(struct digest a, struct digest b);

/* Lower-case hex; gives text back. */
char *digest_text(struct digest digest, char text[DIGEST_TEXT_SIZE]);

/* Read exactly 64 lower-case hex digits. Fails: E_FORMAT; *out kept. */
STING_MUST_USE enum sting_status digest_parse(struct bytes text,
                                              struct digest *out);

/* A hash under way: init, any number of updates, then final or release. */
struct digest_state {
    void *context; /* owned; NULL when none is under way */
};

void digest_init(struct digest_state *state);
void digest_update(struct digest_state *state, struct bytes bytes);

/* The hash of all updates; the state ends. */
struct digest digest_final(struct digest_state *state);

/* The hash of all updates so far; the state goes on. */
struct digest digest_so_far(const struct digest_state *state);

/* End a state, finished or not; for STING_AUTO. */
void digest_release(struct digest_state *state);

#endif
