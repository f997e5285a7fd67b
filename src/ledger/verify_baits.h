/*
 * verify_baits: what lines say of baits, and what lies by them.
 *
 * The last line of each bait whose folder is here is remembered, and judged at
 * the end. What lines say of it that nobody signed is kept apart: it names no
 * file in place of what a signed one names.
 * Limits: VERIFY_MOST_BAITS, 0.3 kB each; more, by signed lines, are
 * UNVERIFIABLE.
 */
#ifndef STING_LEDGER_VERIFY_BAITS_H
#define STING_LEDGER_VERIFY_BAITS_H

#include "crypt/digest.h"
#include "ledger/ledger_state.h"
#include "ledger/line.h"

#define VERIFY_MOST_BAITS 16384
#define VERIFY_BAIT_ROWS 1024

struct verify_run;

/* The last `bait` line of a bait. */
struct verify_bait {
    char name[LEDGER_CAMERA_SIZE];
    bool is_signed;
    bool is_issued; /* copies of it are out: its files must be here */
    bool has_sealed, has_reference;
    bool has_index; /* its newest index is told, by that line */
    uint32_t next;  /* in its row, from 1; 0: the last */
    uint64_t seq;
    int64_t utc_us;
    struct digest sealed, reference;
    struct digest index;
    struct digest index_before; /* zeros: none */
    uint64_t index_seq;
    struct digest sealed_unsigned, reference_unsigned, index_unsigned;
};

/* One owner; zero-initialise to start empty. */
struct verify_baits {
    struct verify_bait *bait; /* owned, in the order of their lines */
    size_t count;
    uint32_t row[VERIFY_BAIT_ROWS]; /* by name: the newest of it, from 1 */
};
void verify_baits_release(struct verify_baits *baits);

/* The register of a batch. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status verify_issue(struct verify_run *run,
                                              const struct line *line);
/* Remember a `bait` line. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status verify_bait_take(struct verify_run *run,
                                                  const struct line *line);
/* At the end: the files of every bait, when its folder is here. Fails: E_IO,
 * E_NOMEM. */
STING_MUST_USE enum sting_status verify_baits(struct verify_run *run);
/* Its line, for what is said of it. */
struct line verify_bait_line(const struct verify_bait *bait);
/* Does a line name this file by the baits, whatever is in it? From now on one
 * does. */
bool verify_bait_is_named(struct verify_run *run, const char *path);

#endif
