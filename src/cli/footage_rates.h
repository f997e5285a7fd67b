/*
 * footage_rates: how many of those put into the user's footage were told of,
 * by light, size, path and speed, for people, for programs and as the text
 * that is sealed with the ledger's line.
 */
#ifndef STING_CLI_FOOTAGE_RATES_H
#define STING_CLI_FOOTAGE_RATES_H

#include "base/buffer.h"
#include "drill/rehearsal.h"
#include "operation/watched.h"

#define FOOTAGE_RATES_MOST 20000 /* trials */

struct footage_rates {
    struct watched_rate told, in_time;
    struct watched_rate by[TRAITS][INTRUDER_VALUES];
    double *delay_s; /* owned: of those told of */
};

void footage_rates_release(struct footage_rates *rates);

/* Count one more; team_s below 0: no team was told of. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status footage_rates_take(
    struct footage_rates *rates, const struct rehearsal_trial *trial,
    double team_s);

/* Append a table for people, or lines of JSON. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status footage_rates_words(
    const struct footage_rates *rates, double team_s, struct buffer *out);
STING_MUST_USE enum sting_status footage_rates_json(
    const struct footage_rates *rates, double team_s, struct buffer *out);

#endif
