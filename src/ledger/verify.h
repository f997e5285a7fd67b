/*
 * verify: is this evidence what was recorded, all of it, unchanged?
 *
 * Reads one operation folder without trusting a byte of it, in memory that
 * grows neither with the recordings nor with the ledger: lines, chain, roots,
 * signatures, epochs, every file that a line names. Without a key it checks
 * what is sealed; with an unlocked identity also what is inside.
 *
 * Source: docs/formats/ledger.md, "What a verifier checks" (V1 to V14).
 * Limits: tells the first thing that is wrong, VERIFY_MOST_GAPS gaps. A station
 * may be writing meanwhile.
 */
#ifndef STING_LEDGER_VERIFY_H
#define STING_LEDGER_VERIFY_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "crypt/secret.h"
#include "ledger/age.h"
#include "ledger/cosignature.h"
#include "ledger/verify_erased.h"
#include "ledger/verify_late.h"
#include "ledger/verify_said.h"

/* In order of what they mean, the mildest first. */
enum verify_verdict {
    VERIFY_INTACT,
    VERIFY_GAPS,         /* intact with gaps */
    VERIFY_UNVERIFIABLE, /* something needed is missing or unknown */
    VERIFY_CUT,          /* something signed lies beyond the end */
    VERIFY_TAMPERED,
};

#define VERIFY_MOST_ANCHORS 16
#define ANCHOR_WHO_SIZE 160

/* What one outsider said, and whether it counts. */
struct verify_anchor {
    char kind[12]; /* "tsa", "witness", "renewal", "given" */
    char who[ANCHOR_WHO_SIZE];
    uint64_t entries; /* lines that it speaks of */
    int64_t at_us;    /* 0 when not known */
    bool counts;
    char state[20]; /* one word: "good", "expired", "unknown-key", ... */
    char why[160];  /* in words, when it does not count */
    char file[96];
};

#define VERIFY_MOST_BROKEN 64 /* evidence records */

struct verify_report {
    enum verify_verdict verdict;
    bool has_at;
    uint64_t at;       /* the line in question */
    int64_t at_us;     /* when it was written by what it, or else the last good
                          line before it, says; 0 when not known */
    char file[200];    /* the file in question, below the operation; "" */
    char reason[320];  /* in words; "" when there is nothing to say */
    char case_key[65]; /* fingerprint of the case key, hex; "" */
    bool case_key_expected; /* it is the one that the caller named */
    char box[40];           /* of a record that was imported: its name; "" */
    char unfinished[40];    /* of one whose import did not end: its name; "" */
    uint64_t unfinished_at; /* the line that tells of that import */

    uint64_t read_bytes;   /* of the ledger, while it is being read */
    uint64_t ledger_bytes; /* that it had when reading began */
    uint64_t entries;      /* whole lines */
    uint64_t segments;     /* recordings checked, with inits and parts */
    uint64_t blobs;
    uint64_t bytes; /* of all files checked */
    uint64_t checkpoints;
    uint64_t epochs;         /* closed */
    uint64_t opened;         /* files whose inside was checked too */
    uint64_t films;          /* recordings among them, held to their lines */
    uint64_t unclaimed;      /* files that no line names */
    uint64_t erased;         /* recordings gone with an `erase` line */
    struct verify_gone gone; /* who says so, and incidents in it */
    struct verify_said said;
    struct verify_gap *gap; /* owned */
    struct verify_clock clock[VERIFY_MOST_CLOCKS];
    uint64_t tail_entries;   /* behind the last checkpoint */
    int64_t signed_until_us; /* when its last line was written; 0: nothing */
    double tail_s;
    uint64_t torn_bytes; /* behind the last whole line */

    uint64_t config_unsigned_at; /* changed as this line says; 0: none does */
    struct verify_altered altered[VERIFY_MOST_ALTERED];
    size_t altereds;
    /* Outsiders: how far the newest one that counts vouches. */
    int64_t anchored_until_us; /* when it said so; 0: nobody does */
    uint64_t anchored_entries;
    char anchored_by[ANCHOR_WHO_SIZE];
    struct verify_late late, ahead; /* the worst */
    bool anchored_by_given; /* by a key or authority that the caller named */
    struct verify_anchor anchor[VERIFY_MOST_ANCHORS]; /* the newest first */
    size_t anchors;
    uint64_t anchors_more;               /* not listed */
    uint32_t broken[VERIFY_MOST_BROKEN]; /* records that no stamp mends now */
    size_t brokens;
    uint64_t beacons;        /* lines that cannot be older than a value */
    uint64_t beacon_at;      /* the last of them */
    char beacon_source[128]; /* whose value it was */
};

/* What the caller knows of outsiders; all may be empty, and is borrowed. Where
 * witnesses or authorities are given, no others count. */
struct verify_known {
    int64_t now_us; /* the day on which their words are judged; 0: that of the
                       last line */
    const struct vkey *witness; /* their keys */
    size_t witnesses;
    struct bytes authorities;   /* PEM */
    const struct bytes *anchor; /* checkpoints kept outside: three lines, or
                                   whole notes */
    size_t anchors;
};

struct verify_options {
    const struct secret *identity; /* neither: what is sealed only */
    age_asked *ask;                /* who holds it, with `context` */
    struct verify_known known;     /* what the caller knows of outsiders */
    size_t most_seen; /* hashes held at once; 0: VERIFY_MOST_SEEN */
    void (*progress)(void *context, const struct verify_report *so_far);
    void *context; /* progress: called now and then; may be NULL */
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

/* Of verify_report_anchors.c; a text of it, NULL for none. */
struct json;
const char *verify_report_word(const char *text);
void verify_report_anchors_json(struct json *json,
                                const struct verify_report *report);
STING_MUST_USE enum sting_status verify_report_anchors_text(
    const struct verify_report *report, struct buffer *out);

/* What became of the clock, as some lines of that text, and as keys of that
 * JSON (verify_clock_text.c). Fails: E_NOMEM. */
STING_MUST_USE enum sting_status verify_clock_text(
    const struct verify_report *report, struct buffer *out);
void verify_clock_json(const struct verify_report *report, struct json *json);

#endif
