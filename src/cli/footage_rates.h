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

#define FOOTAGE_RATES_STAYS 6

/* How long somebody stays decides whether a team meets him, and is not known:
 * of figures that stop (the others pass by) it is told by how long they stay.
 * Who stays longer than was drawn is told of no later. */
struct footage_team {
    double needs_s; /* below 0: no team was told of */
    double stay_s;  /* of who stops; below 0: as drawn */
};

struct footage_rates {
    struct footage_team team;
    struct watched_rate told, in_time;
    struct watched_rate by_stay[FOOTAGE_RATES_STAYS];
    struct watched_rate by[TRAITS][INTRUDER_VALUES];
    double *delay_s; /* owned: of those told of */
};

void footage_rates_release(struct footage_rates *rates);

/* Count one more. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status footage_rates_take(
    struct footage_rates *rates, const struct rehearsal_trial *trial);

/* Append a table for people, or lines of JSON. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status footage_rates_words(
    const struct footage_rates *rates, struct buffer *out);
STING_MUST_USE enum sting_status footage_rates_json(
    const struct footage_rates *rates, struct buffer *out);

/* "3-9", or what was said: how long whoever stops stays, s. */
#define FOOTAGE_STAY_SIZE 24
char *footage_stay_text(const struct footage_team *team,
                        char text[FOOTAGE_STAY_SIZE]);

#endif
