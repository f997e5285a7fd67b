/*
 * names: the addresses of cameras that are given by name. A net worker looks
 * them up; the core neither asks nor parses a name server.
 */
#ifndef STING_STATION_NAMES_H
#define STING_STATION_NAMES_H

#include <sys/socket.h>

#include "station/death.h"
#include "wire/wire.h"

struct names {
    struct worker worker; /* started at the first question */
    struct wire_reader reader;
    struct deaths deaths;
};

struct names_answer {
    int64_t id; /* of the question */
    bool is_found;
    struct sockaddr_storage address; /* IPv4 or IPv6; the port is the asked */
    char why[200];                   /* when it is not found */
};

void names_release(struct names *names);

/* Ask for host and port; the answer comes by names_next(). Fails: E_IO, also
 * for a while after a worker has died. */
STING_MUST_USE enum sting_status names_ask(struct names *names,
                                           struct moment now, int64_t id,
                                           const char *host, uint16_t port,
                                           struct fault *fault);

/* The next answer that has come; false when there is none. Never waits. A
 * worker that died is told at `desk`; who waits for it will ask again. */
bool names_next(struct names *names, struct desk *desk, struct moment now,
                struct names_answer *out);

#endif
