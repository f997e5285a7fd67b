/*
 * verify: is this evidence what was recorded, all of it, unchanged?
 *
 * Reads one operation folder without trusting a byte of it, in memory that
 * does not grow with the recordings: lines, chain, roots, signatures, epochs,
 * every file that a line names. Without a key it checks what is sealed; with
 * an unlocked identity also what is inside.
 *
 * Source: docs/formats/ledger.md, "What a verifier checks" (V1 to V12).
 * Limits: reports the first thing that is wrong and up to VERIFY_MOST_GAPS
 * gaps; repeated recordings are looked for among the first 16 million.
 * A station may be writing meanwhile.
 */
#ifndef STING_LEDGER_VERIFY_H
#define STING_LEDGER_VERIFY_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/secret.h"
#include "ledger/age.h"

#define VERIFY_MOST_GAPS 10000

/* In order of what they mean, the mildest first. */
enum verify_verdict {
    VERIFY_INTACT,
    VERIFY_GAPS,         /* intact with gaps */
    VERIFY_UNVERIFIABLE, /* something needed is missing or unknown */
    VERIFY_CUT,          /* something signed lies beyond the end */
    VERIFY_TAMPERED,
};

/* Is operation.yaml what the last line says that it was? Who runs an
 * operation may change it; that somebody did must be seen. */
enum verify_config {
    VERIFY_CONFIG_UNKNOWN, /* no line says */
    VERIFY_CONFIG_SAME,
    VERIFY_CONFIG_CHANGED,
    VERIFY_CONFIG_ABSENT, /* the file is not here */
};

struct verify_gap {
    uint64_t seq; /* the line that tells of it, or behind which it lies */
    char camera[65];
    char cause[24];
    int64_t from_us; /* utc; 0 when not known */
    int64_t to_us;
};

struct verify_report {
    enum verify_verdict verdict;
    bool has_at;
    uint64_t at;       /* the line in question */
    int64_t at_us;     /* when it says it was written; 0 when not known */
    char file[200];    /* the file in question, below the operation; "" */
    char reason[320];  /* in words; "" when there is nothing to say */
    char case_key[65]; /* fingerprint of the case key, hex; "" */

    uint64_t entries;  /* whole lines */
    uint64_t segments; /* recordings checked, with inits and parts */
    uint64_t blobs;
    uint64_t bytes; /* of all files checked */
    uint64_t checkpoints;
    uint64_t epochs;        /* closed */
    uint64_t stops;         /* sessions that ended in order */
    uint64_t opened;        /* files whose inside was checked too */
    uint64_t unclaimed;     /* files that no line names */
    uint64_t erased;        /* recordings gone with an `erase` line */
    struct verify_gap *gap; /* owned */
    size_t gaps;
    uint64_t gaps_more;      /* not listed */
    uint64_t tail_entries;   /* behind the last checkpoint */
    int64_t signed_until_us; /* when its last line was written; 0: nothing */
    double tail_s;
    uint64_t torn_bytes; /* behind the last whole line */

    enum verify_config config;
    uint64_t config_at; /* the line that names its hash */
};

struct verify_options {
    /* Neither: check what is sealed only. */
    const struct secret *identity;
    age_asked *ask; /* who holds it, with `context` */
    /* Called now and then; may be NULL. */
    void (*progress)(void *context, const struct verify_report *so_far);
    void *context;
};

/* Fill *report; the caller releases it. A folder that is not one, or lacks
 * everything, is UNVERIFIABLE, not a failure. Fails: E_IO when a file that
 * is there cannot be read, E_NOMEM. */
STING_MUST_USE enum sting_status verify_operation(
    int operation, const struct verify_options *options,
    struct verify_report *report, struct fault *fault);
void verify_report_release(struct verify_report *report);

/* "INTACT", "INTACT WITH GAPS", ... */
const char *verify_verdict_text(enum verify_verdict verdict);

/* Append the report as one JSON line, or as a few lines for people.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status verify_report_json(
    const struct verify_report *report, struct buffer *out);
STING_MUST_USE enum sting_status verify_report_text(
    const struct verify_report *report, struct buffer *out);

#endif
