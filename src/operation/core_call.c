/* What the other commands ask of a running station, and how long they wait. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "operation/core.h"
#include "operation/core_socket.h"

#define PATIENCE_S 10 /* a slow disk takes less to write a line */
#define NOTHING_WRITTEN                                                        \
    "nothing is on record: see whether it or its disk hangs, then try once "   \
    "more"

/* It is there, and says nothing. */
static bool is_silent(int station)
{
    char byte;
    return recv(station, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

static bool is_bound(int station)
{
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    return setsockopt(station, SOL_SOCKET, SO_RCVTIMEO, &patience,
                      sizeof patience) == 0 &&
           setsockopt(station, SOL_SOCKET, SO_SNDTIMEO, &patience,
                      sizeof patience) == 0;
}

enum sting_status core_connect(const struct operation *operation, int *fd,
                               struct fault *fault)
{
    struct sockaddr_un address;
    if (core_address(operation, &address, NULL)) {
        return STING_E_ABSENT;
    }
    int made STING_AUTO(fd_close) =
        socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0 || !is_bound(made)) {
        return STING_E_ABSENT;
    }
    if (connect(made, (struct sockaddr *)&address, sizeof address) != 0) {
        /* So many wait already that no more may. */
        return errno == EAGAIN ? fault_set(fault, STING_E_IO, NOTHING_WRITTEN,
                                           "the station takes no more commands")
                               : STING_E_ABSENT;
    }
    if (!core_peer_is_ours(made)) {
        return STING_E_ABSENT;
    }
    *fd = made;
    made = -1;
    return STING_OK;
}

/* What waits in its socket is done when it goes on, whoever asked for it. */
static enum sting_status silent(int station, uint32_t kind, struct fault *fault)
{
    struct ucred peer = {.pid = 0};
    socklen_t size = sizeof peer;
    bool writes = kind != WIRE_CORE_LOOK && kind != WIRE_PLAY_LIST;
    (void)getsockopt(station, SOL_SOCKET, SO_PEERCRED, &peer, &size);
    return fault_set(fault, STING_E_IO,
                     writes ? "it may still do this when it goes on: see "
                              "whether it or its disk hangs, then look with "
                              "sting log OP --list before you try once more"
                            : NOTHING_WRITTEN,
                     "the station (process %d) has not answered for %d s",
                     (int)peer.pid, PATIENCE_S);
}

enum sting_status core_call(int station, struct wire_head request,
                            struct bytes payload, struct wire_answer *answer,
                            struct fault *fault)
{
    enum sting_status status =
        wire_call(station, request, payload, WIRE_DONE, answer, fault);
    return status == STING_E_IO && answer->head.kind != WIRE_FAILED &&
                   is_silent(station)
               ? silent(station, request.kind, fault)
               : status;
}
