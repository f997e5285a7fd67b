/*
 * hash: the SHA-2 family by name, for what must outlive SHA-256.
 *
 * Everything of today is hashed with digest.h. Archive time stamps name their
 * hash, so that a stronger one can take over (RFC 4998).
 *
 * Source: FIPS 180-4; object identifiers of RFC 5754.
 */
#ifndef STING_CRYPT_HASH_H
#define STING_CRYPT_HASH_H

#include "base/base.h"

#define HASH_MOST_BYTES 64
#define HASH_TEXT_SIZE (2 * HASH_MOST_BYTES + 1)

enum hash_kind { HASH_SHA256, HASH_SHA384, HASH_SHA512, HASH_KINDS };

struct hash {
    enum hash_kind kind;
    uint8_t byte[HASH_MOST_BYTES]; /* the first hash_size(kind) of them */
};

size_t hash_size(enum hash_kind kind);

/* Which kind is called so, as "sha256"; HASH_KINDS for any other word. */
enum hash_kind hash_find(const char *name);

/* The DER of its AlgorithmIdentifier, without parameters; a static view. */
struct bytes hash_identifier(enum hash_kind kind);
/* The kind that an AlgorithmIdentifier names, parameters NULL or left out;
 * HASH_KINDS for any other. */
enum hash_kind hash_identified(struct bytes identifier);

struct bytes hash_bytes(const struct hash *hash);
bool hash_equal(const struct hash *a, const struct hash *b);
char *hash_text(const struct hash *hash, char text[HASH_TEXT_SIZE]);

/* Of part[0] || part[1] || ... Cannot fail. */
struct hash hash_of(enum hash_kind kind, const struct bytes part[],
                    size_t count);

/* A hash under way: begin, any number of updates, then end or release. */
struct hash_state {
    void *context; /* owned */
    enum hash_kind kind;
};

void hash_state_begin(struct hash_state *state, enum hash_kind kind);
void hash_state_update(struct hash_state *state, struct bytes bytes);
struct hash hash_state_end(struct hash_state *state);
void hash_state_release(struct hash_state *state);

#endif
