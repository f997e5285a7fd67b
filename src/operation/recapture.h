/*
 * recapture: how many visits did nobody see? From two sensors that look for
 * the same thing apart: how many each saw, and how many both did.
 *
 * Source: Chapman, Univ. Calif. Publ. Stat. 1 (1951) 131, the estimate; the
 * interval is the exact one of the hypergeometric law, both tails of 2.5 %, as
 * Clopper and Pearson's is of the binomial. Both hold only while the sensors
 * fail apart from each other and every visit is as likely to be seen as the
 * next: where one visitor is harder to see for both, more were unseen than
 * this says.
 */
#ifndef STING_OPERATION_RECAPTURE_H
#define STING_OPERATION_RECAPTURE_H

#include "base/base.h"

/* Fewer seen by both than this, and the estimate leans low (Robson and Regier
 * 1964). */
#define RECAPTURE_PLENTY 7

struct recapture {
    double total, low, high; /* visits in all, 95 % interval: whole numbers */
};

/* `first` and `second` were seen by each, `both` of them by both. False when
 * none was seen by both: nothing can be said. `both` is at most either. */
bool recapture_estimate(uint32_t first, uint32_t second, uint32_t both,
                        struct recapture *out);

#endif
