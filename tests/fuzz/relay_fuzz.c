/* A relay between workers and a camera who send, read and hang up in any order
 * and in pieces of any size. What comes out is what went in, byte by byte and
 * both ways; all of it when a side ends that has read all; and who is gone on
 * one side is seen to be gone on the other.
 *
 * Input: of each byte the lowest bit is the connection, three bits what is
 * done, the rest how much. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "jail/worker.h"
#include "station/relay.h"
#include "wire/wire.h"

#define LANES 2
#define MOST_PIECE 65536
#define MOST_STEPS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One direction: the n-th byte sent is a function of n. */
struct way {
    size_t sent, got;
    uint8_t salt;
};

struct lane {
    int worker, camera; /* -1: there is none */
    struct way up, down;
};

static int channel; /* to the relay; 0 before it was begun */
static int outer;   /* where the camera listens */
static struct sockaddr_un inside, outside;

static void hold(bool is_so)
{
    if (!is_so) {
        abort();
    }
}

/* ---- the relay, once ---- */

#define PLACE_BYTES (sizeof(struct sockaddr_in))

#define BEYOND_FD 16 /* of those that a worker is given */

/* A place in memory, as long as an address of the network. */
static int listen_at(char name, struct sockaddr_un *at)
{
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(at->sun_path + 1, PLACE_BYTES, "%c%d", name, getpid());
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    hold(fd >= 0 && !bind(fd, (struct sockaddr *)at, PLACE_BYTES));
    hold(!listen(fd, LANES));
    int away = fcntl(fd, F_DUPFD, BEYOND_FD);
    hold(away >= BEYOND_FD && !close(fd));
    return away;
}

static void *serve(void *at)
{
    (void)relay_serve(*(int *)at);
    abort(); /* its channel is never closed */
}

/* libFuzzer looks at its clock by a signal, which is to interrupt no call. */
static void alarms_restart(void)
{
    struct sigaction action;
    hold(!sigaction(SIGALRM, NULL, &action));
    action.sa_flags |= SA_RESTART;
    hold(!sigaction(SIGALRM, &action, NULL));
}

static void relay_begin(void)
{
    static int end;
    int pair[2];
    pthread_t thread;
    const struct wire_head start = {.kind = WIRE_RELAY_START};
    const struct bytes to = {(const uint8_t *)&outside, PLACE_BYTES};
    alarms_restart();
    int listener = listen_at('i', &inside);
    outer = listen_at('o', &outside);
    hold(dup2(listener, WORKER_INPUT_FD) == WORKER_INPUT_FD);
    hold(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    channel = pair[0];
    end = pair[1];
    hold(!wire_send(channel, start, to));
    hold(!pthread_create(&thread, NULL, serve, &end));
}

/* ---- what its two sides do ---- */

static uint8_t byte_at(const struct way *way, size_t n)
{
    return (uint8_t)(n * 31 + (n >> 8) * 7 + (n >> 16) + way->salt);
}

static void way_send(struct way *way, int fd, size_t size)
{
    static uint8_t piece[MOST_PIECE];
    for (size_t i = 0; i < size; i++) {
        piece[i] = byte_at(way, way->sent + i);
    }
    ssize_t sent = send(fd, piece, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    hold(sent >= 0 || errno == EAGAIN);
    way->sent += sent > 0 ? (size_t)sent : 0;
}

/* What recv() gave. */
static ssize_t way_receive(struct way *way, int fd, size_t size, int flags)
{
    static uint8_t piece[MOST_PIECE];
    ssize_t got = recv(fd, piece, size, flags);
    for (ssize_t i = 0; i < got; i++) {
        hold(piece[i] == byte_at(way, way->got++));
    }
    hold(way->got <= way->sent);
    return got;
}

static void lane_begin(struct lane *lane, uint8_t salt)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    *lane = (struct lane){.up.salt = salt, .down.salt = (uint8_t)~salt};
    lane->worker = socket(AF_UNIX, SOCK_STREAM, 0);
    hold(!connect(lane->worker, (struct sockaddr *)&inside, PLACE_BYTES));
    lane->camera = accept(outer, NULL, NULL);
    hold(lane->camera >= 0);
    hold(!wire_receive(channel, &head, &payload));
    hold(head.kind == WIRE_RELAY_STATE && head.number[0] == 0);
}

/* One side has read all and ends: the other still gets what it sent. */
static void side_end(struct way *in, int *fd, struct way *out, int *other)
{
    while (in->got < in->sent) {
        hold(way_receive(in, *fd, MOST_PIECE, 0) > 0);
    }
    fd_close(fd);
    while (out->got < out->sent) {
        hold(way_receive(out, *other, MOST_PIECE, 0) > 0);
    }
    hold(way_receive(out, *other, 1, 0) == 0);
    fd_close(other);
}

/* One side is gone at once: the other sees that. */
static void side_break(int *fd, struct way *out, int *other)
{
    fd_close(fd);
    while (way_receive(out, *other, MOST_PIECE, 0) > 0) {
    }
    fd_close(other);
}

static void step(struct lane *lane, unsigned what, size_t size)
{
    switch (what) {
    case 0:
    case 1:
        way_send(&lane->down, lane->camera, size);
        break;
    case 2:
        way_send(&lane->up, lane->worker, size);
        break;
    case 3:
        (void)way_receive(&lane->up, lane->camera, size, MSG_DONTWAIT);
        break;
    case 4:
        (void)way_receive(&lane->down, lane->worker, size, MSG_DONTWAIT);
        break;
    case 5:
        side_end(&lane->up, &lane->camera, &lane->down, &lane->worker);
        break;
    case 6:
        side_end(&lane->down, &lane->worker, &lane->up, &lane->camera);
        break;
    default:
        side_break(&lane->worker, &lane->up, &lane->camera);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lane lane[LANES] = {{.camera = -1}, {.camera = -1}};
    if (channel == 0) {
        relay_begin();
    }
    for (size_t i = 0; i < size && i < MOST_STEPS; i++) {
        struct lane *one = &lane[data[i] & 1];
        size_t much = data[i] >> 4;
        if (one->camera < 0) {
            lane_begin(one, (uint8_t)i);
        }
        step(one, data[i] >> 1 & 7, 1 + much * much * 291);
    }
    for (int i = 0; i < LANES; i++) {
        if (lane[i].camera >= 0) {
            side_break(&lane[i].camera, &lane[i].down, &lane[i].worker);
        }
    }
    return 0;
}
