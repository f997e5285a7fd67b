/*
 * config_lint: what is well formed in operation.yaml and cannot be gone by, or
 * is surely not meant.
 *
 * The text itself stays readable with it: what was recorded by it has to be
 * opened and verified for as long as it is kept.
 */
#ifndef STING_OPERATION_CONFIG_LINT_H
#define STING_OPERATION_CONFIG_LINT_H

#include "operation/config.h"

/* Add each camera whose url nobody could watch. `text` is what the
 * configuration was read from: it says where that stands. */
void config_reach_check(struct bytes text, const struct config *config,
                        struct config_mistakes *mistakes);

/* Add what a station runs with and shows wrongly, or not at all: an operation
 * that has ended, masks over a whole zone, one camera listed as two, staff of
 * no camera. */
void config_lint(struct bytes text, const struct config *config,
                 int64_t now_utc_us, struct config_mistakes *mistakes);

#endif
