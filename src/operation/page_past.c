#include "operation/page_past.h"

#include <string.h>

#include "ledger/reader.h"

static bool is_sheet(enum page_state state)
{
    return state != PAGE_LEARNING && state != PAGE_GONE &&
           state != PAGE_NO_SHEET;
}

static bool is_zone(const struct config_camera *camera, const char *name)
{
    for (size_t i = 0; i < camera->zones; i++) {
        if (!strcmp(camera->zone[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* Its own, or one of no zone that there is any more. */
static struct page_past *place_for(struct pages_past *past,
                                   const struct config_camera *camera,
                                   const char *zone)
{
    struct page_past *free = NULL;
    for (size_t i = 0; i < CONFIG_MOST_ZONES; i++) {
        struct page_past *one = &past->zone[i];
        if (!strcmp(one->zone, zone)) {
            return one;
        }
        free = !free && !is_zone(camera, one->zone) ? one : free;
    }
    return free;
}

void pages_past_put(struct pages_past *past, const struct config_camera *camera,
                    const struct config_zone *zone,
                    const struct page_event *event, int64_t at_us)
{
    struct page_past *to = place_for(past, camera, zone->name);
    if (!to || event->kind != PAGE_STATE_IS || event->value == PAGE_LEARNING) {
        return;
    }
    *to = (struct page_past){.copy = zone->copy,
                             .at_us = at_us,
                             .dpi = event->dpi,
                             .lies = is_sheet((enum page_state)event->value)};
    memcpy(to->zone, zone->name, sizeof to->zone);
    memcpy(to->bait, zone->bait, sizeof to->bait);
}

const struct page_past *pages_past_of(const struct pages_past *past,
                                      const struct config_zone *zone)
{
    for (size_t i = 0; i < CONFIG_MOST_ZONES; i++) {
        const struct page_past *one = &past->zone[i];
        if (one->at_us && !strcmp(one->zone, zone->name)) {
            bool is_it =
                !strcmp(one->bait, zone->bait) && one->copy == zone->copy;
            return is_it ? one : NULL;
        }
    }
    return NULL;
}

static const struct config_camera *camera_of(const struct config *config,
                                             const struct line *line)
{
    for (size_t i = 0; i < config->cameras; i++) {
        if (bytes_equal(line_raw(line, "camera"),
                        bytes_of_text(config->camera[i].name))) {
            return &config->camera[i];
        }
    }
    return NULL;
}

/* False: a line about something else, or of no known state. */
static bool event_of(const struct line *line, struct page_event *out)
{
    int64_t number = 0;
    bool has_dpi = line_integer(line, "dpi", &number) == STING_OK;
    *out = (struct page_event){.kind = PAGE_STATE_IS,
                               .value = PAGE_STATES,
                               .dpi = has_dpi ? (float)number : 0};
    for (int i = 0; i < PAGE_STATES; i++) {
        if (bytes_equal(line_raw(line, "state"),
                        bytes_of_text(page_state_name(i)))) {
            out->value = i;
        }
    }
    /* Before `no-sheet` was a state, a line without dpi said it. */
    if (out->value == PAGE_IN_VIEW && !has_dpi) {
        out->value = PAGE_NO_SHEET;
    }
    return out->value < PAGE_STATES;
}

static void line_take(const struct line *line, const struct config *config,
                      struct pages_past *past)
{
    struct config_zone zone = {0};
    struct page_event event;
    int64_t copy = 0;
    const struct config_camera *camera =
        strcmp(line->kind->name, "page") ? NULL : camera_of(config, line);
    if (!camera || !event_of(line, &event)) {
        return;
    }
    line_text(line, "zone", zone.name, sizeof zone.name);
    line_text(line, "bait", zone.bait, sizeof zone.bait);
    bool has_copy = line_integer(line, "copy", &copy) == STING_OK && copy > 0 &&
                    copy <= UINT32_MAX;
    zone.copy = has_copy ? (uint32_t)copy : 0;
    pages_past_put(&past[camera - config->camera], camera, &zone, &event,
                   line->at.utc_us);
}

enum sting_status pages_past_read(int operation, const struct config *config,
                                  struct pages_past *past, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(ledger_reader_free) = NULL;
    struct line line;
    enum sting_status status = ledger_reader_open(operation, &reader, fault);
    if (status) {
        return status;
    }
    while (!(status = ledger_reader_next_known(reader, &line))) {
        line_take(&line, config, past);
    }
    return status == STING_E_ABSENT
               ? STING_OK
               : fault_set(fault, status, "", "the ledger cannot be read");
}
