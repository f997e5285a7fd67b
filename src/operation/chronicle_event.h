/*
 * chronicle_event: what of a line of the ledger is kept to look back on, and
 * what later lines add to an incident. Pure: lines in, events out.
 */
#ifndef STING_OPERATION_CHRONICLE_EVENT_H
#define STING_OPERATION_CHRONICLE_EVENT_H

#include "ledger/line.h"
#include "operation/chronicle.h"

struct chronicle_kind;

/* How lines of that kind are kept; NULL: they are not. */
const struct chronicle_kind *chronicle_kind_of(const char *kind);

/* Does this line of it tell of something that happened? A `trace` line that
 * seals nothing only counts that a page was asked about once more. */
bool chronicle_kind_tells(const struct chronicle_kind *kind,
                          const struct line *line);

/* As told in the line. Of an event that is there already, what the line does
 * not tell stays. */
void chronicle_event_take(struct chronicle_event *event,
                          const struct chronicle_kind *kind,
                          const struct line *line);

/* The kind that it is of, as text that stays. */
const char *chronicle_kind_name(const struct chronicle_kind *kind);

/* When who was told, answered and went is of the incident too. */
void chronicle_event_answer(struct chronicle_event *incident,
                            const struct chronicle_event *event);

#endif
