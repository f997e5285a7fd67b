/*
 * chronicle: the ledger as one looks back on it, in memory: what was recorded
 * and how lively it was, and what happened.
 *
 * Follows the ledger a few lines at a time, so that whoever has other things
 * to do is not kept. Needs no key: texts and pictures are not in it.
 * Limits: CHRONICLE_MOST_EVENTS, the oldest go first; activity in steps of
 * 10 s, CHRONICLE_MOST_STEPS of a camera.
 * Threads: one at a time.
 */
#ifndef STING_OPERATION_CHRONICLE_H
#define STING_OPERATION_CHRONICLE_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/clock_seen.h"
#include "operation/config.h"
#include "operation/health.h"

#define CHRONICLE_MOST_EVENTS 65536
#define CHRONICLE_STEP_US (INT64_C(10) * 1000000)
#define CHRONICLE_MOST_STEPS ((size_t)100 * 8640) /* a hundred days */
#define CHRONICLE_WORD_SIZE 16
#define CHRONICLE_TEXT_SIZE 96

/* A stretch without a break, by the pictures' own time. */
struct chronicle_span {
    int64_t from_us;
    int64_t to_us;
};

struct chronicle_camera {
    char name[CONFIG_NAME_SIZE];
    struct chronicle_span *span; /* owned; recorded */
    size_t spans;
    uint8_t *act; /* owned; of each step 0: nothing, else activity + 1 at most
                     255 */
    size_t acts;
    int64_t first_step; /* of act[0]: time / CHRONICLE_STEP_US */
    struct clocks_seen clocks;
};

/* A line that tells that something happened. Texts are "" when absent. */
struct chronicle_event {
    int64_t at_us;   /* of the line; an incident's: its start */
    int64_t from_us; /* when it began, 0: not told */
    int64_t to_us;   /* when it was over, 0: not told or not over */
    /* Of an incident, 0: not. An alert about it was first shown here, first
     * delivered to somebody; somebody saw to it; our own team went in. */
    int64_t shown_us, delivered_us, ack_us, team_us;
    uint64_t line; /* its number in the ledger; an incident's: the first */
    uint32_t incident;
    uint32_t copy;
    uint32_t count;
    uint32_t part;    /* of an incident: chronicle_part.h; 0: none */
    bool is_its;      /* `camera` is the incident's: the line names none */
    bool is_cut;      /* an incident whose end nobody was there to see */
    const char *what; /* kind of line: "incident", "gap", "ack" ... */
    char word[CHRONICLE_WORD_SIZE]; /* "person", "lifted", "delivered" ... */
    char tier[CHRONICLE_WORD_SIZE]; /* of an incident */
    char mark[CHRONICLE_WORD_SIZE]; /* what people said of an incident */
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    char bait[CONFIG_NAME_SIZE];
    char by[CHRONICLE_TEXT_SIZE];   /* who */
    char text[CHRONICLE_TEXT_SIZE]; /* a reason, a channel, a camera's day; who
                                       went in; what was shown */
};

struct chronicle;

/* Begin at the ledger's first line. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status chronicle_open(int operation,
                                                struct chronicle **out,
                                                struct fault *fault);
void chronicle_free(struct chronicle **chronicle);

/* Take in at most `lines` lines more. Fails: E_BUSY when there are more,
 * E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status chronicle_follow(struct chronicle *chronicle,
                                                  size_t lines);

size_t chronicle_cameras(const struct chronicle *chronicle);
const struct chronicle_camera *chronicle_camera(
    const struct chronicle *chronicle, size_t index);

/* Events in the order of their first lines. */
size_t chronicle_events(const struct chronicle *chronicle);
const struct chronicle_event *chronicle_event(const struct chronicle *chronicle,
                                              size_t index);

/* The incident of that number; NULL when there is none, or it is too old. */
const struct chronicle_event *chronicle_incident(
    const struct chronicle *chronicle, uint32_t number);

/* That incident as one of its cameras tells it: where, what and since when are
 * the camera's own; index from 0, in no order. False: there are no more. */
bool chronicle_incident_part(const struct chronicle *chronicle,
                             const struct chronicle_event *incident,
                             size_t index, struct chronicle_event *out);

/* How far the own clock of that camera was off; false where it did not say. */
bool chronicle_clock(const struct chronicle *chronicle, const char *camera,
                     int64_t utc_us, int64_t *off_ms);

/* The liveliest of each of `parts` equal parts of a stretch: as `act`. */
void chronicle_activity(const struct chronicle_camera *camera,
                        struct chronicle_span stretch, uint8_t part[],
                        size_t parts);

/* Does an event touch the stretch? */
bool chronicle_is_in(const struct chronicle_event *event,
                     struct chronicle_span stretch);

/* What became of workers and outsiders; borrowed. */
const struct health *chronicle_health(const struct chronicle *chronicle);

/* When the first thing of it was; 0 when it is empty. */
int64_t chronicle_begin_us(const struct chronicle *chronicle);

/* What recordings took in the day up to the newest, as a rate a day; 0 before
 * ten minutes were recorded. */
int64_t chronicle_bytes_a_day(const struct chronicle *chronicle);

#endif
