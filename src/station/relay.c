#include "station/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jail/worker.h"
#include "wire/wire.h"

#define CONNECT_MS 1500
#define AGAIN_MS 300
#define CHUNK_BYTES 65536

/* A picture is many packets, and to wake costs more than to carry: once a
 * camera has sent much, it is listened to this often. */
#define GATHER_MS 40
#define GATHER_AFTER_BYTES ((uint64_t)1 << 20)
#define GATHER_MOST_BYTES ((size_t)32768) /* who sends more is not held up */

/* A cable pulled out says nothing; the kernel asks after these seconds. */
#define ASK_AFTER_S 5
#define ASK_EVERY_S 2
#define ASK_TIMES 2

struct camera_address {
    struct sockaddr_storage at;
    socklen_t size;
};

/* One direction of the connection. */
struct flow {
    uint8_t data[CHUNK_BYTES];
    size_t size; /* read, of which `sent` went on */
    size_t sent;
    uint64_t total; /* read since the connection began */
};

static bool address_receive(int channel, struct camera_address *out)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    if (wire_receive(channel, &head, &payload) ||
        head.kind != WIRE_RELAY_START || payload.size > sizeof out->at ||
        payload.size < sizeof(struct sockaddr_in)) {
        return false;
    }
    memcpy(&out->at, payload.data, payload.size);
    out->size = (socklen_t)payload.size;
    return true;
}

/* Wait for any of the two; false when the channel closed: time to end. */
static bool wait_for(int channel, int fd, short events, int timeout_ms,
                     short *happened)
{
    struct pollfd ready[2] = {{channel, POLLIN, 0}, {fd, events, 0}};
    int count;
    do {
        count = poll(ready, 2, timeout_ms);
    } while (count < 0 && errno == EINTR);
    *happened = ready[1].revents; /* poll() leaves 0 where nothing did */
    return count >= 0 && ready[0].revents == 0;
}

static void keep_alive(int fd)
{
    int yes = 1;
    int after = ASK_AFTER_S;
    int every = ASK_EVERY_S;
    int times = ASK_TIMES;
    /* Without these a loss is noticed later, no worse. */
    (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &after, sizeof after);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

/* Connect to the camera; *error is 0 or why not. False: time to end. */
static bool camera_connect(int channel, const struct camera_address *camera,
                           int *out, int *error)
{
    int fd = socket(camera->at.ss_family,
                    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        *error = errno;
        return true;
    }
    bool goes_on = true;
    short happened = POLLOUT;
    *error = 0;
    if (connect(fd, (const struct sockaddr *)&camera->at, camera->size) != 0) {
        *error = errno;
        if (errno == EINPROGRESS) {
            goes_on = wait_for(channel, fd, POLLOUT, CONNECT_MS, &happened);
            socklen_t size = sizeof *error;
            getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &size);
            *error = happened ? *error : ETIMEDOUT;
        }
    }
    if (*error || !goes_on) {
        close(fd);
        return goes_on;
    }
    keep_alive(fd);
    *out = fd;
    return true;
}

/* Move what can be moved from one socket to the other without waiting.
 * False when the source has ended (all that it sent has gone on by then) or
 * the connection is broken. */
static bool flow_move(struct flow *flow, int from, int to)
{
    if (flow->sent == flow->size) {
        ssize_t got = recv(from, flow->data, sizeof flow->data, MSG_DONTWAIT);
        if (got <= 0) {
            return got < 0 && (errno == EAGAIN || errno == EINTR);
        }
        flow->size = (size_t)got;
        flow->sent = 0;
        flow->total += (uint64_t)got;
    }
    while (flow->sent < flow->size) {
        ssize_t sent =
            send(to, flow->data + flow->sent, flow->size - flow->sent,
                 MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        flow->sent += (size_t)sent;
    }
    return true;
}

/* What to wait for on the socket that `in` comes from and `out` goes to. */
static short wanted(const struct flow *in, const struct flow *out)
{
    bool reads = in->sent == in->size;
    bool writes = out->sent < out->size;
    return (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
}

static bool may_gather(const struct flow *from_camera)
{
    return from_camera->total > GATHER_AFTER_BYTES &&
           from_camera->size < GATHER_MOST_BYTES;
}

/* Copy both ways until one side ends. False: time to end. */
static bool copy(int channel, int worker, int camera)
{
    static struct flow to_camera;
    static struct flow to_worker;
    to_camera = (struct flow){.size = 0};
    to_worker = (struct flow){.size = 0};
    for (;;) {
        struct pollfd ready[3] = {{channel, POLLIN, 0},
                                  {worker, wanted(&to_camera, &to_worker), 0},
                                  {camera, wanted(&to_worker, &to_camera), 0}};
        if (poll(ready, 3, -1) < 0 && errno != EINTR) {
            return false;
        }
        if (ready[0].revents) {
            return false;
        }
        if (ready[2].revents & POLLIN && may_gather(&to_worker)) {
            (void)poll(NULL, 0, GATHER_MS); /* early is no harm */
        }
        if (!flow_move(&to_camera, worker, camera) ||
            !flow_move(&to_worker, camera, worker)) {
            return true; /* the worker connects anew */
        }
    }
}

static bool state_send(int channel, int error)
{
    struct wire_head head = {.kind = WIRE_RELAY_STATE, .number = {error}};
    return wire_send(channel, head, (struct bytes){0}) == STING_OK;
}

/* Try until the camera answers or the worker hangs up, so that a camera that
 * comes back is had at once. What the first try gave is told. False: time to
 * end. */
static bool camera_have(int channel, const struct camera_address *address,
                        int worker, int *out)
{
    for (bool is_first = true;; is_first = false) {
        int error = 0;
        short happened = 0;
        if (!camera_connect(channel, address, out, &error) ||
            ((is_first || !error) && !state_send(channel, error))) {
            return false;
        }
        if (!error) {
            return true;
        }
        if (!wait_for(channel, worker, POLLRDHUP, AGAIN_MS, &happened)) {
            return false;
        }
        if (happened) {
            return true;
        }
    }
}

/* Serve the worker's next connection. False: time to end. */
static bool connection_serve(int channel, const struct camera_address *address)
{
    short happened = 0;
    if (!wait_for(channel, WORKER_INPUT_FD, POLLIN, -1, &happened)) {
        return false;
    }
    int worker STING_AUTO(fd_close) =
        accept4(WORKER_INPUT_FD, NULL, NULL, SOCK_CLOEXEC);
    if (worker < 0) {
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    }
    int camera STING_AUTO(fd_close) = -1;
    if (!camera_have(channel, address, worker, &camera)) {
        return false;
    }
    return camera < 0 || copy(channel, worker, camera);
}

int relay_serve(int channel)
{
    struct camera_address address;
    if (!address_receive(channel, &address)) {
        return 1;
    }
    while (connection_serve(channel, &address)) {
    }
    return 0;
}
