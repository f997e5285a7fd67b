/*
 * page_touch: when what page watch tells is a touch, which wakes people. Alone
 * it is not: how often a page is told of in vain is not known well enough
 * (docs/results/pages.md); it is an incident of presence, so that what was
 * filmed is kept and people are told. Two cues that know nothing of each other
 * make it a touch, less than 10 s apart: the page, and somebody whom a camera
 * of the same place sees in the incident that is open; or the page that leaves
 * its place, and camera flashes over it.
 *
 * Used by the station on live cameras and by `sting replay` on clips.
 * Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_PAGE_TOUCH_H
#define STING_OPERATION_PAGE_TOUCH_H

#include "detect/page_event.h"
#include "operation/config.h"
#include "operation/incident.h"

/* Of a zone: boot times of cues with which nothing has agreed yet; 0: none. */
struct page_cues {
    int64_t state_us; /* the page is not as it lay */
    int64_t flash_us; /* flashes over it */
    bool is_lifted;   /* it is so still */
};

struct page_touch {
    struct page_cues cues[CONFIG_MOST_CAMERAS][CONFIG_MOST_ZONES];
};

/* Page watch tells of one of the camera's zones. */
void page_touch_take(struct page_touch *touch, const struct page_event *event,
                     struct incidents *incidents, int camera,
                     struct moment now);

/* It begins to look there, and sees no sheet where one lay before. */
void page_touch_missing(struct page_touch *touch, int zone,
                        struct incidents *incidents, int camera,
                        struct moment now);

/* That camera sees somebody: is a page there touched as well? Then it is told
 * to *incidents. */
void page_touch_join(struct page_touch *touch, struct incidents *incidents,
                     int camera, struct moment now);

/* It begins to look: what it told before agrees with nothing. */
void page_touch_forget(struct page_touch *touch, int camera);

#endif
