/*
 * console_deed: what people do at the console that each time costs the ledger a
 * line is bounded, by user in a while and by incident.
 */
#ifndef STING_STATION_CONSOLE_DEED_H
#define STING_STATION_CONSOLE_DEED_H

#include "station/console_answer.h"

/* 0, or 429; told, and a line, once an hour and user. */
int console_deed_refuse(struct console *console, const struct asked *asked,
                        struct reply *reply);

#endif
