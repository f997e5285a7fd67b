/*
 * console_answer: what the files console_*.c share: a request whose session is
 * found and whose role is held against its row, and what is answered.
 *
 * Threads: the station's.
 */
#ifndef STING_STATION_CONSOLE_ANSWER_H
#define STING_STATION_CONSOLE_ANSWER_H

#include "base/json.h"
#include "station/console.h"
#include "wire/ask.h"

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

/* Each row has its answer, console_name: the rows' own headers say whose. */
#define ANSWER(NAME, name, ...) console_answer console_##name;
ASK_ROWS(ANSWER)
#undef ANSWER

/* Take in what the ledger has gained. */
void console_chronicle_follow(struct console *console);
/* When people were told of an incident, answered, went in; NULL: of none. */
void console_answers_add(struct json *row, const struct chronicle_event *of);
/* May he hear of that incident: it is of a camera that he sees. */
bool console_sees_incident(const struct console *console,
                           const struct user *user, uint32_t number);

#endif
