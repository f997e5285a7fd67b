#include "station/team.h"

#include <inttypes.h>
#include <stdio.h>

#include "ledger/line.h"

/* The ledger says who went in last; where that is too long ago, as after a
 * start, nothing is known of it any more. */
static void said_take(struct desk *desk, const struct duty_go *go,
                      struct moment now)
{
    const struct tale tale = {.event = "go",
                              .state = go->is_out ? "out" : "in",
                              .incident = go->incident};
    const struct moment since = {
        .utc_us = go->at_us, .boot_us = now.boot_us - (now.utc_us - go->at_us)};
    if (!go->is_out && now.utc_us - go->at_us >= INCIDENT_TEAM_US) {
        return;
    }
    bool is_known = incidents_team_set(desk->incidents, go->incident, go->who,
                                       go->is_out ? NULL : &since);
    if (!is_known) {
        tell(desk->teller, &tale,
             "%s %s: incident %" PRIu32 " was the last of no room; people are "
             "told of as ever",
             go->who, go->is_out ? "is out" : "goes in", go->incident);
    } else if (go->is_out) {
        tell(desk->teller, &tale,
             "%s is out: people in the room are told of again", go->who);
    } else {
        tell(desk->teller, &tale,
             "GO: %s goes in; people in the room are the own team until "
             "nobody was seen for 5 minutes",
             go->who);
    }
}

static void left_tell(struct desk *desk, const struct duty_go *go,
                      struct moment now)
{
    const struct tale tale = {.event = "go", .state = "out"};
    const struct line_field field[] = {
        {"state", "out"},
        {"who", go->who},
        {"by", "sting"},
        {"why", "nobody was seen for 5 minutes"}};
    desk_line(desk, now, "go", field, sizeof field / sizeof *field);
    tell(desk->teller, &tale,
         "nobody was seen for 5 minutes: people in the room are told of again");
}

void team_serve(struct team *team, struct desk *desk, struct moment now)
{
    int64_t since_us = 0;
    if (!desk->alerts) {
        return;
    }
    const struct duty_go *go = &alerts_duty(desk->alerts)->go;
    if (go->at_us != team->taken_us) {
        team->taken_us = go->at_us;
        said_take(desk, go, now);
        team->is_in = incidents_team(desk->incidents, &since_us) != NULL;
    } else if (team->is_in && !incidents_team(desk->incidents, &since_us)) {
        team->is_in = false;
        left_tell(desk, go, now);
    }
}
