/*
 * console_health: how the machinery is, for the pages and for Prometheus.
 */
#ifndef STING_STATION_CONSOLE_HEALTH_H
#define STING_STATION_CONSOLE_HEALTH_H

#include "station/console_answer.h"

/* How workers and outsiders are, as keys of `state`. */
void console_health_add(struct json *out, const struct console *console,
                        const struct user *user);
/* Whole days until the disk is full; -1: not known yet. */
int64_t console_days_left(const struct console *console, int64_t free_bytes);
/* What the ledger says of the machinery, all 0 while it cannot be read; what a
 * camera lost. */
const struct health *console_ledger_health(const struct console *console);
struct health_camera console_losses(const struct console *console,
                                    const char *camera);
/* The worker at `index`, below PARTS_MOST, and its deaths: NULL when it did
 * not die. False: it neither ran nor died. */
bool console_part(const struct console *console, size_t index, struct part *out,
                  const struct health_worker **deaths);

#endif
