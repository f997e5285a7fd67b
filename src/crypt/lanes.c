#include "crypt/lanes.h"

#include <string.h>

#define COUNTER 12
#define NONCE 13
#define DOUBLE_ROUNDS 10

static const uint32_t constant[4] = {0x61707865, 0x3320646e, 0x79622d32,
                                     0x6b206574};

static uint32_t word_of(const uint8_t *byte)
{
    return (uint32_t)byte[0] | (uint32_t)byte[1] << 8 |
           (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

void lanes_key(struct lanes *state, int lane, const struct secret *key)
{
    for (int i = 0; i < 8; i++) {
        state->word[4 + i][lane] = word_of(key->byte + (ptrdiff_t)4 * i);
    }
}

void lanes_key_all(struct lanes *state, const struct secret *key)
{
    for (int lane = 0; lane < LANES; lane++) {
        lanes_key(state, lane, key);
    }
}

void lanes_key_blocks(struct lanes *state, const struct lanes *block)
{
    memcpy(state->word[4], block->word[0], sizeof state->word[0] * 8);
}

void lanes_nonce(struct lanes *state, int lane, uint64_t number)
{
    state->word[NONCE][lane] = (uint32_t)number;
    state->word[NONCE + 1][lane] = (uint32_t)(number >> 32);
    state->word[NONCE + 2][lane] = 0;
}

void lanes_nonce_all(struct lanes *state, uint64_t number)
{
    for (int lane = 0; lane < LANES; lane++) {
        lanes_nonce(state, lane, number);
    }
}

/* Several lanes in one register. */
typedef uint32_t lane8 __attribute__((vector_size(32)));
typedef uint32_t lane16 __attribute__((vector_size(64)));

#define TURN(x, n) ((x) << (n) | (x) >> (32 - (n)))

#define QUARTER(a, b, c, d)                                                    \
    ((a) += (b), (d) = TURN((d) ^ (a), 16), (c) += (d),                        \
     (b) = TURN((b) ^ (c), 12), (a) += (b), (d) = TURN((d) ^ (a), 8),          \
     (c) += (d), (b) = TURN((b) ^ (c), 7))

/* The block function for as many lanes as the type holds. */
#define ROUNDS_OF(type)                                                        \
    for (size_t at = 0; at < LANES; at += sizeof(type) / 4) {                  \
        type s[LANES_WORDS];                                                   \
        for (int w = 0; w < LANES_WORDS; w++) {                                \
            memcpy(&s[w], &state->word[w][at], sizeof s[w]);                   \
        }                                                                      \
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {                              \
            QUARTER(s[0], s[4], s[8], s[12]);                                  \
            QUARTER(s[1], s[5], s[9], s[13]);                                  \
            QUARTER(s[2], s[6], s[10], s[14]);                                 \
            QUARTER(s[3], s[7], s[11], s[15]);                                 \
            QUARTER(s[0], s[5], s[10], s[15]);                                 \
            QUARTER(s[1], s[6], s[11], s[12]);                                 \
            QUARTER(s[2], s[7], s[8], s[13]);                                  \
            QUARTER(s[3], s[4], s[9], s[14]);                                  \
        }                                                                      \
        for (int w = 0; w < LANES_WORDS; w++) {                                \
            type first;                                                        \
            memcpy(&first, &state->word[w][at], sizeof first);                 \
            s[w] += first;                                                     \
            memcpy(&out->word[w][at], &s[w], sizeof s[w]);                     \
        }                                                                      \
    }

static void rounds_plain(const struct lanes *state, struct lanes *out)
{
    ROUNDS_OF(uint32_t)
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rounds_avx2(
    const struct lanes *state, struct lanes *out)
{
    ROUNDS_OF(lane8)
}

__attribute__((target("avx512f"))) static void rounds_avx512(
    const struct lanes *state, struct lanes *out)
{
    ROUNDS_OF(lane16)
}

bool lanes_has(enum lanes_kind kind)
{
    return kind == LANES_PLAIN ||
           (kind == LANES_AVX2 && __builtin_cpu_supports("avx2")) ||
           (kind == LANES_AVX512 && __builtin_cpu_supports("avx512f"));
}
#else
#define rounds_avx2 rounds_plain
#define rounds_avx512 rounds_plain

bool lanes_has(enum lanes_kind kind)
{
    return kind == LANES_PLAIN;
}
#endif

enum lanes_kind lanes_best(void)
{
    enum lanes_kind kind = LANES_AVX512;
    while (!lanes_has(kind)) {
        kind--;
    }
    return kind;
}

void lanes_block_by(enum lanes_kind kind, struct lanes *state, uint32_t counter,
                    struct lanes *out)
{
    static void (*const rounds[LANES_KINDS])(
        const struct lanes *, struct lanes *) = {rounds_plain, rounds_avx2,
                                                 rounds_avx512};
    for (int lane = 0; lane < LANES; lane++) {
        for (int i = 0; i < 4; i++) {
            state->word[i][lane] = constant[i];
        }
        state->word[COUNTER][lane] = counter;
    }
    rounds[kind](state, out);
}
