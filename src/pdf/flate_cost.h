/*
 * flate_cost: what literals, lengths and distances cost in a block, in parts
 * of a bit (FLATE_BIT), extra bits included.
 *
 * Before the block has codes they are guessed, or learnt from how often
 * symbols are wanted; with codes they are what these take.
 */
#ifndef STING_PDF_FLATE_COST_H
#define STING_PDF_FLATE_COST_H

#include "pdf/flate_state.h"

/* Before anything was chosen. */
void flate_cost_guess(struct flate_block *block);

/* By the logarithm of how often each is wanted; no less than a bit. */
void flate_cost_learn(struct flate_block *block,
                      const struct flate_counts *counts);

/* In the codes that the block has; what has none costs more than anything. */
void flate_cost_take(struct flate_block *block);

#endif
