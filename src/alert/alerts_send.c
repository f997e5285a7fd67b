/* Alerts from the queue to their channel, through the net worker. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alerts_state.h"
#include "ledger/store.h"

#define S INT64_C(1000000)
#define SILENCE_US (15 * S) /* a worker that says nothing is replaced */
#define MOST_PAUSE_US (300 * S)
#define GIVE_UP_US (INT64_C(7) * 24 * 3600 * S)
#define MOST_ON_WAY 2 /* of one channel: a deaf one holds up nobody else */
#define GREET_AGAIN_US (10 * S)

int alerts_slot(const char *channel)
{
    const char *dash = strrchr(channel, '-');
    unsigned long place = dash ? strtoul(dash + 1, NULL, 10) : 0;
    return (int)(place % CONFIG_MOST_ALERTS);
}

static void pending_remove(struct alerts *alerts, size_t index)
{
    alerts->count--;
    memmove(&alerts->pending[index], &alerts->pending[index + 1],
            (alerts->count - index) * sizeof *alerts->pending);
}

/* The channel's settings; NULL when it was taken out of operation.yaml. */
static const struct config_alert *channel_of(const struct alerts *alerts,
                                             const struct queue_item *item)
{
    const struct config *config = operation_config(alerts->operation);
    const struct config_alert *found = NULL;
    for (size_t i = 0; i < config->alerts; i++) {
        char name[CHANNEL_NAME_SIZE];
        bool is_same = !strcmp(channel_name(config, i, name), item->channel);
        bool is_theirs =
            !strcmp(config_alert_address(&config->alert[i]), item->address) &&
            (!item->has_to || !strcmp(config->alert[i].to, item->to));
        if (!is_theirs) {
            continue;
        }
        if (is_same) { /* two may have one address: mail to two people */
            return &config->alert[i];
        }
        found = found ? found : &config->alert[i];
    }
    return found;
}

/* What became of an item stands with its channel, if that is there still. */
static void item_heard(struct alerts *alerts, const struct queue_item *item,
                       struct moment now, const char *why)
{
    const struct config_alert *channel = channel_of(alerts, item);
    if (channel) {
        alerts_heard(
            alerts,
            (size_t)(channel - operation_config(alerts->operation)->alert), now,
            why);
    }
}

static enum sting_status request_send(struct alerts *alerts, struct moment now,
                                      const struct config_alert *channel,
                                      const struct queue_item *item,
                                      struct fault *why)
{
    struct channel_asking asking STING_AUTO(channel_asking_wipe) = {
        .head = {0}};
    enum sting_status status = channel_request(alerts->operation, channel, item,
                                               &alerts->state, &asking, why);
    if (!status && client_send(&alerts->net, now, asking.head,
                               buffer_bytes(&asking.payload))) {
        status = fault_set(why, STING_E_IO, "", "no net worker");
    }
    return status;
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
    item_heard(alerts, item, now, why);
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
        alerts_count(alerts, told);
    }
    return status;
}

/* Why an item is not sent at all: its last state, NULL when it is sent. */
static const char *end_of(const struct alerts *alerts,
                          const struct queue_item *item,
                          const struct config_alert *channel, struct moment now,
                          const char **why)
{
    if (!channel) {
        *why = "no longer configured";
        return "given-up";
    }
    if (item->is_late && duty_has_ack(&alerts->duty, item->incident)) {
        *why = "acknowledged";
        return "spared";
    }
    if (now.utc_us - item->queued_utc_us > GIVE_UP_US) {
        *why = "a week has passed";
        return "given-up";
    }
    return NULL;
}

static enum sting_status unreadable(struct alerts *alerts, size_t index,
                                    const char *why, struct moment now,
                                    struct fault *fault)
{
    const struct queue_item item = {.alert = alerts->pending[index].alert,
                                    .tier = "none",
                                    .channel = "unknown"};
    const struct told told = {.item = &item, .state = "given-up", .why = why};
    return settled(alerts, index, &told, now, fault);
}

/* Messages on their way, by their channel's slot. */
struct busy {
    size_t all;
    unsigned slot[CONFIG_MOST_ALERTS];
};

/* Send one item, or settle it when it is too old or nobody's any more. */
static enum sting_status item_send(struct alerts *alerts, size_t index,
                                   struct busy *busy, struct moment now,
                                   struct fault *fault)
{
    struct fault why = {"", ""};
    struct pending *pending = &alerts->pending[index];
    struct queue_item item STING_AUTO(queue_item_release) = {0};
    if (queue_get(alerts->operation, &alerts->key, pending->alert, &item,
                  &why)) {
        return unreadable(alerts, index, why.why, now, fault);
    }
    pending->slot = alerts_slot(item.channel);
    if (busy->slot[pending->slot] >= MOST_ON_WAY) {
        return STING_OK;
    }
    struct told told = {.item = &item};
    const struct config_alert *channel = channel_of(alerts, &item);
    told.state = end_of(alerts, &item, channel, now, &told.why);
    if (told.state) {
        return settled(alerts, index, &told, now, fault);
    }
    if (item.due_utc_us > now.utc_us) {
        /* Asked again each second, or later when that is certain: the wall
         * clock may be set meanwhile. */
        pending->due_us = now.boot_us + S;
        return STING_OK;
    }
    pending->attempts++;
    busy->slot[pending->slot]++;
    if (request_send(alerts, now, channel, &item, &why)) {
        return failed(alerts, pending, &item, now, why.why, fault);
    }
    pending->sent_us = now.boot_us;
    return STING_OK;
}

/* Tell a broker how it is now; what fails is tried again. */
static void greet(struct alerts *alerts, size_t index, struct moment now)
{
    struct fault ignored;
    struct channel_asking asking STING_AUTO(channel_asking_wipe) = {
        .head = {0}};
    alerts->state.is_armed = duty_is_armed(&alerts->duty, now);
    alerts->greet_us[index] = 0;
    if (channel_greeting(alerts->operation, index, &alerts->state, &asking,
                         &ignored) ||
        client_send(&alerts->net, now, asking.head,
                    buffer_bytes(&asking.payload))) {
        alerts->greet_us[index] = now.boot_us + GREET_AGAIN_US;
    }
}

static void greetings_send(struct alerts *alerts, struct moment now)
{
    bool is_armed = duty_is_armed(&alerts->duty, now);
    if (is_armed != alerts->state.is_armed) {
        alerts->state.is_armed = is_armed;
        alerts_greet(alerts, now.boot_us);
    }
    for (size_t i = 0; i < CONFIG_MOST_ALERTS; i++) {
        if (alerts->greet_us[i] && alerts->greet_us[i] <= now.boot_us &&
            client_runs(&alerts->net, now)) {
            greet(alerts, i, now);
        }
    }
}

/* Why the net worker's result is none that was wished for; NULL: it is. */
static const char *refusal_of(const struct client *net, char why[200])
{
    int64_t answer = net->reader.head.number[1];
    if (answer >= 200 && answer < 300) {
        return NULL;
    }
    snprintf(why, 200, "%.150s",
             answer ? "" : buffer_text(&net->reader.payload));
    if (answer) {
        snprintf(why, 200, "it answered %d", (int)answer);
    }
    return why;
}

/* What became of a greeting, or of the link that it went by. */
static void greeted(struct alerts *alerts, const struct wire_head *head,
                    struct moment now)
{
    char words[200];
    int64_t index = -head->number[0] - 1;
    const char *why = refusal_of(&alerts->net, words);
    if (index < 0 || index >= CONFIG_MOST_ALERTS) {
        return;
    }
    alerts_heard(alerts, (size_t)index, now, why);
    if (why && !alerts->greet_us[index]) {
        alerts->greet_us[index] = now.boot_us + GREET_AGAIN_US;
    }
}

/* The worker is gone: that is a line, and what was on its way is due again. */
static enum sting_status all_due(struct alerts *alerts, struct moment now,
                                 const char *why, struct fault *fault)
{
    const struct line_field field[] = {
        {"name", "net"}, {"state", "died"}, {"why", why}, {"of", "alerts"}};
    for (size_t i = 0; i < alerts->count; i++) {
        alerts->pending[i].sent_us = 0;
    }
    alerts_greet(alerts, 1);
    return ledger_append(core_ledger(alerts->core), now, "worker", field,
                         sizeof field / sizeof *field, NULL, fault);
}

static enum sting_status result_take(struct alerts *alerts, struct moment now,
                                     struct fault *fault)
{
    char words[200];
    struct fault ignored;
    const struct wire_head *head = &alerts->net.reader.head;
    struct queue_item item STING_AUTO(queue_item_release) = {0};
    size_t index = 0;
    if (head->kind == WIRE_NET_RESULT && head->number[0] < 0) {
        greeted(alerts, head, now);
        return STING_OK;
    }
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
    const char *why = refusal_of(&alerts->net, words);
    if (why) {
        return failed(alerts, &alerts->pending[index], &item, now, why, fault);
    }
    item_heard(alerts, &item, now, NULL);
    const struct told told = {.item = &item,
                              .state = "delivered",
                              .attempt = alerts->pending[index].attempts,
                              .ms = head->number[2]};
    return settled(alerts, index, &told, now, fault);
}

static enum sting_status results_take(struct alerts *alerts, struct moment now,
                                      struct fault *fault)
{
    for (;;) {
        enum sting_status status = client_next(&alerts->net, now);
        if (status == STING_E_IO) {
            return all_due(alerts, now, alerts->net.how, fault);
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
static enum sting_status on_way(struct alerts *alerts, struct busy *busy,
                                struct moment now, struct fault *fault)
{
    *busy = (struct busy){.all = 0};
    for (size_t i = 0; i < alerts->count; i++) {
        const struct pending *pending = &alerts->pending[i];
        if (pending->sent_us && now.boot_us - pending->sent_us > SILENCE_US) {
            client_lost(&alerts->net, now);
            *busy = (struct busy){.all = 0};
            return all_due(alerts, now, "was silent and was replaced", fault);
        }
        if (pending->sent_us) {
            busy->all++;
            busy->slot[pending->slot]++;
        }
    }
    return STING_OK;
}

/* May it go now, by all that is known without opening it? */
static bool is_ready(const struct pending *pending, const struct busy *busy,
                     struct moment now)
{
    return pending->sent_us == 0 && pending->due_us <= now.boot_us &&
           (pending->slot < 0 || busy->slot[pending->slot] < MOST_ON_WAY);
}

enum sting_status alerts_tick(struct alerts *alerts, struct moment now,
                              struct fault *fault)
{
    enum sting_status status = results_take(alerts, now, fault);
    struct busy busy = {.all = 0};
    if (!status) {
        status = on_way(alerts, &busy, now, fault);
    }
    if (operation_config(alerts->operation)->alerts > 0) {
        (void)client_runs(&alerts->net, now); /* ready before it is needed */
    }
    greetings_send(alerts, now);
    if (!status) {
        status = alerts_unfold(alerts, now, fault);
    }
    if (!status) {
        status = alerts_retell(alerts, now, fault);
    }
    for (size_t i = 0; i < alerts->count && !status;) {
        size_t before = alerts->count;
        if (is_ready(&alerts->pending[i], &busy, now) &&
            client_runs(&alerts->net, now)) {
            status = item_send(alerts, i, &busy, now, fault);
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
    struct busy busy = {.all = 0};
    if (!status) {
        status = on_way(alerts, &busy, now(), fault);
    }
    while (!status && busy.all > 0 && now().boot_us < until) {
        struct pollfd wait = {.fd = alerts->net.worker.channel,
                              .events = client_events(&alerts->net)};
        (void)poll(&wait, 1, 50);
        status = alerts_tick(alerts, now(), fault);
        if (!status) {
            status = on_way(alerts, &busy, now(), fault);
        }
    }
    return status;
}
