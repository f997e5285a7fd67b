#include "operation/page_touch.h"

#include <string.h>

#define CUES_US INT64_C(10000000) /* so far apart two cues tell of one act */
#define LEAST_FLASHES 3 /* lamps gave two in 5 of 1409 acts (pages.md) */

static bool is_cue(const struct page_event *event)
{
    return event->kind == PAGE_FLASHES
               ? event->value >= LEAST_FLASHES
               : event->kind == PAGE_STATE_IS &&
                     page_state_is_touch((enum page_state)event->value);
}

static bool is_recent(int64_t cue_us, struct moment now)
{
    return cue_us && now.boot_us - cue_us < CUES_US;
}

/* Does a camera there see somebody, in the incident that is open? */
static bool sees_somebody(const struct incidents *incidents, int camera)
{
    const struct incident *open = incidents_open_of(incidents, camera);
    return open && (open->seen_by || open->persons > 0);
}

/* What moves a page makes no flashes, and flashes move none. */
static bool agree(const struct page_cues *cues, struct moment now)
{
    return is_recent(cues->flash_us, now) &&
           (cues->is_lifted || is_recent(cues->state_us, now));
}

static void observe(struct incidents *incidents, int camera, int zone,
                    bool is_alone, struct moment now)
{
    struct observation told = {.camera = camera,
                               .zone = zone,
                               .kind = INCIDENT_PAGE,
                               .begins = true,
                               .by_page_watch = true,
                               .is_alone = is_alone,
                               .at = now,
                               .looked = now,
                               .score = 1};
    (void)!incidents_observe(incidents, &told);
    told.begins = false;
    (void)!incidents_observe(incidents, &told);
}

static void touched(struct page_cues *cues, struct incidents *incidents,
                    int camera, int zone, struct moment now)
{
    observe(incidents, camera, zone, false, now);
    cues->state_us = cues->flash_us = 0;
}

static void cue_take(struct page_cues *cues, struct incidents *incidents,
                     int camera, int zone, struct moment now)
{
    if (sees_somebody(incidents, camera) || agree(cues, now)) {
        touched(cues, incidents, camera, zone, now);
    } else {
        observe(incidents, camera, zone, true, now);
    }
}

void page_touch_join(struct page_touch *touch, struct incidents *incidents,
                     int camera, struct moment now)
{
    int place = incidents_place_of(incidents, camera);
    for (int c = 0; c < CONFIG_MOST_CAMERAS; c++) {
        for (int z = 0; z < CONFIG_MOST_ZONES; z++) {
            struct page_cues *cues = &touch->cues[c][z];
            if (incidents_place_of(incidents, c) == place &&
                (is_recent(cues->state_us, now) ||
                 is_recent(cues->flash_us, now))) {
                touched(cues, incidents, c, z, now);
            }
        }
    }
}

static struct page_cues *cues_of(struct page_touch *touch, int camera, int zone)
{
    bool is_there = camera >= 0 && camera < CONFIG_MOST_CAMERAS && zone >= 0 &&
                    zone < CONFIG_MOST_ZONES;
    return is_there ? &touch->cues[camera][zone] : NULL;
}

void page_touch_take(struct page_touch *touch, const struct page_event *event,
                     struct incidents *incidents, int camera, struct moment now)
{
    struct page_cues *cues = cues_of(touch, camera, event->zone);
    if (cues && event->kind == PAGE_STATE_IS) {
        cues->is_lifted = event->value == PAGE_LIFTED;
    }
    if (cues && is_cue(event)) {
        *(event->kind == PAGE_FLASHES ? &cues->flash_us : &cues->state_us) =
            now.boot_us;
        cue_take(cues, incidents, camera, event->zone, now);
    }
}

void page_touch_missing(struct page_touch *touch, int zone,
                        struct incidents *incidents, int camera,
                        struct moment now)
{
    struct page_cues *cues = cues_of(touch, camera, zone);
    if (cues) {
        cues->state_us = now.boot_us;
        cue_take(cues, incidents, camera, zone, now);
    }
}

void page_touch_forget(struct page_touch *touch, int camera)
{
    memset(touch->cues[camera], 0, sizeof touch->cues[camera]);
}
