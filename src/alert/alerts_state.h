/*
 * alerts_state: what raising alerts and sending them share.
 */
#ifndef STING_ALERT_ALERTS_STATE_H
#define STING_ALERT_ALERTS_STATE_H

#include "alert/alerts.h"
#include "alert/queue.h"
#include "operation/client.h"
#include "operation/duty.h"

/* An alert in the queue. */
struct pending {
    uint32_t alert;
    int attempts;
    int64_t due_us;  /* boot time */
    int64_t sent_us; /* boot time; 0 when it is not on its way */
    bool failure_told;
};

struct alerts {
    const struct operation *operation;
    struct core *core;
    struct secret key;
    struct duty duty;
    uint32_t next_alert;
    struct pending *pending;
    size_t count;
    size_t capacity;
    struct client net;
};

/* What one `alert` line says; 0 and NULL leave a field out. */
struct told {
    const struct queue_item *item;
    const char *state;
    int attempt;
    int64_t ms;
    const char *why;
    const struct ledger_blob *blob;
};

/* Append the line. Fails: E_IO. */
STING_MUST_USE enum sting_status alerts_line(struct alerts *alerts,
                                             struct moment now,
                                             const struct told *told,
                                             struct fault *fault);

#endif
