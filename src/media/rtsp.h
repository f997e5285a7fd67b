/*
 * rtsp: the dialogue with a camera, and the RTP packets that it then sends
 * over the same connection.
 *
 * Only media/ includes this.
 * Source: RFC 2326 10, RFC 7826 14. Limits: video alone; the url's host is
 * a number; a camera that sends us elsewhere is not followed.
 */
#ifndef STING_MEDIA_RTSP_H
#define STING_MEDIA_RTSP_H

#include "base/buffer.h"
#include "media/rtp_clock.h"
#include "media/source.h"

struct rtsp; /* owns the connection */

/* Connect and ask up to PLAY. Appends the SDP of the video to *sdp. Fails:
 * E_IO, E_ABSENT without video, E_FORMAT, E_LIMIT, E_UNSUPPORTED without TCP,
 * E_FORGED when it refuses us, E_BUSY when told to give up, E_NOMEM. */
STING_MUST_USE enum sting_status rtsp_open(
    const struct source_settings *settings, struct buffer *sdp,
    struct rtsp **out, struct fault *fault);
/* Says good-bye, so that the camera holds no stale session. */
void rtsp_free(struct rtsp **rtsp);

/* The next RTP or RTCP packet of at most `room` bytes into *to; its size in
 * *size. Fails: E_ABSENT at the end, E_IO, E_FORMAT, E_BUSY. */
STING_MUST_USE enum sting_status rtsp_packet(struct rtsp *rtsp, uint8_t *to,
                                             size_t room, size_t *size);

/* The camera's own clock, as far as the packets given tell it; borrowed. */
const struct rtp_clock *rtsp_clock(const struct rtsp *rtsp);

/* Send RTCP. Fails: E_IO, E_ARG. */
STING_MUST_USE enum sting_status rtsp_report(struct rtsp *rtsp,
                                             struct bytes packet);

#endif
