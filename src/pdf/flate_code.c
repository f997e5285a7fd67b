#include "pdf/flate_code.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_CODES 19 /* of the code in which the other two are told */
#define MOST_LENGTH_CODE 7

struct flate_extra flate_length(uint32_t length)
{
    uint32_t from = length - FLATE_LEAST_MATCH;
    if (from < 8 || length == FLATE_MOST_MATCH) {
        uint32_t code = from < 8 ? from : 28;
        return (struct flate_extra){(uint16_t)(FLATE_END + 1 + code), 0, 0};
    }
    unsigned bits = 29 - (unsigned)__builtin_clz(from);
    uint32_t code = 4 * bits + (from >> bits);
    return (struct flate_extra){(uint16_t)(FLATE_END + 1 + code),
                                (uint16_t)(from & ((1U << bits) - 1)),
                                (uint8_t)bits};
}

/* A leaf or a pair of a code's tree. */
struct node {
    uint64_t weight;
    int parent;
};

static int by_weight(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The lighter of the next leaf and the next pair. */
static int lighter(const struct node *node, int leaves, int *leaf, int *pair,
                   int pairs_end)
{
    if (*pair >= pairs_end ||
        (*leaf < leaves && node[*leaf].weight <= node[*pair].weight)) {
        return (*leaf)++;
    }
    return (*pair)++;
}

/* Huffman's lengths of `leaves` (2 or more) symbols, lightest first; the
 * longest of them. */
static int tree_lengths(struct node *node, int leaves, uint8_t *length)
{
    int leaf = 0, pair = leaves, end = leaves;
    while (end < 2 * leaves - 1) {
        int a = lighter(node, leaves, &leaf, &pair, end);
        int b = lighter(node, leaves, &leaf, &pair, end);
        node[end].weight = node[a].weight + node[b].weight;
        node[a].parent = node[b].parent = end++;
    }
    uint8_t depth[2 * FLATE_LITERALS] = {0};
    for (int i = end - 2; i >= 0; i--) {
        depth[i] = (uint8_t)(depth[node[i].parent] + 1);
    }
    memcpy(length, depth, (size_t)leaves);
    return length[0];
}

/* Lengths of a code of at most `most` bits. Where Huffman's would be longer,
 * weights are drawn nearer to each other until it is not. */
static void code_lengths(const uint32_t *count, int symbols, int most,
                         uint8_t *length)
{
    uint64_t key[FLATE_LITERALS]; /* weight, then symbol */
    uint8_t found[FLATE_LITERALS];
    int leaves = 0, longest = 0;
    for (int i = 0; i < symbols; i++) {
        if (count[i] > 0) {
            key[leaves++] = (uint64_t)count[i] << 16 | (unsigned)i;
        }
    }
    qsort(key, (size_t)leaves, sizeof *key, by_weight);
    for (unsigned shift = 0; leaves > 1; shift++) {
        struct node node[2 * FLATE_LITERALS] = {{0}};
        for (int i = 0; i < leaves; i++) {
            node[i].weight = (key[i] >> 16 >> shift) + (shift > 0);
        }
        longest = tree_lengths(node, leaves, found);
        if (longest <= most) {
            break;
        }
    }
    memset(length, 0, (size_t)symbols);
    for (int i = 0; i < leaves; i++) {
        length[key[i] & 0xffff] = found[i];
    }
}

static uint16_t reversed(unsigned code, int bits)
{
    unsigned out = 0;
    for (int i = 0; i < bits; i++) {
        out = out << 1 | (code >> i & 1);
    }
    return (uint16_t)out;
}

/* Codes of these lengths in the order of RFC 1951, 3.2.2. */
static void assign(const uint8_t *length, int symbols, uint16_t *code)
{
    unsigned used[FLATE_MOST_CODE + 2] = {0}, next[FLATE_MOST_CODE + 2] = {0};
    for (int i = 0; i < symbols; i++) {
        used[length[i]]++;
    }
    used[0] = 0;
    for (int bits = 1; bits <= FLATE_MOST_CODE; bits++) {
        next[bits] = (next[bits - 1] + used[bits - 1]) << 1;
    }
    for (int i = 0; i < symbols; i++) {
        code[i] = length[i] ? reversed(next[length[i]]++, length[i]) : 0;
    }
}

/* At least two symbols, so that the code is whole. */
static void at_least_two(uint32_t *count, int symbols)
{
    int used = 0;
    for (int i = 0; i < symbols; i++) {
        used += count[i] > 0;
    }
    for (int i = 0; used < 2 && i < symbols; i++) {
        used += count[i] == 0;
        count[i] += count[i] == 0;
    }
}

void flate_codes_make(struct flate_counts *counts, struct flate_codes *out)
{
    counts->literal[FLATE_END]++;
    at_least_two(counts->literal, FLATE_LITERALS);
    at_least_two(counts->distance, FLATE_DISTANCES);
    code_lengths(counts->literal, FLATE_LITERALS, FLATE_MOST_CODE,
                 out->literal_bits);
    code_lengths(counts->distance, FLATE_DISTANCES, FLATE_MOST_CODE,
                 out->distance_bits);
    assign(out->literal_bits, FLATE_LITERALS, out->literal);
    assign(out->distance_bits, FLATE_DISTANCES, out->distance);
}

/* Bits being written one after another. */
struct bits {
    uint8_t *to;
    size_t used;
};

static void put(struct bits *bits, unsigned value, int count)
{
    for (int i = 0; i < count; i++, bits->used++) {
        if (value >> i & 1) {
            bits->to[bits->used / 8] |= (uint8_t)(1U << bits->used % 8);
        }
    }
}

/* Lengths as they are told: one, or a run (16: of the last, 17 and 18: of
 * zeros). */
struct told {
    uint8_t symbol, value, bits;
};

static size_t run_of(const uint8_t *length, size_t left)
{
    size_t run = 1;
    while (run < left && length[run] == length[0]) {
        run++;
    }
    return run;
}

/* A run of zeros, or of what was told last, three or more. */
static struct told tell_run(bool is_zero, size_t *run)
{
    size_t most = is_zero ? 138 : 6;
    *run = *run > most ? most : *run;
    if (!is_zero) {
        return (struct told){16, (uint8_t)(*run - 3), 2};
    }
    return *run < 11 ? (struct told){17, (uint8_t)(*run - 3), 3}
                     : (struct told){18, (uint8_t)(*run - 11), 7};
}

static size_t tell(const uint8_t *length, size_t count, struct told *told)
{
    size_t used = 0;
    for (size_t i = 0; i < count;) {
        size_t run = run_of(length + i, count - i);
        bool is_zero = length[i] == 0;
        bool again = i > 0 && length[i] == length[i - 1];
        if (run >= 3 && (is_zero || again)) {
            told[used++] = tell_run(is_zero, &run);
        } else {
            run = 1;
            told[used++] = (struct told){length[i], 0, 0};
        }
        i += run;
    }
    return used;
}

static size_t used_of(const uint8_t *length, size_t symbols, size_t least)
{
    while (symbols > least && length[symbols - 1] == 0) {
        symbols--;
    }
    return symbols;
}

size_t flate_codes_head(const struct flate_codes *codes, bool is_last,
                        uint8_t *head)
{
    static const uint8_t order[LENGTH_CODES] = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    uint8_t all[FLATE_LITERALS + FLATE_DISTANCES];
    struct told told[FLATE_LITERALS + FLATE_DISTANCES];
    uint32_t count[LENGTH_CODES] = {0};
    uint8_t length[LENGTH_CODES];
    uint16_t code[LENGTH_CODES];
    size_t literals = used_of(codes->literal_bits, FLATE_LITERALS, 257);
    size_t distances = used_of(codes->distance_bits, FLATE_DISTANCES, 1);
    memcpy(all, codes->literal_bits, literals);
    memcpy(all + literals, codes->distance_bits, distances);
    size_t used = tell(all, literals + distances, told);
    for (size_t i = 0; i < used; i++) {
        count[told[i].symbol]++;
    }
    at_least_two(count, LENGTH_CODES);
    code_lengths(count, LENGTH_CODES, MOST_LENGTH_CODE, length);
    assign(length, LENGTH_CODES, code);
    size_t lengths = LENGTH_CODES;
    while (lengths > 4 && length[order[lengths - 1]] == 0) {
        lengths--;
    }
    memset(head, 0, FLATE_HEAD_BYTES);
    struct bits bits = {head, 0};
    put(&bits, is_last ? 5 : 4, 3);
    put(&bits, (unsigned)literals - 257, 5);
    put(&bits, (unsigned)distances - 1, 5);
    put(&bits, (unsigned)lengths - 4, 4);
    for (size_t i = 0; i < lengths; i++) {
        put(&bits, length[order[i]], 3);
    }
    for (size_t i = 0; i < used; i++) {
        put(&bits, code[told[i].symbol], length[told[i].symbol]);
        put(&bits, told[i].value, told[i].bits);
    }
    return bits.used;
}
