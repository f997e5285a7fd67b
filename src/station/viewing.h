/*
 * viewing: who looks at which cameras now, and what a camera showed since its
 * last keyframe, for whoever begins to look.
 *
 * Kept only while somebody looks, and VIEWING_LINGER_US longer.
 * Limits: VIEWING_MOST streams; of a camera VIEWING_MOST_PIECES and
 * VIEWING_MOST_BYTES: a longer run is let go of until the next keyframe.
 * Threads: one.
 */
#ifndef STING_STATION_VIEWING_H
#define STING_STATION_VIEWING_H

#include <sys/types.h>

#include "base/buffer.h"
#include "operation/config.h"

#define VIEWING_MOST 64
#define VIEWING_MOST_PIECES 1024
#define VIEWING_MOST_BYTES ((size_t)16 << 20)
#define VIEWING_LINGER_US INT64_C(10000000)

struct viewing_piece {
    int64_t end_us; /* on the recording's time line */
    int64_t utc_us; /* of the same */
    int64_t duration_us;
    size_t bytes;
    bool starts_with_key;
};

struct viewing_camera {
    struct buffer init; /* ftyp + moov */
    struct buffer data; /* pieces, one behind the other, from a keyframe on */
    struct viewing_piece piece[VIEWING_MOST_PIECES];
    size_t pieces;
    int64_t wanted_until_us; /* boot time; 0: nobody looked lately */
    pid_t told;              /* the worker that was told so; 0: none */
};

/* What a message to who looks is: docs/formats/http.md, "live". */
enum viewing_kind { VIEWING_INIT = 0, VIEWING_PIECE = 1, VIEWING_CANNOT = 3 };

struct viewing_stream {
    int64_t id;       /* 0: free */
    uint64_t session; /* whose */
    uint64_t cameras; /* a bit each */
    uint64_t h264;    /* of them, those that are converted for it */
};

struct viewing {
    struct viewing_camera camera[CONFIG_MOST_CAMERAS];
    struct viewing_stream stream[VIEWING_MOST];
};

struct viewing *viewing_new(void); /* NULL without memory */
void viewing_free(struct viewing **viewing);

/* Somebody begins to look, or ends. Fails: E_LIMIT. */
STING_MUST_USE enum sting_status viewing_open(
    struct viewing *viewing, const struct viewing_stream *stream);
void viewing_close(struct viewing *viewing, int64_t id);

/* The cameras that are looked at now, a bit each; as they send, or at all. */
uint64_t viewing_plain(const struct viewing *viewing);
uint64_t viewing_cameras(const struct viewing *viewing);

/* A camera's stream begins anew; another piece of it. */
void viewing_init(struct viewing_camera *camera, struct bytes init);
void viewing_add(struct viewing_camera *camera,
                 const struct viewing_piece *piece, struct bytes data);
void viewing_forget(struct viewing_camera *camera);

/* All pieces since the last keyframe as one. False when there are none. */
bool viewing_whole(const struct viewing_camera *camera,
                   struct viewing_piece *out);

#endif
