/*
 * av1: the open bitstream units of AV1, and how RTP carries them.
 *
 * libavformat 5.1 hands out the payloads of RTP packets as they are; here
 * they become a temporal unit in which every unit tells its size, without
 * the delimiters that MP4 forbids.
 *
 * Source: AV1 bitstream 5.3, 4.10.5; "RTP Payload Format For AV1" 1.0, 4.4.
 */
#ifndef STING_MEDIA_AV1_H
#define STING_MEDIA_AV1_H

#include "base/buffer.h"

/* Take the next unit with its header from the front of *stream; false when
 * there is none left, or what follows is none. */
bool av1_next(struct bytes *stream, struct bytes *unit);

/* Append the sequence headers of a temporal unit. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status av1_headers(struct bytes unit,
                                             struct buffer *out);

/* A unit of which the rest comes in the next packet. Zero-initialise. */
struct av1_join {
    struct buffer open;
    bool is_open;
};
void av1_join_release(struct av1_join *join);

/* A new temporal unit begins: forget the unit that never got its end. */
void av1_join_begin(struct av1_join *join);

/* Append to *out what the payload of one RTP packet completes. Fails:
 * E_FORMAT for nonsense, of which nothing is kept; E_NOMEM. */
STING_MUST_USE enum sting_status av1_join_add(struct av1_join *join,
                                              struct bytes payload,
                                              struct buffer *out);

#endif
