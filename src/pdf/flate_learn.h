/*
 * flate_learn: codes for all variants of a text, by looking at some of them.
 *
 * Which variants those are follows from the text alone. What symbols cost
 * changes what is chosen, and that what symbols cost: a few passes settle it.
 */
#ifndef STING_PDF_FLATE_LEARN_H
#define STING_PDF_FLATE_LEARN_H

#include "pdf/flate_state.h"

/* Steps for the fixed text, and codes for the variants that take them.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_learn_steps(struct flate *flate);

/* The net of what some variants chose, then codes for those that follow it.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status flate_learn_net(struct flate *flate);

#endif
