/*
 * bait_hours_state: what the ledger's lines said so far, of bait_hours.c
 * (lines in) and bait_hours_give.c (hours out) alone.
 */
#ifndef STING_OPERATION_BAIT_HOURS_STATE_H
#define STING_OPERATION_BAIT_HOURS_STATE_H

#include "operation/bait_hours.h"
#include "operation/cover.h"

#define NOTHING ((size_t)-1)

struct eye { /* a camera that lines name */
    char camera[CONFIG_NAME_SIZE];
    enum seeing is; /* SEEING_GOOD while it gives pictures, else why not */
    bool is_learning;
};

struct site { /* a zone that lines name */
    size_t eye;
    char zone[CONFIG_NAME_SIZE];
    int64_t since_us;  /* a line first named it */
    bool is_told;      /* a line said what lies there; before, a guess */
    size_t spot;       /* that lies there; NOTHING */
    enum seeing sight; /* as last told; SEEING_LEARNING: not yet */
    enum seeing now;
};

struct spot { /* a copy in a zone */
    size_t site;
    char bait[CONFIG_NAME_SIZE];
    uint32_t copy;
};

/* From then on a site is seen like that; or a copy begins (+1) or ends (-1) to
 * lie in a spot; or so does a missing recording of a camera. */
struct change {
    int64_t at_us;
    size_t order;
    enum { CHANGE_SEES, CHANGE_LIES, CHANGE_MISSES } what;
    size_t which; /* site, spot, or camera; ALL_CAMERAS */
    int value;    /* an enum seeing; +1, -1 */
};

#define ALL_CAMERAS ((size_t)-1)

struct bait_watch {
    const struct config *config;
    struct cover cover;
    struct eye eye[CONFIG_MOST_CAMERAS];
    size_t eyes;
    struct site *site; /* owned, as the next two */
    size_t sites;
    struct spot *spot;
    size_t spots;
    struct change *change;
    size_t changes;
    int64_t last_us; /* of the line before */
    bool is_open;    /* a session */
    size_t before;   /* changes when it began */
};

#endif
