/*
 * beat: did we run ourselves? Who waits for others and was stopped meanwhile (a
 * machine that swaps, a stopped or suspended one) finds them silent, and must
 * not blame them.
 *
 * Times are boot time. Zero-initialise.
 */
#ifndef STING_BASE_BEAT_H
#define STING_BASE_BEAT_H

#include "base/base.h"

struct beat {
    int64_t last_us;
    int64_t stood_us; /* for so long we stood still, last */
    int64_t again_us; /* since when we run again; 0: we never stood still */
};

/* We run. True when we stood still before: for more than three seconds. To be
 * called at least once a second. */
bool beat_take(struct beat *beat, int64_t boot_us);

/* Is what ends now likely our own doing? Within ten seconds of having stood
 * still: others may have given us up. */
bool beat_stood(const struct beat *beat, int64_t boot_us);
int beat_stood_s(const struct beat *beat);

#endif
