/*
 * nal: the units of an Annex B byte stream, and what kind each is.
 *
 * Source: ITU-T H.264 Annex B and 7.4.1, H.265 Annex B and 7.4.2.
 */
#ifndef STING_MEDIA_NAL_H
#define STING_MEDIA_NAL_H

#include "base/buffer.h"

enum nal_h264_type {
    NAL_H264_SLICE = 1,
    NAL_H264_IDR = 5,
    NAL_H264_SEI = 6,
    NAL_H264_SPS = 7,
    NAL_H264_PPS = 8,
    NAL_H264_DELIMITER = 9,
};

enum nal_h265_type { NAL_H265_DELIMITER = 35 };

/* Take the next unit, without start code, from the front of *stream; false
 * when there is none left. */
bool nal_next(struct bytes *stream, struct bytes *unit);

/* The type of an H.264 unit, or of an H.265 one; -1 when it is empty. */
int nal_h264_type(struct bytes unit);
int nal_h265_type(struct bytes unit);

/* Append a unit behind a start code of four bytes. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status nal_append(struct buffer *out,
                                            struct bytes unit);

/* Append only the units of a packet that a decoder needs before its first
 * picture: SPS and PPS. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status nal_h264_header_append(struct buffer *out,
                                                        struct bytes packet);

#endif
