/*
 * camera_page: what became of the pages in a camera's bait zones, as its worker
 * says: lines of the ledger, words, and what is so now. When it is a touch,
 * operation/page_touch says.
 */
#ifndef STING_STATION_CAMERA_PAGE_H
#define STING_STATION_CAMERA_PAGE_H

#include "base/clock.h"
#include "detect/page_event.h"
#include "wire/wire.h"

struct camera_page {
    enum page_state state;
    int64_t since_us;             /* 0: nothing was said yet */
    int64_t told_us[PAGE_STATES]; /* since when it was so, as told last */
    float dpi;                    /* about, if the sheet is A4; 0: not known */
    int flashes;                  /* of the series that is told of last, ... */
    int64_t flash_us;             /* ... and when that was */
    bool has_screen;
    int number;    /* of the page that lies there, from 1; 0: not read */
    bool is_found; /* what lies there was only found: nothing confirms it */
    bool is_first; /* the next that lies there is only found there */
};

struct camera;
struct json;

/* The worker begins to look: what lies there it compares with nothing. */
void camera_page_begin(struct camera *camera);

/* A message of the worker. False when it makes no sense. */
bool camera_page_take(struct camera *camera, const struct wire_head *head,
                      struct moment now);

/* Add "page" of a zone; null when nothing is known of it. */
void camera_page_add(struct json *row, const struct camera *camera, int zone,
                     struct moment now);

#endif
