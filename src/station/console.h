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

/* ---- between the files console*.c ---- */

/* A message to the web worker; false when it had to be ended. */
bool console_send(struct console *console, struct wire_head head,
                  struct bytes payload);

/* Somebody looks at a camera; at a stream nobody any more; each second. */
void console_want(struct console *console, int camera, struct moment now);
void console_gone(struct console *console, int64_t stream);
void console_live_tick(struct console *console, struct moment now);

/* One request, its session found and its role held against its row. */
struct asked {
    int64_t id;
    enum ask ask;
    struct session *session; /* NULL where none is needed */
    struct user *user;       /* of the session */
    bool is_here;            /* somebody moved or typed since the last one */
    const char *secret;      /* of the session, as it was sent; "" */
    const char *field[ASK_MOST_FIELDS];
    struct moment now;
};

struct reply {
    struct json *json;  /* owned */
    struct buffer body; /* owned; instead of json, of kind `kind` */
    enum ask_body kind;
    enum ask_cookie cookie;
    char session[ASK_SESSION_SIZE];
    int retry_s;
    uint64_t cameras; /* of a stream that begins */
};

/* Answer a request: gives the HTTP status, 0 when the answer comes later. */
typedef int console_answer(struct console *console, const struct asked *asked,
                           struct reply *reply);

/* An answer of HTTP status `http` that says why not: `error` is a word for
 * programs, `words` for people. Gives http back. */
int reply_refuse(struct reply *reply, int http, const char *error,
                 const char *words);
void reply_send(struct console *console, int64_t id, int http,
                struct reply *reply);
void reply_release(struct reply *reply);

/* A line of the ledger about who may do what. */
void console_line(struct console *console, struct moment now, const char *what,
                  const struct user *user, const char *by, const char *why);

/* Passwords: a result has come; the worker they were for is gone. */
void console_password_take(struct console *console, struct moment now);
void console_password_forget(struct console *console);

console_answer console_hello, console_first, console_login, console_logout,
    console_password, console_totp_new, console_totp_set, console_totp_off,
    console_users, console_user_add, console_user_change, console_user_remove,
    console_sessions, console_sessions_end;
console_answer console_state, console_events, console_health, console_live,
    console_snapshot, console_ack, console_ack_link, console_arm,
    console_metrics, console_metrics_token, console_machinery, console_go,
    console_timeline, console_incidents, console_note, console_zones;
/* Take in what the ledger has gained. */
void console_chronicle_follow(struct console *console);
/* When people were told of an incident, answered, went in; NULL: of none. */
void console_answers_add(struct json *row, const struct chronicle_event *of);
/* May he hear of that incident: it is of a camera that he sees. */
bool console_sees_incident(const struct console *console,
                           const struct user *user, uint32_t number);

#endif
