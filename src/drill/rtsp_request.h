/*
 * rtsp_request: one request of an RTSP client, read strictly.
 *
 * Source: RFC 2326, sections 6, 10 and 10.12 (interleaved frames, which a
 * client may send between requests; they are passed over).
 * Limits: requests of 4096 bytes with 32 lines, and no body above 1024.
 */
#ifndef STING_DRILL_RTSP_REQUEST_H
#define STING_DRILL_RTSP_REQUEST_H

#include "base/base.h"

#define RTSP_MOST_BYTES 4096

enum rtsp_method {
    RTSP_OPTIONS,
    RTSP_DESCRIBE,
    RTSP_SETUP,
    RTSP_PLAY,
    RTSP_GET_PARAMETER,
    RTSP_TEARDOWN,
    RTSP_OTHER,       /* well formed, but none that we serve */
    RTSP_INTERLEAVED, /* no request: binary data between requests */
};

struct rtsp_request {
    enum rtsp_method method;
    char uri[256];
    uint32_t cseq;
    bool has_transport;
    bool interleaved; /* the client asks for RTP/AVP/TCP */
    uint8_t channel;  /* of RTP; RTCP gets the next one */
    uint32_t session; /* 0 when there is none */
};

/* Read what stands at the front of `in`; *used tells how much it was.
 * Fails: E_ABSENT when more bytes are needed, E_FORMAT, E_LIMIT: the
 * connection is of no use then. */
STING_MUST_USE enum sting_status rtsp_request_read(struct bytes in,
                                                   struct rtsp_request *out,
                                                   size_t *used);

#endif
