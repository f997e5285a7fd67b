/*
 * page_event: what is said of a page: what became of it, or what light falls
 * on it. The words of page watch, for whoever hears of it.
 */
#ifndef STING_DETECT_PAGE_EVENT_H
#define STING_DETECT_PAGE_EVENT_H

#include "base/base.h"

enum page_state {                /* also the numbers of WIRE_CAMERA_PAGE */
                  PAGE_LEARNING, /* not known yet */
                  PAGE_IN_VIEW,  /* it lies where it lay */
                  PAGE_COVERED,  /* something is before it; nothing says that it
                                    moved */
                  PAGE_LIFTED,  /* it is no longer where it was, and not at rest
                                 */
                  PAGE_MOVED,   /* lies elsewhere in the zone, same side up */
                  PAGE_TURNED,  /* lies there blank: its back */
                  PAGE_CHANGED, /* another print lies there */
                  PAGE_GONE,    /* nothing lies there */
                  PAGE_NO_SHEET, /* none was seen there when looking began: only
                                    print, or what the table shows, can tell */
                  PAGE_STATES
};

enum page_event_kind {
    PAGE_STATE_IS, /* `value`: an enum page_state */
    PAGE_FLASHES,  /* `value`: camera flashes since at_us */
    PAGE_SCREEN,   /* `value`: 1 a bright screen is over it, 0 no more */
    PAGE_READ,     /* `value`: which page it is that lies there, from 1 */
    PAGE_EVENT_KINDS
};

struct page_event {
    enum page_event_kind kind;
    int zone;      /* index */
    int value;     /* by kind */
    int64_t at_us; /* since when, by the pictures */
    float dpi;     /* about, if the sheet is A4; 0: no sheet is seen */
};

/* "in-view"; "unknown" outside the table. */
const char *page_state_name(int state);

/* "lifted", "flashes", "screen", "no-screen", "read"; "unknown" outside the
 * tables. */
const char *page_event_name(int kind, int value);

/* Does it mean that somebody had the page in his hands? */
bool page_state_is_touch(enum page_state state);

#endif
