/*
 * trial: a message through every channel, and what came back.
 *
 * Goes past queue, policy and ledger: nothing has happened. A net worker of
 * its own carries it, whether a station runs or not.
 */
#ifndef STING_ALERT_TRIAL_H
#define STING_ALERT_TRIAL_H

#include "base/clock.h"
#include "operation/operation.h"

struct trial {
    char channel[24]; /* "mail-2" */
    char address[CONFIG_PATH_SIZE];
    bool is_delivered;
    int status; /* of HTTP, of SMTP; 0 when nobody answered */
    int64_t ms;
    char why[200]; /* it was not; "" */
};

/* Send to all channels at once and wait for them, 12 s at most. `out` has
 * room for CONFIG_MOST_ALERTS. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status trial_run(const struct operation *operation,
                                           struct moment (*now)(void),
                                           struct trial *out, size_t *count,
                                           struct fault *fault);

#endif
