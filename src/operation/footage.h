/*
 * footage: what a camera recorded in a stretch of time, opened.
 *
 * Reads the ledger's `init` and `seg` lines without a lock, opens their
 * files with an unlocked identity and joins them: the init, and the
 * fragments of all segments that hold the stretch, from a keyframe on. What
 * is still being recorded is not part of it.
 *
 * Limits: FOOTAGE_MOST_BYTES, FOOTAGE_MOST_SEGMENTS. Threads: one at a time.
 */
#ifndef STING_OPERATION_FOOTAGE_H
#define STING_OPERATION_FOOTAGE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/digest.h"
#include "crypt/secret.h"
#include "ledger/recording.h"

#define FOOTAGE_MOST_BYTES ((size_t)192 * 1024 * 1024)
#define FOOTAGE_MOST_SEGMENTS 512

/* Where a part of the footage comes from. */
struct footage_segment {
    uint64_t seq;                   /* its line in the ledger */
    char path[RECORDING_PATH_SIZE]; /* relative to the operation */
    int64_t t0_us;                  /* when its first picture was taken, UTC */
    int64_t pts_us;
    int64_t duration_us;
    struct digest ct; /* SHA-256 of the file */
    struct digest pt; /* SHA-256 of what is inside */
};

struct footage {
    struct buffer init;              /* ftyp + moov */
    struct buffer fragments;         /* moof + mdat, as many as there are */
    struct footage_segment *segment; /* owned */
    size_t segments;
    /* The camera's next film began inside the stretch: it came anew, or
     * changed its stream's parameters. None of that is in here. */
    uint64_t goes_on_line; /* its `init` in the ledger; 0: there is none */
    int64_t goes_on_us;    /* when it began */
};

void footage_release(struct footage *footage);

/* Open what `camera` recorded from from_us to to_us (UTC). The stretch may
 * be longer than what was recorded; what is behind another `init` is another
 * film, to be opened with `since_line` of goes_on_line. Fails: E_ABSENT when
 * nothing was recorded then, E_LIMIT, E_FORGED when a file is not the one in
 * the ledger, E_IO, E_NOMEM. *out kept. */
struct footage_stretch {
    const char *camera;
    int64_t from_us;
    int64_t to_us;
    uint64_t since_line; /* of the ledger; nothing before it counts */
};
STING_MUST_USE enum sting_status footage_open(
    int operation, const struct secret *identity,
    const struct footage_stretch *stretch, struct footage *out,
    struct fault *fault);

/* The presentation time of the picture taken at `utc_us`. Fails: E_ABSENT
 * when none was, as in a hole, before and behind it; *pts_us kept. */
STING_MUST_USE enum sting_status footage_pts(const struct footage *footage,
                                             int64_t utc_us, int64_t *pts_us);

/* The same for an end of a stretch: what was not recorded is cut off. */
int64_t footage_pts_nearest(const struct footage *footage, int64_t utc_us);

/* When the picture at `pts_us` was taken, UTC. */
int64_t footage_utc_us(const struct footage *footage, int64_t pts_us);

/* When footage begins and ends, UTC. */
int64_t footage_start_us(const struct footage *footage);
int64_t footage_end_us(const struct footage *footage);

#endif
