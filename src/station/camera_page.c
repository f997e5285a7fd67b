#include "station/camera_page.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "ledger/line.h"
#include "station/camera.h"
#include "wire/print.h"

#define FLASHES_US INT64_C(30000000) /* so long they are told of as now */
#define MOST_DPI_TENTHS 20000
#define MOST_FLASHES 100000
#define MOST_AGE_US INT64_C(60000000)
#define OTHER_SIZE 1.25F /* the sheet's, in the picture */
#define SAME_US 1000000  /* the camera's clock beside ours may drift so far */

static bool is_valid(const struct camera *camera, const int64_t *number)
{
    static const int64_t most[PAGE_EVENT_KINDS] = {
        [PAGE_STATE_IS] = PAGE_STATES - 1,
        [PAGE_FLASHES] = MOST_FLASHES,
        [PAGE_SCREEN] = 1,
        [PAGE_READ] = PRINT_MOST_PAGE};
    return number[0] >= 0 && number[0] < (int64_t)camera->config->zones &&
           number[1] >= 0 && number[1] < PAGE_EVENT_KINDS &&
           number[2] >= (number[1] == PAGE_READ) &&
           number[2] <= most[number[1]] && number[4] >= 0 &&
           number[4] <= MOST_DPI_TENTHS;
}

static const char *sentence(const struct page_event *event)
{
    static const char *const state[PAGE_STATES] = {
        [PAGE_LEARNING] = "learning how the page lies",
        [PAGE_IN_VIEW] = "the page lies in its place",
        [PAGE_COVERED] = "something is before the page",
        [PAGE_LIFTED] = "THE PAGE IS LIFTED",
        [PAGE_MOVED] = "THE PAGE LIES ELSEWHERE",
        [PAGE_TURNED] = "THE PAGE IS TURNED OVER",
        [PAGE_CHANGED] = "ANOTHER PAGE LIES THERE",
        [PAGE_GONE] = "THE PAGE IS GONE",
        [PAGE_NO_SHEET] = "NO SHEET IS SEEN"};
    return event->kind == PAGE_STATE_IS ? state[event->value]
           : event->value               ? "a bright screen is over the page"
                                        : "no bright screen any more";
}

static void flashes_tell(const struct camera *camera, const struct tale *tale,
                         const struct page_event *event, struct moment now)
{
    int64_t long_s = (now.utc_us - event->at_us + 500000) / 1000000;
    if (event->value == 1) {
        tell(camera->desk->teller, tale,
             "camera %s, %s: a camera flash over the page",
             camera->config->name, tale->zone);
        return;
    }
    tell(camera->desk->teller, tale,
         "camera %s, %s: %d camera flashes over the page in %" PRId64 " s",
         camera->config->name, tale->zone, event->value,
         long_s > 1 ? long_s : 1);
}

/* Of the room where the camera is: that of another is not its page's. */
static uint32_t incident_number(const struct camera *camera)
{
    const struct incident *open =
        incidents_open_of(camera->desk->incidents, camera->index);
    return open ? open->number : 0;
}

static bool is_found(const struct camera *camera,
                     const struct page_event *event)
{
    return event->kind == PAGE_STATE_IS &&
           (event->value == PAGE_IN_VIEW || event->value == PAGE_NO_SHEET) &&
           camera->page[event->zone].is_first;
}

static void line_append(struct camera *camera, const struct page_event *event,
                        struct moment now)
{
    const struct config_zone *zone = &camera->config->zone[event->zone];
    char since[LINE_TIME_SIZE], copy[16], count[16], dpi[16], incident[16];
    const bool counts = event->kind == PAGE_FLASHES;
    uint32_t number = incident_number(camera);
    snprintf(copy, sizeof copy, "%" PRIu32, zone->copy);
    snprintf(count, sizeof count, "%d", event->value);
    snprintf(dpi, sizeof dpi, "%.0f", (double)event->dpi);
    snprintf(incident, sizeof incident, "%" PRIu32, number);
    const struct line_field field[] = {
        {"camera", camera->config->name},
        {"zone", zone->name},
        {"bait", zone->bait[0] ? zone->bait : NULL},
        {"copy", zone->copy ? copy : NULL},
        {"state", page_event_name((int)event->kind, event->value)},
        {"since", line_time_text(event->at_us, since)},
        {"count", counts ? count : NULL},
        {"page", event->kind == PAGE_READ ? count : NULL},
        {"dpi", event->dpi > 0 ? dpi : NULL},
        {"incident", number ? incident : NULL},
        {"basis", is_found(camera, event) ? "found" : NULL}};
    desk_line(camera->desk, now, "page", field, sizeof field / sizeof *field);
}

static void number_tell(const struct camera *camera, const struct tale *tale,
                        const struct page_event *event)
{
    const struct config_zone *zone = &camera->config->zone[event->zone];
    char copy[24] = "";
    if (zone->copy) {
        snprintf(copy, sizeof copy, " of copy %" PRIu32, zone->copy);
    }
    tell(camera->desk->teller, tale, "camera %s, %s: page %d%s is in view",
         camera->config->name, zone->name, event->value, copy);
}

static const struct page_past *past_of(const struct camera *camera,
                                       const struct page_event *event)
{
    return pages_past_of(&camera->past, &camera->config->zone[event->zone]);
}

/* The camera begins to look: no sheet is seen where one lay before. */
static bool is_missing(const struct camera *camera,
                       const struct page_event *event)
{
    const struct page_past *past = past_of(camera, event);
    return is_found(camera, event) && event->value == PAGE_NO_SHEET && past &&
           past->lies;
}

/* "copy 1 of water-tank"; "a page" where it is not known. */
static const char *what_lay(const struct page_past *past, char out[80])
{
    snprintf(out, 80, past->bait[0] ? "%s" : "a page", past->bait);
    if (past->copy && past->bait[0]) {
        snprintf(out, 80, "copy %" PRIu32 " of %s", past->copy, past->bait);
    }
    return out;
}

static void bare_tell(const struct camera *camera, const struct tale *tale,
                      const struct page_past *past)
{
    char time[CLOCK_TEXT_SIZE], what[80];
    if (past && past->lies) {
        tell(camera->desk->teller, tale,
             "camera %s: NO SHEET IS SEEN IN ZONE %s, where %s lay when it was "
             "last told of, at %.19sZ: see whether it lies there",
             camera->config->name, tale->zone, what_lay(past, what),
             clock_text(past->at_us, time));
        return;
    }
    tell(camera->desk->teller, tale,
         "camera %s: NO SHEET IS SEEN IN ZONE %s: see whether the page lies "
         "there, in enough light and on something darker",
         camera->config->name, tale->zone);
}

/* It is as large in the picture as before, or nobody knows. */
static bool is_alike(const struct page_past *past,
                     const struct page_event *event)
{
    bool is_known = past && past->dpi > 0 && event->dpi > 0;
    return !is_known || (event->dpi < OTHER_SIZE * past->dpi &&
                         past->dpi < OTHER_SIZE * event->dpi);
}

/* What the camera finds when it begins to look is what it goes by: nothing
 * says yet that it is what was laid there. */
static void found_tell(const struct camera *camera, const struct tale *tale,
                       const struct page_event *event)
{
    char time[CLOCK_TEXT_SIZE] = "", unlike[160] = "";
    const struct page_past *past = past_of(camera, event);
    if (event->value == PAGE_NO_SHEET) {
        bare_tell(camera, tale, past);
        return;
    }
    if (past && !past->lies) {
        snprintf(unlike, sizeof unlike, ", WHERE NONE WAS SEEN at %.19sZ",
                 clock_text(past->at_us, time));
    } else if (!is_alike(past, event)) {
        snprintf(unlike, sizeof unlike,
                 ", OF ANOTHER SIZE than at %.19sZ (%.0f dots an inch, %.0f "
                 "then)",
                 clock_text(past->at_us, time), (double)event->dpi,
                 (double)past->dpi);
    }
    tell(camera->desk->teller, tale,
         "camera %s, %s: a page lies there%s, taken for the one that was laid; "
         "nothing has confirmed it",
         camera->config->name, tale->zone, unlike);
}

static void words_tell(const struct camera *camera,
                       const struct page_event *event, struct moment now)
{
    const char *zone = camera->config->zone[event->zone].name;
    const struct tale tale = {
        .event = "page",
        .state = page_event_name((int)event->kind, event->value),
        .camera = camera->config->name,
        .zone = zone,
        .incident = incident_number(camera)};
    if (is_found(camera, event)) {
        found_tell(camera, &tale, event);
        return;
    }
    if (event->kind == PAGE_READ) {
        number_tell(camera, &tale, event);
        return;
    }
    if (event->kind == PAGE_FLASHES) {
        flashes_tell(camera, &tale, event, now);
        return;
    }
    tell(camera->desk->teller, &tale, "camera %s, %s: %s", camera->config->name,
         zone, sentence(event));
}

/* The page that was read lies there still, if only under a hand. */
static bool keeps_number(enum page_state state)
{
    return state == PAGE_IN_VIEW || state == PAGE_COVERED ||
           state == PAGE_MOVED;
}

static void page_keep(struct camera_page *page, const struct page_event *event,
                      struct moment now)
{
    switch (event->kind) {
    case PAGE_STATE_IS:
        page->state = (enum page_state)event->value;
        page->since_us = event->at_us;
        page->told_us[event->value] = event->at_us;
        page->number = keeps_number(page->state) ? page->number : 0;
        break;
    case PAGE_FLASHES:
        page->flashes = event->value;
        page->flash_us = now.utc_us;
        break;
    case PAGE_READ:
        page->number = event->value;
        page->is_found = false;
        break;
    default:
        page->has_screen = event->value;
    }
    page->dpi = event->dpi;
}

void camera_page_add(struct json *row, const struct camera *camera, int zone,
                     struct moment now)
{
    const struct camera_page *page = &camera->page[zone];
    if (page->since_us == 0) {
        json_add_null(row, "page");
        return;
    }
    bool flashes = page->flashes && now.utc_us - page->flash_us < FLASHES_US;
    struct json *what = json_new_object();
    json_add_text(what, "state", page_state_name((int)page->state));
    json_add_time(what, "since", page->since_us);
    json_add_number(what, "dpi", (double)page->dpi);
    if (page->number) {
        json_add_integer(what, "page", page->number);
    } else {
        json_add_null(what, "page");
    }
    if (page->is_found) {
        json_add_text(what, "basis", "found");
    } else {
        json_add_null(what, "basis");
    }
    json_add_integer(what, "flashes", flashes ? page->flashes : 0);
    json_add_bool(what, "screen", page->has_screen);
    json_add_child(row, "page", &what);
}

/* Since when? What was told of before may be so still, under a hand that was
 * over it; of the rest, what is long ago was not told in time. */
static int64_t since_of(const struct camera_page *page, const int64_t *number,
                        struct moment now)
{
    int64_t since_us = number[3];
    if (number[1] == PAGE_STATE_IS) {
        int64_t told_us = page->told_us[number[2]];
        if (told_us && since_us > told_us - SAME_US &&
            since_us < told_us + SAME_US) {
            return told_us;
        }
    }
    bool is_likely =
        since_us <= now.utc_us && since_us > now.utc_us - MOST_AGE_US;
    return is_likely ? since_us : now.utc_us;
}

/* An incident that it opens stands in the ledger before the page's own line,
 * which names it. */
static void touch_take(struct camera *camera, const struct page_event *event,
                       struct moment now)
{
    struct desk *desk = camera->desk;
    if (is_missing(camera, event)) {
        page_touch_missing(desk->touch, event->zone, desk->incidents,
                           camera->index, now);
    } else {
        page_touch_take(desk->touch, event, desk->incidents, camera->index,
                        now);
    }
    if (desk->drain) {
        desk->drain(desk->station, now);
    }
}

bool camera_page_take(struct camera *camera, const struct wire_head *head,
                      struct moment now)
{
    const int64_t *number = head->number;
    if (!is_valid(camera, number)) {
        return false;
    }
    const struct page_event event = {
        (enum page_event_kind)number[1], (int)number[0], (int)number[2],
        since_of(&camera->page[number[0]], number, now), (float)number[4] / 10};
    page_keep(&camera->page[event.zone], &event, now);
    if (event.kind == PAGE_STATE_IS) {
        camera->page[event.zone].is_found = is_found(camera, &event);
    }
    touch_take(camera, &event, now);
    line_append(camera, &event, now);
    words_tell(camera, &event, now);
    if (event.kind == PAGE_STATE_IS) {
        /* What is learned still may yet be found. */
        camera->page[event.zone].is_first &= event.value == PAGE_NO_SHEET;
    }
    pages_past_put(&camera->past, camera->config,
                   &camera->config->zone[event.zone], &event, now.utc_us);
    return true;
}

void camera_page_begin(struct camera *camera)
{
    for (size_t z = 0; z < camera->config->zones; z++) {
        camera->page[z].is_first = true;
        camera->page[z].number = 0;
        camera->page[z].is_found = false;
    }
    page_touch_forget(camera->desk->touch, camera->index);
}
