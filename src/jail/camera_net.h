/*
 * camera_net: a network that holds nothing but the camera's address.
 *
 * Called between fork and exec, so it makes system calls and nothing else.
 */
#ifndef STING_JAIL_CAMERA_NET_H
#define STING_JAIL_CAMERA_NET_H

#include <sys/socket.h>

#include "base/base.h"

#define CAMERA_NET_PORTS 2

/* Leave the present network for an empty one (as root, or by way of a user
 * namespace), give its `lo` the camera's address and listen there, and at its
 * second port unless that is 0. A listener that is not made is -1. Fails:
 * E_IO, see errno; the process may then be in no useful network at all. */
STING_MUST_USE enum sting_status camera_net_enter(
    const struct sockaddr *camera, uint16_t second_port,
    int listener[CAMERA_NET_PORTS]);

/* The size and the port of an IPv4 or IPv6 address; 0 for another family. */
socklen_t camera_net_size(const struct sockaddr *address);
uint16_t camera_net_port(const struct sockaddr *address);

/* The same address at another port. */
struct sockaddr_storage camera_net_beside(const struct sockaddr *address,
                                          uint16_t port);

#endif
