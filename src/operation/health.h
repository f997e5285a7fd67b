/*
 * health: what the ledger says of the machinery since its last session began:
 * which workers died, what cameras lost, how far it is signed; and what
 * outsiders said.
 *
 * A fold over `session`, `worker`, `camera`, `gap`, `epoch`, `anchor`, `tsr`
 * and `cosig` lines. Limits: HEALTH_MOST workers. Reads no clock.
 */
#ifndef STING_OPERATION_HEALTH_H
#define STING_OPERATION_HEALTH_H

#include "base/base.h"
#include "operation/config.h"

#define HEALTH_MOST (3 * CONFIG_MOST_CAMERAS + 16)
#define HEALTH_WHY_SIZE 120

struct line;

/* Of one name, camera and use ("": of none, none told). */
struct health_worker {
    char name[CONFIG_NAME_SIZE];
    char camera[CONFIG_NAME_SIZE];
    char of[CONFIG_NAME_SIZE]; /* "alerts": whom it serves */
    uint32_t deaths;
    int64_t last_us; /* UTC */
    char why[HEALTH_WHY_SIZE];
};

/* What a camera lost. */
struct health_camera {
    char name[CONFIG_NAME_SIZE];
    uint32_t losses; /* how often it went away */
    uint32_t gaps;   /* stretches without pictures that are told */
    int64_t gap_us;  /* how long these are together */
};

/* Zero-initialise. */
struct health {
    struct health_worker worker[HEALTH_MOST];
    size_t workers;
    struct health_camera camera[CONFIG_MOST_CAMERAS];
    size_t cameras;
    int64_t signed_us; /* UTC of the last line that closed an epoch; 0: none */
    uint64_t signed_lines; /* up to it, from the first */
    int64_t vouched_us;    /* UTC when an outsider's word came last; 0: never */
    uint64_t vouched_lines; /* that it is for, from the first */
    int64_t refused_us; /* UTC since when the last one asked does not answer as
                           it should; 0: it does */
    char refused_by[CONFIG_NAME_SIZE];
    char refused_why[HEALTH_WHY_SIZE];
};

/* What a camera of that name lost; NULL: nothing. */
const struct health_camera *health_camera(const struct health *health,
                                          const char *name);

void health_take(struct health *health, const struct line *line);

#endif
