#include "station/incidents.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ledger/line.h"
#include "ledger/reader.h"
#include "ledger/store.h"
#include "station/glimpse.h"

#define NAMES_SIZE ((size_t)CONFIG_MOST_CAMERAS * CONFIG_NAME_SIZE)

static void reader_free(struct ledger_reader **reader)
{
    ledger_reader_free(reader);
}

enum sting_status incidents_first_number(const struct operation *operation,
                                         uint32_t *out, struct fault *fault)
{
    struct ledger_reader *reader STING_AUTO(reader_free) = NULL;
    struct line line;
    int64_t highest = 0;
    enum sting_status status =
        ledger_reader_open(operation_dir(operation), &reader, fault);
    if (status) {
        return status;
    }
    while (!(status = ledger_reader_next_known(reader, &line))) {
        int64_t n = 0;
        if (!strcmp(line.kind->name, "incident") &&
            line_integer(&line, "n", &n) == STING_OK && n > highest &&
            n < UINT32_MAX) {
            highest = n;
        }
    }
    if (status != STING_E_ABSENT) {
        return fault_set(fault, status, "", "the ledger cannot be read");
    }
    *out = (uint32_t)highest + 1;
    return STING_OK;
}

void incidents_places(struct incidents *incidents, const struct config *config)
{
    for (size_t i = 0; i < config->cameras; i++) {
        size_t first = 0; /* camera of that place: its index is the place's */
        while (strcmp(config->camera[first].place, config->camera[i].place) !=
               0) {
            first++;
        }
        incidents_place_set(incidents, (int)i, (int)first);
    }
}

static const char *const change_name[] = {
    [INCIDENT_OPENED] = "opened",    [INCIDENT_RAISED] = "raised",
    [INCIDENT_GREW] = "grew",        [INCIDENT_BLINDED] = "blinded",
    [INCIDENT_TEAM] = "team",        [INCIDENT_CLOSED] = "closed",
    [INCIDENT_REGAINED] = "regained"};

/* Where it is, in words: names of camera, zone and bait or "". */
struct where {
    const char *camera;
    const char *zone;
    const char *bait;
};

static struct where where(const struct desk *desk,
                          const struct incident *incident)
{
    const struct config_camera *camera =
        &operation_config(desk->operation)->camera[incident->camera];
    struct where found = {camera->name, NULL, NULL};
    if (incident->zone >= 0 && (size_t)incident->zone < camera->zones) {
        const struct config_zone *zone = &camera->zone[incident->zone];
        found.zone = zone->name;
        found.bait = zone->bait[0] ? zone->bait : NULL;
    }
    return found;
}

/* Names of those cameras, commas between; NULL: none. */
static const char *names_of(const struct config *config, uint64_t which,
                            char text[NAMES_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < config->cameras; i++) {
        if (which >> i & 1) {
            used += (size_t)snprintf(text + used, NAMES_SIZE - used, "%s%s",
                                     used ? "," : "", config->camera[i].name);
        }
    }
    return used ? text : NULL;
}

/* The same of a line that names cameras before, and has its end: "*" where
 * these are too many. */
#define MOST_FEW 700

static const char *few_names(const struct config *config, uint64_t which,
                             char text[NAMES_SIZE])
{
    const char *names = names_of(config, which, text);
    return names && strlen(names) > MOST_FEW ? "*" : names;
}

static void line_append(struct desk *desk, struct moment now,
                        const struct incident_event *event,
                        const struct where *at)
{
    const struct config *config = operation_config(desk->operation);
    const struct incident *incident = &event->incident;
    struct camera_sight_text sight;
    char n[16];
    char score[32];
    char start[LINE_TIME_SIZE];
    char end[LINE_TIME_SIZE];
    char first[LINE_TIME_SIZE];
    char team[LINE_TIME_SIZE];
    char persons[16];
    char cameras[NAMES_SIZE], blind[NAMES_SIZE], unseen[NAMES_SIZE];
    bool is_over = event->change == INCIDENT_CLOSED;
    snprintf(n, sizeof n, "%" PRIu32, incident->number);
    snprintf(score, sizeof score, "%.3f", incident->score);
    camera_sight_write(&incident->sight, &sight);
    snprintf(persons, sizeof persons, "%d", incident->persons);
    const struct line_field field[] = {
        {"n", n},
        {"state", change_name[event->change]},
        {"camera", at->camera},
        {"zone", at->zone},
        {"bait", at->bait},
        {"kind", incident_kind_name((int)incident->kind)},
        {"tier", incident_tier_name((int)incident->tier)},
        {"start", line_time_text(incident->start.utc_us, start)},
        {"end", is_over ? line_time_text(incident->end.utc_us, end) : NULL},
        {"first_look", line_time_text(incident->first_look.utc_us, first)},
        {"score", score},
        {"sight", sight.contrast},
        {"size", sight.size},
        {"px_m", sight.px_m},
        {"class", sight.class},
        {"team",
         incident->team_us ? line_time_text(incident->team_us, team) : NULL},
        {"who", incident->team_us ? incident->team : NULL},
        {"persons", incident->persons > 0 ? persons : NULL},
        {"cameras", names_of(config, incident->seen_by, cameras)},
        {"blind", is_over ? few_names(config, incident->blind, blind) : NULL},
        {"unseen",
         is_over ? few_names(config, incident->unseen, unseen) : NULL}};
    desk_line(desk, now, "incident", field, sizeof field / sizeof *field);
}

static void tell_condition(struct desk *desk, const struct tale *tale,
                           const struct incident *incident, bool is_over)
{
    tell(desk->teller, tale, "camera %s: %s%s", tale->camera,
         is_over ? "over: " : "",
         incident_sentence(incident->kind, incident->tier));
}

static const char *sentence(const struct incident *incident, char text[32])
{
    if (incident->kind != INCIDENT_PERSON || incident->persons < 2) {
        return incident_sentence(incident->kind, incident->tier);
    }
    snprintf(text, 32, "%d persons are there", incident->persons);
    return text;
}

/* What is told of: all of it, or what made it grow, by whose camera that is. */
static struct incident news_of(const struct desk *desk,
                               const struct incident_event *event)
{
    struct incident part;
    bool is_part = event->change == INCIDENT_GREW &&
                   incidents_part_of(desk->incidents, event->camera, &part) &&
                   part.number == event->incident.number;
    return is_part ? part : event->incident;
}

static const char *over(const struct incident *incident)
{
    return incident->blind    ? INCIDENT_OVER_BLIND
           : incident->unseen ? INCIDENT_OVER_UNSEEN
                              : "over";
}

static void tell_incident(const struct desk *desk, const struct tale *tale,
                          const struct incident *incident,
                          enum incident_change change)
{
    char text[32], since[CLOCK_TEXT_SIZE];
    if (change == INCIDENT_TEAM) {
        tell(desk->teller, tale,
             "incident %" PRIu32 ": own team in the room since %.19sZ (%s)",
             incident->number, clock_text(incident->team_us, since),
             incident->team);
    } else if (change == INCIDENT_REGAINED) {
        tell(desk->teller, tale, "incident %" PRIu32 ": camera %s sees again",
             incident->number, tale->camera);
    } else if (change == INCIDENT_CLOSED) {
        int64_t took_us = incident->end.boot_us - incident->start.boot_us;
        tell(desk->teller, tale,
             "incident %" PRIu32 ": %s, after %" PRId64 " s", incident->number,
             over(incident), took_us / 1000000);
    } else {
        tell(
            desk->teller, tale, "%sINCIDENT %" PRIu32 "%s at camera %s%s%s: %s",
            incident->tier == INCIDENT_TOUCH ? "ALERT! " : "", incident->number,
            change == INCIDENT_GREW || change == INCIDENT_BLINDED ? " grows,"
                                                                  : "",
            tale->camera, tale->zone ? ", " : "", tale->zone ? tale->zone : "",
            sentence(incident, text));
    }
}

static void tell_event(struct desk *desk, const struct incident_event *event)
{
    const struct incident news = news_of(desk, event);
    const struct incident *incident = &news;
    const struct where found = where(desk, incident);
    const struct where *at = &found;
    bool is_over = event->change == INCIDENT_CLOSED;
    bool names_none =
        incident->number && (is_over || event->change == INCIDENT_TEAM);
    const struct tale tale = {.event =
                                  incident->number ? "incident" : "condition",
                              .state = change_name[event->change],
                              .camera = at->camera,
                              .zone = at->zone,
                              .kind = incident_kind_name((int)incident->kind),
                              .tier = incident_tier_name((int)incident->tier),
                              .incident = incident->number,
                              .cameras = names_none ? incident->cameras : 0};
    if (incident->number == 0) {
        tell_condition(desk, &tale, incident, is_over);
    } else {
        tell_incident(desk, &tale, incident, event->change);
    }
}

/* Wake the people that the configuration names. */
static void alert(struct desk *desk, const struct incident_event *event,
                  struct moment now)
{
    struct fault fault = {"", ""};
    const struct tale tale = {.event = "alert",
                              .state = "failed",
                              .incident = event->incident.number};
    if (desk->alerts && !desk->is_broken &&
        alerts_raise(desk->alerts, event, now, &fault)) {
        tell(desk->teller, &tale, "THE ALERT COULD NOT BE QUEUED: %s",
             fault.why);
    }
}

/* What has been recorded so far is sealed and signed at once, so that
 * whoever comes for the box comes too late. */
static void secure(struct desk *desk, struct camera *camera, size_t cameras,
                   uint64_t which, struct moment now)
{
    struct fault fault = {"", ""};
    for (size_t i = 0; i < cameras; i++) {
        if (camera[i].recording && which >> i & 1) {
            recording_alert(camera[i].recording);
        }
    }
    if (desk->core && !desk->is_broken &&
        ledger_checkpoint(core_ledger(desk->core), now, &fault)) {
        desk_break(desk, &fault);
    }
}

/* Words are on their way; pictures follow, where somebody takes them. */
static void glimpse_want(struct desk *desk, const struct camera *camera,
                         size_t cameras, const struct incident_event *event,
                         struct moment now)
{
    size_t at = (size_t)event->incident.camera;
    bool is_news = event->change != INCIDENT_GREW &&
                   event->change != INCIDENT_TEAM &&
                   event->change != INCIDENT_REGAINED;
    if (desk->films && is_news && at < cameras) {
        glimpse_begin(desk->glimpse, &camera[at], &event->incident, now);
    }
}

bool incidents_drain(struct desk *desk, struct camera *camera, size_t cameras,
                     struct moment now)
{
    struct incident_event event;
    bool any = false;
    while (incidents_next(desk->incidents, &event)) {
        any = true;
        const struct where at = where(desk, &event.incident);
        event.incident.sight = camera_sight_of(&camera[event.incident.camera],
                                               event.incident.zone);
        line_append(desk, now, &event, &at);
        tell_event(desk, &event);
        if (event.incident.number > 0) {
            alert(desk, &event, now);
        }
        bool goes_on = event.change != INCIDENT_CLOSED &&
                       event.change != INCIDENT_REGAINED;
        if (goes_on && event.incident.number > 0) {
            secure(desk, camera, cameras, event.incident.cameras, now);
            glimpse_want(desk, camera, cameras, &event, now);
        }
    }
    return any;
}
