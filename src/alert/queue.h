/*
 * queue: what was not delivered yet, sealed in OP/queue/.
 *
 * Delivered ones are gone.
 *
 * Format: docs/formats/folder.md.
 */
#ifndef STING_ALERT_QUEUE_H
#define STING_ALERT_QUEUE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "operation/operation.h"

struct queue_item {
    uint32_t alert; /* the alert's number, from 1; the file's name */
    uint32_t incident;
    char tier[16];
    char channel[24];
    int64_t queued_utc_us;
    int64_t due_utc_us; /* not before then */
    bool is_late;       /* and only if nobody has acknowledged by then */
    char type[100];     /* of the body */
    char address[CONFIG_PATH_SIZE];
    bool has_to;               /* written before queues kept it: not */
    char to[CONFIG_TEXT_SIZE]; /* of the channel then; "" */
    struct buffer body;        /* owned */
};

void queue_item_release(struct queue_item *item);

/* Seal an item durably. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status queue_put(const struct operation *operation,
                                           const struct secret *key,
                                           const struct queue_item *item,
                                           struct fault *fault);

/* Read an item; the caller releases *out.
 * Fails: E_ABSENT, E_FORMAT, E_FORGED, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status queue_get(const struct operation *operation,
                                           const struct secret *key,
                                           uint32_t alert,
                                           struct queue_item *out,
                                           struct fault *fault);

/* Remove an item that was delivered or given up. Fails: E_IO. */
STING_MUST_USE enum sting_status queue_drop(const struct operation *operation,
                                            uint32_t alert,
                                            struct fault *fault);

/* Numbers of all items, ascending; the caller frees *alert. */
STING_MUST_USE enum sting_status queue_list(const struct operation *operation,
                                            uint32_t **alert, size_t *count,
                                            struct fault *fault);

#endif
