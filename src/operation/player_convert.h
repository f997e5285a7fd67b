/*
 * player_convert: what a camera sent as H.264 for browsers that cannot show
 * it, for the player worker only: live as it comes, or a recording that is
 * loaded. The recording itself is not touched by it.
 */
#ifndef STING_OPERATION_PLAYER_CONVERT_H
#define STING_OPERATION_PLAYER_CONVERT_H

#include "base/buffer.h"
#include "base/fault.h"

struct recoder;

struct player_convert {
    int channel; /* WIRE_PLAYER_HEAD and _PIECE go there */
    struct recoder *recoder;
    bool head_is_sent;
};

void player_convert_release(struct player_convert *convert);

/* Live: begin with the ftyp + moov of what is to come. Fails: E_FORMAT,
 * E_UNSUPPORTED, E_NOMEM. */
STING_MUST_USE enum sting_status player_convert_begin(
    struct player_convert *convert, struct bytes init, struct fault *fault);

/* The next fragments; pictures shown before from_us are not sent. */
STING_MUST_USE enum sting_status player_convert_more(
    struct player_convert *convert, int64_t from_us, struct bytes fragments);

/* Of a whole recording the pictures from from_us on: it is replaced. */
STING_MUST_USE enum sting_status player_convert_recording(
    struct buffer *recording, int64_t from_us, struct fault *fault);

#endif
