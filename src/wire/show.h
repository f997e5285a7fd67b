/*
 * show: what a command tells the station that runs, for people at the console
 * to see: WIRE_CORE_SHOW over core.sock, in memory there and nowhere else, and
 * for an hour.
 */
#ifndef STING_WIRE_SHOW_H
#define STING_WIRE_SHOW_H

#include <stddef.h>

/* What is shown at once; it goes on to a browser as it is. */
#define SHOW_MOST_BYTES (((size_t)8 << 20) - 4096)
/* Findings of one photograph: those of all go to a browser in one answer. */
#define SHOW_MOST_FINDINGS ((size_t)96 << 10)

/* Of a photograph of the inbox, by its number; of all of a run, 0. */
enum show {
    SHOW_NOTHING,
    SHOW_ABOUT,    /* | its name NUL */
    SHOW_WORK,     /* per cent */
    SHOW_FINDINGS, /* of 0, how many are left out | lines of JSON, as sting
                      trace --json */
    SHOW_PICTURE,  /* which of it, from 0 | SVG */
    SHOW_REPORT,   /* of 0, its bytes | PDF, or nothing: it is too large */
    SHOW_DONE,     /* | what is not shown of it, if anything */
    SHOW_FAILED,   /* | why */
    SHOW_NAME,     /* of a copy, by its number | its holder NUL */
    SHOW_STRENGTH, /* | lines of JSON, of all documents */
    SHOW_NOTE, /* of a line of the ledger, about that incident or 0 | what it
                  says as JSON, NUL */
    SHOWS
};

#endif
