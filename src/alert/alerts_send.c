/* Alerts from the queue to their channel, through the net worker. */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "alert/alerts_state.h"
#include "alert/message.h"

#define S INT64_C(1000000)
#define POST_TIMEOUT_MS 10000
#define SILENCE_US (15 * S) /* a worker that says nothing is replaced */
#define MOST_PAUSE_US (300 * S)
#define GIVE_UP_US (INT64_C(7) * 24 * 3600 * S)
#define MOST_ON_WAY 4
#define MOST_SECRET_BYTES 4096
#define MOST_CA_BYTES ((size_t)256 * 1024)

static void pending_remove(struct alerts *alerts, size_t index)
{
    alerts->count--;
    memmove(&alerts->pending[index], &alerts->pending[index + 1],
            (alerts->count - index) * sizeof *alerts->pending);
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

/* What a channel's files add to a message. */
struct credentials {
    char signature[MESSAGE_SIGNATURE_SIZE]; /* "" without a secret */
    struct buffer authorities;              /* PEM; empty: the system's */
};

static void credentials_release(struct credentials *credentials)
{
    buffer_release(&credentials->authorities);
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

static enum sting_status credentials_read(const struct alerts *alerts,
                                          const struct config_alert *channel,
                                          struct bytes body,
                                          struct credentials *out,
                                          struct fault *fault)
{
    enum sting_status status =
        signature_make(alerts, channel, body, out->signature, fault);
    if (!status && channel->ca_file[0]) {
        status = operation_file_read(alerts->operation, channel->ca_file,
                                     MOST_CA_BYTES, &out->authorities, fault);
    }
    return status;
}

static enum sting_status request_send(struct alerts *alerts,
                                      const struct queue_item *item,
                                      const struct credentials *with)
{
    struct bytes authorities = buffer_bytes(&with->authorities);
    struct buffer request STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_NET_POST,
                                   .number = {item->alert, POST_TIMEOUT_MS}};
    const struct bytes part[] = {
        {(const uint8_t *)item->address, strlen(item->address) + 1},
        {(const uint8_t *)with->signature, strlen(with->signature) + 1},
        {authorities.data,
         strnlen(buffer_text(&with->authorities), authorities.size)},
        {(const uint8_t *)"", 1},
        buffer_bytes(&item->body)};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        status = buffer_append(&request, part[i]);
    }
    return status ? status
                  : wire_send(alerts->net.worker.channel, head,
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
    return alerts_line(alerts, now, &told, fault);
}

/* The alert needs nothing more: its last line, then its file goes. */
static enum sting_status settled(struct alerts *alerts, size_t index,
                                 const struct told *told, struct moment now,
                                 struct fault *fault)
{
    uint32_t alert = alerts->pending[index].alert;
    enum sting_status status = alerts_line(alerts, now, told, fault);
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
    struct credentials with STING_AUTO(credentials_release) = {.signature = ""};
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
    if (credentials_read(alerts, channel, buffer_bytes(&item.body), &with,
                         &why)) {
        return failed(alerts, pending, &item, now, why.why, fault);
    }
    if (request_send(alerts, &item, &with)) {
        return failed(alerts, pending, &item, now, "no net worker", fault);
    }
    pending->sent_us = now.boot_us;
    return STING_OK;
}

/* The worker is gone: what was on its way is due again. */
static void all_due(struct alerts *alerts)
{
    for (size_t i = 0; i < alerts->count; i++) {
        alerts->pending[i].sent_us = 0;
    }
}

static enum sting_status result_take(struct alerts *alerts, struct moment now,
                                     struct fault *fault)
{
    char why[200];
    struct fault ignored;
    const struct wire_head *head = &alerts->net.reader.head;
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
    if (head->number[1] >= 200 && head->number[1] < 300) {
        const struct told told = {.item = &item,
                                  .state = "delivered",
                                  .attempt = alerts->pending[index].attempts,
                                  .ms = head->number[2]};
        return settled(alerts, index, &told, now, fault);
    }
    snprintf(why, sizeof why, "%.150s",
             head->number[1] ? "" : buffer_text(&alerts->net.reader.payload));
    if (head->number[1]) {
        snprintf(why, sizeof why, "HTTP status %d", (int)head->number[1]);
    }
    return failed(alerts, &alerts->pending[index], &item, now, why, fault);
}

static enum sting_status results_take(struct alerts *alerts, struct moment now,
                                      struct fault *fault)
{
    for (;;) {
        enum sting_status status = client_next(&alerts->net, now);
        if (status == STING_E_IO) {
            all_due(alerts);
        }
        if (status) {
            return STING_OK;
        }
        status = result_take(alerts, now, fault);
        if (status) {
            return status;
        }
    }
}

/* Alerts on their way; a worker silent for too long is replaced. */
static size_t on_way(struct alerts *alerts, struct moment now)
{
    size_t count = 0;
    for (size_t i = 0; i < alerts->count; i++) {
        int64_t sent_us = alerts->pending[i].sent_us;
        if (sent_us && now.boot_us - sent_us > SILENCE_US) {
            client_lost(&alerts->net, now);
            all_due(alerts);
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
            client_runs(&alerts->net, now)) {
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
        struct pollfd wait = {.fd = alerts->net.worker.channel,
                              .events = POLLIN};
        (void)poll(&wait, 1, 50);
        status = alerts_tick(alerts, now(), fault);
    }
    return status;
}
