/*
 * page_touch: when what page watch tells is a touch, which wakes people. Alone
 * it is not: how often a page is told of in vain is not known well enough
 * (docs/results/pages.md). Where the same camera sees somebody in the incident
 * that is open, or does less than 10 s later, two cues that know nothing of
 * each other agree, and it is one.
 *
 * Used by the station on live cameras and by `sting replay` on clips.
 * Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_PAGE_TOUCH_H
#define STING_OPERATION_PAGE_TOUCH_H

#include "detect/page_event.h"
#include "operation/config.h"
#include "operation/incident.h"

struct page_touch {
    /* Of each zone of a camera, boot time of a cue with nobody seen yet; 0 */
    int64_t cue_us[CONFIG_MOST_ZONES];
};

/* Page watch tells of one of the camera's zones. */
void page_touch_take(struct page_touch *touch, const struct page_event *event,
                     struct incidents *incidents, int camera,
                     struct moment now);

/* Somebody is seen: is a page touched as well? Then it is told to *incidents.
 */
void page_touch_join(struct page_touch *touch, struct incidents *incidents,
                     int camera, struct moment now);

#endif
