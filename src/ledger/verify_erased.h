/*
 * verify_erased: what was deleted on purpose, when, by whom and why; and
 * whether an incident lies in it, which sting's own retention keeps.
 *
 * Only `erase` lines that a checkpoint signs are told, and so are all lines
 * before them. Which of a day's recordings which line meant, none says: when
 * all that is missing is accounted for, all of it is held against incidents.
 * Limits: the newest lines are listed, the first days with an incident; the
 * VERIFY_MOST_INCIDENTS incidents of the highest numbers are known, and all
 * cameras of each among the first VERIFY_MOST_WITNESSES that incidents name.
 */
#ifndef STING_LEDGER_VERIFY_ERASED_H
#define STING_LEDGER_VERIFY_ERASED_H

#include "base/base.h"
#include "ledger/line.h"

#define VERIFY_MOST_ERASURES 16
#define VERIFY_MOST_HELD 16
#define VERIFY_MOST_NUMBERS 8

/* One `erase` line. */
struct verify_erasure {
    uint64_t seq;
    int64_t utc_us;
    char camera[65]; /* "": all */
    char date[11];
    int64_t count; /* -1: not said */
    int64_t bytes; /* likewise */
    char by[64];
    char why[96];
};

/* Recordings of a camera's day that are gone, and incidents in them. */
struct verify_held {
    struct verify_erasure last; /* the line that accounts for the rest */
    uint64_t lines;             /* so many do, each for a part */
    int64_t from_us;
    int64_t to_us;
    uint32_t incident[VERIFY_MOST_NUMBERS]; /* the first, by number */
    uint64_t incidents;
};

struct verify_gone {
    struct verify_erasure erasure[VERIFY_MOST_ERASURES]; /* the last of them */
    size_t erasures;
    uint64_t erasures_more; /* earlier, not listed */
    struct verify_held held[VERIFY_MOST_HELD];
    size_t helds;
    uint64_t helds_more; /* later, not listed */
    uint64_t unheld;     /* recordings too many to be held against incidents */
};

/* ---- of the walk ---- */

#define VERIFY_MOST_INCIDENTS 32768
#define VERIFY_MOST_WITNESSES 64
#define VERIFY_MOST_STRETCHES 65536 /* of days not yet accounted for */

struct verify_run;
struct verify_missing;
struct verify_incident;

struct verify_stretch {
    int64_t from_us;
    int64_t to_us;
};

/* An `incident` line. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status verify_incident_take(struct verify_run *run,
                                                      const struct line *line);
/* One more recording of that day is missing. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status verify_stretch_add(struct verify_run *run,
                                                    struct verify_missing *row,
                                                    const struct line *line);
void verify_stretches_release(struct verify_run *run,
                              struct verify_missing *row);
/* A signed `erase` line; it accounts for the last that is missing of a day. */
void verify_erasure_take(struct verify_run *run, const struct line *line);
void verify_erased_judge(struct verify_run *run, const struct line *line,
                         const struct verify_missing *row);

/* In words and as keys of the report's JSON (verify_erased_text.c). */
struct verify_report;
struct buffer;
struct json;
STING_MUST_USE enum sting_status verify_erased_text(
    const struct verify_report *report, struct buffer *out);
void verify_erased_json(const struct verify_report *report, struct json *json);
/* "incident 3 lies", "incidents 3, 4 and 2 more lie". */
#define VERIFY_HELD_SIZE 160
const char *verify_held_words(const struct verify_held *held,
                              char text[VERIFY_HELD_SIZE]);
/* "entry 41 of 2027-04-01T03:00:00.000000Z, by Anna: WHY". */
#define VERIFY_ERASER_SIZE 280
const char *verify_eraser_words(const struct verify_erasure *one,
                                char text[VERIFY_ERASER_SIZE]);

#endif
