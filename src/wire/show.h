/*
 * show: what a command tells the station that runs, for people at the console
 * to see: WIRE_CORE_SHOW over core.sock, in memory there and nowhere else, and
 * for an hour.
 */
#ifndef STING_WIRE_SHOW_H
#define STING_WIRE_SHOW_H

/* Of a photograph of the inbox, by its number; of all of a run, 0. */
enum show {
    SHOW_NOTHING,
    SHOW_ABOUT,    /* | its name NUL */
    SHOW_WORK,     /* per cent */
    SHOW_FINDINGS, /* | lines of JSON, as sting trace --json */
    SHOW_PICTURE,  /* which of it, from 0 | SVG */
    SHOW_REPORT,   /* of 0 | PDF */
    SHOW_DONE,
    SHOW_FAILED,   /* | why */
    SHOW_NAME,     /* of a copy, by its number | its holder NUL */
    SHOW_STRENGTH, /* | lines of JSON, of all documents */
    SHOW_NOTE,     /* of a line of the ledger | what it says as JSON, NUL */
    SHOWS
};

#endif
