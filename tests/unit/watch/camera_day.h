/*
 * camera_day: a day of a camera at speed, through what keeps its times: RTP
 * and RTCP packets to rtp_clock, pictures to the recorder, and back out of the
 * fragments that it writes both times of each keyframe (prft).
 *
 * The camera's crystal is off, and its counter goes by it. The
 * network is late as networks are: 1 to 15 ms at the least, another least each
 * hour, an exponential part of 5 ms in the mean, keyframes 8 ms more, a stall
 * of 0.2 to 3 s each ten minutes, after which all comes at once; and what has
 * come is read each 77 ms, as the relay does.
 */
#ifndef STING_TESTS_CAMERA_DAY_H
#define STING_TESTS_CAMERA_DAY_H

#include "base/base.h"

#define CAMERA_DAY_SETTLES_S 10 /* after its start, and a jump */

struct camera_day {
    uint64_t seed;
    int seconds;
    int ppm;             /* what its crystal is fast by */
    int frames_per_s;    /* a keyframe each second */
    int report_s;        /* how often it tells its own clock, ... */
    bool sets_clock;     /* set right each two hours; else right all the time */
    int64_t counter_us;  /* its counter is put on by as much, or back, ... */
    int counter_every_s; /* ... this often; 0: never */
};

/* How far a time is off, whatever the sign. */
struct camera_day_off {
    int64_t usual_us; /* 99 of 100 are no further off */
    int64_t most_us;
};

struct camera_day_found {
    long keyframes;
    struct camera_day_off host;   /* when it was taken, by our clock */
    struct camera_day_off camera; /* what its own clock showed, once it told */
    int64_t unsettled_us;         /* the first, while it settles, of the host */
    long unsettled;               /* so many of them are more than 50 ms off */
    int jumps;                    /* of its counter that were seen */
};

/* Fails only by ending the program: there is nothing to go on with. */
void camera_day_run(const struct camera_day *day,
                    struct camera_day_found *found);

#endif
