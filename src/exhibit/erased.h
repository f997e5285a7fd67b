/*
 * erased: recordings of one camera that are gone, held against the `erase`
 * lines of their days.
 *
 * A line accounts for recordings of its camera and date that come before it,
 * as many and of as many bytes as it says; one that gives no number for all.
 * Lines are taken in the order of the ledger. Of what is taken, only `erase`
 * lines that a checkpoint signs may be.
 * Limits: ERASED_MOST_DAYS.
 */
#ifndef STING_EXHIBIT_ERASED_H
#define STING_EXHIBIT_ERASED_H

#include "base/base.h"
#include "ledger/line.h"

#define ERASED_MOST_DAYS 4096
#define ERASED_DATE_SIZE 11 /* "2011-11-01" and NUL */

struct erased_day {
    char date[ERASED_DATE_SIZE];
    uint64_t count, bytes; /* that no line accounts for so far */
};

struct erased {
    struct erased_day *day; /* owned */
    size_t days;
};
void erased_release(struct erased *erased);

/* The day of a recording; NULL: none of it is gone. */
const struct erased_day *erased_day_of(const struct erased *erased,
                                       const struct line *line);

/* A recording, by its `seg` line, is gone. Fails: E_FORMAT, E_LIMIT,
 * E_NOMEM. */
STING_MUST_USE enum sting_status erased_gone(struct erased *erased,
                                             const struct line *line);

/* An `erase` line; of another camera it says nothing. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status erased_told(struct erased *erased,
                                             const struct line *line,
                                             const char *camera);

/* The first day of which more is gone than lines say; NULL. */
const struct erased_day *erased_rest(const struct erased *erased);

#endif
