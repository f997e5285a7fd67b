#include "operation/incident_team.h"

#include <stdio.h>

void incident_team_enter(struct incident_team *team, const char *who,
                         struct moment now)
{
    team->since_us = now.utc_us;
    team->quiet_us = now.boot_us;
    (void)snprintf(team->who, sizeof team->who, "%s", who);
}

void incident_team_leave(struct incident_team *team)
{
    team->since_us = 0;
}

void incident_team_tick(struct incident_team *team, struct moment now)
{
    if (now.boot_us - team->quiet_us >= INCIDENT_TEAM_US) {
        incident_team_leave(team);
    }
}

bool incident_team_is_long_out(struct incident_team *team, bool is_theirs,
                               struct moment now)
{
    if (!is_theirs || team->since_us) {
        team->out_us = 0;
    } else if (!team->out_us) {
        team->out_us = now.boot_us;
    } else {
        return now.boot_us - team->out_us >= INCIDENT_OUT_US;
    }
    return false;
}
