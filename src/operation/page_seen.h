/*
 * page_seen: what page watch told of a copy, from the ledger: when was it in
 * somebody's hands before a camera, flashed at, or under a bright screen? Joins
 * photograph, page and moment.
 *
 * The copy is the one that operation.yaml said lay in the zone; which of its
 * pages it was the camera does not tell, nor who.
 */
#ifndef STING_OPERATION_PAGE_SEEN_H
#define STING_OPERATION_PAGE_SEEN_H

#include "base/fault.h"
#include "ledger/line.h"
#include "operation/config.h"

#define PAGE_SEEN_MOST 16
#define PAGE_SEEN_STATE_SIZE 16

struct page_seen {
    uint64_t seq; /* of its line */
    int64_t since_us;
    char state[PAGE_SEEN_STATE_SIZE]; /* "lifted" ... "flashes", "screen" */
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    char bait[CONFIG_NAME_SIZE];
    uint32_t copy;     /* 0: not known */
    uint32_t count;    /* of flashes so far in their series */
    uint32_t incident; /* open then; 0: none */
};

/* A line of kind `page`. False where the page lay in its place, or something
 * was before it: nothing that is told of later. */
bool page_seen_take(const struct line *line, struct page_seen *out);

struct pages_seen {
    size_t count; /* of them, the newest PAGE_SEEN_MOST are here: */
    struct page_seen seen[PAGE_SEEN_MOST];
};

/* A copy, and all that was told of it, oldest first. */
struct page_asked {
    const char *bait; /* borrowed */
    uint32_t copy;
    struct pages_seen seen;
};

/* Read the ledger once for all of them. `operation`: its folder. Fails:
 * E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status pages_seen_read(int operation,
                                                 struct page_asked *asked,
                                                 size_t count,
                                                 struct fault *fault);

#endif
