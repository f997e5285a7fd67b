/*
 * back_off: how long a camera is left alone before it is tried again.
 *
 * A pure function. Who is away is asked for all the time; who may be had at any
 * moment, often enough that its return is not missed by 2 s; who turns our
 * password away, or sends what nobody can use, ever more seldom: a wrong
 * password said too often locks an account.
 */
#ifndef STING_STATION_BACK_OFF_H
#define STING_STATION_BACK_OFF_H

#include "base/base.h"

/* Why the last start gave no picture, or the pictures ended. */
enum back_off_cause {
    BACK_OFF_OTHER, /* it is refused, or cannot be used; its worker died */
    BACK_OFF_SOON,  /* it answers, but not yet, or no more */
    BACK_OFF_AWAY,  /* it does not answer */
};

/* Microseconds, after so many starts in a row that gave no picture. */
int64_t back_off_us(unsigned failures, enum back_off_cause cause);

#endif
