/*
 * queue: messages on their way to a peer that may be slow, for loops that
 * must never wait on one. Zero-initialise; release with wire_queue_release.
 */
#ifndef STING_WIRE_QUEUE_H
#define STING_WIRE_QUEUE_H

#include "wire/wire.h"

struct wire_queue {
    struct buffer out; /* owned */
    size_t sent;       /* bytes of it that are gone */
};

void wire_queue_release(struct wire_queue *queue);

/* Bytes that wait. */
size_t wire_queue_bytes(const struct wire_queue *queue);

/* Put a message behind the others. Fails: E_ARG over the table's bound,
 * E_LIMIT when more than most_bytes would wait, E_NOMEM; nothing is added. */
STING_MUST_USE enum sting_status wire_queue_add(struct wire_queue *queue,
                                                struct wire_head head,
                                                struct bytes payload,
                                                size_t most_bytes);

/* Send what the socket takes now, without waiting. OK: nothing is left;
 * E_BUSY: wait until it can be written to. Fails: E_IO. */
STING_MUST_USE enum sting_status wire_queue_flush(struct wire_queue *queue,
                                                  int fd);

#endif
