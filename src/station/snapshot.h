/*
 * snapshot: one picture of a camera as JPEG, decoded in a player worker.
 *
 * The picture is what the camera shows while somebody looks (viewing.h); one
 * is made at a time, and serves all who ask for the same camera meanwhile.
 * Threads: the station's.
 */
#ifndef STING_STATION_SNAPSHOT_H
#define STING_STATION_SNAPSHOT_H

#include "station/console_answer.h"
#include "station/death.h"

#define SNAPSHOT_MOST 16 /* requests that wait */

/* A request that waits for a picture of a camera. */
struct snapshot_wait {
    int64_t id; /* 0: free */
    int camera;
    int64_t until_us; /* boot time after which it is refused */
};

struct snapshot {
    struct worker worker; /* a player, while pictures are asked for */
    struct wire_reader reader;
    struct wire_queue queue;
    struct deaths deaths;
    struct snapshot_wait wait[SNAPSHOT_MOST];
    int camera;       /* at work, -1 none */
    int answers;      /* of the player that are to come yet */
    int64_t begun_us; /* boot time */
    int64_t idle_us;  /* boot time since which it has nothing to do */
};

/* What the loop waits for, -1 nothing; what came; what is due. */
int snapshot_fd(const struct console *console);
short snapshot_events(const struct console *console);
void snapshot_serve(struct console *console, struct moment now);
void snapshot_tick(struct console *console, struct moment now);
void snapshot_release(struct snapshot *snapshot);

/* Another piece of this camera has come. */
void snapshot_piece(struct console *console, int camera);

/* The web worker is gone: nobody waits any more. */
void snapshot_forget(struct console *console);

#endif
