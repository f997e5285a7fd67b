/*
 * rtsp_session: one client of the camera: what it said, what it is owed.
 *
 * Works on buffers alone; whoever owns the connection moves their bytes.
 */
#ifndef STING_DRILL_RTSP_SESSION_H
#define STING_DRILL_RTSP_SESSION_H

#include "base/buffer.h"
#include "drill/rtp.h"
#include "drill/rtsp_request.h"

struct rtsp_session {
    struct buffer in;  /* not yet read */
    struct buffer out; /* not yet sent */
    struct rtp rtp;
    uint32_t number; /* of the session; given at SETUP */
    bool is_set_up;
    bool is_playing;
    bool waits_for_key; /* pictures begin at a keyframe */
    bool is_over;       /* close once `out` is sent */
    int requests;
};

void rtsp_session_release(struct rtsp_session *session);

/* Answer all that stands in session->in. `sdp` describes the stream and
 * `number`, not 0, is for a new session. Fails: E_FORMAT, E_LIMIT for
 * a client that cannot be talked to, E_NOMEM. */
STING_MUST_USE enum sting_status rtsp_session_serve(
    struct rtsp_session *session, const char *sdp, uint32_t number);

/* The description of an H.264 stream whose SPS and PPS stand in `header`
 * (Annex B). Fails: E_FORMAT when they do not, E_NOMEM. */
STING_MUST_USE enum sting_status rtsp_sdp_write(struct bytes header,
                                                struct buffer *out);

#endif
