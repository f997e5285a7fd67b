/* A camera that sends many small packets wakes its reader a few times. */
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/rtsp_link.h"
#include "tests/check.h"

#define PACKETS 120
#define PACKET_BYTES 200
#define APART_NS 4000000   /* a picture of 1080p25 is some ten of them */
#define READ_MOST_US 38000 /* two reads are no nearer to each other */

static int64_t boot_us(void *context)
{
    (void)context;
    return clock_now().boot_us;
}

/* Packet n is full of n. */
static void *camera(void *context)
{
    const int *fd = context;
    for (int n = 0; n < PACKETS; n++) {
        uint8_t frame[4 + PACKET_BYTES] = {'$', 0, 0, PACKET_BYTES};
        memset(frame + 4, n, PACKET_BYTES);
        if (write(*fd, frame, sizeof frame) != (ssize_t)sizeof frame) {
            return NULL;
        }
        (void)nanosleep(&(struct timespec){0, APART_NS}, NULL);
    }
    return NULL;
}

/* Take all packets, in order and whole; gives how often was read. */
static int reads_of(struct rtsp_link *link)
{
    int reads = 0;
    int64_t read_us = 0;
    for (int n = 0; n < PACKETS; n++) {
        struct rtsp_piece piece;
        assert_int_equal(rtsp_link_next(link, &piece), STING_OK);
        assert_int_equal(piece.channel, 0);
        assert_int_equal(piece.packet.size, PACKET_BYTES);
        assert_int_equal(piece.packet.data[0], n);
        assert_int_equal(piece.packet.data[PACKET_BYTES - 1], n);
        reads += link->read_us != read_us;
        read_us = link->read_us;
    }
    return reads;
}

static int reads_while_it_plays(int64_t *took_us)
{
    static struct rtsp_link link;
    const struct source_settings settings = {.now_us = boot_us};
    int end[2];
    pthread_t thread;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, end), 0);
    link = (struct rtsp_link){
        .settings = &settings, .fd = end[0], .is_playing = true};
    assert_int_equal(pthread_create(&thread, NULL, camera, &end[1]), 0);
    int64_t begin_us = clock_now().boot_us;
    int reads = reads_of(&link);
    *took_us = clock_now().boot_us - begin_us;
    assert_int_equal(pthread_join(thread, NULL), 0);
    close(end[0]);
    close(end[1]);
    return reads;
}

/* However busy the machine: who is woken late reads more at once, and a
 * camera that is late is read no sooner. */
static void small_packets_are_let_gather_while_it_plays(void **state)
{
    (void)state;
    int64_t took_us;
    int reads = reads_while_it_plays(&took_us);
    assert_true(reads <= PACKETS / 4 || reads <= 2 + took_us / READ_MOST_US);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(small_packets_are_let_gather_while_it_plays),
    };
    return cmocka_run_group_tests_name("rtsp_link", test, NULL, NULL);
}
