/*
 * anchors: outsiders see the ledger's head while it grows, so that nobody
 * can cut it off or write it anew later.
 *
 * Each outsider of operation.yaml is asked at its own pace about the newest
 * checkpoint: a time-stamping authority (RFC 3161), a witness (C2SP
 * tlog-witness), a beacon for "not before". What is to be asked lies sealed
 * in OP/queue/, survives restarts and is tried again with growing pauses, by
 * then about a newer checkpoint. Answers are judged in the check worker; what
 * holds becomes a file of evidence/anchors and a line.
 *
 * Format: docs/formats/anchors.md. Threads: the core's.
 */
#ifndef STING_ANCHOR_ANCHORS_H
#define STING_ANCHOR_ANCHORS_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "operation/core.h"
#include "operation/operation.h"

struct anchors;

/* Take up what an earlier session left in the queue. Both are borrowed until
 * anchors_free(). Fails: E_IO, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status anchors_new(const struct operation *operation,
                                             struct core *core,
                                             struct moment now,
                                             struct anchors **out,
                                             struct fault *fault);
void anchors_free(struct anchors **anchors);

/* Ask what is due, take in what came back. Call it each second and whenever
 * a descriptor can be read. Never waits. Fails: E_IO when the ledger or the
 * queue cannot be written. */
STING_MUST_USE enum sting_status anchors_tick(struct anchors *anchors,
                                              struct moment now,
                                              struct fault *fault);

/* Descriptors to poll for reading; -1 when nothing is on its way. */
#define ANCHORS_FDS 2
void anchors_fds(const struct anchors *anchors, int fd[ANCHORS_FDS]);

/* Ask every outsider who sees the ledger at once, and give them timeout_ms. */
STING_MUST_USE enum sting_status anchors_finish(struct anchors *anchors,
                                                struct moment (*now)(void),
                                                int timeout_ms,
                                                struct fault *fault);

/* What has happened since this was last asked, in words; NULL for nothing. */
const char *anchors_news(struct anchors *anchors);

/* Outsiders that were asked and have not answered well yet. */
size_t anchors_waiting(const struct anchors *anchors);

/* How an outsider is, since the station started or was configured anew. */
#define ANCHORS_WHY_SIZE 160
struct anchors_outsider {
    char name[24];      /* "tsa-1" */
    bool waits;         /* it was asked, and has not answered well yet */
    int64_t good_us;    /* UTC when it last vouched; 0: never */
    uint64_t lines;     /* for so many, from the first */
    int64_t refused_us; /* UTC when it last did not; 0: never */
    uint32_t refusals;
    char why[ANCHORS_WHY_SIZE]; /* not, in words */
};
size_t anchors_count(const struct anchors *anchors);
struct anchors_outsider anchors_outsider(const struct anchors *anchors,
                                         size_t index);

/* The workers that ask them, and that judge their answers; borrowed. */
struct worker;
const struct worker *anchors_asker(const struct anchors *anchors);
const struct worker *anchors_judge(const struct anchors *anchors);

#endif
