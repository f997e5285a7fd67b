/*
 * read_trend: what a word's neighbours say its displacement would be if
 * nobody had moved it: curl of the sheet, lens, and what the map left over.
 *
 * A local linear fit that leaves the word itself out. Across the lines a
 * word is compared above all with its own line, along them with all words
 * around it.
 */
#ifndef STING_MARK_READ_TREND_H
#define STING_MARK_READ_TREND_H

#include "mark/read_words.h"

struct trend_point {
    double x, y; /* points */
};

/* Displacement of the unit's word along the unit's direction minus the
 * trend there. expected[w] is the mark that word w seems to carry; it is
 * taken from the neighbours before the fit. The word must be seen. */
double trend_residual(const struct word_readings *words,
                      const struct trend_point *expected,
                      const struct mark_unit *unit);

#endif
