/*
 * parts: which workers of the station run, and since when.
 *
 * Looked at each tick, so that whoever starts one needs not tell: a worker
 * that lived for less than a tick is not seen. That one died, and why, is the
 * ledger's to say (operation/health).
 * Threads: the station's.
 */
#ifndef STING_STATION_PARTS_H
#define STING_STATION_PARTS_H

#include <sys/types.h>

#include "base/clock.h"
#include "operation/config.h"

struct console;
struct worker;

#define PARTS_SINGLE 8 /* beside those of cameras */
#define PARTS_EACH 3   /* of a camera: it, its relay, its conversion */
#define PARTS_MOST (PARTS_EACH * CONFIG_MOST_CAMERAS + PARTS_SINGLE)

struct parts {
    struct {
        pid_t pid;        /* 0: none runs */
        int64_t since_us; /* UTC */
        unsigned starts;  /* seen */
    } part[PARTS_MOST];
};

/* One of them as it is now. */
struct part {
    const char *name;   /* "camera", as of `worker` lines */
    const char *of;     /* "alerts": whom it serves */
    const char *camera; /* its name; NULL: of none */
    bool runs;
    int64_t since_us; /* UTC; 0: it does not run */
    unsigned starts;
};

/* Look which run now. */
void parts_look(struct parts *parts, const struct console *console,
                struct moment now);

/* The one at `index`, below PARTS_MOST; false: of a camera that is none. */
bool parts_at(const struct parts *parts, const struct console *console,
              size_t index, struct part *out);

#endif
