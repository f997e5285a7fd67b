/*
 * rtsp_link: the connection to a camera, cut into RTP packets and messages.
 *
 * Read in large pieces, because a camera's stream is small packets and to wake
 * for each costs more than its bytes. Only rtsp.c includes this.
 * Source: RFC 2326 10.12. The url's host is a number.
 */
#ifndef STING_MEDIA_RTSP_LINK_H
#define STING_MEDIA_RTSP_LINK_H

#include "media/rtsp_text.h"
#include "media/source.h"

struct rtsp_link {
    const struct source_settings *settings; /* borrowed */
    int fd;                                 /* owned; -1 without */
    bool is_playing;                        /* bytes come all the time */
    bool is_drained;                        /* the last read had all */
    int64_t last;                           /* bytes of the last read */
    int64_t read_us;                        /* when that was, or 0 */
    struct bytes in;               /* read, not yet taken; inside room */
    uint8_t room[(size_t)3 << 16]; /* more than any message or packet */
};

/* Borrowed until the next is asked for. */
struct rtsp_piece {
    long channel; /* of a packet; -1: a message */
    struct bytes packet;
    struct rtsp_message message;
};

/* Connect. *out is all zero before; its fd is the caller's to close, whatever
 * is given. Fails: E_ARG for the url, E_IO with errno, E_BUSY when told to
 * give up. */
STING_MUST_USE enum sting_status rtsp_link_open(
    const struct source_settings *settings, struct rtsp_link *out);

/* The caller's clock; 0 where it has none. */
int64_t rtsp_link_now_us(const struct rtsp_link *link);

/* Wait for the next piece. Fails: E_ABSENT at the end, E_IO, E_BUSY, E_FORMAT
 * and E_LIMIT for what is no message. */
STING_MUST_USE enum sting_status rtsp_link_next(struct rtsp_link *link,
                                                struct rtsp_piece *out);

/* Send all of it. Fails: E_IO, E_BUSY; E_ARG for a packet too large. */
STING_MUST_USE enum sting_status rtsp_link_send(struct rtsp_link *link,
                                                struct bytes out);
STING_MUST_USE enum sting_status rtsp_link_packet_send(struct rtsp_link *link,
                                                       long channel,
                                                       struct bytes packet);

#endif
