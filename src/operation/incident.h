/*
 * incident: observations in, numbered incidents out.
 *
 * An incident is what happened in one stretch of time at one place, on any
 * number of cameras. It opens with the first observation that matters and
 * closes when nothing has been observed for the quiet time. What takes its time
 * without being an act of anybody (a camera stays away, stays covered) opens an
 * incident but does not hold it open; while one is open it is told as news,
 * once of each camera. Light and learning are conditions: told when they begin
 * and end, with number 0.
 *
 * Used by the station on live cameras and by `sting replay` on clips.
 * Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_INCIDENT_H
#define STING_OPERATION_INCIDENT_H

#include "base/base.h"
#include "base/clock.h"
#include "operation/incident_kind.h"
#include "operation/incident_sight.h"
#include "operation/incident_team.h"

struct observation {
    int camera; /* index, 0 to 63 */
    int zone;   /* index, -1 for the whole picture */
    enum incident_kind kind;
    bool begins; /* else it ends, */
    bool is_cut; /* unseen: the picture changed, or whoever looked is gone */
    bool by_page_watch;   /* which saw a page, and nobody */
    bool is_alone;        /* and nothing agrees with it: presence, no touch */
    struct moment at;     /* when it began or ended, by the pictures */
    struct moment looked; /* the look that told; boot_us orders everything */
    double score;
};

struct incident {
    uint32_t number; /* 0: a condition */
    int camera;      /* where what it is named after was seen first */
    int zone;
    enum incident_kind kind; /* the gravest seen so far */
    enum incident_tier tier;
    struct moment start;
    struct moment end;        /* of the last observation so far */
    struct moment first_look; /* the look that opened it */
    double score;             /* the highest of its kind */
    uint64_t cameras;         /* bit c: camera c told some of it */
    uint64_t seen_by;         /* of these, who saw somebody, or a touch */
    int persons; /* so many could be told apart at once; 0: none were seen */
    int64_t team_us; /* UTC since when the own team is in the room, and
                        people there are no intruders; 0: it is not */
    char team[INCIDENT_TEAM_SIZE]; /* who went */
    uint64_t blind;  /* of one that closes: cameras there that are covered or
                        gone still */
    uint64_t unseen; /* these, and who saw somebody, or a touch, when its
                        picture changed or broke off: none saw the end */
    struct incident_sight sight; /* there and then; whoever knows the camera
                                    fills it in, nothing here reads it */
};

enum incident_change {
    INCIDENT_OPENED,
    INCIDENT_RAISED,  /* a zone is touched, once of each: a new alert is due;
                         it is told with that as its camera and zone */
    INCIDENT_GREW,    /* another camera, or a graver kind */
    INCIDENT_BLINDED, /* a camera was covered, or went, while it goes on: the
                         incident is told with that as its kind */
    INCIDENT_TEAM,    /* the own team went in */
    INCIDENT_CLOSED,
    INCIDENT_REGAINED, /* a camera sees that was covered or gone as it closed */
};

struct incident_event {
    enum incident_change change;
    struct incident incident; /* as it is now */
    int camera;               /* whose observation did it; -1: nobody's */
};

struct incidents;

/* quiet_us > 0; the first incident gets first_number. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status incidents_new(int64_t quiet_us,
                                               uint32_t first_number,
                                               struct incidents **out);
void incidents_free(struct incidents **incidents);
/* Cameras of one place share an incident, those of another have their own; all
 * are of one place, 0, unless told otherwise. Places are 0 to 63. */
#define INCIDENT_MOST_PLACES 64
void incidents_place_set(struct incidents *incidents, int camera, int place);
int incidents_place_of(const struct incidents *incidents, int camera);
/* Another quiet time, > 0, from now on. */
void incidents_quiet_set(struct incidents *incidents, int64_t quiet_us);

/* Take an observation. Fails: E_ARG when camera or kind is out of range. */
STING_MUST_USE enum sting_status incidents_observe(
    struct incidents *incidents, const struct observation *observation);

/* A camera's worker begins anew, and knows nothing of what went on; what was
 * its zone z is zone_now[z], -1: it is gone. */
void incidents_camera_anew(struct incidents *incidents, int camera,
                           const int zone_now[], size_t zones);

/* It is not watched any more: what goes on there holds nothing open. */
void incidents_camera_off(struct incidents *incidents, int camera);

/* So many persons could be told apart at once by a camera, 0: it sees nobody.
 * An incident grows by those beyond the first; fewer never make it smaller. */
#define INCIDENT_MOST_PERSONS 16
void incidents_persons(struct incidents *incidents, int camera, int persons,
                       struct moment now);

/* The own team goes into a room (`since`), or says that it is out (NULL).
 * Whoever is there still when it has been out for long is an incident of its
 * own. A room is a place. */
#define INCIDENT_EVERYWHERE (-1)
void incidents_team_set(struct incidents *incidents, int place, const char *who,
                        const struct moment *since);

/* Who is in that room, and since when (UTC); NULL: nobody. */
const char *incidents_team(const struct incidents *incidents, int place,
                           int64_t *since_us);

/* Time goes on: close what has been quiet. Call it at least every second. */
void incidents_tick(struct incidents *incidents, struct moment now);

/* End everything now: the station stops, the clip is over. */
void incidents_finish(struct incidents *incidents, struct moment now);

/* Is the camera covered, turned or blinded now, whether an incident is open or
 * was closed while it went on? */
bool incidents_is_covered(const struct incidents *incidents, int camera);

/* The next event, oldest first; false when there is none. Take them after
 * every call above: at most INCIDENTS_MOST_EVENTS wait, later ones are lost.
 */
#define INCIDENTS_MOST_EVENTS 256
bool incidents_next(struct incidents *incidents, struct incident_event *out);

/* An incident now open, NULL when there is none; the one where that camera
 * is. */
const struct incident *incidents_open(const struct incidents *incidents);
const struct incident *incidents_open_of(const struct incidents *incidents,
                                         int camera);
/* That one as this camera alone tells it: its own kind, zone, beginning and
 * persons. False: there is none, or it neither opened it nor saw anybody. */
bool incidents_part_of(const struct incidents *incidents, int camera,
                       struct incident *out);

#endif
