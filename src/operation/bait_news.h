/*
 * bait_news: documents and copies as the ledger tells of them in clear, kept
 * in memory: when each was added, which numbers were issued, what is known of
 * their hand-overs. Needs no key; who holds which copy is not in it.
 *
 * Follows the ledger a few lines at a time, so that whoever has other things
 * to do is not kept. Threads: one at a time.
 */
#ifndef STING_OPERATION_BAIT_NEWS_H
#define STING_OPERATION_BAIT_NEWS_H

#include "base/base.h"
#include "base/fault.h"
#include "operation/config.h"
#include "operation/handover.h"

#define BAIT_NEWS_MOST 1024 /* documents, and batches */

struct bait_told {
    char name[CONFIG_NAME_SIZE];
    int64_t added_us;
    int64_t pages;
    bool has_facts;  /* wordings of each copy's own */
    uint32_t copies; /* issued */
};

struct bait_batch_told {
    size_t bait; /* index */
    uint32_t first, count;
    int64_t at_us;
};

struct bait_news {
    struct ledger_reader *reader; /* owned */
    size_t baits, batches;
    struct bait_told *bait;        /* owned */
    struct bait_batch_told *batch; /* owned */
    struct handover_list handovers;
};

/* Begin at the ledger's first line. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bait_news_open(int operation,
                                                struct bait_news **out,
                                                struct fault *fault);
void bait_news_free(struct bait_news **news);

/* Take in at most `lines` lines more. Fails: E_BUSY when there are more,
 * E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status bait_news_follow(struct bait_news *news,
                                                  size_t lines);

#endif
