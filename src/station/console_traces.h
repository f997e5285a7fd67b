/*
 * console_traces: what console_photo.c, which takes photographs, and
 * console_trace.c, which tells what became of them, share.
 */
#ifndef STING_STATION_CONSOLE_TRACES_H
#define STING_STATION_CONSOLE_TRACES_H

#include "operation/inbox.h"
#include "station/console_bait.h"
#include "station/photo_keep.h"
#include "wire/show.h"

#define MOST_UPLOADS 2
#define MOST_SHOWN ((size_t)2 * INBOX_MOST)
#define MOST_PICTURES 4

/* A photograph that comes in pieces. */
struct upload {
    char csrf[ASK_CSRF_SIZE]; /* of its session; "": free */
    struct inbox_photo photo;
    size_t size;
    int64_t seen_us; /* boot time of its last piece */
};

struct photos {
    struct photo_keep *keep; /* owned */
    struct upload upload[MOST_UPLOADS];
};
void photos_release(struct photos *photos);
/* Uploads that do not go on are given up. */
void photos_tick(struct photos *photos, struct moment now);

/* A photograph that was given, and what was found on it. */
struct shown {
    uint32_t number; /* 0: free */
    char name[INBOX_NAME_SIZE];
    char by[CONFIG_NAME_SIZE];
    int64_t at_us;
    size_t bytes;
    enum show state; /* SHOW_WORK, SHOW_DONE or SHOW_FAILED; else it waits */
    int percent;
    int64_t done_us; /* boot time */
    char why[200];
    struct buffer findings; /* JSON, a line each */
    struct buffer picture[MOST_PICTURES];
};

struct console_traces {
    struct photos photos;
    struct shown shown[MOST_SHOWN];
    struct buffer together; /* findings on several photographs as one */
    int64_t together_left;  /* so many more are not shown */
    struct buffer report;   /* PDF */
    int64_t report_bytes;   /* also of one that is too large to be shown */
    int64_t done_us;
};

/* The one of that number, made when there is none; NULL when too many wait. */
struct shown *shown_of(struct console_traces *traces, uint32_t number);

#endif
