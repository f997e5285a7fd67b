/*
 * recording_state: what the files of a recording share.
 */
#ifndef STING_LEDGER_RECORDING_STATE_H
#define STING_LEDGER_RECORDING_STATE_H

#include "ledger/recording_name.h"
#include "ledger/syncer.h"

/* The segment now open. */
struct segment {
    bool is_open;
    struct recording_name name;
    int64_t parts;  /* durable fragments */
    int64_t utc_us; /* of its first picture */
    int64_t pts_us;
    int64_t duration_us;
    int64_t frames;
    bool starts_with_key;
    bool has_clock;
    int64_t clock_us; /* the camera's clock less ours, once it said so */
    unsigned looks;
    unsigned activity;
    struct buffer plain; /* all its fragments, until it is sealed */
    struct digest pt;
    struct ledger_blob made; /* of its file, when it is sealed */
    uint64_t put;            /* the file's number, 0 before it is sealed */
};

/* Fragments that may not be durable yet. */
struct fresh {
    uint64_t put;
    int64_t until_us;
};
#define MOST_FRESH (2 * (size_t)SYNCER_MOST_FILES)

struct recording {
    struct ledger *ledger;     /* borrowed */
    struct ledger_camera *row; /* borrowed, of the ledger */
    struct syncer *syncer;     /* owned */
    int64_t init;              /* -1 before the first */
    struct segment ended;      /* to be sealed: its successor has begun */
    struct segment segment;
    struct age_ahead ahead;         /* for the next part: nobody waits for it */
    bool is_alerted;                /* cut at the next keyframe */
    struct fresh fresh[MOST_FRESH]; /* a ring */
    size_t fresh_first, fresh_count;
    int64_t until_us;
};

/* What is said of a segment or of one of its parts. */
struct told {
    const struct segment *segment;
    int64_t part; /* -1 for a whole segment */
    int64_t utc_us;
    int64_t pts_us;
    int64_t duration_us;
    int64_t frames;
    bool starts_with_key;
    bool has_clock;
    int64_t clock_us;
    struct digest pt;
};

/* ---- what is said of recordings, and their files (recording_told.c) ---- */

/* Seal an init, make its file durable and write its line. */
STING_MUST_USE enum sting_status recording_tell_init(
    struct recording *recording, struct moment now,
    const struct recording_name *name, const struct recording_init *init,
    struct fault *fault);

/* Seal what a `told` speaks of and have its file written: *put is durable
 * when so many are. *made is what its line says of the file; NULL for a part,
 * which has none. Fails: as syncer_put. */
STING_MUST_USE enum sting_status recording_put(
    struct recording *recording, const struct told *told, struct bytes plain,
    struct ledger_blob *made, uint64_t *put, struct fault *fault);

/* The `seg` line of a segment whose file is durable. */
STING_MUST_USE enum sting_status recording_tell(struct recording *recording,
                                                struct moment now,
                                                const struct told *told,
                                                const struct ledger_blob *made,
                                                struct fault *fault);

#endif
