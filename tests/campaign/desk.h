/*
 * desk: an operation laid open for trials: its library before the reader,
 * and a press for each bait.
 *
 * Every copy from 1 to 10^6 counts as registered: all are scored. Marks are
 * of a key that is the campaigns' own, not the operation's.
 */
#ifndef STING_TESTS_CAMPAIGN_DESK_H
#define STING_TESTS_CAMPAIGN_DESK_H

#include "bait/press.h"
#include "drill/chance.h"
#include "drill/setting.h"
#include "trace/trace.h"

#define DESK_MOST_BAITS 64
#define DESK_COLLUDERS 3

struct desk {
    struct operation *operation; /* owned, all */
    struct operation_keys keys;
    struct picture_worker *reader;
    struct library library;
    struct press press[DESK_MOST_BAITS]; /* by shelf, opened when needed */
    struct picture_worker *maker[DESK_MOST_BAITS];
};

STING_MUST_USE enum sting_status desk_open(struct desk *out, const char *path,
                                           const char *passphrase_file,
                                           uint32_t copies,
                                           struct fault *fault);
void desk_close(struct desk *desk);

/* What is photographed. */
enum sheet_kind {
    SHEET_COPY,     /* of one holder */
    SHEET_UNMARKED, /* the original */
    SHEET_STRANGER, /* a copy under another mark key */
    SHEET_AVERAGE,  /* three copies laid over one another */
    SHEET_PIECING,  /* every word from one of three copies */
    SHEET_MAJORITY, /* every word where most of three have it */
    SHEET_MINORITY, /* ... where the odd one out has it */
};
STING_MUST_USE bool sheet_kind_find(const char *name, enum sheet_kind *out);

struct sheet_order {
    enum sheet_kind kind;
    size_t shelf;
    uint32_t copy[DESK_COLLUDERS]; /* one, or three */
};

/* A finished document; SHEET_AVERAGE gives three. The signs of the only or
 * last one stay in desk->press[shelf].sign. Append to each *out. */
STING_MUST_USE enum sting_status desk_make(struct desk *desk,
                                           const struct sheet_order *order,
                                           struct chance *chance,
                                           struct buffer out[DESK_COLLUDERS],
                                           struct fault *fault);

/* Words of a page by its units: those that move along the line. */
uint32_t desk_words(const struct desk *desk, size_t shelf, int page);

#endif
