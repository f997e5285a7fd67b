/* Alerts from their incident to the queue, each with its line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alerts_state.h"
#include "alert/policy.h"
#include "base/array.h"
#include "ledger/store.h"
#include "operation/history.h"
#include "operation/queue_file.h"

void alerts_free(struct alerts **alerts)
{
    if (*alerts) {
        client_stop(&(*alerts)->net);
        core_duty_set((*alerts)->core, NULL);
        free((*alerts)->pending);
        secret_wipe(&(*alerts)->key);
        secret_wipe(&(*alerts)->link_key);
    }
    free(*alerts);
    *alerts = NULL;
}

static enum sting_status pending_add(struct alerts *alerts, uint32_t alert,
                                     int slot)
{
    struct pending *one =
        array_add(&alerts->pending, &alerts->count, sizeof *alerts->pending);
    if (!one) {
        return STING_E_NOMEM;
    }
    *one = (struct pending){.alert = alert, .slot = slot};
    return STING_OK;
}

static enum sting_status queue_load(struct alerts *alerts, struct fault *fault)
{
    uint32_t *list = NULL;
    size_t count = 0;
    enum sting_status status =
        queue_list(alerts->operation, &list, &count, fault);
    for (size_t i = 0; i < count && !status; i++) {
        status = pending_add(alerts, list[i], -1);
        if (list[i] >= alerts->next_alert) {
            alerts->next_alert = list[i] + 1;
        }
    }
    free(list);
    return status;
}

enum sting_status alerts_new(const struct operation *operation,
                             struct core *core, struct alerts **out,
                             struct fault *fault)
{
    struct history history;
    struct alerts *alerts STING_AUTO(alerts_free) = calloc(1, sizeof *alerts);
    if (!alerts) {
        return STING_E_NOMEM;
    }
    alerts->operation = operation;
    alerts->core = core;
    alerts->net = CLIENT_OF(WORKER_NET);
    enum sting_status status = history_read(operation, &history, fault);
    if (!status) {
        alerts->next_alert = history.next_alert;
        alerts->duty = history.duty;
        status = queue_key(operation, &alerts->key, fault);
    }
    if (!status) {
        status = ack_link_key(operation, &alerts->link_key, fault);
    }
    if (!status) {
        status = queue_load(alerts, fault);
    }
    if (status) {
        return status;
    }
    core_duty_set(core, &alerts->duty);
    alerts_channels_know(alerts);
    alerts_greet(alerts, 1); /* at once */
    *out = alerts;
    alerts = NULL;
    return STING_OK;
}

void alerts_said(struct alerts *alerts, struct moment now, const char *kind,
                 const struct line_field *field, size_t fields)
{
    duty_said(&alerts->duty, now, kind, field, fields);
}

const struct duty *alerts_duty(const struct alerts *alerts)
{
    return &alerts->duty;
}

size_t alerts_waiting(const struct alerts *alerts)
{
    return alerts->count;
}

size_t alerts_failing(const struct alerts *alerts)
{
    size_t count = 0;
    for (size_t i = 0; i < alerts->count; i++) {
        count += alerts->pending[i].failure_told;
    }
    return count;
}

int alerts_fd(const struct alerts *alerts)
{
    return alerts->net.worker.channel;
}

short alerts_events(const struct alerts *alerts)
{
    return client_events(&alerts->net);
}

enum sting_status alerts_line(struct alerts *alerts, struct moment now,
                              const struct told *told, struct fault *fault)
{
    char number[4][24];
    char digest[2][DIGEST_TEXT_SIZE];
    const struct queue_item *item = told->item;
    snprintf(number[0], sizeof number[0], "%u", item->alert);
    snprintf(number[1], sizeof number[1], "%u", item->incident);
    snprintf(number[2], sizeof number[2], "%d", told->attempt);
    snprintf(number[3], sizeof number[3], "%lld", (long long)told->ms);
    const struct line_field field[] = {
        {"n", number[0]},
        {"incident", number[1]},
        {"tier", item->tier},
        {"channel", item->channel},
        {"state", told->state},
        {"attempt", told->attempt ? number[2] : NULL},
        {"ms", told->ms ? number[3] : NULL},
        {"why", told->why && told->why[0] ? told->why : NULL},
        {"blob", told->blob ? digest_text(told->blob->ct, digest[0]) : NULL},
        {"pt", told->blob ? digest_text(told->blob->pt, digest[1]) : NULL},
    };
    return ledger_append(core_ledger(alerts->core), now, "alert", field,
                         sizeof field / sizeof *field, NULL, fault);
}

/* ---- from an incident to the queue ---- */

static void item_fill(const struct alerts *alerts, const struct raise *raise,
                      struct queue_item *item)
{
    const struct config *config = operation_config(alerts->operation);
    const struct config_alert *channel = &config->alert[raise->channel];
    item->alert = alerts->next_alert;
    item->incident = raise->message.incident.number;
    item->queued_utc_us = raise->now.utc_us;
    item->due_utc_us = raise->now.utc_us + raise->after_us;
    item->is_late = raise->after_us > 0;
    snprintf(item->tier, sizeof item->tier, "%s",
             incident_tier_name((int)raise->message.incident.tier));
    channel_name(config, raise->channel, item->channel);
    snprintf(item->address, sizeof item->address, "%s",
             config_alert_address(channel));
    item->has_to = true;
    snprintf(item->to, sizeof item->to, "%s", channel->to);
}

/* The link by which whoever gets this message acknowledges it. */
static void link_fill(const struct alerts *alerts, struct message *message)
{
    char word[ACK_LINK_SIZE];
    const char *begin = operation_config(alerts->operation)->ack_url;
    size_t length = strlen(begin);
    if (length == 0 || message->incident.number == 0) {
        return;
    }
    ack_link_write(&alerts->link_key, message->incident.number,
                   message->sent_utc_us / 1000000,
                   operation_random(alerts->operation), word);
    (void)snprintf(message->link, sizeof message->link, "%s%s#ack=%s", begin,
                   begin[length - 1] == '/' ? "" : "/", word);
}

/* What the channel is to carry. */
static enum sting_status item_write(struct alerts *alerts, struct raise *raise,
                                    struct queue_item *item,
                                    struct fault *fault)
{
    const struct config_alert *channel =
        &operation_config(alerts->operation)->alert[raise->channel];
    struct message *message = &raise->message;
    item_fill(alerts, raise, item);
    message->alert = item->alert;
    message->is_late = item->is_late;
    message->sent_utc_us = item->due_utc_us;
    message->folded =
        storm_take(&alerts->storm[raise->channel], raise->now.boot_us);
    link_fill(alerts, message);
    return raise->film ? channel_write_film(alerts->operation, channel, message,
                                            &alerts->key, raise->film, item)
                       : channel_write(alerts->operation, channel, message,
                                       &alerts->key, item, fault);
}

/* Queue one message: file first, then the line. */
static enum sting_status queue(struct alerts *alerts, const struct raise *raise,
                               const struct queue_item *item,
                               struct fault *fault)
{
    struct ledger_blob blob;
    enum sting_status status =
        queue_put(alerts->operation, &alerts->key, item, fault);
    if (!status) {
        status = pending_add(alerts, item->alert, alerts_slot(item->channel));
    }
    if (!status && !raise->film) { /* the recording itself is sealed anyway */
        status = ledger_blob(core_ledger(alerts->core),
                             buffer_bytes(&item->body), &blob, fault);
    }
    if (status) {
        return status;
    }
    alerts->next_alert++;
    const struct told told = {
        .item = item, .state = "queued", .blob = raise->film ? NULL : &blob};
    return alerts_line(alerts, raise->now, &told, fault);
}

/* A line for what is not queued: shown, held, folded. */
static enum sting_status line_only(struct alerts *alerts,
                                   const struct raise *raise,
                                   const char *channel, const char *state,
                                   const char *why, struct fault *fault)
{
    struct queue_item item = {.alert = alerts->next_alert++,
                              .incident = raise->message.incident.number};
    snprintf(item.channel, sizeof item.channel, "%s", channel);
    snprintf(item.tier, sizeof item.tier, "%s",
             incident_tier_name((int)raise->message.incident.tier));
    const struct told told = {.item = &item, .state = state, .why = why};
    return alerts_line(alerts, raise->now, &told, fault);
}

static struct live *live_of(struct alerts *alerts, uint32_t incident)
{
    for (size_t i = 0; i < ALERTS_MOST_LIVE; i++) {
        if (alerts->live[i].number == incident) {
            return &alerts->live[i];
        }
    }
    struct live *live = &alerts->live[alerts->lives++ % ALERTS_MOST_LIVE];
    *live = (struct live){.number = incident};
    return live;
}

enum sting_status alerts_tell(struct alerts *alerts, struct raise *raise,
                              struct fault *fault)
{
    char name[CHANNEL_NAME_SIZE];
    struct queue_item item STING_AUTO(queue_item_release) = {0};
    struct fault why = {"", ""};
    enum sting_status status = item_write(alerts, raise, &item, &why);
    if (status) {
        channel_name(operation_config(alerts->operation), raise->channel, name);
        alerts_gave_up(alerts, name, why.why);
        return line_only(alerts, raise, name, "given-up", why.why, fault);
    }
    return queue(alerts, raise, &item, fault);
}

/* Its next message goes to this channel. */
static void raise_to(struct raise *raise, size_t channel)
{
    raise->channel = channel;
    raise->after_us = 0;
    raise->message.link[0] = '\0';
}

enum sting_status alerts_news(struct alerts *alerts, struct raise *raise,
                              struct live *live, size_t to, struct fault *fault)
{
    char why[POLICY_WHY_SIZE];
    char name[CHANNEL_NAME_SIZE];
    const struct config *config = operation_config(alerts->operation);
    const struct config_alert *channel = &config->alert[to];
    const struct incident *incident = &raise->message.incident;
    const struct policy_time time = policy_time_of(raise->now);
    uint32_t bit = UINT32_C(1) << to;
    enum policy policy =
        policy_of(config, channel, incident, &alerts->duty, &time, why);
    raise_to(raise, to);
    channel_name(config, to, name);
    if (policy == POLICY_PASS || (channel->after_us && (live->told & bit))) {
        return STING_OK;
    }
    if (policy == POLICY_HOLD) {
        live->held |= bit;
        return raise->is_again
                   ? STING_OK
                   : line_only(alerts, raise, name, "held", why, fault);
    }
    live->held &= ~bit;
    if (!(live->told & bit) && !storm_tells(&alerts->storm[raise->channel],
                                            incident, raise->now.boot_us)) {
        return line_only(alerts, raise, name, "folded", NULL, fault);
    }
    live->told |= bit;
    raise->after_us = channel->after_us;
    return alerts_tell(alerts, raise, fault);
}

/* It grew, or is over: a channel that was told, is told. */
static enum sting_status update_to(struct alerts *alerts, struct raise *raise,
                                   const struct live *live, size_t to,
                                   struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    if (config->alert[to].after_us || !(live->told >> to & 1)) {
        return STING_OK;
    }
    raise_to(raise, to);
    return alerts_tell(alerts, raise, fault);
}

enum sting_status alerts_update(struct alerts *alerts, struct raise *raise,
                                const struct live *live, struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < config->alerts && !status; i++) {
        status = update_to(alerts, raise, live, i, fault);
    }
    return status;
}

static enum message_change change_of(enum incident_change change)
{
    static const enum message_change as[] = {
        [INCIDENT_OPENED] = MESSAGE_OPENED,
        [INCIDENT_RAISED] = MESSAGE_RAISED,
        [INCIDENT_GREW] = MESSAGE_GREW,
        [INCIDENT_BLINDED] = MESSAGE_BLINDED,
        [INCIDENT_TEAM] = MESSAGE_TEAM,
        [INCIDENT_CLOSED] = MESSAGE_CLOSED,
        [INCIDENT_REGAINED] = MESSAGE_REGAINED};
    return as[change];
}

/* It opened, or rose: who is to be told, is; this station's own terminal at
 * once. */
static enum sting_status news_tell(struct alerts *alerts, struct raise *raise,
                                   struct live *live, struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    enum sting_status status =
        line_only(alerts, raise, "terminal", "shown", NULL, fault);
    for (size_t i = 0; i < config->alerts && !status; i++) {
        status = alerts_news(alerts, raise, live, i, fault);
    }
    return status;
}

/* What brokers are told: the gravest that goes on, else the last. */
static void state_take(struct alerts *alerts, const struct incident *incident,
                       bool is_open)
{
    struct mqtt_state *state = &alerts->state;
    bool is_other = state->incident.number != incident->number;
    bool any = false;
    for (size_t i = 0; i < ALERTS_MOST_LIVE; i++) {
        any = any || alerts->live[i].is_open;
    }
    if (!is_other || !state->is_open ||
        (is_open && incident->tier >= state->incident.tier)) {
        state->incident = *incident;
    }
    state->is_open = any;
}

enum sting_status alerts_raise(struct alerts *alerts,
                               const struct incident_event *event,
                               struct moment now, struct fault *fault)
{
    struct raise raise = {
        .now = now,
        .message = {.config = operation_config(alerts->operation),
                    .change = change_of(event->change),
                    .incident = event->incident}};
    bool is_news = event->change == INCIDENT_OPENED ||
                   event->change == INCIDENT_RAISED ||
                   event->change == INCIDENT_BLINDED;
    if (event->incident.number == 0) {
        return STING_OK;
    }
    struct live *live = live_of(alerts, event->incident.number);
    live->is_open =
        event->change != INCIDENT_CLOSED && event->change != INCIDENT_REGAINED;
    if (event->change != INCIDENT_BLINDED &&
        event->change != INCIDENT_REGAINED) {
        live->incident = event->incident;
        state_take(alerts, &event->incident, live->is_open);
    }
    alerts_greet(alerts, now.boot_us);
    if (event->change == INCIDENT_TEAM) {
        duty_went(&alerts->duty, event->incident.number);
    }
    if (event->change == INCIDENT_GREW) {
        live->grew_waits = true;
        return alerts_tick(alerts, now, fault);
    }
    enum sting_status status = is_news
                                   ? news_tell(alerts, &raise, live, fault)
                                   : alerts_update(alerts, &raise, live, fault);
    return status ? status : alerts_tick(alerts, now, fault);
}

enum sting_status alerts_film(struct alerts *alerts,
                              const struct incident *incident,
                              const struct alert_film *film, struct moment now,
                              struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    const struct live *live = live_of(alerts, incident->number);
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < config->alerts && !status; i++) {
        struct raise raise = {.now = now,
                              .message = {.config = config,
                                          .change = MESSAGE_FILM,
                                          .incident = *incident},
                              .film = film};
        if (config->alert[i].attach != CONFIG_ATTACH_NONE) {
            status = update_to(alerts, &raise, live, i, fault);
        }
    }
    return status ? status : alerts_tick(alerts, now, fault);
}

enum sting_status alerts_say(struct alerts *alerts, const char *words,
                             struct moment now, struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < config->alerts && !status; i++) {
        struct raise raise = {.now = now,
                              .message = {.config = config,
                                          .change = MESSAGE_STATION,
                                          .incident = {.camera = -1,
                                                       .zone = -1,
                                                       .tier = INCIDENT_NONE,
                                                       .start = now,
                                                       .first_look = now},
                                          .words = words},
                              .channel = i};
        status = alerts_tell(alerts, &raise, fault);
    }
    return status ? status : alerts_tick(alerts, now, fault);
}

void alerts_greet(struct alerts *alerts, int64_t boot_us)
{
    const struct config *config = operation_config(alerts->operation);
    for (size_t i = 0; i < config->alerts; i++) {
        if (config->alert[i].mqtt[0]) {
            alerts->greet_us[i] = boot_us;
        }
    }
}
