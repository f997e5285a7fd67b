/* Alerts from their incident to the queue, each with its line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alerts_state.h"
#include "alert/message.h"
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
    }
    free(*alerts);
    *alerts = NULL;
}

static enum sting_status pending_add(struct alerts *alerts, uint32_t alert)
{
    if (alerts->count == alerts->capacity) {
        size_t wanted = alerts->capacity ? alerts->capacity * 2 : 16;
        void *grown =
            reallocarray(alerts->pending, wanted, sizeof *alerts->pending);
        if (!grown) {
            return STING_E_NOMEM;
        }
        alerts->pending = grown;
        alerts->capacity = wanted;
    }
    alerts->pending[alerts->count++] = (struct pending){.alert = alert};
    return STING_OK;
}

static enum sting_status queue_load(struct alerts *alerts, struct fault *fault)
{
    uint32_t *list = NULL;
    size_t count = 0;
    enum sting_status status =
        queue_list(alerts->operation, &list, &count, fault);
    for (size_t i = 0; i < count && !status; i++) {
        status = pending_add(alerts, list[i]);
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
        status = queue_load(alerts, fault);
    }
    if (status) {
        return status;
    }
    core_duty_set(core, &alerts->duty);
    *out = alerts;
    alerts = NULL;
    return STING_OK;
}

const struct duty *alerts_duty(const struct alerts *alerts)
{
    return &alerts->duty;
}

size_t alerts_waiting(const struct alerts *alerts)
{
    return alerts->count;
}

int alerts_fd(const struct alerts *alerts)
{
    return alerts->net.worker.channel;
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

/* Queue one alert for a webhook: file first, then the line. */
static enum sting_status webhook_raise(struct alerts *alerts, size_t channel,
                                       const struct incident_event *event,
                                       struct moment now, struct fault *fault)
{
    struct ledger_blob blob;
    const struct config *config = operation_config(alerts->operation);
    struct queue_item item STING_AUTO(queue_item_release) = {
        .alert = alerts->next_alert,
        .incident = event->incident.number,
        .queued_utc_us = now.utc_us};
    snprintf(item.tier, sizeof item.tier, "%s",
             incident_tier_name((int)event->incident.tier));
    snprintf(item.channel, sizeof item.channel, "webhook-%zu", channel + 1);
    snprintf(item.address, sizeof item.address, "%s",
             config->alert[channel].webhook);
    enum sting_status status =
        message_write(config, item.alert, event, now.utc_us, &item.body);
    if (!status) {
        status = queue_put(alerts->operation, &alerts->key, &item, fault);
    }
    if (!status) {
        status = pending_add(alerts, item.alert);
    }
    if (!status) {
        status = ledger_blob(core_ledger(alerts->core),
                             buffer_bytes(&item.body), &blob, fault);
    }
    if (status) {
        return status;
    }
    alerts->next_alert++;
    const struct told told = {.item = &item, .state = "queued", .blob = &blob};
    return alerts_line(alerts, now, &told, fault);
}

/* The terminal of the station: shown as soon as it is said. */
static enum sting_status terminal_raise(struct alerts *alerts,
                                        const struct incident_event *event,
                                        struct moment now, struct fault *fault)
{
    struct queue_item item = {.alert = alerts->next_alert++,
                              .incident = event->incident.number,
                              .channel = "terminal"};
    snprintf(item.tier, sizeof item.tier, "%s",
             incident_tier_name((int)event->incident.tier));
    const struct told told = {.item = &item, .state = "shown"};
    return alerts_line(alerts, now, &told, fault);
}

enum sting_status alerts_raise(struct alerts *alerts,
                               const struct incident_event *event,
                               struct moment now, struct fault *fault)
{
    const struct config *config = operation_config(alerts->operation);
    if (event->incident.number == 0 || event->change == INCIDENT_CLOSED) {
        return STING_OK;
    }
    enum sting_status status = terminal_raise(alerts, event, now, fault);
    for (size_t i = 0; i < config->alerts && !status; i++) {
        status = webhook_raise(alerts, i, event, now, fault);
    }
    return status ? status : alerts_tick(alerts, now, fault);
}
