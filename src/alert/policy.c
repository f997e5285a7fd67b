#include "alert/policy.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct policy_time policy_time_of(struct moment now)
{
    time_t seconds = (time_t)(now.utc_us / 1000000);
    struct tm local = {0};
    (void)localtime_r(&seconds, &local);
    return (struct policy_time){now, (local.tm_wday + 6) % 7,
                                local.tm_hour * 60 + local.tm_min};
}

/* Who may be where it was seen; NULL: nobody now. */
static const struct config_staff *staff_of(const struct config *config,
                                           const struct incident *incident,
                                           const struct policy_time *now)
{
    for (size_t i = 0; i < config->staff_count; i++) {
        const struct config_staff *staff = &config->staff[i];
        int only = config_camera_find(config, staff->camera);
        bool is_there = !staff->camera[0] ||
                        (only >= 0 && incident->cameras == UINT64_C(1) << only);
        if (is_there && week_has(&staff->hours, now->weekday, now->minute)) {
            return staff;
        }
    }
    return NULL;
}

static enum policy hold(char why[POLICY_WHY_SIZE], const char *first,
                        const char *second)
{
    (void)snprintf(why, POLICY_WHY_SIZE, "%s%.80s", first, second);
    return POLICY_HOLD;
}

enum policy policy_of(const struct config *config,
                      const struct config_alert *channel,
                      const struct incident *incident, const struct duty *duty,
                      const struct policy_time *now, char why[POLICY_WHY_SIZE])
{
    bool is_touch = incident->tier == INCIDENT_TOUCH;
    bool can_wait = !is_touch && (incident->kind == INCIDENT_PERSON ||
                                  incident->kind == INCIDENT_PAGE);
    why[0] = '\0';
    if (channel->tier == CONFIG_TOUCH && !is_touch) {
        return POLICY_PASS;
    }
    if (!duty_is_armed(duty, now->at)) {
        return hold(why, "disarmed by ", duty->by);
    }
    if (channel->hours.is_set &&
        !week_has(&channel->hours, now->weekday, now->minute)) {
        return hold(why, "outside the channel's hours", "");
    }
    if (can_wait && incident->team_us) {
        return hold(why, "own team: ", incident->team);
    }
    if (can_wait && week_has(&channel->quiet, now->weekday, now->minute)) {
        return hold(why, "quiet hours", "");
    }
    const struct config_staff *staff =
        can_wait ? staff_of(config, incident, now) : NULL;
    return staff ? hold(why, "staff: ", staff->name) : POLICY_SEND;
}
