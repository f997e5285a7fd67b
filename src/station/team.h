/*
 * team: who of our own goes into a room, and is out of it again.
 *
 * A `go` line, from a command or the console, reaches the incidents: from then
 * on people there are the own team. When nobody was seen for long enough, the
 * station itself says that it is out, room by room. A room is what cameras of
 * one `place` see.
 */
#ifndef STING_STATION_TEAM_H
#define STING_STATION_TEAM_H

#include "station/desk.h"

/* Zero-initialised. */
struct team {
    size_t taken; /* of all `go` lines, as duty counts them */
    bool has_begun;
    char who[INCIDENT_MOST_PLACES]
            [INCIDENT_TEAM_SIZE]; /* by room; "": nobody */
};

/* Take what was said since, and tell when they have left. */
void team_serve(struct team *team, struct desk *desk, struct moment now);

#endif
