#include "station/team.h"

#include <stdio.h>
#include <string.h>

#include "ledger/line.h"

static const char *camera_name(const struct desk *desk, int camera)
{
    return operation_config(desk->operation)->camera[camera].name;
}

/* A camera of that room, by which it is called; -1: there is none. */
static int camera_of(const struct desk *desk, int place)
{
    size_t cameras = operation_config(desk->operation)->cameras;
    for (size_t i = 0; i < cameras; i++) {
        if (incidents_place_of(desk->incidents, (int)i) == place) {
            return (int)i;
        }
    }
    return -1;
}

static bool is_one_room(const struct desk *desk)
{
    size_t cameras = operation_config(desk->operation)->cameras;
    int first = incidents_place_of(desk->incidents, 0);
    for (size_t i = 1; i < cameras; i++) {
        if (incidents_place_of(desk->incidents, (int)i) != first) {
            return false;
        }
    }
    return true;
}

/* Into which room they go. False: into none that is watched now. Who is out of
 * such a one is out of all: rather told of than taken for our own. */
static bool place_find(const struct desk *desk, const struct duty_go *go,
                       int *out)
{
    const struct config *config = operation_config(desk->operation);
    *out = INCIDENT_EVERYWHERE;
    for (size_t i = 0; i < config->cameras; i++) {
        if (!strcmp(config->camera[i].name, go->camera)) {
            *out = incidents_place_of(desk->incidents, (int)i);
            return true;
        }
    }
    return (!go->camera[0] && !go->incident) || go->is_out || is_one_room(desk);
}

/* ", where camera door is" when there are several rooms; else "". */
static const char *where(const struct desk *desk, int place, char text[64])
{
    int camera = place < 0 || is_one_room(desk) ? -1 : camera_of(desk, place);
    text[0] = '\0';
    if (camera >= 0) {
        (void)snprintf(text, 64, ", where camera %s is",
                       camera_name(desk, camera));
    }
    return text;
}

static void said_tell(const struct desk *desk, const struct duty_go *go,
                      int place)
{
    char text[64];
    const struct tale tale = {.event = "go",
                              .state = go->is_out ? "out" : "in",
                              .camera = go->camera[0] ? go->camera : NULL,
                              .incident = go->incident};
    where(desk, place, text);
    if (go->is_out) {
        tell(desk->teller, &tale,
             "%s is out%s: people in the room are told of again", go->who,
             text);
    } else {
        tell(desk->teller, &tale,
             "GO: %s goes in%s; people in the room are the own team until "
             "nobody was seen for 5 minutes",
             go->who, text);
    }
}

static void unknown_tell(const struct desk *desk, const struct duty_go *go)
{
    const struct tale tale = {
        .event = "go", .state = "in", .incident = go->incident};
    tell(desk->teller, &tale,
         "%s goes in where no camera watches now: people are told of as ever",
         go->who);
}

static void room_forget(struct team *team, int place)
{
    for (int p = 0; p < INCIDENT_MOST_PLACES; p++) {
        if (place == INCIDENT_EVERYWHERE || place == p) {
            team->who[p][0] = '\0';
        }
    }
}

/* False: it changes nothing. Who went in too long ago, as before a start, is
 * not known to be there. */
static bool said_take(struct team *team, struct desk *desk,
                      const struct duty_go *go, struct moment now, int *place)
{
    int64_t ago_us = now.utc_us - go->at_us;
    const struct moment since = {.utc_us = go->at_us,
                                 .boot_us = now.boot_us - ago_us};
    if (!place_find(desk, go, place) ||
        (!go->is_out && ago_us >= INCIDENT_TEAM_US)) {
        return false;
    }
    incidents_team_set(desk->incidents, *place, go->who,
                       go->is_out ? NULL : &since);
    if (go->is_out) {
        room_forget(team, *place);
    }
    return true;
}

/* A line of our own: it has been taken with this. */
static void left_tell(struct team *team, struct desk *desk, int place,
                      struct moment now)
{
    char text[64];
    const char *name = camera_name(desk, camera_of(desk, place));
    const struct tale tale = {.event = "go", .state = "out", .camera = name};
    const struct line_field field[] = {{"state", "out"},
                                       {"who", team->who[place]},
                                       {"by", "sting"},
                                       {"why", "nobody was seen for 5 minutes"},
                                       {"camera", name}};
    desk_line(desk, now, "go", field, sizeof field / sizeof *field);
    alerts_said(desk->alerts, now, "go", field, sizeof field / sizeof *field);
    team->taken = alerts_duty(desk->alerts)->gos;
    tell(desk->teller, &tale,
         "nobody was seen for 5 minutes%s: people in the room are told of "
         "again",
         where(desk, place, text));
}

/* Who is where now; and who is there no more, though nobody said so. */
static void rooms_follow(struct team *team, struct desk *desk,
                         struct moment now)
{
    int64_t since_us = 0;
    for (int p = 0; p < INCIDENT_MOST_PLACES; p++) {
        const char *who = incidents_team(desk->incidents, p, &since_us);
        if (!who && team->who[p][0] && camera_of(desk, p) >= 0) {
            left_tell(team, desk, p, now);
        }
        (void)snprintf(team->who[p], sizeof team->who[p], "%s", who ? who : "");
    }
}

/* What the ledger says from before is gone through without a word; then is
 * told who is there. */
static void begin(struct team *team, struct desk *desk, const struct duty *duty,
                  struct moment now)
{
    for (; team->taken < duty->gos; team->taken++) {
        int place = INCIDENT_EVERYWHERE;
        (void)said_take(team, desk, &duty->go[team->taken % DUTY_MOST_GO], now,
                        &place);
    }
    for (int p = 0; p < INCIDENT_MOST_PLACES; p++) {
        struct duty_go go = {.is_out = false};
        const char *who = incidents_team(desk->incidents, p, &go.at_us);
        if (who && camera_of(desk, p) >= 0) {
            (void)snprintf(go.who, sizeof go.who, "%s", who);
            said_tell(desk, &go, p);
        }
    }
    team->has_begun = true;
}

void team_serve(struct team *team, struct desk *desk, struct moment now)
{
    if (!desk->alerts) {
        return;
    }
    const struct duty *duty = alerts_duty(desk->alerts);
    size_t oldest = duty->gos > DUTY_MOST_GO ? duty->gos - DUTY_MOST_GO : 0;
    team->taken = team->taken < oldest ? oldest : team->taken;
    if (!team->has_begun) {
        begin(team, desk, duty, now);
    }
    for (; team->taken < duty->gos; team->taken++) {
        const struct duty_go *go = &duty->go[team->taken % DUTY_MOST_GO];
        int place = INCIDENT_EVERYWHERE;
        if (said_take(team, desk, go, now, &place)) {
            said_tell(desk, go, place);
        } else {
            unknown_tell(desk, go);
        }
    }
    rooms_follow(team, desk, now);
}
