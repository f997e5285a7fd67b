#include "operation/chronicle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reader.h"

#define SECOND_US INT64_C(1000000)
#define MOST_CAMERAS (2 * CONFIG_MOST_CAMERAS) /* names change */
#define MOST_SPANS ((size_t)1 << 16)           /* of a camera */
#define JOIN_US (SECOND_US / 5) /* between two recordings of one stretch */
#define MOST_STEPS_OF_ONE 16    /* that one recording may cover */
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
        free((*chronicle)->camera[i].span);
        free((*chronicle)->camera[i].act);
    }
    if (*chronicle) {
        ledger_reader_free(&(*chronicle)->reader);
        free((*chronicle)->event);
        free((*chronicle)->place);
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

/* Room for one more in an array that doubles. */
static enum sting_status room_make(void **array, size_t used, size_t size)
{
    if (used > 0 && (used & (used - 1)) != 0) {
        return STING_OK; /* it doubles where it is full: at powers of two */
    }
    void *grown = reallocarray(*array, used ? 2 * used : 1, size);
    if (!grown) {
        return STING_E_NOMEM;
    }
    *array = grown;
    return STING_OK;
}

static enum sting_status span_add(struct chronicle_camera *camera,
                                  struct chronicle_span span)
{
    struct chronicle_span *last =
        camera->spans ? &camera->span[camera->spans - 1] : NULL;
    if (last && span.from_us >= last->from_us &&
        span.from_us <= last->to_us + JOIN_US) {
        last->to_us = span.to_us > last->to_us ? span.to_us : last->to_us;
        return STING_OK;
    }
    if (camera->spans == MOST_SPANS) {
        memmove(camera->span, camera->span + 1,
                --camera->spans * sizeof *camera->span);
        camera->span[camera->spans++] = span;
        return STING_OK;
    }
    void *array = camera->span;
    enum sting_status status = room_make(&array, camera->spans, sizeof span);
    camera->span = array;
    if (!status) {
        camera->span[camera->spans++] = span;
    }
    return status;
}

/* The steps up to `step` are there; what is too old goes. */
static enum sting_status steps_reach(struct chronicle_camera *camera,
                                     int64_t step)
{
    if (camera->acts == 0 ||
        step - camera->first_step >= 2 * (int64_t)CHRONICLE_MOST_STEPS) {
        camera->acts = 0;
        camera->first_step = step;
    }
    while (step - camera->first_step >= (int64_t)camera->acts) {
        if (camera->acts == CHRONICLE_MOST_STEPS) {
            size_t half = CHRONICLE_MOST_STEPS / 2;
            memmove(camera->act, camera->act + half, camera->acts - half);
            camera->acts -= half;
            camera->first_step += (int64_t)half;
            continue;
        }
        if (!camera->act) {
            camera->act = malloc(CHRONICLE_MOST_STEPS);
        }
        if (!camera->act) {
            return STING_E_NOMEM;
        }
        camera->act[camera->acts++] = 0;
    }
    return STING_OK;
}

static enum sting_status act_add(struct chronicle_camera *camera,
                                 struct chronicle_span span, int64_t act)
{
    int64_t first = span.from_us / CHRONICLE_STEP_US;
    int64_t last = (span.to_us - 1) / CHRONICLE_STEP_US;
    uint8_t level = (uint8_t)(act < 0 ? 1 : act > 254 ? 255 : act + 1);
    if (last - first > MOST_STEPS_OF_ONE) {
        last = first + MOST_STEPS_OF_ONE;
    }
    enum sting_status status = STING_OK;
    for (int64_t step = first; step <= last && !status; step++) {
        status = steps_reach(camera, step);
        int64_t at = step - camera->first_step;
        if (!status && at >= 0 && at < (int64_t)camera->acts &&
            camera->act[at] < level) {
            camera->act[at] = level;
        }
    }
    return status;
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
    enum sting_status status = span_add(camera, span);
    return status ? status : act_add(camera, span, act);
}

/* ---- events ---- */

/* What of a line of that kind is kept, by its keys. */
static const struct row {
    const char *what;
    const char *word, *incident, *from, *to, *text;
} row[] = {
    {"incident", "kind", "n", "start", "end", "who"},
    {"page", "state", "incident", "since", NULL, NULL},
    {"alert", "state", "incident", NULL, NULL, "channel"},
    {"ack", "false", "incident", NULL, NULL, "via"},
    {"go", "state", "incident", NULL, NULL, "who"},
    {"note", "type", "incident", NULL, NULL, NULL},
    {"gap", "cause", NULL, "from", "to", "why"},
    {"rest", NULL, NULL, "from", "to", NULL},
    {"erase", "what", NULL, NULL, NULL, "date"},
    {"trace", NULL, NULL, NULL, NULL, NULL},
    {"unlock", "state", NULL, NULL, NULL, "command"},
    {"custody", "state", NULL, NULL, NULL, "item"},
    {"export", "state", NULL, NULL, NULL, "exhibit"},
    {"dossier", NULL, NULL, NULL, NULL, NULL},
    {"release", NULL, "incident", "from", "to", NULL},
    {"session", NULL, NULL, NULL, NULL, "version"},
    {"stop", NULL, NULL, NULL, NULL, "why"},
};

static void text_take(const struct line *line, const char *key, char *out,
                      size_t size)
{
    if (key && line_has(line, key)) {
        line_text(line, key, out, size);
    }
}

static void time_take(const struct line *line, const char *key, int64_t *out)
{
    int64_t us = 0;
    if (key && !line_time(line, key, &us)) {
        *out = us;
    }
}

static void number_take(const struct line *line, const char *key, uint32_t *out)
{
    int64_t number = 0;
    if (key && !line_integer(line, key, &number) && number > 0 &&
        number <= UINT32_MAX) {
        *out = (uint32_t)number;
    }
}

/* A trace is told by the best that it found. */
static void trace_word(const struct line *line, char out[CHRONICLE_WORD_SIZE])
{
    static const char *const key[] = {"attributed", "lead", "none"};
    for (size_t i = 0; i < sizeof key / sizeof *key && !out[0]; i++) {
        uint32_t number = 0;
        number_take(line, key[i], &number);
        if (number) {
            (void)snprintf(out, CHRONICLE_WORD_SIZE, "%s", key[i]);
        }
    }
    if (!out[0]) {
        (void)snprintf(out, CHRONICLE_WORD_SIZE, "no-page");
    }
}

static void event_take(struct chronicle_event *event, const struct row *from,
                       const struct line *line)
{
    text_take(line, from->word, event->word, sizeof event->word);
    text_take(line, from->text, event->text, sizeof event->text);
    text_take(line, "tier", event->tier, sizeof event->tier);
    text_take(line, "camera", event->camera, sizeof event->camera);
    text_take(line, "zone", event->zone, sizeof event->zone);
    text_take(line, "bait", event->bait, sizeof event->bait);
    text_take(line, "by", event->by, sizeof event->by);
    time_take(line, from->from, &event->from_us);
    time_take(line, from->to, &event->to_us);
    number_take(line, from->incident, &event->incident);
    number_take(line, "copy", &event->copy);
    number_take(line, "count", &event->count);
    time_take(line, "team", &event->team_us);
    if (!strcmp(from->what, "trace")) {
        trace_word(line, event->word);
    }
}

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

static void first_take(int64_t *at_us, const struct chronicle_event *event)
{
    *at_us = *at_us ? *at_us : event->at_us;
}

/* What people say of an incident stands with it too. */
static void ack_take(struct chronicle_event *incident,
                     const struct chronicle_event *ack)
{
    (void)snprintf(incident->mark, sizeof incident->mark, "%s",
                   ack->word[0] ? ack->word : "seen");
    first_take(&incident->ack_us, ack);
}

static void alert_take(struct chronicle_event *incident,
                       const struct chronicle_event *alert)
{
    if (!strcmp(alert->word, "shown")) {
        first_take(&incident->shown_us, alert);
    } else if (!strcmp(alert->word, "delivered")) {
        first_take(&incident->delivered_us, alert);
    }
}

static void go_take(struct chronicle_event *incident,
                    const struct chronicle_event *go)
{
    if (!strcmp(go->word, "in") && !incident->team_us) {
        incident->team_us = go->at_us;
        memcpy(incident->text, go->text, sizeof incident->text);
    }
}

/* When who was told, answered and went is of the incident too. */
static void answer_take(struct chronicle *chronicle,
                        const struct chronicle_event *event)
{
    static const struct {
        const char *what;
        void (*take)(struct chronicle_event *incident,
                     const struct chronicle_event *event);
    } by[] = {{"ack", ack_take}, {"alert", alert_take}, {"go", go_take}};
    struct chronicle_event *incident =
        incident_lookup(chronicle, event->incident);
    for (size_t i = 0; incident && i < sizeof by / sizeof *by; i++) {
        if (!strcmp(event->what, by[i].what)) {
            by[i].take(incident, event);
        }
    }
}

/* What is said of an incident is of its camera. */
static void camera_take(struct chronicle *chronicle,
                        struct chronicle_event *event)
{
    const struct chronicle_event *incident =
        incident_lookup(chronicle, event->incident);
    if (incident) {
        memcpy(event->camera, incident->camera, sizeof event->camera);
    }
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
                                        const struct row *from,
                                        const struct line *line)
{
    struct chronicle_event event = {
        .what = from->what, .line = line->seq, .at_us = line->at.utc_us};
    event_take(&event, from, line);
    bool is_incident = !strcmp(from->what, "incident");
    struct chronicle_event *old =
        is_incident ? incident_lookup(chronicle, event.incident) : NULL;
    if (is_incident && !event.incident) {
        return STING_OK; /* a condition */
    }
    if (old) {
        event_take(old, from, line);
        return STING_OK;
    }
    answer_take(chronicle, &event);
    if (!is_incident && !event.camera[0]) {
        camera_take(chronicle, &event);
    }
    if (!strcmp(from->what, "session")) {
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
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (!strcmp(line->kind->name, row[i].what)) {
            return happening_take(chronicle, &row[i], line);
        }
    }
    return STING_OK;
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

void chronicle_activity(const struct chronicle_camera *camera,
                        struct chronicle_span stretch, uint8_t part[],
                        size_t parts)
{
    int64_t long_us = stretch.to_us - stretch.from_us;
    memset(part, 0, parts);
    for (size_t i = 0; i < parts && long_us > 0; i++) {
        /* In double: a stretch may be long. */
        double begin = (double)long_us * (double)i / (double)parts;
        double end = (double)long_us * (double)(i + 1) / (double)parts;
        int64_t from = (stretch.from_us + (int64_t)begin) / CHRONICLE_STEP_US;
        int64_t to = (stretch.from_us + (int64_t)end - 1) / CHRONICLE_STEP_US;
        from = from < camera->first_step ? 0 : from - camera->first_step;
        to -= camera->first_step;
        for (int64_t at = from; at <= to && at < (int64_t)camera->acts; at++) {
            part[i] = camera->act[at] > part[i] ? camera->act[at] : part[i];
        }
    }
}

bool chronicle_is_in(const struct chronicle_event *event,
                     struct chronicle_span stretch)
{
    int64_t from_us = event->from_us ? event->from_us : event->at_us;
    int64_t to_us = event->to_us > from_us ? event->to_us : from_us;
    return from_us < stretch.to_us && to_us >= stretch.from_us;
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
