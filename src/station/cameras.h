/*
 * cameras: all cameras of the station together, in the configuration's order.
 *
 * Room for CONFIG_MOST_CAMERAS is made at once: those that come while the
 * station runs (reload) move none of the others.
 * Threads: the station's.
 */
#ifndef STING_STATION_CAMERAS_H
#define STING_STATION_CAMERAS_H

#include <poll.h>

#include "station/camera.h"

#define CAMERAS_FDS (2 * CONFIG_MOST_CAMERAS)

struct cameras {
    struct camera *camera; /* owned */
    size_t count;          /* that were set up */
    size_t turn;           /* whose turn it is to start */
};
void cameras_release(struct cameras *cameras);

/* Set up all of the configuration. Fails: as camera_init; what was set up
 * until then is in *out. */
STING_MUST_USE enum sting_status cameras_open(struct cameras *out,
                                              struct desk *desk,
                                              struct fault *fault);

/* What poll() is to wait for, and what it told. Gives the rows used. */
size_t cameras_wait(const struct cameras *cameras, struct pollfd *ready);
void cameras_serve(struct cameras *cameras, const struct pollfd *ready);

/* What became durable is told; one at most is started. */
void cameras_tick(struct cameras *cameras, struct moment now);

/* The station stood still: as camera_stood of each. */
void cameras_stood(struct cameras *cameras, const struct beat *beat);

/* A name was looked up for one of them. */
void cameras_answer(struct cameras *cameras, struct moment now,
                    const struct names_answer *answer);

/* As camera_keep, camera_pause or camera_resume, camera_past or camera_go_on,
 * camera_stop of each. */
void cameras_keep(struct cameras *cameras, struct moment now);
void cameras_room(struct cameras *cameras, bool has_room, struct moment now);
void cameras_past(struct cameras *cameras, bool is_past, struct moment now);
void cameras_stop(struct cameras *cameras, struct moment now, const char *why);

/* Segments are cut at the next keyframe and sealed at once. */
void cameras_cut(struct cameras *cameras);

/* The core goes: none records. A new one came: all record with it. Fails: as
 * recording_new. */
void cameras_unrecord(struct cameras *cameras);
STING_MUST_USE enum sting_status cameras_record_anew(struct cameras *cameras,
                                                     struct fault *fault);

/* Ask all workers to end; does any run yet? */
void cameras_stop_ask(struct cameras *cameras);
bool cameras_run(const struct cameras *cameras);

#endif
