/*
 * incident_team: is the own team in a room?
 *
 * From when it goes in people there are its own, until it is out or nobody was
 * seen there for INCIDENT_TEAM_US. What began while it was there stays theirs;
 * but who is there still INCIDENT_OUT_US after it said that it is out is none
 * of it.
 */
#ifndef STING_OPERATION_INCIDENT_TEAM_H
#define STING_OPERATION_INCIDENT_TEAM_H

#include "base/base.h"
#include "base/clock.h"

#define INCIDENT_TEAM_SIZE 48
#define INCIDENT_TEAM_US (INT64_C(300) * 1000000)
#define INCIDENT_OUT_US (INT64_C(15) * 1000000)

struct incident_team {
    int64_t since_us; /* UTC; 0: it is not there */
    char who[INCIDENT_TEAM_SIZE];
    int64_t quiet_us; /* boot time since when nobody was seen */
    int64_t out_us;   /* boot time; 0: they did not leave an incident open */
};

void incident_team_enter(struct incident_team *team, const char *who,
                         struct moment now);
void incident_team_leave(struct incident_team *team);

/* Nobody is seen in the room: has the team left without a word? */
void incident_team_tick(struct incident_team *team, struct moment now);

/* `is_theirs`: an incident is open that began while they were there. Have they
 * been out for so long that whoever is there is somebody else? */
bool incident_team_is_long_out(struct incident_team *team, bool is_theirs,
                               struct moment now);

#endif
