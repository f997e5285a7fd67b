/*
 * bait_hours_state: what the ledger's lines said so far, of bait_hours.c
 * (lines in) and bait_hours_give.c (hours out) alone.
 */
#ifndef STING_OPERATION_BAIT_HOURS_STATE_H
#define STING_OPERATION_BAIT_HOURS_STATE_H

#include "operation/bait_hours.h"
#include "operation/cover.h"

/* Somewhere a bait lies. */
struct spot {
    size_t camera;
    const struct config_zone *zone;
    int64_t first_us;  /* a line first named it; 0: none has */
    enum seeing sight; /* as last told; SEEING_LEARNING: not yet */
    enum seeing now;
};

struct eye {
    enum seeing is; /* SEEING_GOOD while it gives pictures, else why not */
    bool is_learning;
};

/* From then on a spot is seen like that; or a missing recording of a camera
 * begins (+1) or ends (-1). */
struct change {
    int64_t at_us;
    size_t order;
    size_t which; /* spot, or camera; ALL_CAMERAS */
    int missing;
    enum seeing seeing;
};

#define ALL_CAMERAS ((size_t)-1)

struct bait_watch {
    const struct config *config;
    struct eye *eye; /* owned; one a camera */
    struct cover cover;
    struct spot *spot;
    size_t spots;
    struct change *change;
    size_t changes;
    int64_t last_us; /* of the line before */
    bool is_open;    /* a session */
    size_t before;   /* changes when it began */
};

#endif
