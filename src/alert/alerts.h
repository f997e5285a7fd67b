/*
 * alerts: the team knows, also when the network was away for a while.
 *
 * An incident that opens, or rises to a higher tier, makes one alert a
 * channel. Each is sealed into OP/queue/ before anything is sent, survives
 * restarts, is retried with growing pauses for a week, and leaves ledger
 * lines `alert`: queued, failed (once), delivered or given-up.
 *
 * The message goes through the net worker; the core never waits for it.
 *
 * Format: docs/formats/json.md (the message), folder.md (queue).
 * Threads: the core's.
 */
#ifndef STING_ALERT_ALERTS_H
#define STING_ALERT_ALERTS_H

#include "base/base.h"
#include "base/clock.h"
#include "base/fault.h"
#include "operation/core.h"
#include "operation/duty.h"
#include "operation/incident.h"
#include "operation/operation.h"

struct alerts;

/* Take up what an earlier session left in the queue. Both are borrowed until
 * alerts_free(). Fails: E_IO, E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_new(const struct operation *operation,
                                            struct core *core,
                                            struct alerts **out,
                                            struct fault *fault);
/* What was not delivered stays in the queue. */
void alerts_free(struct alerts **alerts);

/* Tell an incident that opened, rose, grew, closed or our team went to;
 * conditions are no alert. Camera and zone are indexes of the operation's
 * configuration. Fails: E_IO, E_NOMEM; nothing was queued then. */
STING_MUST_USE enum sting_status alerts_raise(
    struct alerts *alerts, const struct incident_event *event,
    struct moment now, struct fault *fault);

/* Tell every channel of the station itself, at once: that recording has
 * stopped, or goes on. Neither duty nor hours hold it back. Fails: E_IO,
 * E_NOMEM. */
STING_MUST_USE enum sting_status alerts_say(struct alerts *alerts,
                                            const char *words,
                                            struct moment now,
                                            struct fault *fault);

/* The operation's configuration is another: who was told of what is known of
 * the channels that are still there, and what is queued goes to them. alerts
 * may be NULL. */
void alerts_reconfigured(struct alerts *alerts, struct moment now);

/* What was recorded before an incident, and its picture (JPEG); empty: none. */
struct alert_film {
    struct bytes clip;
    struct bytes picture;
};

/* Send it to the channels with `attach:` that were told of the incident, sealed
 * to the operation's recipients or, where the channel says so, in clear.
 * Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_film(struct alerts *alerts,
                                             const struct incident *incident,
                                             const struct alert_film *film,
                                             struct moment now,
                                             struct fault *fault);

/* Send what is due, take in what came back. Call it each second and whenever
 * alerts_fd() can be read. Never waits. Fails: E_IO when the ledger or the
 * queue cannot be written. */
STING_MUST_USE enum sting_status alerts_tick(struct alerts *alerts,
                                             struct moment now,
                                             struct fault *fault);

/* Descriptor to poll, -1 when nothing is on its way; and for what. */
int alerts_fd(const struct alerts *alerts);
short alerts_events(const struct alerts *alerts);

/* Whether alerts go out, and who has acknowledged what; borrowed. */
const struct duty *alerts_duty(const struct alerts *alerts);

/* The station itself has written a line of the team's. */
struct line_field;
void alerts_said(struct alerts *alerts, struct moment now, const char *kind,
                 const struct line_field *field, size_t fields);

/* Alerts not delivered yet; those of them that have failed before. */
size_t alerts_waiting(const struct alerts *alerts);
size_t alerts_failing(const struct alerts *alerts);

/* How a channel is, since the station started or it was configured. */
#define ALERTS_WHY_SIZE 160
struct alerts_channel {
    char name[24];     /* "mail-2" */
    size_t waiting;    /* alerts not delivered yet */
    size_t failing;    /* those of them that have failed before */
    int64_t sent_us;   /* UTC when it last took something; 0: never */
    int64_t failed_us; /* UTC of the last failure; 0: none */
    uint32_t failures;
    bool fails;                /* the last that it was sent has failed */
    char why[ALERTS_WHY_SIZE]; /* of the last failure, in words */
};
/* `index` as in the operation's configuration. */
struct alerts_channel alerts_channel(const struct alerts *alerts, size_t index);

/* Whether every channel there is fails: then nobody can be told. */
bool alerts_nobody(const struct alerts *alerts);

/* How alerts ended, counted since alerts_new(). */
struct alerts_settled {
    size_t delivered;
    size_t spared;   /* nobody needed to hear of it any more */
    size_t given_up; /* never delivered */
};
struct alerts_settled alerts_settled(const struct alerts *alerts);

/* What people are to be told, each once. */
struct alerts_change {
    enum {
        ALERTS_FAIL,    /* a channel takes nothing */
        ALERTS_WORK,    /* it takes something again */
        ALERTS_GIVEN_UP /* `count` alerts were never delivered */
    } kind;
    char channel[24];
    char why[ALERTS_WHY_SIZE];
    size_t count;
};
/* The next of it; false when all was asked for. */
bool alerts_change_next(struct alerts *alerts, struct alerts_change *out);

/* The worker that sends them; borrowed. */
struct worker;
const struct worker *alerts_worker(const struct alerts *alerts);

/* Give what is on its way timeout_ms to arrive; for an orderly end. */
STING_MUST_USE enum sting_status alerts_finish(struct alerts *alerts,
                                               struct moment (*now)(void),
                                               int timeout_ms,
                                               struct fault *fault);

#endif
