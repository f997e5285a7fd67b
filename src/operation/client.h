/*
 * client: a worker that is asked now and then, and whose answers are taken as
 * they come: nobody waits for it. One that dies is started again, with
 * growing pauses.
 *
 * Threads: one.
 */
#ifndef STING_OPERATION_CLIENT_H
#define STING_OPERATION_CLIENT_H

#include "base/base.h"
#include "base/clock.h"
#include "jail/worker.h"
#include "wire/queue.h"

struct client {
    enum worker_kind kind;
    struct worker worker;
    struct wire_reader reader; /* the answer that client_next() gave */
    struct wire_queue queue;   /* what it has not taken yet */
    int64_t due_us;            /* boot time before which none is started */
    int deaths;                /* since it last answered */
    const char *how;           /* the last one ended, static */
};

/* One that has not been asked yet. */
#define CLIENT_OF(of) ((struct client){.kind = (of), .worker = WORKER_NONE})

/* Is there one to ask? Starts it when it is time. */
bool client_runs(struct client *client, struct moment now);

/* Never waits: what the worker does not take at once goes when client_next() is
 * called and client_events() was met. Fails: E_BUSY when there is none to ask
 * now, E_LIMIT when too much waits, E_IO, E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status client_send(struct client *client,
                                             struct moment now,
                                             struct wire_head head,
                                             struct bytes payload);

/* The next answer that has come, in client->reader. Fails: E_BUSY when there
 * is none; E_IO when the worker was lost, and with it what it was asked. */
STING_MUST_USE enum sting_status client_next(struct client *client,
                                             struct moment now);

/* What to poll its channel for. */
short client_events(const struct client *client);

/* It is of no more use: end it, and start another one later. */
void client_lost(struct client *client, struct moment now);

/* End it for good; for STING_AUTO too. */
void client_stop(struct client *client);

#endif
