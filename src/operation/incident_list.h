/*
 * incident_list: the incidents that a ledger tells of, as far as it goes.
 *
 * Reads the ledger without a lock and without a key. What one incident's
 * lines say later wins over what they said before.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_INCIDENT_LIST_H
#define STING_OPERATION_INCIDENT_LIST_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/config.h"
#include "operation/cover.h"
#include "operation/incident.h"

#define INCIDENT_WORD_SIZE 16

struct incident_entry {
    uint64_t seq; /* of its first line */
    uint32_t number;
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE]; /* "" when none */
    char bait[CONFIG_NAME_SIZE];
    char kind[INCIDENT_WORD_SIZE];
    char tier[INCIDENT_WORD_SIZE];
    int64_t start_us;
    int64_t raised_us; /* when it became a touch; 0: it did not */
    int64_t end_us;    /* of the last observation; 0: it goes on */
    bool is_cut;       /* it went on when the recorder ended, and no line has
                          told its end since */
    size_t alerts;     /* shown or delivered */
    int64_t shown_us, delivered_us; /* the first of them; 0: none */
    int64_t ack_us;                 /* the first `ack`; 0: none */
    int64_t team_us;                /* our own team went in; 0: it did not */
    char team[INCIDENT_TEAM_SIZE];  /* who went */
    char mark[INCIDENT_WORD_SIZE];  /* as people said last: "false-alarm",
                                       "known-person", "acknowledged"; "" */
    struct incident_sight sight;    /* as told last before it was over */
    int64_t sight_us;               /* of when that is; 0: not told */
    bool is_walk;                   /* one of ours walked, to be told of */
    /* Bit c: camera[c] of the list. */
    bool has_cameras;    /* its lines name them; those of before do not */
    uint64_t seen_by;    /* saw somebody, or a touch */
    uint64_t touched_by; /* page watch told of a page */
    uint64_t named_by;   /* was the camera of one of its lines, also as one
                            that was covered or gone */
    uint64_t unseen;     /* did not see it end, as its last line says */
    uint64_t watching;   /* gave pictures when it opened, not covered */
    uint64_t dim;        /* and saw only who stood out, or nobody */
};

struct incident_list {
    size_t count;
    struct incident_entry *entry; /* owned; by number */
    size_t cameras; /* the first CONFIG_MOST_CAMERAS that lines name */
    char camera[CONFIG_MOST_CAMERAS][CONFIG_NAME_SIZE];
    uint64_t watching, dim; /* as of the last line taken */
    struct cover cover;
    int64_t last_us; /* its time */
};

struct line;

/* Take one line of the ledger; of those that are about no incident only what
 * cameras did is kept. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status incident_list_take(struct incident_list *list,
                                                    const struct line *line);

/* All incidents of the operation whose folder is open. Lines that cannot be
 * read are left to `sting verify`. Fails: E_ABSENT without a ledger, E_IO,
 * E_NOMEM; the caller releases *out. */
STING_MUST_USE enum sting_status incident_list_read(int operation,
                                                    struct incident_list *out,
                                                    struct fault *fault);
void incident_list_release(struct incident_list *list);

/* The camera's bit; 0 when no line named it. */
uint64_t incident_list_bit(const struct incident_list *list,
                           const char *camera);

/* Did the camera see any of it, or was it covered or gone then? A camera that
 * the list has no place for may have. */
bool incident_list_is_by(const struct incident_list *list,
                         const struct incident_entry *entry,
                         const char *camera);

/* NULL when there is none of that number; borrowed. */
const struct incident_entry *incident_list_find(
    const struct incident_list *list, uint32_t number);

#endif
