/*
 * verify_beside: what was changed beside the evidence, as a report tells it,
 * and the steps of the walk that find it.
 */
#ifndef STING_LEDGER_VERIFY_BESIDE_H
#define STING_LEDGER_VERIFY_BESIDE_H

#include "base/base.h"
#include "ledger/line.h"

#define VERIFY_MOST_CHANGES 8
#define VERIFY_MOST_ALTERED 8

/* operation.yaml was changed, or the folder went on at another place: the line
 * that says so. */
struct verify_change {
    bool is_place;
    uint64_t seq;
    int64_t utc_us;
    char by[64];
    char why[96];
};

/* A file below keys/ that is not as the line `seq` says. */
struct verify_altered {
    char file[40];
    uint64_t seq;
    uint64_t unsigned_at; /* as this line says, which nobody signed; 0 */
};

struct verify_run;

/* What stands beside the evidence (verify_beside.c): a line that names the
 * hash of operation.yaml; at the end, the file and what lies by the baits. */
void verify_config_take(struct verify_run *run, const struct line *line);
STING_MUST_USE enum sting_status verify_beside(struct verify_run *run);

#endif
