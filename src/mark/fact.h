/*
 * fact: wordings and figures planted in a document, and which copy has which.
 *
 * A fact of one value is the same in every copy and proves the document. Of
 * several values, or a figure with free digits, each copy has its own choice:
 *   choice = (u64 at byte 8 i of ChaCha20(C_n, nonce 2^63)) mod choices,
 * i counting all facts of the document from 0. A copy's likelihood ratio for
 * a quotation is, over the facts that it quotes and for a rate e of slips,
 *   product of (1 - e) k where its choice is quoted, e k / (k - 1) where
 *   another is, k being the number of choices,
 * and its mean over e in {0.001, 0.03, 0.2}: like mark/strength.h it has mean
 * 1 for whatever was quoted from elsewhere, so P(LR >= x) <= 1 / x.
 *
 * Format: docs/formats/bait.md.
 */
#ifndef STING_MARK_FACT_H
#define STING_MARK_FACT_H

#include "base/base.h"
#include "crypt/secret.h"

#define FACTS_MOST 64
#define FACT_MOST_VALUES 16
#define FACT_MOST_DIGITS 6
#define FACT_VALUE_SIZE 65 /* bytes of UTF-8 with the NUL */
#define FACT_CONTEXT_SIZE 241

#define FACT_UNSEEN (-1) /* a fact that is not quoted */

struct fact {
    uint32_t page, content, glyph, glyphs; /* where it stands; pages from 0 */
    char before[FACT_CONTEXT_SIZE];        /* what stands around it */
    char after[FACT_CONTEXT_SIZE];
    uint32_t values; /* 1: the same in every copy */
    char value[FACT_MOST_VALUES][FACT_VALUE_SIZE]; /* as it stood first; one
                                           alone with '#' is a figure */
    uint32_t digits; /* '#' in value[0]: each copy has its own there */
};

/* How many different copies a fact can tell apart; 1 for a document's. */
uint32_t fact_choices(const struct fact *fact);

/* The text of a choice, which is below fact_choices(). */
void fact_text(const struct fact *fact, uint32_t choice,
               char out[FACT_VALUE_SIZE]);

/* The choices of the copy with key C_n, one a fact. */
void fact_choose(const struct secret *copy, const struct fact *fact,
                 size_t facts, uint32_t *choice);

/* log10 of the ratio; seen[i] is the choice quoted, or FACT_UNSEEN. */
double fact_log10_lr(const struct fact *fact, size_t facts, const int32_t *seen,
                     const uint32_t *choice);

/* log10 of the most that this quotation could show for any copy. */
double fact_log10_power(const struct fact *fact, size_t facts,
                        const int32_t *seen);

#endif
