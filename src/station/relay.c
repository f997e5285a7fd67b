#include "station/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "jail/camera_net.h"
#include "jail/worker.h"
#include "wire/wire.h"

#define CONNECT_US INT64_C(1500000)
#define AGAIN_US INT64_C(300000)
#define CHUNK_BYTES 65536
#define LANES 2 /* connections: a stream to record, and one to look at */

/* A picture is many packets, and to wake costs more than to carry: once a
 * camera has sent much, the kernel wakes us when this much is there, and what
 * is less goes on this often: not in step with pictures, so that the shortest
 * way from the camera, which its clock is told by, is met again and again. */
#define GATHER_MS 77
#define GATHER_BYTES CHUNK_BYTES
#define GATHER_AFTER_BYTES ((uint64_t)1 << 20)

/* A cable pulled out says nothing; the kernel asks after these seconds. */
#define ASK_AFTER_S 5
#define ASK_EVERY_S 2
#define ASK_TIMES 2

/* A port of the camera, and where the worker believes it to be. */
struct target {
    int listener; /* borrowed; -1: there is no such port */
    struct sockaddr_storage at;
    socklen_t size;
};

/* One direction of a connection. */
struct flow {
    uint8_t data[CHUNK_BYTES];
    size_t size; /* read, of which `sent` went on */
    size_t sent;
    uint64_t total; /* read since the connection began */
};

static bool targets_receive(int channel, struct target out[CAMERA_NET_PORTS])
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    if (wire_receive(channel, &head, &payload) ||
        head.kind != WIRE_RELAY_START || payload.size > sizeof out->at ||
        payload.size < sizeof(struct sockaddr_in)) {
        return false;
    }
    out[0] = (struct target){.listener = WORKER_INPUT_FD,
                             .size = (socklen_t)payload.size};
    memcpy(&out[0].at, payload.data, payload.size);
    out[1] = (struct target){.listener = -1, .size = out[0].size};
    if (head.number[0] > 0 && head.number[0] <= UINT16_MAX) {
        out[1].listener = WORKER_SECOND_FD;
        out[1].at = camera_net_beside((const struct sockaddr *)&out[0].at,
                                      (uint16_t)head.number[0]);
    }
    return true;
}

enum lane_state { LANE_FREE, LANE_CONNECTING, LANE_WAITING, LANE_COPYING };

/* A connection of the worker, and what it is joined to. */
struct lane {
    enum lane_state state;
    int which;          /* of the targets */
    int worker, camera; /* -1: none */
    int64_t until_us;   /* boot time: it answers by then, or is tried again */
    bool is_told;       /* what its first try gave */
    bool gathers;       /* what is less than GATHER_BYTES wakes nobody */
    struct flow to_camera, to_worker;
};

struct relay {
    int channel;
    struct target target[CAMERA_NET_PORTS];
    struct lane lane[LANES];
};

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

static bool state_send(const struct relay *relay, int error, int which)
{
    struct wire_head head = {.kind = WIRE_RELAY_STATE,
                             .number = {error, which}};
    return wire_send(relay->channel, head, (struct bytes){0}) == STING_OK;
}

static void lane_end(struct lane *lane)
{
    fd_close(&lane->camera);
    fd_close(&lane->worker);
    lane->state = LANE_FREE;
}

/* What became of connecting. Tries go on until the camera answers or the
 * worker hangs up, so that a camera that comes back is had at once; what the
 * first gave is told. False: time to end. */
static bool lane_tried(const struct relay *relay, struct lane *lane, int error)
{
    bool is_first = !lane->is_told;
    lane->is_told = true;
    if (error) {
        fd_close(&lane->camera);
        lane->state = LANE_WAITING;
        lane->until_us = clock_now().boot_us + AGAIN_US;
    } else {
        keep_alive(lane->camera);
        lane->state = LANE_COPYING;
    }
    return (!is_first && error) || state_send(relay, error, lane->which);
}

static bool lane_connect(const struct relay *relay, struct lane *lane)
{
    const struct target *to = &relay->target[lane->which];
    lane->camera =
        socket(to->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (lane->camera < 0) {
        return lane_tried(relay, lane, errno);
    }
    lane->state = LANE_CONNECTING;
    lane->until_us = clock_now().boot_us + CONNECT_US;
    if (connect(lane->camera, (const struct sockaddr *)&to->at, to->size) ==
        0) {
        return lane_tried(relay, lane, 0);
    }
    return errno == EINPROGRESS || lane_tried(relay, lane, errno);
}

/* The worker's next connection to this target. False: time to end. */
static bool lane_begin(const struct relay *relay, struct lane *lane, int which)
{
    int worker =
        accept4(relay->target[which].listener, NULL, NULL, SOCK_CLOEXEC);
    if (worker < 0) {
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
    }
    lane->worker = worker;
    lane->which = which;
    lane->is_told = lane->gathers = false;
    lane->to_camera.size = lane->to_camera.sent = 0;
    lane->to_worker.size = lane->to_worker.sent = 0;
    lane->to_camera.total = lane->to_worker.total = 0;
    return lane_connect(relay, lane);
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

/* A kernel that does not know how wakes us for each packet. */
static void gather_begin(struct lane *lane)
{
    int least = GATHER_BYTES;
    if (!lane->gathers && lane->to_worker.total > GATHER_AFTER_BYTES) {
        lane->gathers = setsockopt(lane->camera, SOL_SOCKET, SO_RCVLOWAT,
                                   &least, sizeof least) == 0;
    }
}

/* ---- each round ---- */

/* Of an end of which nothing is wanted now, that it hung up would wake us again
 * and again: it is seen when its turn comes. */
static struct pollfd end_wait(int fd, short events)
{
    return (struct pollfd){events ? fd : -1, events, 0};
}

/* What is waited for: of a lane that connects or waits, also that the worker
 * hangs up. */
static void lane_wait(const struct lane *lane, struct pollfd out[2])
{
    short from_worker = POLLRDHUP;
    short from_camera = POLLOUT;
    if (lane->state == LANE_COPYING) {
        from_worker = wanted(&lane->to_camera, &lane->to_worker);
        from_camera = wanted(&lane->to_worker, &lane->to_camera);
    }
    out[0] = end_wait(lane->worker, from_worker);
    out[1] = end_wait(lane->camera, from_camera);
}

static bool lane_connecting(const struct relay *relay, struct lane *lane,
                            bool has_answered)
{
    int error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (has_answered) {
        getsockopt(lane->camera, SOL_SOCKET, SO_ERROR, &error, &size);
    } else if (clock_now().boot_us < lane->until_us) {
        return true;
    }
    return lane_tried(relay, lane, error);
}

/* False: time to end. */
static bool lane_serve(const struct relay *relay, struct lane *lane,
                       const struct pollfd ready[2])
{
    bool goes_on = true;
    if (lane->state == LANE_COPYING) {
        if (!flow_move(&lane->to_camera, lane->worker, lane->camera) ||
            !flow_move(&lane->to_worker, lane->camera, lane->worker)) {
            lane_end(lane); /* the worker connects anew */
        } else {
            gather_begin(lane);
        }
    } else if (lane->state != LANE_FREE && ready[0].revents) {
        lane_end(lane);
    } else if (lane->state == LANE_CONNECTING) {
        goes_on = lane_connecting(relay, lane, ready[1].revents);
    } else if (lane->state == LANE_WAITING &&
               clock_now().boot_us >= lane->until_us) {
        goes_on = lane_connect(relay, lane);
    }
    return goes_on;
}

static struct lane *free_lane(struct relay *relay)
{
    for (int i = 0; i < LANES; i++) {
        if (relay->lane[i].state == LANE_FREE) {
            return &relay->lane[i];
        }
    }
    return NULL;
}

/* How long this lane may be left alone while nothing comes. */
static int64_t lane_rest_us(const struct lane *lane, int64_t now_us)
{
    switch (lane->state) {
    case LANE_CONNECTING:
    case LANE_WAITING:
        return lane->until_us > now_us ? lane->until_us - now_us : 0;
    case LANE_COPYING:
        return lane->gathers ? GATHER_MS * INT64_C(1000) : INT64_MAX;
    case LANE_FREE:
        break;
    }
    return INT64_MAX;
}

/* Until something comes, or a lane is due. */
static int wait_ms(const struct relay *relay)
{
    int64_t now_us = clock_now().boot_us;
    int64_t least_us = INT64_MAX;
    for (int i = 0; i < LANES; i++) {
        int64_t rest_us = lane_rest_us(&relay->lane[i], now_us);
        least_us = rest_us < least_us ? rest_us : least_us;
    }
    return least_us == INT64_MAX ? -1 : (int)((least_us + 999) / 1000);
}

/* What is polled: the channel, listeners, and both ends of each lane. */
enum {
    CHANNEL,
    LISTENER,
    ENDS = LISTENER + CAMERA_NET_PORTS,
    POLLED = ENDS + 2 * LANES
};

static void polled_set(struct relay *relay, struct pollfd out[POLLED])
{
    bool has_room = free_lane(relay) != NULL;
    out[CHANNEL] = (struct pollfd){relay->channel, POLLIN, 0};
    for (int i = 0; i < CAMERA_NET_PORTS; i++) {
        int listener = has_room ? relay->target[i].listener : -1;
        out[LISTENER + i] = (struct pollfd){listener, POLLIN, 0};
    }
    for (int i = 0; i < LANES; i++) {
        lane_wait(&relay->lane[i], &out[ENDS + 2 * i]);
    }
}

/* Who connected, while there is a lane for it. False: time to end. */
static bool lanes_begin(struct relay *relay, const struct pollfd ready[])
{
    bool goes_on = true;
    for (int i = 0; goes_on && i < CAMERA_NET_PORTS; i++) {
        struct lane *lane = free_lane(relay);
        if (lane && ready[LISTENER + i].revents) {
            goes_on = lane_begin(relay, lane, i);
        }
    }
    return goes_on;
}

/* False: time to end, since the channel closed. */
static bool round_serve(struct relay *relay)
{
    struct pollfd ready[POLLED];
    polled_set(relay, ready);
    int count = poll(ready, POLLED, wait_ms(relay));
    if (count < 0) {
        return errno == EINTR;
    }
    if (ready[CHANNEL].revents) {
        return false;
    }
    bool goes_on = lanes_begin(relay, ready);
    for (int i = 0; goes_on && i < LANES; i++) {
        goes_on = lane_serve(relay, &relay->lane[i], &ready[ENDS + 2 * i]);
    }
    return goes_on;
}

int relay_serve(int channel)
{
    static struct relay relay;
    relay = (struct relay){.channel = channel};
    for (int i = 0; i < LANES; i++) {
        relay.lane[i].worker = relay.lane[i].camera = -1;
    }
    if (!targets_receive(channel, relay.target)) {
        return 1;
    }
    while (round_serve(&relay)) {
    }
    for (int i = 0; i < LANES; i++) {
        lane_end(&relay.lane[i]);
    }
    return 0;
}
