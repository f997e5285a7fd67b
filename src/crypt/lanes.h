/*
 * lanes: many ChaCha20 blocks at once, each under a key of its own.
 *
 * For scoring a million codes, where a call of the library for each costs
 * more than the cipher. Word w of lane i stands at word[w][i]; byte b of a
 * block is (word[b / 4] >> 8 (b % 4)) & 255, on every machine.
 *
 * Source: RFC 8439, section 2.3; tested against crypt/stream.
 */
#ifndef STING_CRYPT_LANES_H
#define STING_CRYPT_LANES_H

#include "crypt/secret.h"

#define LANES 16
#define LANES_WORDS 16

struct lanes {
    uint32_t word[LANES_WORDS][LANES];
} __attribute__((aligned(64)));

/* Put a key into one lane of a state, or into all of them. */
void lanes_key(struct lanes *state, int lane, const struct secret *key);
void lanes_key_all(struct lanes *state, const struct secret *key);

/* Keys out of the first 32 bytes of each block, ready for the next. */
void lanes_key_blocks(struct lanes *state, const struct lanes *block);

/* The nonce of one lane: `number` in 8 bytes, least first, then zeros. */
void lanes_nonce(struct lanes *state, int lane, uint64_t number);
void lanes_nonce_all(struct lanes *state, uint64_t number);

/* How a block is computed: all give the same. */
enum lanes_kind { LANES_PLAIN, LANES_AVX2, LANES_AVX512, LANES_KINDS };
bool lanes_has(enum lanes_kind kind);
enum lanes_kind lanes_best(void);

/* Block `counter` of every lane, in a way that this machine has. Cannot fail;
 * `out` is not `state`. */
void lanes_block_by(enum lanes_kind kind, struct lanes *state, uint32_t counter,
                    struct lanes *out);

#endif
