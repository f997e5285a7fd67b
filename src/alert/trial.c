#include "alert/trial.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "alert/channel.h"
#include "jail/worker.h"
#include "operation/queue_file.h"

#define PATIENCE_US (INT64_C(12) * 1000000)

struct asking {
    const struct operation *operation;
    struct worker worker;
    struct wire_reader reader;
    struct secret key;
    struct trial *trial;
    size_t trials;
    size_t waiting;
};

static void asking_release(struct asking *asking)
{
    worker_stop(&asking->worker, 0);
    buffer_release(&asking->reader.payload);
    secret_wipe(&asking->key);
}

static void not_sent(struct trial *trial, const char *why)
{
    (void)snprintf(trial->why, sizeof trial->why, "%.190s", why);
}

static void trial_send(struct asking *asking, size_t index, struct moment now)
{
    const struct config *config = operation_config(asking->operation);
    struct trial *trial = &asking->trial[index];
    struct fault fault = {"", ""};
    struct queue_item item STING_AUTO(queue_item_release) = {
        .alert = (uint32_t)index + 1};
    struct channel_asking request STING_AUTO(channel_asking_wipe) = {
        .head = {0}};
    const struct message message = {
        .config = config,
        .change = MESSAGE_TEST,
        .sent_utc_us = now.utc_us,
        .incident = {
            .camera = -1, .zone = -1, .start = now, .first_look = now}};
    *trial = (struct trial){.status = 0};
    channel_name(config, index, trial->channel);
    (void)snprintf(trial->address, sizeof trial->address, "%s",
                   config_alert_address(&config->alert[index]));
    enum sting_status status =
        channel_write(asking->operation, &config->alert[index], &message,
                      &asking->key, &item, &fault);
    if (!status) {
        status = channel_request(asking->operation, &config->alert[index],
                                 &item, NULL, &request, &fault);
    }
    if (!status && wire_send(asking->worker.channel, request.head,
                             buffer_bytes(&request.payload))) {
        status = fault_set(&fault, STING_E_IO, "", "the net worker died");
    }
    if (status) {
        not_sent(trial, fault.why[0] ? fault.why : sting_status_text(status));
    }
    asking->waiting += !status;
}

static void answer_take(struct asking *asking)
{
    const struct wire_head *head = &asking->reader.head;
    int64_t index = head->number[0] - 1;
    if (head->kind != WIRE_NET_RESULT || index < 0 ||
        (size_t)index >= asking->trials) {
        return;
    }
    struct trial *trial = &asking->trial[index];
    trial->status = (int)head->number[1];
    trial->ms = head->number[2];
    trial->is_delivered = trial->status >= 200 && trial->status < 300;
    if (!trial->is_delivered && trial->status == 0) {
        not_sent(trial, buffer_text(&asking->reader.payload));
    }
    asking->waiting--;
}

/* Take answers until all are there or the time is over. */
static void answers_wait(struct asking *asking, struct moment (*now)(void))
{
    const int64_t until_us = now().boot_us + PATIENCE_US;
    while (asking->waiting > 0 && now().boot_us < until_us) {
        struct pollfd ready = {asking->worker.channel, POLLIN, 0};
        (void)poll(&ready, 1, 100);
        enum sting_status status =
            wire_reader_next(&asking->reader, asking->worker.channel);
        if (status == STING_OK) {
            answer_take(asking);
        } else if (status != STING_E_BUSY) {
            return;
        }
    }
}

enum sting_status trial_run(const struct operation *operation,
                            struct moment (*now)(void), struct trial *out,
                            size_t *count, struct fault *fault)
{
    struct asking asking STING_AUTO(asking_release) = {
        .operation = operation,
        .worker = WORKER_NONE,
        .trial = out,
        .trials = operation_config(operation)->alerts};
    enum sting_status status = queue_key(operation, &asking.key, fault);
    if (!status) {
        status = worker_start(WORKER_NET, &asking.worker, fault);
    }
    if (status) {
        return status;
    }
    for (size_t i = 0; i < asking.trials; i++) {
        trial_send(&asking, i, now());
    }
    answers_wait(&asking, now);
    for (size_t i = 0; i < asking.trials; i++) {
        if (!out[i].is_delivered && !out[i].status && !out[i].why[0]) {
            not_sent(&out[i], "no answer");
        }
    }
    *count = asking.trials;
    return STING_OK;
}
