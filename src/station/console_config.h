/*
 * console_config: operation.yaml as somebody at the console wants it.
 */
#ifndef STING_STATION_CONSOLE_CONFIG_H
#define STING_STATION_CONSOLE_CONFIG_H

#include "station/console_answer.h"

/* Another operation.yaml, told and written, then read anew; `before` is what
 * there is. 0, or the HTTP status of a refusal. */
int console_config_put(struct console *console, const struct asked *asked,
                       struct bytes before, struct bytes after, const char *why,
                       struct reply *reply);

#endif
