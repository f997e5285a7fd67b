/*
 * bait_hours: of the hours that a bait lay there, how many was it under a
 * camera that would have seen a person, and why not in the others?
 *
 * From the ledger alone: what lay where (lines of kind `laid`, and `page` lines
 * of recorders before 30 November 2026), which cameras gave pictures, what they
 * could see in the bait's zone (lines of kind `sight`), when they had still to
 * learn, were told of as covered, or a recording is missing. Only where no line
 * ever said what lies in a zone it is what operation.yaml says now, from the
 * first line that names the zone. A copy that is laid out still counts to the
 * last line of the ledger; also while no station ran.
 * A camera that is covered is not seeing until it sees again (cover.h), also
 * when its incident was closed before; what it says of its sight counts then.
 * Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_BAIT_HOURS_H
#define STING_OPERATION_BAIT_HOURS_H

#include "operation/config.h"

enum seeing { /* the best of a bait's cameras counts */
              SEEING_NO_STATION,
              SEEING_OFF,
              SEEING_LOST,
              SEEING_UNRECORDED,
              SEEING_COVERED,
              SEEING_LEARNING,
              SEEING_DARK,
              SEEING_BLIND, /* not for the dark */
              SEEING_FAINT, /* only who stands out */
              SEEING_GOOD,
              SEEING_STATES
};

/* "no station ran", "too dark to see a person". */
const char *seeing_words(enum seeing seeing);
/* "no-station", "dark": for machines. */
const char *seeing_name(enum seeing seeing);

struct bait_stretch {
    int64_t from_us, to_us;
    enum seeing seeing; /* below SEEING_GOOD */
};

/* Where it lay, and when. */
struct bait_lain {
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    int64_t from_us, to_us;
    bool is_there; /* by the last line */
};

/* Of a copy of a bait, or of a bait where the copy is not known. */
struct bait_hours {
    char bait[CONFIG_NAME_SIZE];
    uint32_t copy;          /* 0: not known */
    int64_t from_us, to_us; /* it lay somewhere; 0: no line told of it */
    int64_t lain_us;        /* so long in between */
    int64_t us[SEEING_STATES];
    size_t stretches;
    struct bait_stretch *stretch; /* owned; not well seen, in order */
    size_t lains;
    struct bait_lain *lain; /* owned; in order */
};

struct bait_hours_list {
    size_t baits;
    struct bait_hours *bait; /* owned; as operation.yaml names them, then those
                                that lay there before */
};

struct bait_watch;
struct line;

/* The configuration is borrowed. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_watch_new(const struct config *config,
                                                struct bait_watch **out);
void bait_watch_free(struct bait_watch **watch);

/* Take a line of the ledger, in order. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_watch_take(struct bait_watch *watch,
                                                 const struct line *line);

/* What all lines so far say. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status bait_watch_give(const struct bait_watch *watch,
                                                 struct bait_hours_list *out);
void bait_hours_list_release(struct bait_hours_list *list);

#endif
