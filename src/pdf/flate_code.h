/*
 * flate_code: the codes of one deflate block, RFC 1951, 3.2.
 */
#ifndef STING_PDF_FLATE_CODE_H
#define STING_PDF_FLATE_CODE_H

#include "base/base.h"

#define FLATE_LITERALS 286 /* literals, end of block, lengths */
#define FLATE_DISTANCES 30
#define FLATE_END 256
#define FLATE_LEAST_MATCH 3
#define FLATE_MOST_MATCH 258
#define FLATE_WINDOW 32768
#define FLATE_MOST_CODE 15   /* bits of one */
#define FLATE_HEAD_BYTES 640 /* of a block's head, at most */

/* How often each symbol is wanted. */
struct flate_counts {
    uint32_t literal[FLATE_LITERALS];
    uint32_t distance[FLATE_DISTANCES];
};

/* Bits of each symbol, as they are sent: least first. */
struct flate_codes {
    uint16_t literal[FLATE_LITERALS];
    uint16_t distance[FLATE_DISTANCES];
    uint8_t literal_bits[FLATE_LITERALS]; /* 0: not in use */
    uint8_t distance_bits[FLATE_DISTANCES];
};

/* A length or a distance: its symbol, and what follows it. */
struct flate_extra {
    uint16_t symbol, value;
    uint8_t bits;
};
struct flate_extra flate_length(uint32_t length); /* 3 to 258 */
/* 1 to 32768 */
static inline struct flate_extra flate_distance(uint32_t distance)
{
    uint32_t from = distance - 1;
    if (from < 4) {
        return (struct flate_extra){(uint16_t)from, 0, 0};
    }
    unsigned bits = 30 - (unsigned)__builtin_clz(from);
    uint32_t half = (from >> bits) & 1;
    return (struct flate_extra){(uint16_t)(2 * (bits + 1) + half),
                                (uint16_t)(from & ((1U << bits) - 1)),
                                (uint8_t)bits};
}

/* Codes for these counts, to which what a code must have is added. */
void flate_codes_make(struct flate_counts *counts, struct flate_codes *out);

/* A block's head with these codes into head[FLATE_HEAD_BYTES], from its first
 * bit on; gives how many bits. */
size_t flate_codes_head(const struct flate_codes *codes, bool is_last,
                        uint8_t *head);

#endif
