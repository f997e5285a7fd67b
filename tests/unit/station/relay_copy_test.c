/* What goes into a relay comes out of it: every byte, in order, both ways at
 * once, in pieces of any size, more than any buffer holds. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "jail/worker.h"
#include "station/relay.h"
#include "tests/check.h"
#include "wire/wire.h"

#define MOST_PIECE 100000
#define WAIT_MS 10000

static uint32_t seed;

static uint32_t random_number(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static int listen_anywhere(struct sockaddr_in *at)
{
    socklen_t size = sizeof *at;
    *at = (struct sockaddr_in){.sin_family = AF_INET,
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)at, size), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)at, &size), 0);
    return fd;
}

/* A relay in a process of its own, between two ends that are ours. */
struct place {
    pid_t pid;
    int channel, camera, worker;
    int outer; /* where the camera listens */
    struct sockaddr_in inside;
};

static pid_t relay_fork(int listener, int channel)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int in = dup(listener), told = dup(channel);
        dup2(told, WORKER_CHANNEL_FD);
        dup2(in, WORKER_INPUT_FD);
        for (int fd = WORKER_INPUT_FD + 1; fd < 64; fd++) {
            close(fd);
        }
        _exit(relay_serve(WORKER_CHANNEL_FD));
    }
    return pid;
}

static void connection_begin(struct place *p)
{
    p->worker = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(
        connect(p->worker, (struct sockaddr *)&p->inside, sizeof p->inside), 0);
    p->camera = accept(p->outer, NULL, NULL);
    assert_true(p->camera >= 0);
}

static struct place place_make(void)
{
    struct place p;
    struct sockaddr_in outside;
    int pair[2];
    int listener = listen_anywhere(&p.inside);
    p.outer = listen_anywhere(&outside);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    p.pid = relay_fork(listener, pair[1]);
    close(pair[1]);
    close(listener);
    p.channel = pair[0];
    const struct wire_head start = {.kind = WIRE_RELAY_START};
    assert_int_equal(
        wire_send(p.channel, start,
                  (struct bytes){(const uint8_t *)&outside, sizeof outside}),
        STING_OK);
    connection_begin(&p);
    return p;
}

static void place_end(struct place *p)
{
    int code = -1;
    close(p->worker);
    close(p->camera);
    close(p->channel);
    close(p->outer);
    assert_int_equal(waitpid(p->pid, &code, 0), p->pid);
    assert_int_equal(code, 0);
}

/* One direction: the n-th byte sent is a function of n. */
struct way {
    size_t total, sent, got;
    uint8_t salt;
};

static uint8_t byte_at(const struct way *way, size_t n)
{
    return (uint8_t)(n * 31 + (n >> 8) * 7 + (n >> 16) + way->salt);
}

static void way_send(struct way *way, int fd)
{
    static uint8_t piece[MOST_PIECE];
    size_t left = way->total - way->sent;
    size_t size = 1 + random_number() % MOST_PIECE;
    size = random_number() % 4 ? 1 + size % 1400 : size;
    size = size < left ? size : left;
    for (size_t i = 0; i < size; i++) {
        piece[i] = byte_at(way, way->sent + i);
    }
    ssize_t sent = send(fd, piece, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    assert_true(sent >= 0 || errno == EAGAIN);
    way->sent += sent > 0 ? (size_t)sent : 0;
}

static void way_receive(struct way *way, int fd)
{
    static uint8_t piece[MOST_PIECE];
    ssize_t got =
        recv(fd, piece, 1 + random_number() % MOST_PIECE, MSG_DONTWAIT);
    assert_true(got > 0);
    for (ssize_t i = 0; i < got; i++) {
        assert_int_equal(piece[i], byte_at(way, way->got++));
    }
    assert_true(way->got <= way->sent);
}

static short wanted(const struct way *out, const struct way *in)
{
    return (short)((out->sent < out->total ? POLLOUT : 0) |
                   (in->got < in->total ? POLLIN : 0));
}

static void ways_go(const struct place *p, struct way *down, struct way *up)
{
    while (down->got < down->total || up->got < up->total) {
        struct pollfd end[2] = {{p->camera, wanted(down, up), 0},
                                {p->worker, wanted(up, down), 0}};
        assert_true(poll(end, 2, WAIT_MS) > 0);
        if (end[0].revents & POLLOUT) {
            way_send(down, p->camera);
        }
        if (end[1].revents & POLLOUT) {
            way_send(up, p->worker);
        }
        if (end[0].revents & POLLIN) {
            way_receive(up, p->camera);
        }
        if (end[1].revents & POLLIN) {
            way_receive(down, p->worker);
        }
    }
}

static void every_byte_comes_out_in_order_both_ways(void **state)
{
    (void)state;
    for (seed = 1; seed < 4; seed++) {
        struct place p = place_make();
        struct way down = {.total = (size_t)5 << 20, .salt = (uint8_t)seed};
        struct way up = {.total = (size_t)200 << 10, .salt = 77};
        ways_go(&p, &down, &up);
        place_end(&p);
    }
}

/* A relay that sleeps between pieces needs fifteen seconds, a busy machine
 * that does not a fraction of one. */
static void camera_of_many_bytes_is_not_held_up(void **state)
{
    (void)state;
    struct place p = place_make();
    struct way down = {.total = (size_t)24 << 20}, up = {.total = 0};
    int64_t begin_us = clock_now().boot_us;
    ways_go(&p, &down, &up);
    assert_true(clock_now().boot_us - begin_us < 8000000);
    place_end(&p);
}

static void what_was_sent_before_the_end_still_comes(void **state)
{
    static uint8_t rest[MOST_PIECE];
    (void)state;
    for (size_t size = 1; size < 60000; size = size * 3 + 1) {
        struct place p = place_make();
        struct way down = {.total = size};
        size_t got = 0;
        ssize_t more;
        while (down.sent < down.total) {
            way_send(&down, p.camera);
        }
        shutdown(p.camera, SHUT_WR);
        while ((more = recv(p.worker, rest, sizeof rest, 0)) > 0) {
            got += (size_t)more;
        }
        assert_int_equal(got, size);
        place_end(&p);
    }
}

/* The stream that is looked at comes and goes beside the recorded one. */
static void a_second_connection_is_served_beside_the_first(void **state)
{
    (void)state;
    struct place first = place_make();
    for (uint8_t salt = 1; salt < 6; salt++) {
        struct place second = first;
        connection_begin(&second);
        struct way down = {.total = 300000, .salt = salt}, up = {.total = 900};
        ways_go(&second, &down, &up);
        struct way other = {.total = 500000, .salt = 50}, back = {.total = 70};
        ways_go(&first, &other, &back);
        close(salt % 2 ? second.worker : second.camera);
        char end;
        assert_int_equal(
            recv(salt % 2 ? second.camera : second.worker, &end, 1, 0), 0);
        close(salt % 2 ? second.camera : second.worker);
    }
    place_end(&first);
}

/* The processor's time that the relay has had, in milliseconds. */
static int64_t busy_ms(const struct place *p)
{
    clockid_t clock;
    struct timespec had;
    assert_int_equal(clock_getcpuclockid(p->pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &had), 0);
    return had.tv_sec * 1000 + had.tv_nsec / 1000000;
}

static void fill(struct way *way, int fd)
{
    size_t before;
    do {
        struct pollfd ready = {fd, POLLOUT, 0};
        before = way->sent;
        if (poll(&ready, 1, 200) > 0) {
            way_send(way, fd);
        }
    } while (way->sent > before);
}

/* A camera is gone while its worker reads nothing: what it sent is kept, and
 * nobody is kept busy by it. */
static void a_hang_up_that_has_to_wait_costs_nothing(void **state)
{
    static uint8_t rest[MOST_PIECE];
    const struct linger at_once = {1, 0};
    (void)state;
    struct place p = place_make();
    struct way down = {.total = SIZE_MAX};
    fill(&down, p.camera);
    setsockopt(p.camera, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(p.camera);
    p.camera = -1;
    int64_t before_ms = busy_ms(&p);
    usleep(600000);
    assert_true(busy_ms(&p) - before_ms < 30);
    while (recv(p.worker, rest, sizeof rest, 0) > 0) {
    }
    place_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_comes_out_in_order_both_ways),
        cmocka_unit_test(camera_of_many_bytes_is_not_held_up),
        cmocka_unit_test(what_was_sent_before_the_end_still_comes),
        cmocka_unit_test(a_hang_up_that_has_to_wait_costs_nothing),
        cmocka_unit_test(a_second_connection_is_served_beside_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
