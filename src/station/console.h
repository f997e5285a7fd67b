/*
 * console: the core's side of the pages that people look at.
 *
 * HTTP is spoken by the web worker, which holds the port, the key of its
 * certificate and nothing else. What people ask comes from it as a row of
 * wire/ask with fields of text; sessions, roles, passwords and bounds are held
 * here, on every message. docs/design/console.md.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_CONSOLE_H
#define STING_STATION_CONSOLE_H

#include <poll.h>

#include "base/json.h"
#include "jail/worker.h"
#include "operation/chronicle.h"
#include "station/camera.h"
#include "station/death.h"
#include "station/desk.h"
#include "station/listen.h"
#include "station/opened.h"
#include "station/parts.h"
#include "station/password.h"
#include "station/session.h"
#include "station/users.h"
#include "wire/queue.h"

#define CONSOLE_FDS 9 /* five, and CONVERT_MOST of convert.h */
#define CONSOLE_EVENTS 256
#define CONSOLE_WORD_SIZE 24
#define CONSOLE_DELAYS 256

/* What was told, for whoever looks later. */
struct console_event {
    uint64_t n; /* from 1 */
    int64_t utc_us;
    int64_t incident;
    uint64_t cameras; /* as of struct tale */
    char event[CONSOLE_WORD_SIZE];
    char state[CONSOLE_WORD_SIZE];
    char kind[CONSOLE_WORD_SIZE];
    char tier[CONSOLE_WORD_SIZE];
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    char text[320];
};

struct console_pending; /* pending.h: a password at work */
struct snapshot;        /* snapshot.h */
struct viewing;         /* viewing.h */
struct viewing_piece;

struct console {
    struct desk *desk;           /* borrowed */
    const struct camera *camera; /* borrowed, all of the station */
    size_t cameras;
    int listener; /* owned; -1: there is no console */
    char at[LISTEN_TEXT_SIZE];
    struct buffer certificate, key; /* PEM */
    struct worker worker;
    struct wire_reader reader;
    struct wire_queue queue; /* to the worker */
    int64_t begun_us;        /* boot time of its last start */
    struct deaths deaths;
    unsigned starts;
    uint32_t incidents; /* the highest number so far */
    struct users users;
    struct sessions sessions;
    struct passwords *passwords;
    struct console_pending *pending; /* owned */
    uint64_t pendings;
    struct secret first; /* hash of the one-time link's secret */
    int64_t first_until_us;
    struct {
        unsigned failures;
        int64_t until_us;
    } delay[CONSOLE_DELAYS];       /* of names, by their hash */
    int64_t odd_us;                /* boot time strangers were told of */
    int64_t refused_us;            /* boot time a refusal was told */
    struct viewing *viewing;       /* owned */
    struct snapshot *snapshot;     /* owned */
    struct playing *playing;       /* owned, play.h */
    struct converting *converting; /* owned, convert.h */
    int64_t viewed_us;             /* boot time of the next look at viewers */
    struct console_event event[CONSOLE_EVENTS];
    uint64_t events;
    struct chronicle *chronicle; /* owned; NULL while it cannot be read */
    bool chronicle_is_whole;     /* it has come to the ledger's end */
    struct bait_news *baits;     /* owned; NULL while it cannot be read */
    bool baits_are_whole;
    struct console_traces *traces;       /* owned */
    struct opened opened[SESSION_READS]; /* names, notes */
    struct buffer strength;              /* JSON, a line each; */
    int64_t strength_us;                 /* as shown at that boot time */
    struct parts parts;
};

/* A console that there is none of. */
#define CONSOLE_NONE                                                           \
    {                                                                          \
        .listener = -1, .worker = {.channel = -1 }                             \
    }

/* Listen at `at` and make ready what the worker needs; the first one to use
 * it is told a one-time link. Fails: E_ARG, E_IO, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status console_open(struct console *console,
                                              struct desk *desk, const char *at,
                                              struct fault *fault);
void console_release(struct console *console);

/* The cameras, once they are there. */
void console_cameras(struct console *console, const struct camera *camera,
                     size_t cameras);

/* For the loop: what to wait for, what came, what is due. */
void console_wait(const struct console *console,
                  struct pollfd ready[CONSOLE_FDS]);
void console_serve(struct console *console,
                   const struct pollfd ready[CONSOLE_FDS], struct moment now);
void console_tick(struct console *console, struct moment now);

/* Something was told: the teller's hearer. */
void console_hear(void *console, const struct tale *tale, int64_t utc_us,
                  const char *text);
/* A camera's stream begins anew; another piece of it for who looks. */
void console_init(struct console *console, int camera, struct bytes init);
void console_piece(struct console *console, int camera,
                   const struct viewing_piece *piece, struct bytes data);

#endif
