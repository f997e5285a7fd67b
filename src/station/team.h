/*
 * team: who of our own goes into a room, and is out of it again.
 *
 * A `go` line, from a command or the console, reaches the incidents: from then
 * on people there are the own team. When nobody was seen for long enough, the
 * station itself says that it is out.
 */
#ifndef STING_STATION_TEAM_H
#define STING_STATION_TEAM_H

#include "station/desk.h"

/* Zero-initialised. */
struct team {
    int64_t taken_us; /* UTC of the last `go` line that was taken */
    bool is_in;
};

/* Take what was said since, and tell when they have left. */
void team_serve(struct team *team, struct desk *desk, struct moment now);

#endif
