/*
 * clock: moments, and how they are written. Only floors 5 and up read the
 * clock; everything below takes a moment as an argument, so that each run
 * can be replayed.
 */
#ifndef STING_BASE_CLOCK_H
#define STING_BASE_CLOCK_H

#include "base/base.h"

#define CLOCK_TEXT_SIZE 32

struct moment {
    int64_t utc_us;  /* microseconds since 1970, UTC; can be set, can jump */
    int64_t boot_us; /* CLOCK_BOOTTIME; never goes back while the box runs */
};

/* Now, by both clocks. */
struct moment clock_now(void);

/* RFC 3339 in UTC with milliseconds, "2026-11-23T21:04:41.250Z". The text
 * truncates; `text` holds CLOCK_TEXT_SIZE bytes. Gives text back. */
char *clock_text(int64_t utc_us, char text[CLOCK_TEXT_SIZE]);

/* Read RFC 3339: "2026-11-23", or with a time, fraction, Z or an offset.
 * Fails: E_FORMAT; *out kept. */
STING_MUST_USE enum sting_status clock_parse(const char *text, int64_t *out);

#endif
