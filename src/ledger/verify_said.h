/*
 * verify_said: what lines alone tell of a record: gaps, clocks, changes beside
 * it. Only what a checkpoint signs is told (verify_settled.h), so all of it is
 * one value, taken and put back at once.
 */
#ifndef STING_LEDGER_VERIFY_SAID_H
#define STING_LEDGER_VERIFY_SAID_H

#include "base/base.h"
#include "ledger/verify_beside.h"

/* Is operation.yaml what the last line says that it was? Who runs an
 * operation may change it; that somebody did must be seen. */
enum verify_config {
    VERIFY_CONFIG_UNKNOWN, /* no line says */
    VERIFY_CONFIG_SAME,
    VERIFY_CONFIG_CHANGED,
    VERIFY_CONFIG_ABSENT, /* the file is not here */
};

#define VERIFY_MOST_GAPS 10000
struct verify_gap {
    uint64_t seq; /* the line that tells of it, or behind which it lies */
    char camera[65];
    char cause[24];
    int64_t from_us; /* utc; 0 when not known */
    int64_t to_us;
    char why[112]; /* in words, where the cause does not say all; "" */
};

#define VERIFY_MOST_CLOCKS 64
/* A jump of the wall clock, or the machine's sleep. */
struct verify_clock {
    uint64_t seq; /* of the `clock` line that tells it */
    int64_t utc_us;
    char state[16];   /* "step", "back", "suspend" */
    int64_t step_us;  /* 0: none */
    int64_t slept_us; /* 0: none */
    char leap[8];     /* "in", "out": a leap second was due; "" */
};

/* What lines alone tell, up to the last checkpoint (verify_settled.h). */
struct verify_said {
    uint64_t stops;       /* sessions that ended in order */
    size_t gaps;          /* of the report's `gap` */
    uint64_t gaps_more;   /* not listed */
    size_t clocks;        /* of the report's `clock` */
    uint64_t clocks_more; /* not listed */
    /* Who kept the clock right, as last told, there: "ntp", "free"; "". */
    char clock_source[16];
    int64_t clock_error_us; /* the estimate; -1: not known */
    uint64_t clock_at;
    enum verify_config config;
    uint64_t config_at;   /* the line that names its hash */
    bool is_blind;        /* holders' names are sealed apart */
    uint64_t named_early; /* lines whose blobs may hold such names all the
                             same: sealed by recorders of before */
    struct verify_change change[VERIFY_MOST_CHANGES]; /* the last of them */
    size_t changes;
    uint64_t changes_more; /* earlier, not listed */
};

#endif
