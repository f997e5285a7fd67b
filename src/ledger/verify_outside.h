/*
 * verify_outside: what the files of the verifier share that judge outsiders'
 * words (V10).
 */
#ifndef STING_LEDGER_VERIFY_OUTSIDE_H
#define STING_LEDGER_VERIFY_OUTSIDE_H

#include "crypt/time_stamp.h"
#include "ledger/anchor_file.h"
#include "ledger/cosignature.h"
#include "ledger/line.h"
#include "ledger/verify.h"

struct verify_run; /* verify_state.h */

#define VERIFY_MOST_CLAIMS 100000
#define VERIFY_MOST_PEMS 32

/* A checkpoint that an outsider has, or had, before him (V10). */
struct verify_claim {
    uint64_t size;
    struct digest root;
    uint32_t number;    /* of evidence/anchors/NNNNNNNN.note; 0: given */
    struct bytes given; /* borrowed: as the caller kept it */
    bool is_signed;     /* by the log key; else whoever kept it says so */
    uint64_t from;      /* the first line behind the claim before it; of the */
    int64_t earliest_us, latest_us; /* times that lines from there tell */
    uint64_t latest;                /* and which tells the latest */
    bool is_judged;
    int64_t seen_us; /* the first word that counts; 0: none does */
    bool is_seen;    /* the line of that number was passed, and fits */
};

/* An evidence record: the last line that names it. */
struct verify_record {
    char file[96];
    struct digest ct, manifest;
    uint64_t seq;
    int64_t utc_us;
};

/* All that has to do with outsiders (verify_anchors.c). */
struct verify_outside {
    struct verify_claim *claim; /* owned, by size */
    size_t claims;
    size_t next;           /* the first not yet reached by the lines */
    uint64_t stretch_from; /* the first line behind the last one reached */
    int64_t earliest_us, latest_us;
    uint64_t latest;
    struct vkey *key; /* owned: witnesses that lines name */
    size_t keys;
    struct digest pem[VERIFY_MOST_PEMS]; /* files that lines name */
    size_t pems;
    struct verify_record *record; /* owned */
    size_t records;
};

/* V10, what outsiders said (verify_anchors.c). Read it, once the genesis is
 * known; compare every checkpoint that is theirs with the lines so far; take
 * what lines say of it; at the end, what lies beyond, and what counts. */
STING_MUST_USE enum sting_status verify_anchors_begin(struct verify_run *run,
                                                      const struct line *line);
void verify_anchors_pass(struct verify_run *run, const struct line *line);
STING_MUST_USE enum sting_status verify_anchors_line(struct verify_run *run,
                                                     const struct line *line);
STING_MUST_USE enum sting_status verify_anchors_end(struct verify_run *run);
void verify_outside_release(struct verify_outside *outside);

/* Evidence records, at the end (verify_renewals.c): which anchors' files they
 * cover and since when is appended to *renewed. */
struct verify_renewed {
    char file[72]; /* a file of evidence/anchors */
    int64_t at_us; /* covered since then, by a record that holds today */
};
STING_MUST_USE enum sting_status verify_renewals(
    struct verify_run *run, const struct time_stamp_trust *trust,
    struct buffer *renewed);
/* Which of them count, and how far they vouch (verify_outsiders.c). */
STING_MUST_USE enum sting_status verify_outsiders(struct verify_run *run);

#endif
