/*
 * verify_late: how long the time that lines tell was the machine's word alone.
 *
 * Whoever has the keys can write a record anew, with times of his choice, up
 * to the day on which an outsider sees it. So the newest anchor, which covers
 * all, proves little of an old line: what counts is the first that covers it.
 *
 * Limits: of the anchors that are judged (OUTSIDER_MOST_JUDGED, the newest);
 * of lines before the oldest of these, and of renewals, nothing is told.
 */
#ifndef STING_LEDGER_VERIFY_LATE_H
#define STING_LEDGER_VERIFY_LATE_H

#include "base/base.h"

struct verify_run;

/* A stretch of lines, and when an outsider had seen them first. */
struct verify_late {
    uint64_t from;   /* the first line, and */
    int64_t said_us; /* the earliest time that one of these tells */
    uint64_t to;     /* the last line */
    int64_t seen_us; /* 0: there is none */
};

/* A line was counted: where a stretch begins, its time is kept. A claim was
 * reached with it: its stretch ends there. */
void verify_late_line(struct verify_run *run, int64_t utc_us);
/* At the end, when each claim was judged: the worst of all. */
void verify_late_end(struct verify_run *run);

#endif
