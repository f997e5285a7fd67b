/*
 * rtsp_text: what stands in an RTSP message and in the SDP inside it.
 *
 * Pure functions over bytes from outside. Source: RFC 2326, RFC 8866.
 */
#ifndef STING_MEDIA_RTSP_TEXT_H
#define STING_MEDIA_RTSP_TEXT_H

#include "base/buffer.h"

#define RTSP_MOST_HEAD ((size_t)16384)
#define RTSP_MOST_BODY ((size_t)65536)
#define RTSP_MOST_URL 2048

struct rtsp_message {
    int code; /* 100 to 599; 0: a request, of the camera's own */
    uint32_t cseq;
    struct bytes head; /* the lines after the first; borrowed */
    struct bytes body;
};

/* Read the message at the front of *in; *used tells its bytes. Fails: E_ABSENT
 * when more bytes are needed, E_FORMAT, E_LIMIT. */
STING_MUST_USE enum sting_status rtsp_message_read(struct bytes in,
                                                   struct rtsp_message *out,
                                                   size_t *used);

/* The value of the next header of that name in *head, which moves on; false
 * when there is none left. */
bool rtsp_header_next(struct bytes *head, const char *name,
                      struct bytes *value);

/* The number after `name` in a value like "RTP/AVP/TCP;interleaved=0-1"; or
 * otherwise. */
long rtsp_parameter(struct bytes value, const char *name, long otherwise);

/* Append the session's own lines and those of the first video, to *out. What
 * video and session want to be called by goes to the two texts, "" when they do
 * not say. Fails: E_ABSENT without video, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status rtsp_sdp_video(struct bytes sdp,
                                                struct buffer *out,
                                                char control[RTSP_MOST_URL],
                                                char whole[RTSP_MOST_URL]);

/* `control` as seen from `base`. Fails: E_LIMIT. */
STING_MUST_USE enum sting_status rtsp_url_join(const char *base,
                                               const char *control,
                                               char out[RTSP_MOST_URL]);

#endif
