#include "operation/page_touch.h"

#define CUES_US INT64_C(10000000) /* so far apart two cues tell of one act */
#define LEAST_FLASHES 3 /* lamps gave two in 5 of 1409 acts (pages.md) */

static bool is_cue(const struct page_event *event)
{
    switch (event->kind) {
    case PAGE_STATE_IS:
        return event->value == PAGE_LIFTED || event->value == PAGE_MOVED ||
               event->value == PAGE_TURNED || event->value == PAGE_CHANGED ||
               event->value == PAGE_GONE;
    case PAGE_FLASHES:
        return event->value >= LEAST_FLASHES;
    default:
        return false;
    }
}

/* Does this camera see somebody, in an incident that is open? */
static bool sees_somebody(const struct incidents *incidents, int camera)
{
    struct incident part;
    return incidents_part_of(incidents, camera, &part) &&
           (part.kind == INCIDENT_PERSON || part.persons > 0);
}

void page_touch_join(struct page_touch *touch, struct incidents *incidents,
                     int camera, struct moment now)
{
    bool is_seen = sees_somebody(incidents, camera);
    for (int z = 0; is_seen && z < CONFIG_MOST_ZONES; z++) {
        struct observation told = {.camera = camera,
                                   .zone = z,
                                   .kind = INCIDENT_PAGE,
                                   .begins = true,
                                   .at = now,
                                   .looked = now,
                                   .score = 1};
        if (touch->cue_us[z] && now.boot_us - touch->cue_us[z] < CUES_US) {
            (void)!incidents_observe(incidents, &told);
            told.begins = false;
            (void)!incidents_observe(incidents, &told);
            touch->cue_us[z] = 0;
        }
    }
}

void page_touch_take(struct page_touch *touch, const struct page_event *event,
                     struct incidents *incidents, int camera, struct moment now)
{
    if (is_cue(event) && event->zone >= 0 && event->zone < CONFIG_MOST_ZONES) {
        touch->cue_us[event->zone] = now.boot_us;
        page_touch_join(touch, incidents, camera, now);
    }
}
