/*
 * session: who is logged in to the console, known by a secret that only the
 * browser has; here lies its hash.
 *
 * A session ends after SESSION_IDLE_US without anything that a person did
 * (what a page asks by itself is none), SESSION_MOST_US in all, when its user's
 * rights change, and when the station ends. Time is the boot clock's. Threads:
 * one.
 */
#ifndef STING_STATION_SESSION_H
#define STING_STATION_SESSION_H

#include "crypt/random.h"
#include "crypt/secret.h"
#include "operation/config.h"
#include "wire/ask.h"

#define SESSIONS_MOST 128
#define SESSION_IDLE_US (INT64_C(30) * 60 * 1000000)
#define SESSION_MOST_US (INT64_C(12) * 3600 * 1000000)

/* What was opened on the machine and may be read here (opened.h). */
enum session_read_kind { SESSION_READS_NAMES, SESSION_READS_NOTES };
#define SESSION_READS 2
#define SESSION_WHY_SIZE 301

struct session_read {
    uint64_t upto; /* those opened up to the how many-th; 0: none */
    char why[SESSION_WHY_SIZE]; /* said last; "": never */
};

struct session {
    bool is_open;
    uint64_t number; /* counts from 1; never again another's */
    struct secret hash;
    char csrf[ASK_CSRF_SIZE];
    char user[CONFIG_NAME_SIZE];
    int64_t began_us;
    int64_t seen_us;
    struct session_read read[SESSION_READS];
};

struct sessions {
    struct session session[SESSIONS_MOST];
    uint64_t numbers;
};

/* Begin one; its secret as hex to `out`. The longest idle one makes room. */
struct session *sessions_begin(struct sessions *sessions, const char *user,
                               int64_t now_us,
                               const struct random_source *random,
                               char out[ASK_SESSION_SIZE]);

/* The open session of that secret; NULL when there is none. */
struct session *sessions_find(struct sessions *sessions, const char *secret,
                              int64_t now_us);
/* The open one of that number. */
const struct session *sessions_lookup(struct sessions *sessions,
                                      uint64_t number, int64_t now_us);

/* A person was there just now. */
void session_see(struct session *session, int64_t now_us);

void session_end(struct session *session);

/* End all of a user but one (NULL: all); how many there were. */
size_t sessions_end_of(struct sessions *sessions, const char *user,
                       const struct session *but);

#endif
