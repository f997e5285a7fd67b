/*
 * camera_url: where a camera is, taken apart from operation.yaml.
 *
 * Takes rtsp://HOST[:PORT]/PATH, with [..] around an IPv6 address; anything
 * without "://" is the path of a clip, or below /dev/ a device of this machine
 * (files in its memory, /dev/shm/, are clips). Our own configuration, not
 * hostile.
 */
#ifndef STING_STATION_CAMERA_URL_H
#define STING_STATION_CAMERA_URL_H

#include <sys/socket.h>

#include "base/base.h"
#include "base/buffer.h"

#define CAMERA_PORT 554

enum camera_kind { CAMERA_NETWORK, CAMERA_CLIP, CAMERA_DEVICE };

struct camera_url {
    enum camera_kind kind;
    char host[256];
    char path[1024]; /* with its '/', or of the clip or device */
    uint16_t port;
};

/* Fails: E_FORMAT, E_UNSUPPORTED for another scheme. */
STING_MUST_USE enum sting_status camera_url_parse(const char *text,
                                                  struct camera_url *out);

/* "rtsp", "clip" or "device": what ledger lines call it. */
const char *camera_url_source(const struct camera_url *url);

/* The address when the host is a number or "localhost". Fails: E_ABSENT when
 * it is a name that has to be looked up. */
STING_MUST_USE enum sting_status camera_url_address(
    const struct camera_url *url, struct sockaddr_storage *out);

/* Append the url with the address in place of the name. */
STING_MUST_USE enum sting_status camera_url_write(
    const struct camera_url *url, const struct sockaddr_storage *address,
    struct buffer *out);

#endif
