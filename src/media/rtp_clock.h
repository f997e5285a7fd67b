/*
 * rtp_clock: what a camera says of its own clock. Its sender reports (RTCP)
 * give the wall clock beside the RTP time, at which pictures count.
 *
 * It is a claim, and no more: any moment from 1970 to 2036 is given on as it
 * is. Silence is told from it: a report whose first bit is clear counts since
 * the camera's start, as RFC 3550 allows who has no wall clock.
 *
 * Only media/ includes this. Source: RFC 3550 4, 5.1, 6.4.1.
 */
#ifndef STING_MEDIA_RTP_CLOCK_H
#define STING_MEDIA_RTP_CLOCK_H

#include "base/base.h"

#define RTP_CLOCK_END_US INT64_C(2085978496000000) /* 7 February 2036 */

/* Zero-initialise. */
struct rtp_clock {
    uint32_t packet; /* time of the last packet of pictures */
    uint32_t report; /* and of the last report */
    int64_t utc_us;  /* which says so of it */
    bool has_packet;
    bool has_report;
};

/* A packet of pictures has come, or one of reports: any bytes. Behind a hole
 * in the time of pictures the last report says nothing any more. */
void rtp_clock_packet(struct rtp_clock *clock, struct bytes packet);
void rtp_clock_report(struct rtp_clock *clock, struct bytes packet);

/* UTC by the camera's clock at that RTP time; 0 when it says nothing, or not
 * for 100 s, after which a counter 500 ppm off would be 50 ms wrong. */
int64_t rtp_clock_utc_us(const struct rtp_clock *clock, uint32_t time,
                         int ticks_per_s);

#endif
