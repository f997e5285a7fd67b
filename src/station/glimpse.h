/*
 * glimpse: what alerts may carry: ten seconds from before, and a picture.
 *
 * Held in memory, for channels with `attach:` alone. When an incident opens or
 * becomes a touch, the newest picture of its camera is decoded in a player
 * worker; words have gone out long before, pictures follow them.
 *
 * Limits: one incident after another, the gravest first; GLIMPSE_MOST of them,
 * GLIMPSE_MOST_BYTES and GLIMPSE_PATIENCE_US each.
 * Threads: the station's.
 */
#ifndef STING_STATION_GLIMPSE_H
#define STING_STATION_GLIMPSE_H

#include "station/camera.h"
#include "station/death.h"

#define GLIMPSE_MOST_BYTES ((size_t)8 << 20)
#define GLIMPSE_BEFORE_US (INT64_C(10) * 1000000)
#define GLIMPSE_PATIENCE_US (INT64_C(4) * 1000000)

#define GLIMPSE_MOST 8

/* What was held of an incident's camera as it opened, or rose. */
struct glimpse_film {
    struct incident incident;
    struct buffer clip; /* owned */
    int64_t last_us;    /* of its last picture */
};

struct glimpse {
    struct worker player;
    struct wire_reader reader;
    struct glimpse_film film[GLIMPSE_MOST]; /* the first is under way */
    size_t films;
    struct buffer picture; /* owned; JPEG */
    int64_t until_us;      /* boot time */
    struct deaths deaths;  /* of players */
};
#define GLIMPSE_NONE ((struct glimpse){.player = WORKER_NONE})
void glimpse_release(struct glimpse *glimpse);

/* Does any channel carry pictures? */
bool glimpse_is_wanted(const struct config *config);

/* An incident opened or rose: begin, or wait for its turn, unless its film as
 * something as grave does. Who gets none is told. */
void glimpse_begin(struct glimpse *glimpse, const struct camera *camera,
                   const struct incident *incident, struct moment now);

/* Take what the worker gave; once it is there, or time is over, the alerts get
 * it. Call it each round. */
void glimpse_serve(struct glimpse *glimpse, struct desk *desk,
                   struct moment now);

#endif
