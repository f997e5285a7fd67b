/*
 * reel: the user's footage, played from its beginning as often as needed.
 *
 * Its bytes are hostile. Threads: one at a time.
 */
#ifndef STING_DRILL_REEL_H
#define STING_DRILL_REEL_H

#include "base/fault.h"
#include "drill/likeness.h"
#include "media/decode.h"

struct reel {
    int64_t us; /* from its first picture to its last */
    int64_t frames;
    int gop_frames;          /* the longest from one keyframe to the next */
    int width_px, height_px; /* even, a column or row less if need be */
    int frames_per_s;
};

/* Read all of it without decoding, and the first pictures with. The caller
 * releases *sample, also when it fails. Fails: E_FORMAT, E_UNSUPPORTED when it
 * is not of one piece or too large, E_NOMEM, E_IO. */
STING_MUST_USE enum sting_status reel_survey(int input, struct reel *out,
                                             struct likeness_sample *sample,
                                             struct fault *fault);

/* Every picture in order of times, a copy that the sink may draw on, with even
 * sides, times from 0. A sink that gives E_BUSY ends it, in order. Fails as
 * above, or what the sink gave. */
typedef enum sting_status (*reel_sink)(void *context,
                                       struct video_frame *frame);
STING_MUST_USE enum sting_status reel_play(int input, reel_sink sink,
                                           void *context, struct fault *fault);

#endif
