/*
 * campaign: many intrusions and many leaks with known answers, side by side.
 */
#ifndef STING_DRILL_CAMPAIGN_H
#define STING_DRILL_CAMPAIGN_H

#include "drill/leak.h"

#define CAMPAIGN_MOST 100000

/* Told after every trial; calls never overlap. */
typedef void (*campaign_tell)(void *context, uint32_t intruders,
                              uint32_t photographs);

struct campaign_settings {
    const struct operation *operation; /* may be NULL without photographs */
    const struct operation_keys *keys;
    const char *setting; /* of all photographs; NULL: any in fair light */
    uint32_t intruders;
    double team_s; /* that a team needs from the look that told to the door */
    uint32_t photographs;
    uint64_t seed;
    campaign_tell tell;
    void *context;
};

struct campaign {
    uint32_t intruders, caught, false_alarms;
    uint32_t in_time; /* of those caught, reached by the team */
    double median_s;  /* from the first step inside to the look that told */
    uint32_t photographs, traced, wrong;
};

/* Run all trials: about 3 s of a core an intruder, 5 s a photograph. The
 * same seed gives the same answers. Fails: as intrusion_run and leak_run. */
STING_MUST_USE enum sting_status campaign_run(
    const struct campaign_settings *settings, struct campaign *out,
    struct fault *fault);

#endif
