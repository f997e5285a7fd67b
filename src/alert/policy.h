/*
 * policy: is this channel told of this, now?
 *
 * Presence can wait for the morning, a touch cannot: tiers, hours, quiet
 * hours, staff and whether the team is on duty decide. A camera that is
 * covered, turned or gone is never staff and never quiet: who comes with intent
 * begins with it.
 *
 * Reads no clock.
 */
#ifndef STING_ALERT_POLICY_H
#define STING_ALERT_POLICY_H

#include "operation/config.h"
#include "operation/duty.h"
#include "operation/incident.h"

enum policy {
    POLICY_SEND,
    POLICY_HOLD, /* it would be told of it at another time: `why` says */
    POLICY_PASS, /* it is never told of such */
};

/* When it is, by the machine's own calendar. */
struct policy_time {
    struct moment at;
    int weekday; /* from 0, Monday */
    int minute;  /* of the day */
};

struct policy_time policy_time_of(struct moment now);

#define POLICY_WHY_SIZE 120

enum policy policy_of(const struct config *config,
                      const struct config_alert *channel,
                      const struct incident *incident, const struct duty *duty,
                      const struct policy_time *now, char why[POLICY_WHY_SIZE]);

#endif
