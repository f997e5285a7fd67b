/*
 * core_socket: the other commands' way to a running station.
 */
#ifndef STING_OPERATION_CORE_SOCKET_H
#define STING_OPERATION_CORE_SOCKET_H

#include "operation/operation.h"

/* Connect to the operation's core.sock; the caller owns *fd.
 * Fails: E_ABSENT when nobody of our own user listens there. */
STING_MUST_USE enum sting_status core_connect(const struct operation *operation,
                                              int *fd);

#endif
