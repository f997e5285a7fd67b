/*
 * roll: the last seconds of a camera, held in memory only, for recordings
 * that begin before what they are about. Fragments as they came; the first
 * begins with a keyframe.
 *
 * Limits: ROLL_MOST fragments, ROLL_MOST_BYTES. Threads: one.
 */
#ifndef STING_STATION_ROLL_H
#define STING_STATION_ROLL_H

#include "base/buffer.h"
#include "ledger/recording.h"

#define ROLL_MOST 128
#define ROLL_MOST_BYTES ((size_t)32 << 20)

struct roll_piece {
    struct recording_fragment facts; /* its data is `data` */
    struct buffer data;              /* owned */
};

struct roll {
    struct roll_piece piece[ROLL_MOST]; /* a ring */
    size_t first, count;
    size_t bytes;
};

void roll_clear(struct roll *roll);

/* Hold a copy, and let go of what is not needed to go back before_us from
 * its begin. Fails: E_NOMEM; it is then not held. */
STING_MUST_USE enum sting_status roll_add(
    struct roll *roll, const struct recording_fragment *fragment,
    int64_t before_us);

/* The oldest, good until the roll changes; NULL when it is empty. */
const struct recording_fragment *roll_oldest(const struct roll *roll);
void roll_drop(struct roll *roll);

#endif
