/* What people see of the station: its state, and what it told. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "alert/alerts.h"
#include "ledger/store.h"
#include "operation/incident.h"
#include "station/console_health.h"

#define SECOND_US INT64_C(1000000)

static const char *camera_state(const struct camera *camera)
{
    if (camera->is_over) {
        return "over";
    }
    if (camera->paused_from_us) {
        return "paused";
    }
    if (camera->is_lost) {
        return "lost";
    }
    if (!camera->is_on) {
        return "connecting";
    }
    if (camera_sight_is_covered(camera)) {
        return "tamper";
    }
    return camera->is_learning ? "learning" : "on";
}

static struct json *points_of(const struct config_point *point, size_t points)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < points; i++) {
        struct json *pair = json_new_array();
        json_add_number(pair, NULL, point[i].x);
        json_add_number(pair, NULL, point[i].y);
        json_add_child(list, NULL, &pair);
    }
    return list;
}

static struct json *zones_of(const struct camera *camera, struct moment now)
{
    struct json *list = json_new_array();
    for (size_t i = 0; i < camera->config->zones; i++) {
        const struct config_zone *zone = &camera->config->zone[i];
        struct json *row = json_new_object();
        struct json *points = points_of(zone->point, zone->points);
        json_add_text(row, "name", zone->name);
        json_add_text(row, "bait", zone->bait[0] ? zone->bait : NULL);
        if (zone->copy) {
            json_add_integer(row, "copy", zone->copy);
        } else {
            json_add_null(row, "copy");
        }
        json_add_child(row, "points", &points);
        camera_sight_add(row, camera, (int)i);
        camera_page_add(row, camera, (int)i, now);
        json_add_child(list, NULL, &row);
    }
    return list;
}

static void size_add(struct json *row, const struct camera *camera)
{
    if (camera->init.size > 0) {
        json_add_integer(row, "width", camera->init_facts.width_px);
        json_add_integer(row, "height", camera->init_facts.height_px);
        json_add_text(row, "codec", camera->codec);
    } else {
        json_add_null(row, "width");
        json_add_null(row, "height");
        json_add_null(row, "codec");
    }
}

static struct json *camera_of(const struct camera *camera, struct moment now)
{
    struct json *row = json_new_object();
    struct json *zones = zones_of(camera, now);
    json_add_text(row, "name", camera->config->name);
    json_add_text(row, "state", camera_state(camera));
    json_add_text(row, "why",
                  camera->is_lost && camera->why[0] ? camera->why : NULL);
    json_add_text(row, "remark", camera->remark[0] ? camera->remark : NULL);
    if (camera->clock.is_known) {
        json_add_integer(row, "clock_ms", camera->clock.off_us / 1000);
    } else {
        json_add_null(row, "clock_ms");
    }
    if (camera->news == NEWS_UNKNOWN) {
        json_add_null(row, "sizes_tell");
    } else {
        json_add_bool(row, "sizes_tell", camera->news == NEWS_TELL);
    }
    size_add(row, camera);
    if (camera->is_on) {
        json_add_integer(row, "frame_age_ms",
                         (now.boot_us - camera->alive_us) / 1000);
    } else {
        json_add_null(row, "frame_age_ms");
    }
    if (camera->lost_from_us && camera->is_lost) {
        json_add_time(row, "lost_since", camera->lost_from_us);
    } else {
        json_add_null(row, "lost_since");
    }
    json_add_bool(row, "is_recorded",
                  camera->is_on && !camera->paused_from_us &&
                      !camera->rest_from_us);
    json_add_bool(row, "is_masked", camera->config->masks > 0);
    json_add_child(row, "zones", &zones);
    camera_sight_add(row, camera, -1);
    return row;
}

/* 64 MB are kept aside. */
#define RESERVE_BYTES ((int64_t)64 << 20)

int64_t console_days_left(const struct console *console, int64_t free_bytes)
{
    int64_t rate =
        console->chronicle ? chronicle_bytes_a_day(console->chronicle) : 0;
    int64_t left = free_bytes - RESERVE_BYTES;
    return rate <= 0 ? -1 : left > 0 ? left / rate : 0;
}

static void days_add(struct json *row, const struct console *console,
                     int64_t free_bytes)
{
    int64_t days = console_days_left(console, free_bytes);
    if (days >= 0) {
        json_add_integer(row, "days_left", days);
    } else {
        json_add_null(row, "days_left");
    }
}

static void disk_add(struct json *out, const struct console *console)
{
    const struct desk *desk = console->desk;
    struct statvfs disk;
    struct json *row = json_new_object();
    bool is_known = fstatvfs(operation_dir(desk->operation), &disk) == 0;
    if (is_known) {
        json_add_integer(row, "free_bytes",
                         (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize));
        json_add_integer(row, "total_bytes",
                         (int64_t)((uint64_t)disk.f_blocks * disk.f_frsize));
        days_add(row, console,
                 (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize));
    }
    json_add_bool(row, "has_room", desk->has_room);
    json_add_child(out, "disk", &row);
}

static void clock_add(struct json *out)
{
    static const char *const word[] = {
        [CLOCK_UNKNOWN] = "unknown",
        [CLOCK_FREE] = "free",
        [CLOCK_SYNCED] = "synced",
    };
    const struct clock_state clock = clock_state_of(clock_now);
    struct json *row = json_new_object();
    json_add_text(row, "sync", word[clock.sync]);
    if (clock.error_us >= 0) {
        json_add_integer(row, "error_us", clock.error_us);
    } else {
        json_add_null(row, "error_us");
    }
    json_add_child(out, "clock", &row);
}

static void station_add(struct json *out, const struct desk *desk,
                        struct moment now)
{
    const struct config *config = operation_config(desk->operation);
    const char *path = operation_path(desk->operation);
    const char *slash = strrchr(path, '/');
    struct json *row = json_new_object();
    int64_t said_us = desk->core ? core_until_us(desk->core) : 0;
    int64_t until_us = said_us ? said_us : config->until_utc_us;
    json_add_text(row, "name", slash && slash[1] ? slash + 1 : path);
    json_add_text(row, "version", STING_VERSION);
    json_add_time(row, "since", desk->since.utc_us);
    json_add_text(row, "record",
                  config->record == CONFIG_ALWAYS ? "always" : "incidents");
    if (until_us == INT64_MAX) {
        json_add_null(row, "until");
        json_add_null(row, "until_left_s");
    } else {
        json_add_time(row, "until", until_us);
        json_add_integer(row, "until_left_s",
                         (until_us - now.utc_us) / SECOND_US);
    }
    json_add_bool(row, "is_kept", desk->core && !desk->is_broken);
    json_add_child(out, "station", &row);
}

/* Until when no alerts go out; 0: they do. */
static int64_t silent_until_us(const struct desk *desk, struct moment now)
{
    const struct duty *duty = desk->alerts ? alerts_duty(desk->alerts) : NULL;
    return duty && !duty_is_armed(duty, now) ? duty->rests_until_us : 0;
}

static void record_add(struct json *out, const struct desk *desk,
                       struct moment now)
{
    int64_t rests_us = silent_until_us(desk, now);
    const struct config *config = operation_config(desk->operation);
    struct json *ledger = json_new_object();
    struct json *alerts = json_new_object();
    if (desk->core && !desk->is_broken) {
        json_add_integer(ledger, "lines",
                         (int64_t)ledger_lines(core_ledger(desk->core)));
    } else {
        json_add_null(ledger, "lines");
    }
    json_add_integer(ledger, "outsiders", (int64_t)config->anchors);
    json_add_integer(alerts, "channels", (int64_t)config->alerts);
    json_add_integer(alerts, "waiting",
                     desk->alerts ? (int64_t)alerts_waiting(desk->alerts) : 0);
    json_add_integer(alerts, "failing",
                     desk->alerts ? (int64_t)alerts_failing(desk->alerts) : 0);
    json_add_time(alerts, "silent_until", rests_us);
    json_add_child(out, "ledger", &ledger);
    json_add_child(out, "alerts", &alerts);
}

static struct json *incident_of(const struct console *console,
                                const struct incident *incident)
{
    struct json *row = json_new_object();
    const struct config_camera *camera = NULL;
    if (incident->camera >= 0 && (size_t)incident->camera < console->cameras) {
        camera = console->camera[incident->camera].config;
    }
    json_add_integer(row, "incident", incident->number);
    json_add_text(row, "camera", camera ? camera->name : NULL);
    bool has_zone =
        camera && incident->zone >= 0 && (size_t)incident->zone < camera->zones;
    json_add_text(row, "zone",
                  has_zone ? camera->zone[incident->zone].name : NULL);
    json_add_text(row, "kind", incident_kind_name((int)incident->kind));
    json_add_text(row, "tier", incident_tier_name((int)incident->tier));
    json_add_time(row, "start", incident->start.utc_us);
    json_add_integer(row, "persons", incident->persons);
    console_answers_add(
        row, console->chronicle
                 ? chronicle_incident(console->chronicle, incident->number)
                 : NULL);
    return row;
}

/* An open incident as the gravest of his cameras there tells it; false: none
 * does. */
static bool incident_view(const struct console *console,
                          const struct user *user, const struct incident *open,
                          struct incident *out)
{
    struct incident one;
    bool any = false;
    if (user_sees(user, console->camera[open->camera].config->name)) {
        *out = *open;
        return true;
    }
    for (size_t i = 0; i < console->cameras; i++) {
        if (open->cameras >> i & 1 &&
            user_sees(user, console->camera[i].config->name) &&
            incidents_part_of(console->desk->incidents, (int)i, &one) &&
            (!any || one.tier > out->tier)) {
            *out = one;
            any = true;
        }
    }
    return any;
}

/* All that are open and that he may see; the first of them stands apart too. */
static void incidents_add(struct json *out, const struct console *console,
                          const struct user *user)
{
    struct json *list = json_new_array();
    struct json *first = NULL;
    for (size_t i = 0; i < console->cameras; i++) {
        struct incident seen;
        const struct incident *open =
            incidents_open_of(console->desk->incidents, (int)i);
        if (open && open->camera == (int)i &&
            incident_view(console, user, open, &seen)) {
            struct json *row = incident_of(console, &seen);
            first = first ? first : incident_of(console, &seen);
            json_add_child(list, NULL, &row);
        }
    }
    if (first) {
        json_add_child(out, "incident", &first);
    } else {
        json_add_null(out, "incident");
    }
    json_add_child(out, "incidents", &list);
}

/* Who is in a room that the user sees a camera of. */
static void team_add(struct json *out, const struct console *console,
                     const struct user *user)
{
    const struct incidents *incidents = console->desk->incidents;
    int64_t since_us = 0;
    for (size_t i = 0; i < console->cameras; i++) {
        const char *who = incidents_team(
            incidents, incidents_place_of(incidents, (int)i), &since_us);
        if (who && user_sees(user, console->camera[i].config->name)) {
            struct json *row = json_new_object();
            json_add_time(row, "since", since_us);
            json_add_text(row, "who", who);
            json_add_child(out, "team", &row);
            return;
        }
    }
    json_add_null(out, "team");
}

int console_state(struct console *console, const struct asked *asked,
                  struct reply *reply)
{
    const struct desk *desk = console->desk;
    struct json *cameras = json_new_array();
    struct json *out = reply->json = json_new_object();
    json_add_time(out, "at", asked->now.utc_us);
    station_add(out, desk, asked->now);
    disk_add(out, console);
    clock_add(out);
    record_add(out, desk, asked->now);
    for (size_t i = 0; i < console->cameras; i++) {
        const struct camera *camera = &console->camera[i];
        if (user_sees(asked->user, camera->config->name)) {
            struct json *row = camera_of(camera, asked->now);
            json_add_child(cameras, NULL, &row);
        }
    }
    json_add_child(out, "cameras", &cameras);
    incidents_add(out, console, asked->user);
    team_add(out, console, asked->user);
    console_health_add(out, console, asked->user);
    json_add_integer(out, "events", (int64_t)console->events);
    return 200;
}

int console_health(struct console *console, const struct asked *asked,
                   struct reply *reply)
{
    const struct desk *desk = console->desk;
    bool is_kept = desk->core && !desk->is_broken && desk->has_room;
    (void)asked;
    reply->json = json_new_object();
    json_add_bool(reply->json, "ok", is_kept);
    return is_kept ? 200 : 503;
}

/* ---- what was told ---- */

static void word_keep(char *into, size_t size, const char *word)
{
    snprintf(into, size, "%s", word ? word : "");
}

void console_hear(void *context, const struct tale *tale, int64_t utc_us,
                  const char *text)
{
    struct console *console = context;
    struct console_event *event =
        &console->event[console->events % CONSOLE_EVENTS];
    if (tale->incident > console->incidents) {
        console->incidents = (uint32_t)tale->incident;
    }
    if (!strcmp(tale->event, "console")) {
        return; /* the one-time link is for who started the station */
    }
    *event = (struct console_event){.n = ++console->events,
                                    .utc_us = utc_us,
                                    .incident = tale->incident,
                                    .cameras = tale->cameras};
    word_keep(event->event, sizeof event->event, tale->event);
    word_keep(event->state, sizeof event->state, tale->state);
    word_keep(event->kind, sizeof event->kind, tale->kind);
    word_keep(event->tier, sizeof event->tier, tale->tier);
    word_keep(event->camera, sizeof event->camera, tale->camera);
    word_keep(event->zone, sizeof event->zone, tale->zone);
    word_keep(event->text, sizeof event->text, text);
}

static void word_add(struct json *row, const char *key, const char *word)
{
    json_add_text(row, key, word[0] ? word : NULL);
}

/* Where and what it was is left out where that is of another's camera. */
static struct json *event_of(const struct user *user,
                             const struct console_event *event)
{
    struct json *row = json_new_object();
    bool is_his = !event->camera[0] || user_sees(user, event->camera);
    json_add_integer(row, "n", (int64_t)event->n);
    json_add_time(row, "at", event->utc_us);
    word_add(row, "event", event->event);
    word_add(row, "state", event->state);
    word_add(row, "camera", is_his ? event->camera : "");
    word_add(row, "zone", is_his ? event->zone : "");
    word_add(row, "kind", is_his ? event->kind : "");
    word_add(row, "tier", is_his ? event->tier : "");
    if (event->incident) {
        json_add_integer(row, "incident", event->incident);
    } else {
        json_add_null(row, "incident");
    }
    word_add(row, "text", event->text);
    return row;
}

/* One of the cameras that saw it too is his, and its words name none. */
static bool is_of_his(const struct console *console, const struct user *user,
                      uint64_t cameras)
{
    for (size_t i = 0; i < console->cameras; i++) {
        if (cameras >> i & 1 &&
            user_sees(user, console->camera[i].config->name)) {
            return true;
        }
    }
    return false;
}

/* Of a camera that he sees, of the station as a whole, or he sees all: what
 * else is of no camera may name one in its words. */
static bool hears(const struct console *console, const struct user *user,
                  const struct console_event *event)
{
    static const char *const whole[] = {
        "station", "record", "disk", "until", "duty", "go", "worker", "anchor"};
    if (event->camera[0] || !strcmp(user->cameras, "*")) {
        return !event->camera[0] || user_sees(user, event->camera) ||
               is_of_his(console, user, event->cameras);
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        if (!strcmp(event->event, whole[i])) {
            return true;
        }
    }
    return false;
}

int console_events(struct console *console, const struct asked *asked,
                   struct reply *reply)
{
    uint64_t after = strtoull(asked->field[0], NULL, 10);
    uint64_t first =
        console->events > CONSOLE_EVENTS ? console->events - CONSOLE_EVENTS : 0;
    struct json *list = json_new_array();
    for (uint64_t n = after > first ? after : first; n < console->events; n++) {
        const struct console_event *event = &console->event[n % CONSOLE_EVENTS];
        if (hears(console, asked->user, event)) {
            struct json *row = event_of(asked->user, event);
            json_add_child(list, NULL, &row);
        }
    }
    reply->json = json_new_object();
    json_add_integer(reply->json, "last", (int64_t)console->events);
    json_add_child(reply->json, "events", &list);
    return 200;
}
