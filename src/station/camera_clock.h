/*
 * camera_clock: how far a camera's own clock is off, as far as the camera says,
 * and when that is told: once when it is more than 2 s, again when it jumps,
 * when half as much again has gathered, and when it is right again; three
 * times an hour at most. Recordings (`clock_ms` of `seg`) tell all of it.
 *
 * The camera may lie: nothing goes by it.
 */
#ifndef STING_STATION_CAMERA_CLOCK_H
#define STING_STATION_CAMERA_CLOCK_H

#include "base/clock.h"

#define CAMERA_CLOCK_SIZE 64

/* Zero-initialise. */
struct camera_clock {
    bool is_known;    /* it says something now */
    int64_t off_us;   /* ahead of ours, as it said last */
    int64_t told_us;  /* and as was told last; 0: it is right */
    int64_t since_us; /* boot time of the first told in this hour */
    int told;         /* so often since then */
};

/* A picture was taken at utc_us by our clock and at camera_us by the camera's
 * (0: it does not say). True when `out` is to be told. */
bool camera_clock_take(struct camera_clock *clock, int64_t utc_us,
                       int64_t camera_us, struct moment now,
                       char out[CAMERA_CLOCK_SIZE]);

#endif
