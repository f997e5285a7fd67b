/*
 * wire: the messages between sting's processes, all from one table.
 *
 * A message is a fixed head of 56 bytes and a payload. The head carries six
 * numbers whose meaning the table in wire.c states for each kind; payloads
 * are bounded per kind, so that no peer can make us allocate at will.
 * Both ends run on one machine: numbers are in its byte order.
 *
 * Format: docs/formats/wire.md. Threads: one writer and one reader a socket.
 */
#ifndef STING_WIRE_WIRE_H
#define STING_WIRE_WIRE_H

#include "base/base.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "wire/camera_state.h"
#include "wire/kinds.h"

struct wire_head {
    uint32_t kind;          /* enum wire_kind */
    uint32_t payload_bytes; /* at most what the table allows */
    int64_t number[6];
};

/* The name of a kind for people, and its largest payload; "unknown" and 0
 * for a number outside the table. */
const char *wire_name(uint32_t kind);
size_t wire_most_bytes(uint32_t kind);

/* Send one message whole; blocks as the descriptor does. payload_bytes of
 * the head is filled in here. Fails: E_ARG over the table's bound, E_IO. */
STING_MUST_USE enum sting_status wire_send(int fd, struct wire_head head,
                                           struct bytes payload);

/* Receive one message; *payload is replaced. Fails: E_ABSENT when the peer
 * closed between messages, E_FORMAT for an unknown kind or a cut message,
 * E_LIMIT, E_IO, E_NOMEM. */
STING_MUST_USE enum sting_status wire_receive(int fd, struct wire_head *head,
                                              struct buffer *payload);

/*
 * One message as it comes in, for loops that must never wait on one peer.
 * Zero-initialise; release the payload with buffer_release.
 */
struct wire_reader {
    struct wire_head head;
    size_t head_bytes;     /* of the head, received so far */
    struct buffer payload; /* owned; good until the next call */
    bool is_given;         /* the message in it was handed out */
};

/* Take what the socket holds now, without waiting. OK gives one whole
 * message in reader->head and ->payload; call again until E_BUSY, which
 * means that the rest has not come yet. Fails else as wire_receive. */
STING_MUST_USE enum sting_status wire_reader_next(struct wire_reader *reader,
                                                  int fd);

/* Answer with a fault: WIRE_FAILED with status, why and todo. */
STING_MUST_USE enum sting_status wire_send_fault(int fd,
                                                 enum sting_status status,
                                                 const struct fault *fault);

/* A WIRE_FAILED message as its status and *fault, control characters as '?'.
 * Gives the status, never OK. */
STING_MUST_USE enum sting_status wire_failed(const struct wire_head *head,
                                             const struct buffer *payload,
                                             struct fault *fault);

/* Serve requests until the peer closes or sends WIRE_STOP. `serve` sends the
 * answer itself, or fails, which becomes a WIRE_FAILED. */
typedef enum sting_status wire_service(void *context,
                                       const struct wire_head *request,
                                       struct bytes payload,
                                       struct fault *fault);
void wire_serve(int fd, wire_service *serve, void *context);

/* Zero-initialise; for STING_AUTO. */
struct wire_answer {
    struct wire_head head;
    struct buffer payload; /* owned */
};
void wire_answer_release(struct wire_answer *answer);

/* Send a request and wait for its answer; a WIRE_FAILED answer becomes its
 * status and *fault (control characters as '?'), any kind but `expected`
 * E_FORMAT. */
STING_MUST_USE enum sting_status wire_call(int fd, struct wire_head request,
                                           struct bytes payload,
                                           uint32_t expected,
                                           struct wire_answer *answer,
                                           struct fault *fault);

#endif
