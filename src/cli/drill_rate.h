/*
 * drill_rate: what the parts of `sting drill` tell alike.
 */
#ifndef STING_CLI_DRILL_RATE_H
#define STING_CLI_DRILL_RATE_H

#include "base/json.h"
#include "operation/watched.h"

/* One object on a line of stdout. */
void drill_row_print(struct json *row);

/* Both rates of walk tests with their exact intervals; of no trial nothing. */
void drill_walks_tell(const struct watched_rate *told,
                      const struct watched_rate *in_time, bool as_json);

#endif
