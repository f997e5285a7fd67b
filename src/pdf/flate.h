/*
 * flate: a text with seams, deflated once for all its variants.
 *
 * At a seam one of a few ways is taken; what lies between is fixed. What is
 * best for the fixed bytes is found once, and so are seams that look like each
 * other, over which a match may reach where a variant takes the same way at
 * both; codes are made for the mean of some variants. A variant then costs
 * a choice at each seam and its bits.
 * Source: RFC 1950, RFC 1951. Limits: FLATE_MOST fixed bytes. Deterministic.
 */
#ifndef STING_PDF_FLATE_H
#define STING_PDF_FLATE_H

#include "base/buffer.h"

#define FLATE_WAYS 16                /* at one seam */
#define FLATE_MOST ((size_t)1 << 22) /* bytes of a text, and of its ways */
#define FLATE_MOST_TIGHT ((size_t)1 << 17)

/* Where variants part: before byte `at` of the fixed text. */
struct flate_seam {
    size_t at;
    uint32_t way[FLATE_WAYS + 1]; /* where each begins in the text's `way` */
    uint8_t ways;
};

struct flate_text {
    struct buffer fixed;
    struct buffer way;
    struct flate_seam *seam; /* owned; in order */
    uint32_t seams, room;
};
void flate_text_release(struct flate_text *text);

/* A seam after what is fixed so far. What its ways have in common at both
 * ends becomes fixed; ways that are all the same make no seam. Fails: E_LIMIT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status flate_text_seam(struct flate_text *text,
                                                 const struct bytes *way,
                                                 size_t ways);

/* Append the variant that takes way[s] at seam s. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_text_plain(const struct flate_text *text,
                                                  const uint8_t *way,
                                                  struct buffer *out);

struct flate;

/* Tight: variants are 3 to 4 % smaller, as small as libdeflate's best. Made
 * ready 10 to 90 us a byte, and a variant of a text that is nearly all seams is
 * made up to seven times as slowly; of manuals' contents it is no slower. */
enum flate_effort { FLATE_QUICK = 0, FLATE_TIGHT };

/* Make it ready; the text is copied from. Time: about 1 MB a second when quick.
 * Fails: E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status flate_new(const struct flate_text *text,
                                           enum flate_effort effort,
                                           struct flate **out);
void flate_free(struct flate **flate);

/* Append a variant as zlib data; *plain is its size. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_put(struct flate *flate,
                                           const uint8_t *way,
                                           struct buffer *out, size_t *plain);

#endif
