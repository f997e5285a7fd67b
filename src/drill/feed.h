/*
 * feed: how rollers pull a sheet unevenly: a displacement along the way.
 *
 * Waves of 5 to 60 mm, as rollers, gears and a drum of those girths give.
 */
#ifndef STING_DRILL_FEED_H
#define STING_DRILL_FEED_H

#include "drill/chance.h"

#define FEED_WAVES 6

struct feed {
    double number[FEED_WAVES], phase[FEED_WAVES], size_mm[FEED_WAVES];
};

/* With about `wobble_mm` rms in all. */
struct feed feed_of(double wobble_mm, struct chance *chance);
double feed_at(const struct feed *feed, double along_mm);

#endif
