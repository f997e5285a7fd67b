#include "station/clients.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "station/play.h"
#include "station/prints.h"

#define ANSWER_S 2 /* a client that does not read its answer is dropped */

enum sting_status clients_init(struct clients *out,
                               const struct operation *operation,
                               struct fault *fault)
{
    *out = (struct clients){.listener = -1};
    for (int i = 0; i < CLIENTS_MOST; i++) {
        out->client[i].fd = -1;
    }
    return core_listen(operation, &out->listener, fault);
}

static void client_drop(struct client *client)
{
    fd_close(&client->fd);
    buffer_wipe(
        &client->reader.payload); /* keys may be in it, or half of them */
    client->reader = (struct wire_reader){.head_bytes = 0};
}

void clients_release(struct clients *clients)
{
    for (int i = 0; i < CLIENTS_MOST; i++) {
        client_drop(&clients->client[i]);
    }
    fd_close(&clients->listener);
}

size_t clients_wait(const struct clients *clients, struct pollfd *ready)
{
    size_t count = 0;
    ready[count++] = (struct pollfd){clients->listener, POLLIN, 0};
    for (int i = 0; i < CLIENTS_MOST; i++) {
        if (clients->client[i].fd >= 0) {
            ready[count++] = (struct pollfd){clients->client[i].fd, POLLIN, 0};
        }
    }
    return count;
}

static struct client *free_place(struct clients *clients)
{
    for (int i = 0; i < CLIENTS_MOST; i++) {
        if (clients->client[i].fd < 0) {
            return &clients->client[i];
        }
    }
    return NULL;
}

static void accept_all(struct clients *clients)
{
    const struct timeval patience = {ANSWER_S, 0};
    int fd;
    while ((fd = accept4(clients->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
        struct client *client = free_place(clients);
        if (!client || !core_peer_is_ours(fd) ||
            setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
                       sizeof patience) != 0) {
            close(fd);
            continue;
        }
        client->fd = fd;
    }
}

static bool print_answer(const struct client *client, struct desk *desk,
                         struct bytes payload)
{
    struct fault fault = {"", ""};
    const struct wire_head done = {.kind = WIRE_DONE};
    enum sting_status status =
        prints_take(desk->prints, &client->reader.head, payload, &fault);
    status = status ? wire_send_fault(client->fd, status, &fault)
                    : wire_send(client->fd, done, (struct bytes){NULL, 0});
    return status == STING_OK;
}

/* Answer one request. False: the client has to go. */
static bool answer(struct client *client, struct desk *desk)
{
    struct buffer out STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    if (!desk->core || desk->is_broken) {
        const struct fault fault = {"the station cannot write its record",
                                    "see what the station says"};
        return wire_send_fault(client->fd, STING_E_IO, &fault) == STING_OK;
    }
    uint32_t kind = client->reader.head.kind;
    struct bytes payload = buffer_bytes(&client->reader.payload);
    if (kind == WIRE_PLAY_LIST || kind == WIRE_PLAY_OPEN ||
        kind == WIRE_PLAY_DENY || kind == WIRE_PLAY_TELL) {
        play_client(desk->console, &client->reader.head, payload, &head, &out);
    } else if (kind == WIRE_CORE_PRINT) {
        return print_answer(client, desk, payload);
    } else {
        core_handle(desk->core, &client->reader.head, payload, &head, &out);
    }
    return wire_send(client->fd, head, buffer_bytes(&out)) == STING_OK;
}

static void client_serve(struct client *client, struct desk *desk)
{
    enum sting_status status = wire_reader_next(&client->reader, client->fd);
    if (status == STING_OK) {
        status = answer(client, desk) ? STING_E_BUSY : STING_E_IO;
        if (client->reader.head.kind == WIRE_PLAY_OPEN ||
            client->reader.head.kind == WIRE_CORE_PRINT) {
            buffer_wipe(&client->reader.payload);
        }
    }
    if (status != STING_E_BUSY) {
        client_drop(client);
    }
}

void clients_serve(struct clients *clients, const struct pollfd *ready,
                   struct desk *desk)
{
    if (ready[0].revents) { /* a vain accept4() makes a socket all the same */
        accept_all(clients);
    }
    for (int i = 0; i < CLIENTS_MOST; i++) {
        if (clients->client[i].fd >= 0) {
            client_serve(&clients->client[i], desk);
        }
    }
}
