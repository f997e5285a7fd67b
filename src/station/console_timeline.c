/* Looking back: what was recorded, and what happened. */
#include <stdlib.h>
#include <string.h>

#include "operation/chronicle.h"
#include "station/console_answer.h"

#define MOST_PARTS 2000
#define MOST_TOLD 2000     /* events in one answer, the newest */
#define MOST_INCIDENTS 200 /* likewise */
#define MOST_CUSTODY 100   /* likewise */
#define FINEST 2000        /* breaks shorter than this part are not drawn */
#define LINES_A_TICK 16000 /* 20 ms */

void console_chronicle_follow(struct console *console)
{
    enum sting_status status = STING_OK;
    struct fault fault = {"", ""};
    if (!console->chronicle) {
        status = chronicle_open(operation_dir(console->desk->operation),
                                &console->chronicle, &fault);
    }
    if (!status) {
        status = chronicle_follow(console->chronicle, LINES_A_TICK);
    }
    console->chronicle_is_whole = !status;
    if (status && status != STING_E_BUSY) {
        chronicle_free(&console->chronicle); /* begun anew at the next tick */
    }
}

static bool sees_all(const struct user *user)
{
    return strcmp(user->cameras, "*") == 0;
}

static bool is_incident(const struct chronicle_event *event)
{
    return !strcmp(event->what, "incident");
}

/* An incident as the gravest of his cameras tells it; false: none does. */
static bool incident_view(const struct console *console,
                          const struct user *user,
                          const struct chronicle_event *incident,
                          struct chronicle_event *out)
{
    struct chronicle_event one;
    bool any = false;
    if (user_sees(user, incident->camera)) {
        *out = *incident;
        return true;
    }
    for (size_t i = 0;
         chronicle_incident_part(console->chronicle, incident, i, &one); i++) {
        if (user_sees(user, one.camera) &&
            (!any || !strcmp(one.tier, "touch"))) {
            *out = one;
            any = true;
        }
    }
    return any;
}

/* An event as he may hear of it, `out` where that is not all of it; NULL: not
 * at all. What names an incident and no camera is of who hears of that. */
static const struct chronicle_event *view(const struct console *console,
                                          const struct user *user,
                                          const struct chronicle_event *event,
                                          struct chronicle_event *out)
{
    struct chronicle_event of;
    if (sees_all(user) ||
        (event->camera[0] && user_sees(user, event->camera))) {
        return event;
    }
    if (is_incident(event)) {
        return incident_view(console, user, event, out) ? out : NULL;
    }
    const struct chronicle_event *incident =
        event->is_its ? chronicle_incident(console->chronicle, event->incident)
                      : NULL;
    if (!incident || !incident_view(console, user, incident, &of)) {
        return NULL;
    }
    *out = *event;
    memcpy(out->camera, of.camera, sizeof out->camera);
    if (out->tier[0]) {
        memcpy(out->tier, of.tier, sizeof out->tier);
    }
    return out;
}

bool console_sees_incident(const struct console *console,
                           const struct user *user, uint32_t number)
{
    struct chronicle_event out;
    const struct chronicle_event *incident =
        console->chronicle ? chronicle_incident(console->chronicle, number)
                           : NULL;
    return sees_all(user) || (incident && view(console, user, incident, &out));
}

static void word_add(struct json *row, const char *key, const char *word)
{
    json_add_text(row, key, word[0] ? word : NULL);
}

static void number_add(struct json *row, const char *key, uint32_t number)
{
    if (number) {
        json_add_integer(row, key, number);
    } else {
        json_add_null(row, key);
    }
}

void console_answers_add(struct json *row, const struct chronicle_event *of)
{
    static const struct chronicle_event nothing;
    const struct chronicle_event *event = of ? of : &nothing;
    json_add_time(row, "alerted",
                  event->delivered_us ? event->delivered_us : event->shown_us);
    json_add_time(row, "acknowledged", event->ack_us);
    json_add_time(row, "team_since", event->team_us);
    json_add_text(row, "team_who", event->team_us ? event->text : NULL);
}

static void event_add(struct json *list, const struct chronicle_event *event)
{
    struct json *row = json_new_object();
    json_add_time(row, "at", event->at_us);
    json_add_text(row, "what", event->what);
    word_add(row, "word", event->word);
    json_add_time(row, "from", event->from_us);
    json_add_time(row, "to", event->to_us);
    number_add(row, "incident", event->incident);
    json_add_bool(row, "is_cut", event->is_cut);
    word_add(row, "tier", event->tier);
    word_add(row, "mark", event->mark);
    word_add(row, "camera", event->camera);
    word_add(row, "zone", event->zone);
    word_add(row, "bait", event->bait);
    number_add(row, "copy", event->copy);
    number_add(row, "count", event->count);
    word_add(row, "by", event->by);
    word_add(row, "text", is_incident(event) ? "" : event->text);
    console_answers_add(row, is_incident(event) ? event : NULL);
    json_add_integer(row, "line", (int64_t)event->line);
    json_add_child(list, NULL, &row);
}

static void pair_add(struct json *list, struct chronicle_span span)
{
    struct json *pair = json_new_array();
    json_add_time(pair, NULL, span.from_us);
    json_add_time(pair, NULL, span.to_us);
    json_add_child(list, NULL, &pair);
}

static struct json *recorded_of(const struct chronicle_camera *camera,
                                struct chronicle_span stretch)
{
    struct json *list = json_new_array();
    struct chronicle_span open = {0, 0};
    int64_t fine_us = (stretch.to_us - stretch.from_us) / FINEST;
    for (size_t i = 0; i < camera->spans; i++) {
        struct chronicle_span span = camera->span[i];
        if (span.to_us <= stretch.from_us || span.from_us >= stretch.to_us) {
            continue;
        }
        if (open.to_us && span.from_us - open.to_us <= fine_us &&
            span.from_us >= open.from_us) {
            open.to_us = span.to_us > open.to_us ? span.to_us : open.to_us;
            continue;
        }
        if (open.to_us) {
            pair_add(list, open);
        }
        open = span;
    }
    if (open.to_us) {
        pair_add(list, open);
    }
    return list;
}

static struct json *camera_row(const struct chronicle_camera *camera,
                               struct chronicle_span stretch, size_t parts)
{
    uint8_t part[MOST_PARTS];
    struct json *row = json_new_object();
    struct json *recorded = recorded_of(camera, stretch);
    struct json *activity = json_new_array();
    chronicle_activity(camera, stretch, part, parts);
    for (size_t i = 0; i < parts; i++) {
        json_add_integer(activity, NULL, part[i]);
    }
    json_add_text(row, "name", camera->name);
    json_add_child(row, "recorded", &recorded);
    json_add_child(row, "activity", &activity);
    return row;
}

/* The stretch that is asked for; all of it where a field is left out. */
static bool stretch_of(const struct console *console, const struct asked *asked,
                       struct chronicle_span *out)
{
    *out = (struct chronicle_span){chronicle_begin_us(console->chronicle),
                                   asked->now.utc_us};
    return (!asked->field[0][0] ||
            !clock_parse(asked->field[0], &out->from_us)) &&
           (!asked->field[1][0] ||
            !clock_parse(asked->field[1], &out->to_us)) &&
           out->from_us < out->to_us;
}

static void events_tell(const struct console *console,
                        const struct asked *asked,
                        struct chronicle_span stretch, struct json *out)
{
    const struct chronicle *chronicle = console->chronicle;
    struct json *list = json_new_array();
    size_t told = 0;
    size_t more = 0;
    for (size_t i = chronicle_events(chronicle); i > 0; i--) {
        struct chronicle_event own;
        const struct chronicle_event *event = chronicle_event(chronicle, i - 1);
        event = chronicle_is_in(event, stretch)
                    ? view(console, asked->user, event, &own)
                    : NULL;
        if (!event) {
            continue;
        }
        if (told == MOST_TOLD) {
            more++;
            continue;
        }
        event_add(list, event);
        told++;
    }
    json_add_child(out, "events", &list);
    json_add_integer(out, "more", (int64_t)more);
}

static int not_yet(struct reply *reply)
{
    reply->retry_s = 1;
    return reply_refuse(reply, 503, "busy", "the ledger cannot be read now");
}

int console_timeline(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    struct chronicle_span stretch;
    const struct chronicle *chronicle = console->chronicle;
    size_t parts = strtoul(asked->field[2], NULL, 10);
    if (!chronicle) {
        return not_yet(reply);
    }
    if (!stretch_of(console, asked, &stretch) || parts > MOST_PARTS) {
        return reply_refuse(reply, 400, "fields",
                            "from and to are times, from before to");
    }
    struct json *cameras = json_new_array();
    struct json *out = reply->json = json_new_object();
    json_add_time(out, "from", stretch.from_us);
    json_add_time(out, "to", stretch.to_us);
    json_add_time(out, "begin", chronicle_begin_us(chronicle));
    json_add_bool(out, "is_whole", console->chronicle_is_whole);
    for (size_t i = 0; i < chronicle_cameras(chronicle); i++) {
        const struct chronicle_camera *camera = chronicle_camera(chronicle, i);
        if (user_sees(asked->user, camera->name)) {
            struct json *row = camera_row(camera, stretch, parts);
            json_add_child(cameras, NULL, &row);
        }
    }
    json_add_child(out, "cameras", &cameras);
    events_tell(console, asked, stretch, out);
    return 200;
}

/* Who opened, saw, took out or deleted something. */
static bool is_custody(const struct chronicle_event *event)
{
    static const char *const what[] = {"unlock",  "custody", "export",
                                       "dossier", "release", "erase"};
    for (size_t i = 0; i < sizeof what / sizeof *what; i++) {
        if (!strcmp(event->what, what[i])) {
            return true;
        }
    }
    return false;
}

/* The newest first, from before a line of the ledger on. */
int console_custody(struct console *console, const struct asked *asked,
                    struct reply *reply)
{
    const struct chronicle *chronicle = console->chronicle;
    uint64_t before = strtoull(asked->field[0], NULL, 10);
    size_t told = 0;
    size_t more = 0;
    if (!chronicle) {
        return not_yet(reply);
    }
    struct json *list = json_new_array();
    for (size_t i = chronicle_events(chronicle); i > 0; i--) {
        const struct chronicle_event *event = chronicle_event(chronicle, i - 1);
        if (!is_custody(event) || (before && event->line >= before)) {
            continue;
        }
        if (told == MOST_CUSTODY) {
            more++;
            continue;
        }
        event_add(list, event);
        told++;
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "events", &list);
    json_add_integer(reply->json, "more", (int64_t)more);
    json_add_bool(reply->json, "is_whole", console->chronicle_is_whole);
    return 200;
}

/* How far its camera's own clock was off when it began. */
static void clock_add(struct json *out, const struct chronicle *chronicle,
                      const struct chronicle_event *incident)
{
    int64_t off_ms = 0;
    int64_t at_us = incident->from_us ? incident->from_us : incident->at_us;
    if (chronicle_clock(chronicle, incident->camera, at_us, &off_ms)) {
        json_add_integer(out, "clock_ms", off_ms);
    } else {
        json_add_null(out, "clock_ms");
    }
}

/* One incident, and all that names it, but of cameras that he does not see. */
static int incident_tell(const struct console *console,
                         const struct asked *asked, uint32_t number,
                         struct reply *reply)
{
    const struct chronicle *chronicle = console->chronicle;
    struct chronicle_event own;
    const struct chronicle_event *incident =
        chronicle_incident(chronicle, number);
    const struct chronicle_event *seen =
        incident ? view(console, asked->user, incident, &own) : NULL;
    if (!seen) {
        return reply_refuse(reply, 404, "incident",
                            "there is no such incident");
    }
    struct json *incidents = json_new_array();
    struct json *events = json_new_array();
    reply->json = json_new_object();
    event_add(incidents, seen);
    clock_add(reply->json, chronicle, seen);
    for (size_t i = 0; i < chronicle_events(chronicle); i++) {
        const struct chronicle_event *event = chronicle_event(chronicle, i);
        if (event->incident != number || event == incident) {
            continue;
        }
        if (event->camera[0]) {
            event = view(console, asked->user, event, &own);
        }
        if (event) {
            event_add(events, event);
        }
    }
    json_add_child(reply->json, "incidents", &incidents);
    json_add_child(reply->json, "events", &events);
    return 200;
}

int console_incidents(struct console *console, const struct asked *asked,
                      struct reply *reply)
{
    const struct chronicle *chronicle = console->chronicle;
    uint64_t number = strtoull(asked->field[0], NULL, 10);
    uint64_t before = strtoull(asked->field[1], NULL, 10);
    size_t told = 0;
    if (!chronicle) {
        return not_yet(reply);
    }
    if (asked->field[0][0]) {
        return incident_tell(console, asked,
                             number > UINT32_MAX ? 0 : (uint32_t)number, reply);
    }
    struct json *list = json_new_array();
    for (size_t i = chronicle_events(chronicle); i > 0 && told < MOST_INCIDENTS;
         i--) {
        struct chronicle_event own;
        const struct chronicle_event *event = chronicle_event(chronicle, i - 1);
        bool is_asked =
            is_incident(event) && (!before || event->incident < before);
        event = is_asked ? view(console, asked->user, event, &own) : NULL;
        if (event) {
            event_add(list, event);
            told++;
        }
    }
    reply->json = json_new_object();
    json_add_child(reply->json, "incidents", &list);
    return 200;
}
