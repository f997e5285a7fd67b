/*
 * clients: other commands that write through the station, over core.sock.
 */
#ifndef STING_STATION_CLIENTS_H
#define STING_STATION_CLIENTS_H

#include <poll.h>

#include "station/desk.h"
#include "wire/wire.h"

#define CLIENTS_MOST 16

struct client {
    int fd; /* -1: free */
    struct wire_reader reader;
};

struct clients {
    int listener; /* owned */
    struct client client[CLIENTS_MOST];
};

/* Open core.sock. Fails: E_IO. */
STING_MUST_USE enum sting_status clients_init(struct clients *out,
                                              const struct operation *operation,
                                              struct fault *fault);
void clients_release(struct clients *clients);

/* Fill `ready` with what to wait for (at most CLIENTS_MOST + 1 rows), and
 * serve what came. */
size_t clients_wait(const struct clients *clients, struct pollfd *ready);
void clients_serve(struct clients *clients, const struct pollfd *ready,
                   struct desk *desk);

#endif
