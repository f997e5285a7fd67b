/*
 * player_cut: a recording in memory played from its start, for the player
 * worker only.
 */
#ifndef STING_OPERATION_PLAYER_CUT_H
#define STING_OPERATION_PLAYER_CUT_H

#include "media/decode.h"
#include "operation/player_worker.h"

/* Decode all pictures of an MP4 in order, until the sink gives E_BUSY ("that
 * is enough") or another status. Fails: E_FORMAT, E_UNSUPPORTED, E_NOMEM, or
 * what the sink gave. */
STING_MUST_USE enum sting_status player_play(struct bytes recording,
                                             decode_sink sink, void *context,
                                             struct fault *fault);

/* As player_transcode(), in this process. */
STING_MUST_USE enum sting_status player_cut_make(struct bytes recording,
                                                 const struct player_cut *cut,
                                                 struct buffer *mp4,
                                                 struct player_cut_made *made,
                                                 struct fault *fault);

#endif
