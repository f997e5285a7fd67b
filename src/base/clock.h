/*
 * clock: moments, and how they are written. Only floors 5 and up read the
 * clock; everything below takes a moment as an argument, so that each run
 * can be replayed.
 */
#ifndef STING_BASE_CLOCK_H
#define STING_BASE_CLOCK_H

#include "base/base.h"

#define CLOCK_TEXT_SIZE 32
#define CLOCK_OFF_SIZE 40

struct moment {
    int64_t utc_us;  /* microseconds since 1970, UTC; can be set, can jump */
    int64_t boot_us; /* CLOCK_BOOTTIME; never goes back while the box runs */
};

/* Now, by both clocks. */
struct moment clock_now(void);

/* When it was boot_us, by what both clocks show now; now where that is not
 * known (0), or later. */
struct moment clock_when(struct moment now, int64_t boot_us);

/* Who keeps the wall clock right, as the kernel says. */
enum clock_sync {
    CLOCK_UNKNOWN, /* the kernel does not say */
    CLOCK_FREE,    /* nobody */
    CLOCK_SYNCED,  /* a time daemon */
};

/* What else there is to know about the clock at a moment. */
struct clock_state {
    struct moment at;
    int64_t awake_us; /* CLOCK_MONOTONIC: as boot_us, but stands still while
                         the machine is suspended; 0: not known */
    enum clock_sync sync;
    int64_t error_us; /* the estimate; -1: not known */
    int64_t most_us;  /* the most that it can be; -1: not known */
    int leap;         /* +1: a second is to be inserted; -1: left out */
};

/* The state of the clock that `now` reads: all of it when that is clock_now,
 * otherwise only the moment. */
struct clock_state clock_state_of(struct moment (*now)(void));

/* RFC 3339 in UTC with milliseconds, "2026-11-23T21:04:41.250Z". The text
 * truncates; `text` holds CLOCK_TEXT_SIZE bytes. Gives text back. */
char *clock_text(int64_t utc_us, char text[CLOCK_TEXT_SIZE]);

/* How far a clock is off, in words: "15.0 s slow", "3 min fast", "2.0 h fast",
 * "18250 days slow". Gives text back. */
char *clock_off_text(int64_t off_ms, char text[CLOCK_OFF_SIZE]);

/* Read RFC 3339: "2026-11-23", or with a time, fraction, Z or an offset, of
 * the years 1000 to 9999. Fails: E_FORMAT, also for a day that there is not;
 * *out kept. */
STING_MUST_USE enum sting_status clock_parse(const char *text, int64_t *out);

#endif
