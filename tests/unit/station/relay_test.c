/* A worker alone in its network, a relay beside it, a camera outside. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jail/worker.h"
#include "tests/check.h"
#include "tests/probe/probe.h"
#include "wire/wire.h"

#define WAIT_MS 10000

static struct sockaddr_in address(const char *text, uint16_t port)
{
    struct sockaddr_in made = {.sin_family = AF_INET, .sin_port = htons(port)};
    assert_int_equal(inet_pton(AF_INET, text, &made.sin_addr), 1);
    return made;
}

/* A place in the real network that is ours alone, so that these tests may run
 * beside each other: any free port, held, and nobody listens there yet. */
static int camera_away(void)
{
    struct sockaddr_in at = address("127.0.0.1", 0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static int camera_listen(void)
{
    int fd = camera_away();
    assert_int_equal(listen(fd, 4), 0);
    return fd;
}

struct joined {
    struct worker camera; /* of the probing binary */
    struct worker relay;
};

static void joined_release(struct joined *joined)
{
    worker_stop(&joined->camera, 0);
    worker_stop(&joined->relay, 0);
}

static struct sockaddr_in place_of(int outer)
{
    struct sockaddr_in outside;
    socklen_t size = sizeof outside;
    assert_int_equal(getsockname(outer, (struct sockaddr *)&outside, &size), 0);
    return outside;
}

/* The camera is at `outer`, and what the worker believes to be its second
 * port at `second`; -1: it has one port. */
static struct joined join_two(int outer, int second)
{
    struct joined joined;
    struct sockaddr_in inside = address(PROBE_CAMERA, PROBE_CAMERA_PORT);
    struct sockaddr_in outside = place_of(outer);
    uint16_t port = second < 0 ? 0 : ntohs(place_of(second).sin_port);
    int listener STING_AUTO(fd_close) = -1;
    int beside STING_AUTO(fd_close) = -1;
    struct worker_place place = {.input = -1,
                                 .camera = (struct sockaddr *)&inside,
                                 .listener = &listener,
                                 .second_port =
                                     second < 0 ? 0 : PROBE_SECOND_PORT,
                                 .second_listener = &beside};
    worker_binary(PROBE_BINARY);
    assert_int_equal(
        worker_start_with(WORKER_CAMERA, &place, &joined.camera, NULL), 0);
    worker_binary(STING_BINARY);
    place = (struct worker_place){.input = listener,
                                  .camera = (struct sockaddr *)&outside,
                                  .second_port = port,
                                  .second_input = beside};
    assert_int_equal(
        worker_start_with(WORKER_RELAY, &place, &joined.relay, NULL), 0);
    struct wire_head head = {.kind = WIRE_RELAY_START, .number = {port}};
    struct bytes where = {(uint8_t *)&outside, sizeof outside};
    assert_int_equal(wire_send(joined.relay.channel, head, where), 0);
    return joined;
}

static struct joined join(int outer)
{
    return join_two(outer, -1);
}

/* The relay's word on its last attempt to connect, to this port of both. */
static int64_t relay_says_of(struct joined *joined, int which)
{
    struct buffer nothing STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    assert_int_equal(wire_receive(joined->relay.channel, &head, &nothing), 0);
    assert_int_equal(head.kind, WIRE_RELAY_STATE);
    assert_int_equal(head.number[1], which);
    return head.number[0];
}

static int64_t relay_says(struct joined *joined)
{
    return relay_says_of(joined, 0);
}

static void worker_ask(struct joined *joined, char what)
{
    assert_int_equal(write(joined->camera.channel, &what, 1), 1);
}

static int worker_answer(struct joined *joined)
{
    unsigned char answer = 0;
    struct pollfd ready = {joined->camera.channel, POLLIN, 0};
    assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
    assert_int_equal(read(joined->camera.channel, &answer, 1), 1);
    return answer;
}

static void camera_answer_once(int listener)
{
    char said[5];
    int fd STING_AUTO(fd_close) = accept(listener, NULL, NULL);
    assert_int_equal(recv(fd, said, sizeof said, MSG_WAITALL), 5);
    assert_memory_equal(said, "hello", 5);
    assert_int_equal(send(fd, "HELLO", 5, 0), 5);
    char end;
    assert_int_equal(recv(fd, &end, 1, 0), 0); /* the worker hung up */
}

static void worker_and_camera_talk_through_the_relay(void **state)
{
    (void)state;
    int listener STING_AUTO(fd_close) = camera_listen();
    struct joined joined STING_AUTO(joined_release) = join(listener);
    for (int times = 0; times < 3; times++) {
        worker_ask(&joined, PROBE_TALK);
        camera_answer_once(listener);
        assert_int_equal(relay_says(&joined), 0);
        assert_int_equal(worker_answer(&joined), 0);
    }
}

static void worker_reaches_nothing_but_the_relay(void **state)
{
    (void)state;
    int inner STING_AUTO(fd_close) = -1;
    struct sockaddr_in camera = address("192.0.2.8", PROBE_CAMERA_PORT);
    struct worker_place place = {
        .input = -1, .camera = (struct sockaddr *)&camera, .listener = &inner};
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;

    worker_binary(PROBE_BINARY);
    assert_int_equal(worker_start_with(WORKER_CAMERA, &place, &worker, NULL),
                     0);
    /* 192.0.2.7 is not this worker's camera: there is no way to it. */
    assert_int_equal(write(worker.channel, (char[]){PROBE_TALK}, 1), 1);
    unsigned char answer = 0;
    assert_int_equal(read(worker.channel, &answer, 1), 1);
    assert_int_equal(answer, ENETUNREACH);
}

/* The worker's connection waits meanwhile. */
static void camera_that_is_away_is_told_and_had_once_it_is_back(void **state)
{
    (void)state;
    int listener STING_AUTO(fd_close) = camera_away();
    struct joined joined STING_AUTO(joined_release) = join(listener);
    worker_ask(&joined, PROBE_TALK);
    assert_int_equal(relay_says(&joined), ECONNREFUSED);

    assert_int_equal(listen(listener, 4), 0);
    camera_answer_once(listener);
    assert_int_equal(relay_says(&joined), 0);
    assert_int_equal(worker_answer(&joined), 0);
}

static void camera_that_hangs_up_ends_the_connection_at_once(void **state)
{
    (void)state;
    int listener STING_AUTO(fd_close) = camera_listen();
    struct joined joined STING_AUTO(joined_release) = join(listener);
    worker_ask(&joined, PROBE_TALK);
    int fd = accept(listener, NULL, NULL);
    close(fd);
    assert_int_equal(relay_says(&joined), 0);
    assert_int_not_equal(worker_answer(&joined), 0);
}

static void a_second_port_leads_to_the_second_port(void **state)
{
    (void)state;
    int first STING_AUTO(fd_close) = camera_listen();
    int second STING_AUTO(fd_close) = camera_listen();
    struct joined joined STING_AUTO(joined_release) = join_two(first, second);
    for (int times = 0; times < 3; times++) {
        worker_ask(&joined, PROBE_TALK_SECOND);
        camera_answer_once(second);
        assert_int_equal(relay_says_of(&joined, 1), 0);
        assert_int_equal(worker_answer(&joined), 0);
        worker_ask(&joined, PROBE_TALK);
        camera_answer_once(first);
        assert_int_equal(relay_says_of(&joined, 0), 0);
        assert_int_equal(worker_answer(&joined), 0);
    }
}

static void a_second_port_that_is_away_is_told_as_the_second(void **state)
{
    (void)state;
    int first STING_AUTO(fd_close) = camera_listen();
    int second STING_AUTO(fd_close) = camera_away();
    struct joined joined STING_AUTO(joined_release) = join_two(first, second);
    worker_ask(&joined, PROBE_TALK_SECOND);
    assert_int_equal(relay_says_of(&joined, 1), ECONNREFUSED);
    assert_int_equal(listen(second, 4), 0);
    camera_answer_once(second);
    assert_int_equal(relay_says_of(&joined, 1), 0);
    assert_int_equal(worker_answer(&joined), 0);
}

/* A port that Landlock lets nobody have, and one of a kernel without that:
 * nobody listens there in the worker's own network. */
static bool is_refused(int answer)
{
    return answer == EACCES || answer == ECONNREFUSED;
}

static void worker_of_two_ports_reaches_no_third_and_no_other_host(void **state)
{
    (void)state;
    int first STING_AUTO(fd_close) = camera_listen();
    int second STING_AUTO(fd_close) = camera_listen();
    struct joined joined STING_AUTO(joined_release) = join_two(first, second);
    worker_ask(&joined, PROBE_TALK_THIRD);
    assert_true(is_refused(worker_answer(&joined)));
    worker_ask(&joined, PROBE_TALK_NEIGHBOUR);
    assert_int_equal(worker_answer(&joined), ENETUNREACH);
    worker_ask(&joined, PROBE_CONNECT_OTHER);
    assert_true(is_refused(worker_answer(&joined)));
    struct pollfd told = {joined.relay.channel, POLLIN, 0};
    assert_int_equal(poll(&told, 1, 0), 0); /* the relay heard of nothing */
}

static void worker_of_one_port_reaches_no_second(void **state)
{
    (void)state;
    int listener STING_AUTO(fd_close) = camera_listen();
    struct joined joined STING_AUTO(joined_release) = join(listener);
    worker_ask(&joined, PROBE_TALK_SECOND);
    assert_true(is_refused(worker_answer(&joined)));
}

static void relay_ends_with_its_channel(void **state)
{
    (void)state;
    int outer STING_AUTO(fd_close) = camera_away();
    struct joined joined STING_AUTO(joined_release) = join(outer);
    assert_string_equal(worker_stop_why(&joined.relay, 2000), "ended");
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(worker_and_camera_talk_through_the_relay),
        cmocka_unit_test(worker_reaches_nothing_but_the_relay),
        cmocka_unit_test(camera_that_is_away_is_told_and_had_once_it_is_back),
        cmocka_unit_test(camera_that_hangs_up_ends_the_connection_at_once),
        cmocka_unit_test(a_second_port_leads_to_the_second_port),
        cmocka_unit_test(a_second_port_that_is_away_is_told_as_the_second),
        cmocka_unit_test(
            worker_of_two_ports_reaches_no_third_and_no_other_host),
        cmocka_unit_test(worker_of_one_port_reaches_no_second),
        cmocka_unit_test(relay_ends_with_its_channel),
    };
    return cmocka_run_group_tests_name("relay", test, NULL, NULL);
}
