/*
 * laid: which copy of what document lies in which zone, as operation.yaml said
 * when a station went by it. Each change of that is a line of kind `laid`, so
 * that what is said of the past is said of the copy that lay there then.
 *
 * Threads: one at a time. Reads no clock.
 */
#ifndef STING_OPERATION_LAID_H
#define STING_OPERATION_LAID_H

#include "base/fault.h"
#include "operation/config.h"

struct line;

struct laid_place {
    char camera[CONFIG_NAME_SIZE];
    char zone[CONFIG_NAME_SIZE];
    char bait[CONFIG_NAME_SIZE]; /* "": nothing lies there any more */
    uint32_t copy;               /* 0: not known */
};

/* Zero-initialise. */
struct laid {
    struct laid_place *place; /* owned */
    size_t places;
};
void laid_release(struct laid *laid);

/* Take a line of the ledger; other kinds change nothing. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status laid_take(struct laid *laid,
                                           const struct line *line);

/* As the ledger of that folder tells. Fails: E_ABSENT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status laid_read(int operation, struct laid *out,
                                           struct fault *fault);

/* What the configuration says otherwise; the caller releases it and, once it is
 * told, takes it. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status laid_changes(const struct laid *laid,
                                              const struct config *config,
                                              struct laid *out);
STING_MUST_USE enum sting_status laid_set(struct laid *laid,
                                          const struct laid_place *place);

#endif
