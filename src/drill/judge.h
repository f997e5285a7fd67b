/*
 * judge: what the detector tells, made into incidents by the rules of `sting
 * run`; whoever is told of somebody hears when it began and when it was told.
 */
#ifndef STING_DRILL_JUDGE_H
#define STING_DRILL_JUDGE_H

#include "detect/detector.h"

struct judge;

/* An incident for a person or a page opened: when it began, and the look that
 * told, in seconds of the film. */
typedef void (*judge_opened)(void *context, double start_s, double told_s);

/* quiet_us: after which an incident is over. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status judge_new(int64_t quiet_us,
                                           judge_opened opened, void *context,
                                           struct judge **out);
void judge_free(struct judge **judge);

/* A looker_sink, whose context is a struct judge. Fails: E_ARG. */
STING_MUST_USE enum sting_status judge_look(void *judge, int64_t at_us,
                                            const struct detect_look *look);

/* No more looks will come. */
void judge_finish(struct judge *judge);

/* Does an incident go on? */
bool judge_is_open(const struct judge *judge);

#endif
