/*
 * play: sealed recordings that somebody in a browser asked to see.
 *
 * A request belongs to one session. It is confirmed on the machine by
 * `sting unlock`, which hands over the keys of the files of that stretch and
 * no other; then, for a while, that session may read them, opened in a player
 * worker. Nothing is kept of it when it is over. docs/design/console.md.
 *
 * Limits: PLAYS_MOST requests, one a session; PLAY_JOBS reads that wait; of a
 * recording one file at a time. Threads: the station's.
 */
#ifndef STING_STATION_PLAY_H
#define STING_STATION_PLAY_H

#include "operation/play_parts.h"
#include "operation/player_unseal.h"
#include "station/console_answer.h"
#include "station/death.h"

#define PLAYS_MOST 16
#define PLAY_JOBS 16
#define PLAY_CODE_SIZE 10 /* "K7QM-2DXA" and NUL */
#define PLAY_WHY_SIZE 301
#define PLAY_CAMERAS_SIZE (PLAY_MOST_CAMERAS * (CONFIG_NAME_SIZE + 1))
#define PLAY_PIECE_BYTES ((size_t)2 << 20) /* of one answer */
#define PLAY_H264_BYTES ((size_t)4 << 20)  /* of one that is converted */

enum play_kind { PLAY_TO_SEE, PLAY_EXHIBIT, PLAY_RELEASE, PLAY_KINDS };
#define PLAY_AREAS_SIZE 801

enum play_state {
    PLAY_FREE,
    PLAY_ASKED,
    PLAY_OPEN,
    PLAY_MAKING, /* an exhibit or a cut, on the machine */
    PLAY_MADE,
    PLAY_DENIED,
    PLAY_OVER
};

/* One file that may be read: an init, or a segment that plays behind it. */
struct play_file {
    char camera[CONFIG_NAME_SIZE];
    char path[192];
    bool is_init;
    bool starts_with_key;
    bool was_read;
    size_t init; /* the init that it plays with: its place among the files */
    int64_t t0_us;
    int64_t pts_us;
    int64_t duration_us;
    int64_t frames;
    struct player_unseal_order order;
};

struct play {
    enum play_state state;
    enum play_kind kind;
    int64_t number;   /* from 1; never again another's */
    uint64_t session; /* whose */
    char user[CONFIG_NAME_SIZE];
    char cameras[PLAY_CAMERAS_SIZE]; /* names with commas */
    int64_t from_us, to_us;
    char mark[33];     /* of an exhibit */
    uint32_t incident; /* of a cut; the areas to be filled, X,Y,W,H each with
                          blanks between; nothing made brighter */
    char areas[PLAY_AREAS_SIZE];
    bool is_plain;
    char told[160]; /* what became of it */
    char why[PLAY_WHY_SIZE];
    char browser[81]; /* as it calls itself */
    char code[PLAY_CODE_SIZE];
    int64_t asked_us; /* boot time */
    int64_t until_us; /* boot time; of a request or of what is open */
    size_t missing;
    struct play_file *file; /* owned, secret */
    size_t files;
};

/* Somebody waits for a piece of a file, or a still. */
struct play_job {
    int64_t id; /* of the request; 0: free */
    int64_t play;
    size_t file;
    bool is_still;
    bool is_h264;   /* a piece, converted for a browser that needs it */
    size_t at;      /* of a piece: from this byte on */
    int64_t pts_us; /* of a still; where what is converted begins */
    int64_t utc_us;
    int64_t until_us; /* boot time after which it is refused */
};

enum play_step {
    PLAY_UNSEALING,
    PLAY_CONVERTING,
    PLAY_READING,
    PLAY_PICTURING
};

struct playing {
    struct play play[PLAYS_MOST];
    int64_t numbers;
    struct play_job job[PLAY_JOBS];
    int working; /* the job at work; -1: none */
    struct worker worker;
    struct wire_reader reader;
    struct wire_queue queue;
    struct deaths deaths;
    enum play_step step; /* of the job at work */
    size_t next;         /* the file that is being unsealed now */
    size_t first, last;  /* those to be decoded, behind their init */
    int fd;              /* the sealed file that is being read; -1 */
    size_t left;         /* bytes of it */
    int64_t loaded_play; /* what the worker holds, so that it is not asked for
                            twice; 0: nothing */
    size_t loaded_file;
    bool loaded_h264; /* of it: the worker has decoded, and unseals no more */
    int64_t begun_us, idle_us; /* boot time */
};

struct playing *playing_new(void);
void playing_free(struct playing **playing);

/* What somebody wishes, as texts of his request. */
struct play_wish {
    enum play_kind kind;
    const char *cameras, *from, *to, *why, *browser;
    const char *mark;  /* of an exhibit; else "" */
    const char *areas; /* of a cut; else "" */
    uint32_t incident;
    bool is_plain;
};
int play_wished(struct console *console, const struct asked *asked,
                const struct play_wish *wish, struct reply *reply);

/* ---- play.c ---- */

/* The newest of a session, of one kind; NULL. */
struct play *play_of(struct playing *playing, uint64_t session,
                     enum play_kind kind);
struct play *play_find(struct playing *playing, int64_t number);
/* Room for another: a free one, else the oldest of which nothing is to come;
 * NULL while all are asked for, open or being made. */
struct play *play_room(struct playing *playing);

/* End one, whatever it was: keys are wiped, what is read of it is let go of,
 * and the ledger tells how much of an open one was read. */
void play_end(struct console *console, struct play *play, enum play_state how,
              struct moment now);

/* What is due each second: time is over, sessions have ended. */
void play_tick(struct console *console, struct moment now);

/* ---- play_open.c ---- */

/* A command asks over core.sock (WIRE_PLAY_*); always answers. */
void play_client(struct console *console, const struct wire_head *request,
                 struct bytes payload, struct wire_head *answer,
                 struct buffer *out);

/* ---- play_read.c ---- */

/* Let it be read: false when too many wait. */
bool play_read(struct console *console, const struct play_job *job);

int play_fd(const struct console *console, short *waits);
void play_serve(struct console *console, struct moment now);
void play_read_tick(struct console *console, struct moment now);
/* Nobody may read this one any more, or (0) nobody waits any more. */
void play_read_forget(struct console *console, int64_t play);

/* "garage 2026-11-26T17:00:00.000Z to 2026-...": what is looked at, for lines
 * of the ledger and for people. */
#define PLAY_ITEM_SIZE (PLAY_CAMERAS_SIZE + 2 * CLOCK_TEXT_SIZE + 32)
char *play_item(const struct play *play, char out[PLAY_ITEM_SIZE]);

#endif
