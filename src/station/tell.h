/*
 * tell: what happens, one event a line: for people on stderr, for programs
 * as JSON on stdout.
 */
#ifndef STING_STATION_TELL_H
#define STING_STATION_TELL_H

#include "base/base.h"

struct tale;

struct teller {
    bool json; /* also one object a line on stdout */
    /* NULL, or who else hears it all. */
    void (*heard)(void *hearer, const struct tale *tale, int64_t utc_us,
                  const char *text);
    void *hearer; /* borrowed */
};

/* Who and what, for programs; NULL and 0 are left out. */
struct tale {
    const char *event; /* "station", "camera", "incident", "alert", ... */
    const char *state; /* "on", "lost", "opened", ... */
    const char *camera;
    const char *zone;
    const char *kind;
    const char *tier;
    int64_t incident;
    /* Bit c: who sees camera c hears of it too, where the text names none. */
    uint64_t cameras;
};

/* The text says it all for a person; the tale is the same for a program. What
 * a terminal would obey in it is shown as '?' (base/text.h). */
__attribute__((format(printf, 3, 4))) void tell(const struct teller *teller,
                                                const struct tale *tale,
                                                const char *format, ...);

#endif
