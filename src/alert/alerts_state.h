/*
 * alerts_state: what raising alerts and sending them share.
 */
#ifndef STING_ALERT_ALERTS_STATE_H
#define STING_ALERT_ALERTS_STATE_H

#include "alert/alerts.h"
#include "alert/channel.h"
#include "alert/queue.h"
#include "alert/storm.h"
#include "operation/client.h"

#define ALERTS_MOST_LIVE 16

/* An alert in the queue. */
struct pending {
    uint32_t alert;
    int attempts;
    int64_t due_us;  /* boot time */
    int64_t sent_us; /* boot time; 0 when it is not on its way */
    bool failure_told;
    int slot; /* its channel's, by the place in its name; -1: not read yet */
};

/* An incident that channels were told of: updates go to them. */
struct live {
    uint32_t number;
    uint32_t told; /* bit c: channel c */
    uint32_t held; /* bit c: c is told as soon as nothing holds it back */
    bool is_open;
    bool grew_waits; /* it grew, and that is told when it has rested */
    int64_t grew_us;
    struct incident incident; /* as it is now */
};

/* What became of what was sent by a channel. */
struct heard {
    int64_t sent_us, failed_us; /* UTC; 0: never */
    uint32_t failures;
    bool fails;      /* the last that it was sent has failed */
    bool fails_told; /* as people were told */
    char why[ALERTS_WHY_SIZE];
};

/* Alerts that were given up, of one channel, for one reason. */
struct lost {
    char channel[CHANNEL_NAME_SIZE];
    char why[ALERTS_WHY_SIZE];
    size_t count;
};

struct alerts {
    const struct operation *operation;
    struct core *core;
    struct secret key;
    struct secret link_key;
    struct duty duty;
    uint32_t next_alert;
    struct pending *pending;
    size_t count;
    struct client net;
    struct live live[ALERTS_MOST_LIVE]; /* a ring */
    size_t lives;
    struct storm storm[CONFIG_MOST_ALERTS];
    struct heard heard[CONFIG_MOST_ALERTS];
    struct lost lost[CONFIG_MOST_ALERTS]; /* not told yet */
    size_t losses;
    struct alerts_settled settled;
    struct mqtt_state state;
    int64_t greet_us[CONFIG_MOST_ALERTS]; /* boot time; 0: nothing to greet */
    struct digest identity[CONFIG_MOST_ALERTS]; /* of the channels as counted */
    size_t channels;
};

/* "mail-2": 1. Channels of one slot share what is sent at a time. */
int alerts_slot(const char *channel);

/* A channel took what it was sent; or, with `why`, did not. */
void alerts_heard(struct alerts *alerts, size_t channel, struct moment now,
                  const char *why);

/* What one `alert` line says; 0 and NULL leave a field out. */
struct told {
    const struct queue_item *item;
    const char *state;
    int attempt;
    int64_t ms;
    const char *why;
    const struct ledger_blob *blob;
};

/* It needs nothing more: count it as its state says. */
void alerts_count(struct alerts *alerts, const struct told *told);

/* One was given up: it is counted, and people are to be told. */
void alerts_gave_up(struct alerts *alerts, const char *channel,
                    const char *why);

/* Append the line. Fails: E_IO. */
STING_MUST_USE enum sting_status alerts_line(struct alerts *alerts,
                                             struct moment now,
                                             const struct told *told,
                                             struct fault *fault);

/* What an alert is about, while it is being made. */
struct raise {
    struct moment now;
    struct message message;
    size_t channel;
    int64_t after_us;              /* wait for an acknowledgement so long */
    bool is_again;                 /* it was held back, and that was told */
    const struct alert_film *film; /* to go with it; NULL */
};

/* Put it into its channel's queue, with its line. A message that cannot be
 * written, its template being wrong, gone, too large or not to be read: that is
 * told, and keeps nobody else from being told. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_tell(struct alerts *alerts,
                                             struct raise *raise,
                                             struct fault *fault);

/* It opened, or rose: the channel `to` is told, unless it is not to be, now or
 * at all. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_news(struct alerts *alerts,
                                             struct raise *raise,
                                             struct live *live, size_t to,
                                             struct fault *fault);

/* It grew, or is over: all channels that were told of it, are told. Fails:
 * E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_update(struct alerts *alerts,
                                               struct raise *raise,
                                               const struct live *live,
                                               struct fault *fault);

/* Tell of what was folded, when it is time. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_unfold(struct alerts *alerts,
                                               struct moment now,
                                               struct fault *fault);

/* Of incidents that go on: tell those who are held back no more, and what grew
 * meanwhile. Fails: E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status alerts_retell(struct alerts *alerts,
                                               struct moment now,
                                               struct fault *fault);

/* Take note of which channel is which. */
void alerts_channels_know(struct alerts *alerts);

/* Have the brokers told how it is now, soon. */
void alerts_greet(struct alerts *alerts, int64_t boot_us);

#endif
