#include "operation/chronicle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reader.h"
#include "operation/chronicle_camera.h"
#include "operation/chronicle_event.h"
#include "operation/chronicle_part.h"

#define SECOND_US INT64_C(1000000)
#define MOST_CAMERAS ((size_t)2 * CONFIG_MOST_CAMERAS) /* names change */
#define HOURS 24
#define HOUR_US (3600 * SECOND_US)
#define LEAST_US (600 * SECOND_US)

struct chronicle {
    struct ledger_reader *reader;
    struct chronicle_camera camera[MOST_CAMERAS];
    size_t cameras;
    struct chronicle_event *event; /* owned; a ring once it is full */
    size_t events, room, first;
    uint64_t added, cut_at; /* events ever; of them before the last session */
    /* Where the incident of a number stands: 1 and its place in `event`, by the
     * number modulo CHRONICLE_MOST_EVENTS. */
    uint32_t *place; /* owned */
    struct chronicle_parts parts;
    int64_t begin_us;
    struct {
        int64_t hour;
        int64_t bytes;
    } hour[HOURS]; /* recorded in it, by its number modulo HOURS */
    int64_t seg_first_us, seg_last_us;
    struct health health;
};

void chronicle_free(struct chronicle **chronicle)
{
    for (size_t i = 0; *chronicle && i < (*chronicle)->cameras; i++) {
        chronicle_camera_release(&(*chronicle)->camera[i]);
    }
    if (*chronicle) {
        ledger_reader_free(&(*chronicle)->reader);
        free((*chronicle)->event);
        free((*chronicle)->place);
        chronicle_parts_release(&(*chronicle)->parts);
    }
    free(*chronicle);
    *chronicle = NULL;
}

enum sting_status chronicle_open(int operation, struct chronicle **out,
                                 struct fault *fault)
{
    struct chronicle *chronicle STING_AUTO(chronicle_free) =
        calloc(1, sizeof *chronicle);
    if (!chronicle) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    chronicle->place = calloc(CHRONICLE_MOST_EVENTS, sizeof *chronicle->place);
    if (!chronicle->place) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    enum sting_status status =
        ledger_reader_open_signed(operation, &chronicle->reader, fault);
    if (!status) {
        *out = chronicle;
        chronicle = NULL;
    }
    return status;
}

/* ---- recordings ---- */

static struct chronicle_camera *camera_of(struct chronicle *chronicle,
                                          const char *name)
{
    for (size_t i = 0; i < chronicle->cameras; i++) {
        if (!strcmp(chronicle->camera[i].name, name)) {
            return &chronicle->camera[i];
        }
    }
    if (!*name || chronicle->cameras == MOST_CAMERAS) {
        return NULL;
    }
    struct chronicle_camera *camera = &chronicle->camera[chronicle->cameras++];
    (void)snprintf(camera->name, sizeof camera->name, "%s", name);
    return camera;
}

static void bytes_add(struct chronicle *chronicle, int64_t at_us, int64_t bytes)
{
    int64_t hour = at_us / HOUR_US;
    size_t i = (size_t)(hour % HOURS);
    if (chronicle->hour[i].hour != hour) {
        chronicle->hour[i].hour = hour;
        chronicle->hour[i].bytes = 0;
    }
    chronicle->hour[i].bytes += bytes;
    if (!chronicle->seg_first_us) {
        chronicle->seg_first_us = at_us;
    }
    chronicle->seg_last_us = at_us;
}

static enum sting_status seg_take(struct chronicle *chronicle,
                                  const struct line *line)
{
    char name[CONFIG_NAME_SIZE];
    struct chronicle_span span = {0, 0};
    int64_t us = 0;
    int64_t act = 0;
    int64_t bytes = 0;
    struct chronicle_camera *camera =
        camera_of(chronicle, line_text(line, "camera", name, sizeof name));
    if (!camera || line_time(line, "t0", &span.from_us) ||
        line_integer(line, "us", &us) || us <= 0 || us > HOUR_US) {
        return STING_OK;
    }
    span.to_us = span.from_us + us;
    (void)!line_integer(line, "act", &act);
    if (!line_integer(line, "bytes", &bytes) && bytes > 0) {
        bytes_add(chronicle, line->at.utc_us, bytes);
    }
    enum sting_status status = clocks_seen_take(&camera->clocks, line);
    return status ? status : chronicle_camera_add(camera, span, act);
}

/* ---- events ---- */

static struct chronicle_event *incident_lookup(
    const struct chronicle *chronicle, uint32_t number)
{
    uint32_t place = chronicle->place[number % CHRONICLE_MOST_EVENTS];
    struct chronicle_event *event = place ? &chronicle->event[place - 1] : NULL;
    bool is_it =
        event && event->incident == number && !strcmp(event->what, "incident");
    return is_it ? event : NULL;
}

static struct chronicle_event *event_new(struct chronicle *chronicle)
{
    chronicle->added++;
    if (chronicle->events == CHRONICLE_MOST_EVENTS) {
        size_t at = chronicle->first;
        chronicle->first = (at + 1) % chronicle->room;
        return &chronicle->event[at];
    }
    if (chronicle->events == chronicle->room) {
        size_t room = chronicle->room ? 2 * chronicle->room : 64;
        void *grown =
            reallocarray(chronicle->event, room, sizeof *chronicle->event);
        if (!grown) {
            return NULL;
        }
        chronicle->event = grown;
        chronicle->room = room;
    }
    return &chronicle->event[chronicle->events++];
}

/* Who writes begins anew: what was open before had no end, as after a crash. */
static void incidents_cut(struct chronicle *chronicle)
{
    uint64_t since = chronicle->added - chronicle->cut_at;
    size_t old =
        since < chronicle->events ? chronicle->events - (size_t)since : 0;
    chronicle->cut_at = chronicle->added;
    for (size_t i = old; i < chronicle->events; i++) {
        struct chronicle_event *event =
            &chronicle->event[(chronicle->first + i) % chronicle->room];
        event->is_cut = event->is_cut ||
                        (!strcmp(event->what, "incident") && event->to_us == 0);
    }
}

static enum sting_status happening_take(struct chronicle *chronicle,
                                        const struct chronicle_kind *kind,
                                        const struct line *line)
{
    struct chronicle_event event = {.what = chronicle_kind_name(kind),
                                    .line = line->seq,
                                    .at_us = line->at.utc_us};
    chronicle_event_take(&event, kind, line);
    bool is_incident = !strcmp(event.what, "incident");
    struct chronicle_event *old =
        is_incident ? incident_lookup(chronicle, event.incident) : NULL;
    if (is_incident && !event.incident) {
        return STING_OK; /* a condition */
    }
    if (old) {
        enum sting_status status =
            chronicle_parts_take(&chronicle->parts, old, line);
        chronicle_event_take(old, kind, line);
        return status;
    }
    struct chronicle_event *about = incident_lookup(chronicle, event.incident);
    if (about && !strcmp(event.what, "page") &&
        chronicle_parts_take(&chronicle->parts, about, line)) {
        return STING_E_NOMEM;
    }
    if (about) {
        chronicle_event_answer(about, &event);
    }
    if (about && !is_incident && !event.camera[0]) {
        memcpy(event.camera, about->camera, sizeof event.camera);
        event.is_its = true;
    }
    if (!strcmp(event.what, "session")) {
        incidents_cut(chronicle);
    }
    struct chronicle_event *at = event_new(chronicle);
    if (!at) {
        return STING_E_NOMEM;
    }
    *at = event;
    if (is_incident) {
        chronicle->place[event.incident % CHRONICLE_MOST_EVENTS] =
            (uint32_t)(at - chronicle->event) + 1;
    }
    return STING_OK;
}

static enum sting_status line_take(void *context, const struct line *line)
{
    struct chronicle *chronicle = context;
    if (!chronicle->begin_us) {
        chronicle->begin_us = line->at.utc_us;
    }
    if (!strcmp(line->kind->name, "seg")) {
        return seg_take(chronicle, line);
    }
    health_take(&chronicle->health, line);
    if (!strcmp(line->kind->name, "camera")) {
        char name[CONFIG_NAME_SIZE];
        (void)camera_of(chronicle,
                        line_text(line, "camera", name, sizeof name));
    }
    const struct chronicle_kind *kind = chronicle_kind_of(line->kind->name);
    return kind && chronicle_kind_tells(kind, line)
               ? happening_take(chronicle, kind, line)
               : STING_OK;
}

enum sting_status chronicle_follow(struct chronicle *chronicle, size_t lines)
{
    return ledger_reader_follow(chronicle->reader, lines, line_take, chronicle);
}

/* ---- asking ---- */

size_t chronicle_cameras(const struct chronicle *chronicle)
{
    return chronicle->cameras;
}

bool chronicle_clock(const struct chronicle *chronicle, const char *camera,
                     int64_t utc_us, int64_t *off_ms)
{
    for (size_t i = 0; i < chronicle->cameras; i++) {
        if (!strcmp(chronicle->camera[i].name, camera)) {
            return clocks_seen_at(&chronicle->camera[i].clocks, utc_us, off_ms);
        }
    }
    return false;
}

const struct chronicle_camera *chronicle_camera(
    const struct chronicle *chronicle, size_t index)
{
    return &chronicle->camera[index];
}

size_t chronicle_events(const struct chronicle *chronicle)
{
    return chronicle->events;
}

const struct chronicle_event *chronicle_event(const struct chronicle *chronicle,
                                              size_t index)
{
    return &chronicle->event[(chronicle->first + index) % chronicle->room];
}

const struct health *chronicle_health(const struct chronicle *chronicle)
{
    return &chronicle->health;
}

const struct chronicle_event *chronicle_incident(
    const struct chronicle *chronicle, uint32_t number)
{
    return incident_lookup(chronicle, number);
}

bool chronicle_incident_part(const struct chronicle *chronicle,
                             const struct chronicle_event *incident,
                             size_t index, struct chronicle_event *out)
{
    return chronicle_parts_view(&chronicle->parts, incident, index, out);
}

int64_t chronicle_begin_us(const struct chronicle *chronicle)
{
    return chronicle->begin_us;
}

int64_t chronicle_bytes_a_day(const struct chronicle *chronicle)
{
    int64_t hour = chronicle->seg_last_us / HOUR_US;
    int64_t first_us = (hour - HOURS + 1) * HOUR_US;
    int64_t bytes = 0;
    if (first_us < chronicle->seg_first_us) {
        first_us = chronicle->seg_first_us;
    }
    int64_t long_us = chronicle->seg_last_us - first_us;
    for (size_t i = 0; i < HOURS; i++) {
        if (chronicle->hour[i].hour > hour - HOURS) {
            bytes += chronicle->hour[i].bytes;
        }
    }
    return long_us < LEAST_US
               ? 0
               : (int64_t)((double)bytes * 86400e6 / (double)long_us);
}
