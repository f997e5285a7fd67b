#include "alert/alerts.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/message.h"
#include "alert/queue.h"
#include "jail/worker.h"
#include "ledger/store.h"
#include "operation/history.h"

#define S INT64_C(1000000)
#define POST_TIMEOUT_MS 10000
#define SILENCE_US (15 * S) /* a worker that says nothing is replaced */
#define MOST_PAUSE_US (300 * S)
#define GIVE_UP_US (7 * 24 * 3600 * S)
#define MOST_ON_WAY 4
#define MOST_SECRET_BYTES 4096

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
    uint32_t next_alert;
    struct pending *pending;
    size_t count;
    size_t capacity;
    struct worker worker;
    struct wire_reader reader;
    int64_t worker_due_us; /* when a dead worker may be started again */
    int worker_deaths;
};

void alerts_free(struct alerts **alerts)
{
    if (*alerts) {
        worker_stop(&(*alerts)->worker, 0);
        buffer_release(&(*alerts)->reader.payload);
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

static void pending_remove(struct alerts *alerts, size_t index)
{
    alerts->count--;
    memmove(&alerts->pending[index], &alerts->pending[index + 1],
            (alerts->count - index) * sizeof *alerts->pending);
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
    alerts->worker = WORKER_NONE;
    enum sting_status status = history_read(operation, &history, fault);
    if (!status) {
        alerts->next_alert = history.next_alert;
        status = queue_key(operation, &alerts->key, fault);
    }
    if (!status) {
        status = queue_load(alerts, fault);
    }
    if (status) {
        return status;
    }
    *out = alerts;
    alerts = NULL;
    return STING_OK;
}

size_t alerts_waiting(const struct alerts *alerts)
{
    return alerts->count;
}

int alerts_fd(const struct alerts *alerts)
{
    return alerts->worker.channel;
}

/* What one `alert` line says; 0 and NULL leave a field out. */
struct told {
    const struct queue_item *item;
    const char *state;
    int attempt;
    int64_t ms;
    const char *why;
    const struct ledger_blob *blob;
};

static enum sting_status line_write(struct alerts *alerts, struct moment now,
                                    const struct told *told,
                                    struct fault *fault)
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
    strcpy(item.address, config->alert[channel].webhook);
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
    return line_write(alerts, now, &told, fault);
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
    return line_write(alerts, now, &told, fault);
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

/* The channel's settings; NULL when it was taken out of operation.yaml. */
static const struct config_alert *channel_of(const struct alerts *alerts,
                                             const char *address)
{
    const struct config *config = operation_config(alerts->operation);
    for (size_t i = 0; i < config->alerts; i++) {
        if (!strcmp(config->alert[i].webhook, address)) {
            return &config->alert[i];
        }
    }
    return NULL;
}

/* The signature of the body, "" when the channel has no secret. */
static enum sting_status signature_make(const struct alerts *alerts,
                                        const struct config_alert *channel,
                                        struct bytes body,
                                        char text[MESSAGE_SIGNATURE_SIZE],
                                        struct fault *fault)
{
    struct buffer secret STING_AUTO(buffer_wipe) = {0};
    text[0] = '\0';
    if (!channel->secret_file[0]) {
        return STING_OK;
    }
    enum sting_status status =
        operation_file_read(alerts->operation, channel->secret_file,
                            MOST_SECRET_BYTES, &secret, fault);
    if (status) {
        return status;
    }
    struct bytes key = buffer_bytes(&secret);
    while (key.size > 0 &&
           (key.data[key.size - 1] == '\n' || key.data[key.size - 1] == '\r')) {
        key.size--;
    }
    message_sign(key, body, text);
    return STING_OK;
}

static enum sting_status request_send(struct alerts *alerts,
                                      const struct queue_item *item,
                                      const char *signature)
{
    struct buffer request STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_NET_POST,
                                   .number = {item->alert, POST_TIMEOUT_MS}};
    const struct bytes part[] = {
        {(const uint8_t *)item->address, strlen(item->address) + 1},
        {(const uint8_t *)signature, strlen(signature) + 1},
        buffer_bytes(&item->body)};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < 3 && !status; i++) {
        status = buffer_append(&request, part[i]);
    }
    return status ? status
                  : wire_send(alerts->worker.channel, head,
                              buffer_bytes(&request));
}

/* After a failure: the line once, and a pause that doubles. */
static enum sting_status failed(struct alerts *alerts, struct pending *pending,
                                const struct queue_item *item,
                                struct moment now, const char *why,
                                struct fault *fault)
{
    int shift = pending->attempts < 10 ? pending->attempts : 10;
    int64_t pause = S << (shift > 0 ? shift - 1 : 0);
    pending->due_us =
        now.boot_us + (pause < MOST_PAUSE_US ? pause : MOST_PAUSE_US);
    pending->sent_us = 0;
    if (pending->failure_told) {
        return STING_OK;
    }
    pending->failure_told = true;
    const struct told told = {.item = item,
                              .state = "failed",
                              .attempt = pending->attempts,
                              .why = why};
    return line_write(alerts, now, &told, fault);
}

/* The alert needs nothing more: its last line, then its file goes. */
static enum sting_status settled(struct alerts *alerts, size_t index,
                                 const struct told *told, struct moment now,
                                 struct fault *fault)
{
    uint32_t alert = alerts->pending[index].alert;
    enum sting_status status = line_write(alerts, now, told, fault);
    if (!status) {
        status = queue_drop(alerts->operation, alert, fault);
    }
    if (!status) {
        pending_remove(alerts, index);
    }
    return status;
}

/* Send one item, or settle it when it is too old or nobody's any more. */
static enum sting_status item_send(struct alerts *alerts, size_t index,
                                   struct moment now, struct fault *fault)
{
    char signature[MESSAGE_SIGNATURE_SIZE];
    struct fault why = {"", ""};
    struct pending *pending = &alerts->pending[index];
    struct queue_item item STING_AUTO(queue_item_release) = {0};
    if (queue_get(alerts->operation, &alerts->key, pending->alert, &item,
                  &why)) {
        item.alert = pending->alert;
        strcpy(item.tier, "none");
        strcpy(item.channel, "unknown");
        const struct told told = {
            .item = &item, .state = "given-up", .why = why.why};
        return settled(alerts, index, &told, now, fault);
    }
    const struct config_alert *channel = channel_of(alerts, item.address);
    bool is_old = now.utc_us - item.queued_utc_us > GIVE_UP_US;
    if (!channel || is_old) {
        const struct told told = {.item = &item,
                                  .state = "given-up",
                                  .why = is_old ? "a week has passed"
                                                : "no longer configured"};
        return settled(alerts, index, &told, now, fault);
    }
    pending->attempts++;
    if (signature_make(alerts, channel, buffer_bytes(&item.body), signature,
                       &why)) {
        return failed(alerts, pending, &item, now, why.why, fault);
    }
    if (request_send(alerts, &item, signature)) {
        return failed(alerts, pending, &item, now, "no net worker", fault);
    }
    pending->sent_us = now.boot_us;
    return STING_OK;
}

/* The worker is gone: what was on its way is due again. */
static void worker_lost(struct alerts *alerts, struct moment now)
{
    worker_stop(&alerts->worker, 0);
    buffer_release(&alerts->reader.payload);
    alerts->reader = (struct wire_reader){0};
    int shift = alerts->worker_deaths < 6 ? alerts->worker_deaths : 6;
    alerts->worker_due_us = now.boot_us + (S << shift);
    alerts->worker_deaths++;
    for (size_t i = 0; i < alerts->count; i++) {
        alerts->pending[i].sent_us = 0;
    }
}

static bool worker_runs(struct alerts *alerts, struct moment now)
{
    struct fault fault;
    if (alerts->worker.channel >= 0) {
        return true;
    }
    if (now.boot_us < alerts->worker_due_us) {
        return false;
    }
    if (worker_start(WORKER_NET, &alerts->worker, &fault)) {
        worker_lost(alerts, now);
        return false;
    }
    return true;
}

static enum sting_status result_take(struct alerts *alerts, struct moment now,
                                     struct fault *fault)
{
    char why[200];
    struct fault ignored;
    const struct wire_head *head = &alerts->reader.head;
    struct queue_item item STING_AUTO(queue_item_release) = {0};
    size_t index = 0;
    while (index < alerts->count &&
           (alerts->pending[index].alert != (uint32_t)head->number[0] ||
            alerts->pending[index].sent_us == 0)) {
        index++;
    }
    if (head->kind != WIRE_NET_RESULT || index == alerts->count ||
        queue_get(alerts->operation, &alerts->key, alerts->pending[index].alert,
                  &item, &ignored)) {
        return STING_OK;
    }
    alerts->worker_deaths = 0;
    if (head->number[1] >= 200 && head->number[1] < 300) {
        const struct told told = {.item = &item,
                                  .state = "delivered",
                                  .attempt = alerts->pending[index].attempts,
                                  .ms = head->number[2]};
        return settled(alerts, index, &told, now, fault);
    }
    snprintf(why, sizeof why, "%.150s",
             head->number[1] ? "" : buffer_text(&alerts->reader.payload));
    if (head->number[1]) {
        snprintf(why, sizeof why, "HTTP status %d", (int)head->number[1]);
    }
    return failed(alerts, &alerts->pending[index], &item, now, why, fault);
}

static enum sting_status results_take(struct alerts *alerts, struct moment now,
                                      struct fault *fault)
{
    while (alerts->worker.channel >= 0) {
        enum sting_status status =
            wire_reader_next(&alerts->reader, alerts->worker.channel);
        if (status == STING_E_BUSY) {
            return STING_OK;
        }
        if (status) {
            worker_lost(alerts, now);
            return STING_OK;
        }
        status = result_take(alerts, now, fault);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

/* Alerts on their way; a worker silent for too long is replaced. */
static size_t on_way(struct alerts *alerts, struct moment now)
{
    size_t count = 0;
    for (size_t i = 0; i < alerts->count; i++) {
        int64_t sent_us = alerts->pending[i].sent_us;
        if (sent_us && now.boot_us - sent_us > SILENCE_US) {
            worker_lost(alerts, now);
            return 0;
        }
        count += sent_us != 0;
    }
    return count;
}

enum sting_status alerts_tick(struct alerts *alerts, struct moment now,
                              struct fault *fault)
{
    enum sting_status status = results_take(alerts, now, fault);
    size_t busy = on_way(alerts, now);
    for (size_t i = 0; i < alerts->count && busy < MOST_ON_WAY && !status;) {
        size_t before = alerts->count;
        const struct pending *pending = &alerts->pending[i];
        if (pending->sent_us == 0 && pending->due_us <= now.boot_us &&
            worker_runs(alerts, now)) {
            status = item_send(alerts, i, now, fault);
            busy++;
        }
        i += alerts->count == before; /* a settled item has made room */
    }
    return status;
}

enum sting_status alerts_finish(struct alerts *alerts,
                                struct moment (*now)(void), int timeout_ms,
                                struct fault *fault)
{
    const int64_t until = now().boot_us + (int64_t)timeout_ms * 1000;
    enum sting_status status = alerts_tick(alerts, now(), fault);
    while (!status && on_way(alerts, now()) > 0 && now().boot_us < until) {
        struct pollfd wait = {.fd = alerts->worker.channel, .events = POLLIN};
        (void)poll(&wait, 1, 50);
        status = alerts_tick(alerts, now(), fault);
    }
    return status;
}
