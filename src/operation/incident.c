#include "operation/incident.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CAMERAS 64

/* What each kind means. `holds`: while it lasts the incident stays open. */
static const struct {
    const char *name;
    enum incident_tier tier;
    int gravity; /* an incident is named after its gravest kind */
    bool holds;
} trait[INCIDENT_KINDS] = {
    [INCIDENT_PERSON] = {"person", INCIDENT_PRESENCE, 3, true},
    [INCIDENT_PAGE] = {"page", INCIDENT_TOUCH, 4, true},
    [INCIDENT_LIGHT] = {"light", INCIDENT_NONE, 0, false},
    [INCIDENT_TAMPER] = {"tamper", INCIDENT_PRESENCE, 2, false},
    [INCIDENT_LOSS] = {"loss", INCIDENT_PRESENCE, 1, false},
    [INCIDENT_LEARNING] = {"learning", INCIDENT_NONE, 0, false},
};

/* What goes on at one place. */
struct place {
    bool is_open;
    struct incident open;
    int64_t last_us; /* boot time of the last thing that matters */
    int64_t team_us; /* UTC; 0: the own team is not there */
    char team[INCIDENT_TEAM_SIZE];
    int64_t team_quiet_us; /* boot time since when nobody was seen */
    int64_t team_out_us;   /* boot time; 0: they did not leave one open */
};

/* What one camera tells of the incident at its place, the gravest. */
struct part {
    uint32_t number; /* 0: nothing yet */
    int zone;
    enum incident_kind kind;
    struct moment start;
    struct moment first_look;
    double score;
    int persons;
};

struct incidents {
    int64_t quiet_us;
    uint32_t next_number;
    struct place place[MOST_CAMERAS];
    int place_of[MOST_CAMERAS]; /* by camera; all 0 unless told otherwise */
    /* Zones in which a kind goes on, per camera: bit 0 is zone -1. */
    uint32_t ongoing[MOST_CAMERAS][INCIDENT_KINDS];
    struct incident condition[MOST_CAMERAS][INCIDENT_KINDS];
    struct part part[MOST_CAMERAS];
    struct incident_event event[INCIDENTS_MOST_EVENTS];
    size_t first_event;
    size_t events;
};

const char *incident_kind_name(int kind)
{
    return kind >= 0 && kind < INCIDENT_KINDS ? trait[kind].name : "unknown";
}

const char *incident_tier_name(int tier)
{
    static const char *const name[] = {"none", "presence", "touch"};
    return tier >= 0 && tier < 3 ? name[tier] : "unknown";
}

enum incident_tier incident_kind_tier(int kind)
{
    return kind >= 0 && kind < INCIDENT_KINDS ? trait[kind].tier
                                              : INCIDENT_NONE;
}

const char *incident_sentence(enum incident_kind kind)
{
    static const char *const text[INCIDENT_KINDS] = {
        [INCIDENT_PERSON] = "somebody is there",
        [INCIDENT_PAGE] = "THE DOCUMENT WAS TOUCHED",
        [INCIDENT_LIGHT] = "the light changed",
        [INCIDENT_TAMPER] = "the camera was covered or turned",
        [INCIDENT_LOSS] = "the camera is gone",
        [INCIDENT_LEARNING] = "the camera is learning what quiet looks like"};
    return text[kind];
}

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
    for (int p = 0; p < MOST_CAMERAS; p++) {
        if (incidents->place[p].is_open) {
            return &incidents->place[p].open;
        }
    }
    return NULL;
}

const struct incident *incidents_open_of(const struct incidents *incidents,
                                         int camera)
{
    if (camera < 0 || camera >= MOST_CAMERAS) {
        return NULL;
    }
    const struct place *place = &incidents->place[incidents->place_of[camera]];
    return place->is_open ? &place->open : NULL;
}

void incidents_place_set(struct incidents *incidents, int camera, int place)
{
    if (camera >= 0 && camera < MOST_CAMERAS && place >= 0 &&
        place < MOST_CAMERAS) {
        incidents->place_of[camera] = place;
    }
}

bool incidents_part_of(const struct incidents *incidents, int camera,
                       struct incident *out)
{
    const struct incident *open = incidents_open_of(incidents, camera);
    const struct part *part = open ? &incidents->part[camera] : NULL;
    if (!part || part->number != open->number) {
        return false;
    }
    *out = *open;
    out->camera = camera;
    out->zone = part->zone;
    out->kind = part->kind;
    out->tier = trait[part->kind].tier;
    out->start = part->start;
    out->first_look = part->first_look;
    out->score = part->score;
    out->persons = part->persons;
    out->cameras = UINT64_C(1) << camera;
    out->seen_by &= out->cameras;
    return true;
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

/* The camera's bit when it tells of somebody, not only of itself. */
static uint64_t witness_bit(const struct observation *seen)
{
    bool is_act = seen->kind == INCIDENT_PERSON || seen->kind == INCIDENT_PAGE;
    return is_act ? UINT64_C(1) << seen->camera : 0;
}

static struct incident incident_of(const struct observation *seen,
                                   uint32_t number)
{
    return (struct incident){
        .number = number,
        .camera = seen->camera,
        .zone = seen->zone,
        .kind = seen->kind,
        .tier = trait[seen->kind].tier,
        .start = seen->at,
        .end = seen->at,
        .first_look = seen->looked,
        .score = seen->score,
        .cameras = UINT64_C(1) << seen->camera,
        .seen_by = witness_bit(seen),
    };
}

/* What a camera tells of incident `number` is of its own part too. */
static void part_take(struct incidents *incidents, uint32_t number,
                      const struct observation *seen)
{
    struct part *part = &incidents->part[seen->camera];
    bool is_new = part->number != number;
    if (is_new) {
        *part = (struct part){
            .number = number, .start = seen->at, .first_look = seen->looked};
    }
    if (is_new || trait[seen->kind].gravity > trait[part->kind].gravity) {
        part->kind = seen->kind;
        part->zone = seen->zone;
        part->score = seen->score;
    }
}

/* Conditions begin and end by themselves and touch no incident. */
static void condition_observe(struct incidents *incidents,
                              const struct observation *seen)
{
    struct incident *condition =
        &incidents->condition[seen->camera][seen->kind];
    uint32_t *ongoing = &incidents->ongoing[seen->camera][seen->kind];
    if (seen->begins && !*ongoing) {
        *ongoing = 1;
        *condition = incident_of(seen, 0);
        tell(incidents, INCIDENT_OPENED, condition);
    } else if (!seen->begins && *ongoing) {
        *ongoing = 0;
        condition->end = seen->at;
        tell(incidents, INCIDENT_CLOSED, condition);
    }
}

/* Who keeps the incident there open, as if just seen; false: nobody. */
static bool held_by(const struct incidents *incidents, int place,
                    struct moment now, struct observation *out)
{
    for (int c = 0; c < MOST_CAMERAS; c++) {
        for (int k = 0; k < INCIDENT_KINDS; k++) {
            uint32_t zones = incidents->ongoing[c][k];
            if (incidents->place_of[c] == place && trait[k].holds && zones) {
                *out = (struct observation){.camera = c,
                                            .kind = (enum incident_kind)k,
                                            .zone = __builtin_ctz(zones) - 1,
                                            .begins = true,
                                            .at = now,
                                            .looked = now};
                return true;
            }
        }
    }
    return false;
}

static void close_open(struct incidents *incidents, struct place *place)
{
    place->team_quiet_us = place->last_us;
    place->is_open = false;
    tell(incidents, INCIDENT_CLOSED, &place->open);
}

/* The team has left when nobody was seen for so long. */
static void team_tick(struct place *place, struct moment now)
{
    if (!place->is_open &&
        now.boot_us - place->team_quiet_us >= INCIDENT_TEAM_US) {
        place->team_us = 0;
    }
}

static void team_give(const struct place *place, struct incident *incident)
{
    incident->team_us = place->team_us;
    memcpy(incident->team, place->team, sizeof incident->team);
}

static void team_place_set(struct incidents *incidents, struct place *place,
                           const char *who, const struct moment *since)
{
    place->team_us = since ? since->utc_us : 0;
    if (!since) {
        return; /* the incident stays theirs until `team_out_tick` */
    }
    place->team_quiet_us = since->boot_us;
    (void)snprintf(place->team, sizeof place->team, "%s", who);
    if (place->is_open) {
        team_give(place, &place->open);
        tell(incidents, INCIDENT_TEAM, &place->open);
    }
}

int incidents_place_of(const struct incidents *incidents, int camera)
{
    return camera >= 0 && camera < MOST_CAMERAS ? incidents->place_of[camera]
                                                : INCIDENT_EVERYWHERE;
}

void incidents_team_set(struct incidents *incidents, int place, const char *who,
                        const struct moment *since)
{
    for (int p = 0; p < MOST_CAMERAS; p++) {
        if (place == INCIDENT_EVERYWHERE || place == p) {
            team_place_set(incidents, &incidents->place[p], who, since);
        }
    }
}

const char *incidents_team(const struct incidents *incidents, int place,
                           int64_t *since_us)
{
    bool is_one = place >= 0 && place < MOST_CAMERAS;
    if (!is_one || !incidents->place[place].team_us) {
        return NULL;
    }
    *since_us = incidents->place[place].team_us;
    return incidents->place[place].team;
}

void incidents_persons(struct incidents *incidents, int camera, int persons,
                       struct moment now)
{
    if (camera < 0 || camera >= MOST_CAMERAS) {
        return;
    }
    struct place *place = &incidents->place[incidents->place_of[camera]];
    struct part *part = &incidents->part[camera];
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

/* Our own are out, and somebody is there still: that is an incident of its
 * own, of which people are told. */
static void team_out_tick(struct incidents *incidents, int number,
                          struct moment now)
{
    struct place *place = &incidents->place[number];
    struct observation seen;
    if (!place->is_open || !place->open.team_us || place->team_us) {
        place->team_out_us = 0;
    } else if (!place->team_out_us) {
        place->team_out_us = now.boot_us;
    } else if (now.boot_us - place->team_out_us >= INCIDENT_OUT_US &&
               held_by(incidents, number, now, &seen)) {
        close_open(incidents, place);
        place->open = incident_of(&seen, incidents->next_number++);
        place->is_open = true;
        part_take(incidents, place->open.number, &seen);
        tell_of(incidents, INCIDENT_OPENED, &place->open, seen.camera);
    }
}

void incidents_tick(struct incidents *incidents, struct moment now)
{
    for (int p = 0; p < MOST_CAMERAS; p++) {
        struct place *place = &incidents->place[p];
        struct observation seen;
        if (place->is_open && held_by(incidents, p, now, &seen)) {
            place->open.end = now;
            place->last_us = now.boot_us;
        } else if (place->is_open &&
                   now.boot_us - place->last_us >= incidents->quiet_us) {
            close_open(incidents, place);
        }
        team_tick(place, now);
        team_out_tick(incidents, p, now);
    }
}

/* A further observation of the incident now open. */
static void absorb(struct incidents *incidents, struct incident *open,
                   const struct observation *seen)
{
    uint64_t cameras = open->cameras | UINT64_C(1) << seen->camera;
    uint64_t seen_by = open->seen_by | witness_bit(seen);
    bool grew = cameras != open->cameras || seen_by != open->seen_by ||
                trait[seen->kind].gravity > trait[open->kind].gravity;
    open->cameras = cameras;
    open->seen_by = seen_by;
    if (witness_bit(seen)) {
        part_take(incidents, open->number, seen);
    }
    if (trait[seen->kind].gravity > trait[open->kind].gravity) {
        open->kind = seen->kind;
        open->camera = seen->camera;
        open->zone = seen->zone;
        open->score = seen->score;
    } else if (seen->kind == open->kind && seen->score > open->score) {
        open->score = seen->score;
    }
    if (trait[seen->kind].tier > open->tier) {
        open->tier = trait[seen->kind].tier;
        tell_of(incidents, INCIDENT_RAISED, open, seen->camera);
    } else if (grew) {
        tell_of(incidents, INCIDENT_GREW, open, seen->camera);
    }
}

static uint32_t zone_bit(int zone)
{
    return zone < 0 ? 1 : UINT32_C(2) << zone;
}

/* A camera that is gone sees nothing any more, and who comes back tells anew.
 */
static void forget_camera(struct incidents *incidents, int camera)
{
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        if (trait[k].tier != INCIDENT_NONE && k != INCIDENT_LOSS) {
            incidents->ongoing[camera][k] = 0;
        }
    }
}

/* The ongoing marks after `seen`; false when it changes nothing. */
static bool mark(struct incidents *incidents, const struct observation *seen)
{
    uint32_t *ongoing = &incidents->ongoing[seen->camera][seen->kind];
    uint32_t before = *ongoing;
    if (seen->begins) {
        *ongoing |= zone_bit(seen->zone);
    } else {
        *ongoing &= ~zone_bit(seen->zone);
    }
    if (seen->begins && seen->kind == INCIDENT_LOSS) {
        forget_camera(incidents, seen->camera);
    }
    return *ongoing != before;
}

/* What was this zone is another now, or gone: -1. */
static void zone_move(int *zone, const int zone_now[], size_t zones)
{
    if (*zone >= 0) {
        *zone = (size_t)*zone < zones ? zone_now[*zone] : -1;
    }
}

void incidents_camera_anew(struct incidents *incidents, int camera,
                           const int zone_now[], size_t zones)
{
    if (camera < 0 || camera >= MOST_CAMERAS) {
        return;
    }
    forget_camera(incidents, camera);
    for (int p = 0; p < MOST_CAMERAS; p++) {
        struct incident *open = &incidents->place[p].open;
        if (open->camera == camera) {
            zone_move(&open->zone, zone_now, zones);
        }
    }
    zone_move(&incidents->part[camera].zone, zone_now, zones);
}

static void act_observe(struct incidents *incidents,
                        const struct observation *seen)
{
    struct place *place = &incidents->place[incidents->place_of[seen->camera]];
    incidents_tick(incidents, seen->looked);
    bool is_new = mark(incidents, seen);
    if (seen->begins && is_new && !place->is_open) {
        place->open = incident_of(seen, incidents->next_number++);
        place->is_open = true;
        if (place->team_us) {
            team_give(place, &place->open);
        }
        part_take(incidents, place->open.number, seen);
        tell_of(incidents, INCIDENT_OPENED, &place->open, seen->camera);
    } else if (seen->begins && place->is_open) {
        absorb(incidents, &place->open, seen);
    }
    /* The end of what does not hold says nothing about the incident. */
    bool counts = seen->begins ? is_new : is_new && trait[seen->kind].holds;
    if (counts && place->is_open) {
        place->last_us = seen->looked.boot_us;
        if (seen->at.boot_us > place->open.end.boot_us) {
            place->open.end = seen->at;
        }
    }
}

enum sting_status incidents_observe(struct incidents *incidents,
                                    const struct observation *observation)
{
    if (observation->camera < 0 || observation->camera >= MOST_CAMERAS ||
        observation->zone < -1 || observation->zone > 30 ||
        (int)observation->kind < 0 || observation->kind >= INCIDENT_KINDS) {
        return STING_E_ARG;
    }
    if (trait[observation->kind].tier == INCIDENT_NONE) {
        condition_observe(incidents, observation);
    } else {
        act_observe(incidents, observation);
    }
    return STING_OK;
}

void incidents_finish(struct incidents *incidents, struct moment now)
{
    for (int p = 0; p < MOST_CAMERAS; p++) {
        struct place *place = &incidents->place[p];
        struct observation seen;
        if (place->is_open && held_by(incidents, p, now, &seen)) {
            place->open.end = now;
        }
        if (place->is_open) {
            close_open(incidents, place);
        }
    }
    for (int c = 0; c < MOST_CAMERAS; c++) {
        for (int k = 0; k < INCIDENT_KINDS; k++) {
            if (trait[k].tier == INCIDENT_NONE && incidents->ongoing[c][k]) {
                incidents->condition[c][k].end = now;
                tell(incidents, INCIDENT_CLOSED, &incidents->condition[c][k]);
            }
        }
    }
    memset(incidents->ongoing, 0, sizeof incidents->ongoing);
}
