#include "operation/client.h"

#include <poll.h>

#define S INT64_C(1000000)
#define MOST_SHIFT 6 /* a minute between two starts */
#define MOST_QUEUE ((size_t)96 << 20)

void client_stop(struct client *client)
{
    worker_stop(&client->worker, 0);
    buffer_release(&client->reader.payload);
    client->reader = (struct wire_reader){0};
    wire_queue_release(&client->queue);
}

void client_lost(struct client *client, struct moment now)
{
    int shift = client->deaths < MOST_SHIFT ? client->deaths : MOST_SHIFT;
    client->how = worker_stop_why(&client->worker, 0);
    client_stop(client);
    client->due_us = now.boot_us + (S << shift);
    client->deaths++;
}

bool client_runs(struct client *client, struct moment now)
{
    struct fault fault;
    if (client->worker.channel >= 0) {
        return true;
    }
    if (now.boot_us < client->due_us) {
        return false;
    }
    if (worker_start(client->kind, &client->worker, &fault)) {
        client_lost(client, now);
        return false;
    }
    return true;
}

enum sting_status client_send(struct client *client, struct moment now,
                              struct wire_head head, struct bytes payload)
{
    if (!client_runs(client, now)) {
        return STING_E_BUSY;
    }
    enum sting_status status =
        wire_queue_add(&client->queue, head, payload, MOST_QUEUE);
    if (!status) {
        status = wire_queue_flush(&client->queue, client->worker.channel);
    }
    return status == STING_E_BUSY ? STING_OK : status;
}

short client_events(const struct client *client)
{
    return wire_queue_bytes(&client->queue) > 0 ? POLLIN | POLLOUT : POLLIN;
}

enum sting_status client_next(struct client *client, struct moment now)
{
    if (client->worker.channel < 0) {
        return STING_E_BUSY;
    }
    /* That it is gone shows when it is read. */
    (void)!wire_queue_flush(&client->queue, client->worker.channel);
    enum sting_status status =
        wire_reader_next(&client->reader, client->worker.channel);
    if (status == STING_OK) {
        client->deaths = 0;
        return STING_OK;
    }
    if (status == STING_E_BUSY) {
        return STING_E_BUSY;
    }
    client_lost(client, now);
    return STING_E_IO;
}
