#include "operation/incident.h"

#include <stdlib.h>
#include <string.h>

#include "operation/incident_blind.h"
#include "operation/incident_ongoing.h"
#include "operation/incident_part.h"

/* What goes on at one place. */
struct place {
    bool is_open;
    struct incident open;
    int64_t last_us; /* boot time of the last thing that matters */
    uint32_t touched[INCIDENT_MOST_CAMERAS]; /* bit 1 + z: its zone z */
    struct incident_team team;
};

/* What begins and ends by itself and touches no incident. */
struct condition {
    bool goes_on;
    struct incident incident;
};

struct incidents {
    int64_t quiet_us;
    uint32_t next_number;
    struct place place[INCIDENT_MOST_CAMERAS];
    int place_of[INCIDENT_MOST_CAMERAS]; /* by camera; all 0 unless told
                                            otherwise */
    struct incident_ongoing ongoing;
    struct condition condition[INCIDENT_MOST_CAMERAS][INCIDENT_KINDS];
    struct incident_part part[INCIDENT_MOST_CAMERAS];
    struct incident_blind blind;
    struct incident_event event[INCIDENTS_MOST_EVENTS];
    size_t first_event;
    size_t events;
};

enum sting_status incidents_new(int64_t quiet_us, uint32_t first_number,
                                struct incidents **out)
{
    struct incidents *incidents = calloc(1, sizeof *incidents);
    if (!incidents) {
        return STING_E_NOMEM;
    }
    incidents->quiet_us = quiet_us;
    incidents->next_number = first_number;
    *out = incidents;
    return STING_OK;
}

void incidents_free(struct incidents **incidents)
{
    free(*incidents);
    *incidents = NULL;
}

void incidents_quiet_set(struct incidents *incidents, int64_t quiet_us)
{
    incidents->quiet_us = quiet_us;
}

const struct incident *incidents_open(const struct incidents *incidents)
{
    for (int p = 0; p < INCIDENT_MOST_CAMERAS; p++) {
        if (incidents->place[p].is_open) {
            return &incidents->place[p].open;
        }
    }
    return NULL;
}

const struct incident *incidents_open_of(const struct incidents *incidents,
                                         int camera)
{
    if (camera < 0 || camera >= INCIDENT_MOST_CAMERAS) {
        return NULL;
    }
    const struct place *place = &incidents->place[incidents->place_of[camera]];
    return place->is_open ? &place->open : NULL;
}

void incidents_place_set(struct incidents *incidents, int camera, int place)
{
    if (camera >= 0 && camera < INCIDENT_MOST_CAMERAS && place >= 0 &&
        place < INCIDENT_MOST_CAMERAS) {
        incidents->place_of[camera] = place;
    }
}

bool incidents_part_of(const struct incidents *incidents, int camera,
                       struct incident *out)
{
    const struct incident *open = incidents_open_of(incidents, camera);
    return open &&
           incident_part_of(&incidents->part[camera], open, camera, out);
}

static void tell_of(struct incidents *incidents, enum incident_change change,
                    const struct incident *incident, int camera)
{
    if (incidents->events == INCIDENTS_MOST_EVENTS) {
        return;
    }
    size_t at =
        (incidents->first_event + incidents->events++) % INCIDENTS_MOST_EVENTS;
    incidents->event[at] = (struct incident_event){change, *incident, camera};
}

static void tell(struct incidents *incidents, enum incident_change change,
                 const struct incident *incident)
{
    tell_of(incidents, change, incident, -1);
}

bool incidents_next(struct incidents *incidents, struct incident_event *out)
{
    if (incidents->events == 0) {
        return false;
    }
    *out = incidents->event[incidents->first_event];
    incidents->first_event =
        (incidents->first_event + 1) % INCIDENTS_MOST_EVENTS;
    incidents->events--;
    return true;
}

static struct incident incident_of(const struct observation *seen,
                                   uint32_t number)
{
    return (struct incident){
        .number = number,
        .camera = seen->camera,
        .zone = seen->zone,
        .kind = seen->kind,
        .tier = incident_tier_of(seen),
        .start = seen->at,
        .end = seen->at,
        .first_look = seen->looked,
        .score = seen->score,
        .cameras = UINT64_C(1) << seen->camera,
        .seen_by = incident_witness(seen),
    };
}

static void condition_observe(struct incidents *incidents,
                              const struct observation *seen)
{
    struct condition *condition =
        &incidents->condition[seen->camera][seen->kind];
    bool was_on = condition->goes_on;
    condition->goes_on = seen->begins;
    if (seen->begins && !was_on) {
        condition->incident = incident_of(seen, 0);
        tell(incidents, INCIDENT_OPENED, &condition->incident);
    } else if (!seen->begins && was_on) {
        condition->incident.end = seen->at;
        tell(incidents, INCIDENT_CLOSED, &condition->incident);
    }
}

/* Who keeps the incident there open, as if just seen; false: nobody. */
static bool held_by(const struct incidents *incidents, int place,
                    struct moment now, struct observation *out)
{
    *out = (struct observation){.begins = true, .at = now, .looked = now};
    for (int c = 0; c < INCIDENT_MOST_CAMERAS; c++) {
        if (incidents->place_of[c] == place &&
            incident_ongoing_holds(&incidents->ongoing, c, &out->kind,
                                   &out->zone)) {
            out->camera = c;
            return true;
        }
    }
    return false;
}

/* The cameras of a place, as bits. */
static uint64_t cameras_at(const struct incidents *incidents, int place)
{
    uint64_t there = 0;
    for (int c = 0; c < INCIDENT_MOST_CAMERAS; c++) {
        there |= (uint64_t)(incidents->place_of[c] == place) << c;
    }
    return there;
}

/* What the camera saw going on breaks off: nobody will see its end. */
static void break_off(struct incidents *incidents, int camera)
{
    struct place *place = &incidents->place[incidents->place_of[camera]];
    enum incident_kind kind;
    int zone;
    if (place->is_open &&
        incident_ongoing_holds(&incidents->ongoing, camera, &kind, &zone)) {
        place->open.unseen |= UINT64_C(1) << camera;
    }
}

bool incidents_is_covered(const struct incidents *incidents, int camera)
{
    return camera >= 0 && camera < INCIDENT_MOST_CAMERAS &&
           incidents->ongoing.zones[camera][INCIDENT_TAMPER] != 0;
}

static void close_open(struct incidents *incidents, struct place *place)
{
    place->team.quiet_us = place->last_us;
    place->is_open = false;
    incident_blind_close(&incidents->blind, &incidents->ongoing,
                         cameras_at(incidents, (int)(place - incidents->place)),
                         &place->open);
    place->open.unseen |= place->open.blind;
    tell(incidents, INCIDENT_CLOSED, &place->open);
}

static void team_give(const struct place *place, struct incident *incident)
{
    incident->team_us = place->team.since_us;
    memcpy(incident->team, place->team.who, sizeof incident->team);
}

static void team_place_set(struct incidents *incidents, struct place *place,
                           const char *who, const struct moment *since)
{
    if (!since) {
        incident_team_leave(&place->team);
        return; /* the incident stays theirs until `team_out_tick` */
    }
    incident_team_enter(&place->team, who, *since);
    if (place->is_open) {
        team_give(place, &place->open);
        tell(incidents, INCIDENT_TEAM, &place->open);
    }
}

int incidents_place_of(const struct incidents *incidents, int camera)
{
    return camera >= 0 && camera < INCIDENT_MOST_CAMERAS
               ? incidents->place_of[camera]
               : INCIDENT_EVERYWHERE;
}

void incidents_team_set(struct incidents *incidents, int place, const char *who,
                        const struct moment *since)
{
    for (int p = 0; p < INCIDENT_MOST_CAMERAS; p++) {
        if (place == INCIDENT_EVERYWHERE || place == p) {
            team_place_set(incidents, &incidents->place[p], who, since);
        }
    }
}

const char *incidents_team(const struct incidents *incidents, int place,
                           int64_t *since_us)
{
    bool is_one = place >= 0 && place < INCIDENT_MOST_CAMERAS;
    if (!is_one || !incidents->place[place].team.since_us) {
        return NULL;
    }
    *since_us = incidents->place[place].team.since_us;
    return incidents->place[place].team.who;
}

void incidents_persons(struct incidents *incidents, int camera, int persons,
                       struct moment now)
{
    if (camera < 0 || camera >= INCIDENT_MOST_CAMERAS) {
        return;
    }
    struct place *place = &incidents->place[incidents->place_of[camera]];
    struct incident_part *part = &incidents->part[camera];
    if (place->is_open && part->number == place->open.number &&
        persons > part->persons) {
        part->persons = persons;
    }
    if (!place->is_open || persons <= place->open.persons) {
        return;
    }
    place->open.persons = persons;
    if (persons > 1) {
        place->open.end = now;
        tell_of(incidents, INCIDENT_GREW, &place->open, camera);
    }
}

/* The first time that a touch of this zone is told with the open incident. */
static bool touches_anew(struct place *place, const struct observation *seen)
{
    uint32_t bit = UINT32_C(1) << (seen->zone + 1);
    uint32_t *told = &place->touched[seen->camera];
    bool is_told = *told & bit;
    if (incident_tier_of(seen) != INCIDENT_TOUCH || is_told) {
        return false;
    }
    *told |= bit;
    return true;
}

static void place_open(struct incidents *incidents, struct place *place,
                       const struct observation *seen)
{
    place->open = incident_of(seen, incidents->next_number++);
    place->is_open = true;
    memset(place->touched, 0, sizeof place->touched);
    (void)incident_blind_begin(&incidents->blind, place->open.number, seen);
    (void)touches_anew(place, seen);
    incident_part_take(&incidents->part[seen->camera], place->open.number,
                       seen);
}

/* Our own are out, and somebody is there still: that is an incident of its
 * own, of which people are told. */
static void team_out_tick(struct incidents *incidents, int number,
                          struct moment now)
{
    struct place *place = &incidents->place[number];
    struct observation seen;
    bool is_theirs = place->is_open && place->open.team_us;
    if (incident_team_is_long_out(&place->team, is_theirs, now) &&
        held_by(incidents, number, now, &seen)) {
        close_open(incidents, place);
        place_open(incidents, place, &seen);
        tell_of(incidents, INCIDENT_OPENED, &place->open, seen.camera);
    }
}

void incidents_tick(struct incidents *incidents, struct moment now)
{
    for (int p = 0; p < INCIDENT_MOST_CAMERAS; p++) {
        struct place *place = &incidents->place[p];
        struct observation seen;
        if (place->is_open && held_by(incidents, p, now, &seen)) {
            place->open.end = now;
            place->last_us = now.boot_us;
        } else if (place->is_open &&
                   now.boot_us - place->last_us >= incidents->quiet_us) {
            close_open(incidents, place);
        }
        if (!place->is_open) {
            incident_team_tick(&place->team, now);
        }
        team_out_tick(incidents, p, now);
    }
}

/* A further observation of the incident now open. */
static void absorb(struct incidents *incidents, struct place *place,
                   const struct observation *seen)
{
    struct incident *open = &place->open;
    uint64_t cameras = open->cameras | UINT64_C(1) << seen->camera;
    uint64_t seen_by = open->seen_by | incident_witness(seen);
    enum incident_tier tier = incident_tier_of(seen);
    bool is_graver =
        tier > open->tier || incident_kind_is_graver(seen->kind, open->kind);
    bool grew =
        cameras != open->cameras || seen_by != open->seen_by || is_graver;
    open->cameras = cameras;
    open->seen_by = seen_by;
    if (incident_is_act(seen)) {
        incident_part_take(&incidents->part[seen->camera], open->number, seen);
    }
    if (is_graver) {
        open->kind = seen->kind;
        open->camera = seen->camera;
        open->zone = seen->zone;
        open->score = seen->score;
    } else if (seen->kind == open->kind && seen->score > open->score) {
        open->score = seen->score;
    }
    if (touches_anew(place, seen)) {
        open->tier = tier;
        const struct incident touched = incident_at(open, seen);
        tell_of(incidents, INCIDENT_RAISED, &touched, seen->camera);
    } else if (incident_blind_begin(&incidents->blind, open->number, seen)) {
        const struct incident blinded = incident_blind_of(open, seen);
        tell_of(incidents, INCIDENT_BLINDED, &blinded, seen->camera);
    } else if (grew) {
        tell_of(incidents, INCIDENT_GREW, open, seen->camera);
    }
}

void incidents_camera_anew(struct incidents *incidents, int camera,
                           const int zone_now[], size_t zones)
{
    if (camera < 0 || camera >= INCIDENT_MOST_CAMERAS) {
        return;
    }
    break_off(incidents, camera);
    incident_ongoing_forget(&incidents->ongoing, camera);
    for (int p = 0; p < INCIDENT_MOST_CAMERAS; p++) {
        struct incident *open = &incidents->place[p].open;
        incidents->place[p].touched[camera] = 0;
        if (open->camera == camera) {
            incident_zone_move(&open->zone, zone_now, zones);
        }
    }
    incident_zone_move(&incidents->part[camera].zone, zone_now, zones);
}

void incidents_camera_off(struct incidents *incidents, int camera)
{
    if (camera >= 0 && camera < INCIDENT_MOST_CAMERAS) {
        break_off(incidents, camera);
        incident_ongoing_forget(&incidents->ongoing, camera);
    }
}

/* The end of what does not hold says nothing about the incident. */
static void prolong(struct place *place, const struct observation *seen)
{
    if (!seen->begins && !incident_kind_holds(seen->kind)) {
        return;
    }
    place->last_us = seen->looked.boot_us;
    if (seen->at.boot_us > place->open.end.boot_us) {
        place->open.end = seen->at;
    }
}

static void act_observe(struct incidents *incidents,
                        const struct observation *seen)
{
    struct place *place = &incidents->place[incidents->place_of[seen->camera]];
    incidents_tick(incidents, seen->looked);
    if (seen->is_cut || (seen->kind == INCIDENT_LOSS && seen->begins)) {
        break_off(incidents, seen->camera);
    }
    bool is_new = incident_ongoing_mark(&incidents->ongoing, seen->camera,
                                        seen->kind, seen->zone, seen->begins);
    if (seen->begins && is_new && !place->is_open) {
        place_open(incidents, place, seen);
        if (place->team.since_us) {
            team_give(place, &place->open);
        }
        tell_of(incidents, INCIDENT_OPENED, &place->open, seen->camera);
    } else if (seen->begins && place->is_open) {
        absorb(incidents, place, seen);
    }
    struct incident regained;
    if (!seen->begins && is_new &&
        incident_blind_end(&incidents->blind, &incidents->ongoing, seen,
                           &regained)) {
        tell_of(incidents, INCIDENT_REGAINED, &regained, seen->camera);
    }
    if (is_new && place->is_open) {
        prolong(place, seen);
    }
}

enum sting_status incidents_observe(struct incidents *incidents,
                                    const struct observation *observation)
{
    if (observation->camera < 0 ||
        observation->camera >= INCIDENT_MOST_CAMERAS ||
        observation->zone < -1 || observation->zone >= INCIDENT_MOST_ZONES ||
        (int)observation->kind < 0 || observation->kind >= INCIDENT_KINDS) {
        return STING_E_ARG;
    }
    if (incident_kind_tier((int)observation->kind) == INCIDENT_NONE) {
        condition_observe(incidents, observation);
    } else {
        act_observe(incidents, observation);
    }
    return STING_OK;
}

void incidents_finish(struct incidents *incidents, struct moment now)
{
    for (int p = 0; p < INCIDENT_MOST_CAMERAS; p++) {
        struct place *place = &incidents->place[p];
        struct observation seen;
        if (place->is_open && held_by(incidents, p, now, &seen)) {
            place->open.end = now;
            break_off(incidents, seen.camera);
        }
        if (place->is_open) {
            close_open(incidents, place);
        }
    }
    for (int c = 0; c < INCIDENT_MOST_CAMERAS; c++) {
        for (int k = 0; k < INCIDENT_KINDS; k++) {
            struct condition *condition = &incidents->condition[c][k];
            if (condition->goes_on) {
                condition->goes_on = false;
                condition->incident.end = now;
                tell(incidents, INCIDENT_CLOSED, &condition->incident);
            }
        }
    }
    incidents->ongoing = (struct incident_ongoing){0};
}
