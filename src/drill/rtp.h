/*
 * rtp: H.264 in RTP packets, each framed for a connection of RTSP.
 *
 * Source: RFC 3550 (RTP, RTCP), RFC 6184 (single units and FU-A), RFC 2326
 * section 10.12 (framing).
 */
#ifndef STING_DRILL_RTP_H
#define STING_DRILL_RTP_H

#include "base/buffer.h"

struct rtp {
    uint32_t source;  /* SSRC */
    uint32_t origin;  /* timestamp at time 0; random, never 0 */
    uint16_t number;  /* of the next packet */
    uint32_t packets; /* sent so far */
    uint32_t payload_bytes;
    uint8_t channel; /* of RTP; RTCP has the next one */
};

/* Append a coded picture (Annex B). Fails: E_NOMEM. */
STING_MUST_USE enum sting_status rtp_picture_append(struct rtp *rtp,
                                                    struct bytes picture,
                                                    int64_t pts_us,
                                                    struct buffer *out);

/* Append a sender's report: at `utc_us` the stream stood at pts_us.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status rtp_report_append(const struct rtp *rtp,
                                                   int64_t pts_us,
                                                   int64_t utc_us,
                                                   struct buffer *out);

#endif
