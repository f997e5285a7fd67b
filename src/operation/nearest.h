/*
 * nearest: the right word that somebody meant.
 *
 * Source: Damerau 1964, edits with swaps of neighbours (the restricted form).
 */
#ifndef STING_OPERATION_NEAREST_H
#define STING_OPERATION_NEAREST_H

#include "base/base.h"

/* The candidate fewest edits away from `text`; NULL when all are farther
 * than a third of its length and one more. Of several the first, or the first
 * that begins as `text` does. Borrowed. */
const char *nearest_word(const char *text, const char *const *candidate,
                         size_t candidates);

#endif
