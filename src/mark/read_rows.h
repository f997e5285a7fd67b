/*
 * read_rows: does a photograph show a screen that puts letters on whole pixels
 * up and down, and where are its rows?
 *
 * All words of a line stand on one baseline, so rows move lines, by up to half
 * a pixel; what they have beside the lines around them tells where rows are.
 * Pixels are square: columns (read_columns) tell how far rows are apart. No
 * key, no code.
 */
#ifndef STING_MARK_READ_ROWS_H
#define STING_MARK_READ_ROWS_H

#include "mark/read_grid.h"

/* The rows that make the words' places clearly likelier than baselines that
 * stand anywhere. across_pt: by word, how far a copy may have moved it up or
 * down. *is_found: whether there are any. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status rows_find(const struct word_readings *words,
                                           struct grid_words *letters,
                                           const double *across_pt,
                                           double pitch_pt, struct grid *out,
                                           bool *is_found);

#endif
