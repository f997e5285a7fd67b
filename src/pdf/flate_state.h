/*
 * flate_state: what a text that was made ready keeps; flate*.c share it.
 */
#ifndef STING_PDF_FLATE_STATE_H
#define STING_PDF_FLATE_STATE_H

#include <string.h>

#include "pdf/flate.h"
#include "pdf/flate_code.h"
#include "pdf/flate_sum.h"

#define FLATE_BIT 16U /* costs are in parts of a bit */

/* The fixed bytes between two seams, or at an end of the text. */
struct flate_run {
    uint32_t begin, end;
};

/* One way of a seam. */
struct flate_way {
    uint32_t begin, size; /* in the text's `way` */
    struct flate_sums sums;
};

/* What is best done at a place of the fixed text, up to the end of its run:
 * a literal (length 1), or a match of what stands at `from`. Kept together,
 * for copies are made as fast as these come from memory. */
struct flate_step {
    uint32_t from, run; /* where that is, and in which run */
    uint32_t cost;      /* to the end of the run */
    uint16_t length;
    uint16_t into; /* bytes since the begin of the step that the place is on,
                      where steps go from the begin of the run */
};

/* A seam stands in a number of which some digits are fixed. */
struct flate_digits {
    uint8_t lead, trail; /* before the seam and behind it */
};

/* A number that a seam's may be like: where it begins, and how many bytes
 * before it are the same as before the seam's. */
struct flate_like {
    uint32_t at, run;
    uint32_t back;
};

/* Runs that are deflated with the same codes. */
struct flate_block {
    uint32_t first, end; /* runs */
    struct flate_codes codes;
    uint8_t head[FLATE_HEAD_BYTES];
    size_t head_bits;
    uint32_t literal_cost[256];
    uint32_t length_cost[FLATE_MOST_MATCH + 1];
    uint32_t distance_cost[FLATE_DISTANCES];
};

/* What is chosen at a seam of a variant: a match from `begin` to `end`, places
 * in the variant, the last in run `run`, or in the way before it; none when
 * distance is 0. */
struct flate_leap {
    uint32_t begin, end;
    uint32_t distance;
    uint32_t run;
};

/* A literal (distance 0), or a match; FLATE_END ends a block. */
struct flate_symbol {
    uint16_t value;    /* the byte, or the length */
    uint16_t distance; /* less one, of a match */
    bool is_match, is_end;
};

struct flate_net; /* flate_net.h */

struct flate {
    struct buffer fixed, bytes; /* owned, all: the text, its ways' bytes */
    struct flate_run *run;      /* seams + 1 */
    uint32_t *run_of;           /* by place */
    uint32_t seams;
    struct flate_digits *digits; /* by seam */
    uint32_t *first_way;         /* by seam; seams + 1 */
    struct flate_way *way;
    struct flate_sums *sums; /* by run */
    struct flate_step *step; /* by place */
    uint32_t *first_like;    /* by seam; seams + 1 */
    struct flate_like *like;
    struct flate_block *block;
    uint32_t blocks;
    /* Scratch, for the variant at hand. */
    const struct flate_way **taken; /* by seam */
    uint32_t *before;               /* bytes of ways before a run */
    struct buffer text;             /* the variant itself */
    uint32_t *total;                /* cost from the beginning of a run */
    struct flate_leap *leap;        /* by seam */
    struct flate_symbol *symbol;
    size_t symbols, symbols_room;
    struct flate_net *net; /* owned; NULL: by steps and leaps */
};

/* Where a run begins in the variant at hand. */
static inline uint32_t flate_begin(const struct flate *f, uint32_t run)
{
    return f->run[run].begin + f->before[run];
}

/* How many bytes are the same, of `most`. */
static inline uint32_t flate_same(const uint8_t *a, const uint8_t *b,
                                  uint32_t most)
{
    uint32_t same = 0;
    for (; same + 8 <= most; same += 8) {
        uint64_t x, y;
        memcpy(&x, a + same, sizeof x);
        memcpy(&y, b + same, sizeof y);
        if (x != y) {
            return same + ((uint32_t)__builtin_ctzll(x ^ y) >> 3);
        }
    }
    while (same < most && a[same] == b[same]) {
        same++;
    }
    return same;
}

/* Steps and costs of all places, by what symbols cost in their blocks; `make`
 * keeps what is found between calls. */
struct flate_parse;
STING_MUST_USE enum sting_status flate_parse_new(const struct flate *flate,
                                                 struct flate_parse **out);
void flate_parse_free(struct flate_parse **parse);
void flate_parse_steps(const struct flate_parse *parse, struct flate *flate);

/* The digits of numbers at seams, and numbers that look like those. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status flate_like_find(struct flate *flate);

/* The variant itself, and room for its symbols. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_variant_text(struct flate *flate,
                                                    const uint8_t *way);

/* The symbols of a variant into flate->symbol. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_variant(struct flate *flate,
                                               const uint8_t *way);

#endif
