/*
 * week: the minutes of a week in which something is so.
 *
 * Written as people say it: "mo-fr 18:00-07:00", "sa,su 00:00-24:00",
 * "22:00-06:00" for every day. A span that ends before it begins goes on into
 * the next day. Local time is the caller's to know.
 *
 * Format: docs/formats/folder.md. Reads no clock.
 */
#ifndef STING_OPERATION_WEEK_H
#define STING_OPERATION_WEEK_H

#include "base/base.h"

#define WEEK_MINUTES (7 * 24 * 60)

/* Zero-initialised: never. */
struct week {
    uint8_t bit[(WEEK_MINUTES + 7) / 8]; /* from Monday 00:00 */
    bool is_set;                         /* something was ever added */
};

/* Add a span. Fails: E_FORMAT; *week kept. */
STING_MUST_USE enum sting_status week_add(struct week *week, const char *text);

/* Is it so? Weekdays from 0, Monday; minutes from midnight. */
bool week_has(const struct week *week, int weekday, int minute);

#endif
