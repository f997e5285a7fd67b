/*
 * core_socket: the other commands' way to a running station.
 *
 * Whoever asks waits ten seconds for it at most.
 */
#ifndef STING_OPERATION_CORE_SOCKET_H
#define STING_OPERATION_CORE_SOCKET_H

#include "operation/operation.h"
#include "wire/wire.h"

/* Where it is. Fails: E_LIMIT when the folder's path is too long. */
struct sockaddr_un;
STING_MUST_USE enum sting_status core_address(const struct operation *operation,
                                              struct sockaddr_un *out,
                                              struct fault *fault);

/* Connect to the operation's core.sock; the caller owns *fd.
 * Fails: E_ABSENT when nobody of our own user listens there, no fault then;
 * E_IO when the station takes nobody any more. */
STING_MUST_USE enum sting_status core_connect(const struct operation *operation,
                                              int *fd, struct fault *fault);

/* Ask, and wait for WIRE_DONE. Fails: E_IO also when the station does not
 * answer, and *fault says whether the record may hold what was asked; else as
 * wire_call(). */
STING_MUST_USE enum sting_status core_call(int station,
                                           struct wire_head request,
                                           struct bytes payload,
                                           struct wire_answer *answer,
                                           struct fault *fault);

#endif
