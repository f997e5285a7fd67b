/* The word that keeps a session, said to a camera that wants another nonce each
 * time. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "media/rtsp.h"
#include "tests/check.h"

#define UNTIL_US INT64_C(60000000)
#define STEP_US INT64_C(100000) /* that a look at the clock takes */
#define EVERY_US INT64_C(5000000)
#define SDP "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"

struct camera {
    int listener, fd;
    bool is_playing;
    int nonce; /* the newest */
    int words; /* that kept the session */
    int right; /* of these, with the newest nonce */
};

static int64_t step(void *context)
{
    int64_t *now_us = context;
    return *now_us += STEP_US;
}

static void answer(const struct camera *c, const char *text)
{
    (void)!send(c->fd, text, strlen(text), MSG_NOSIGNAL);
}

/* A word, which is never the right one. */
static void word_take(struct camera *c, const char *request)
{
    char text[160], want[32];
    snprintf(want, sizeof want, "nonce=\"n%d\"", c->nonce);
    c->words++;
    c->right += strstr(request, want) != NULL;
    snprintf(text, sizeof text,
             "RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest "
             "realm=\"a\", nonce=\"n%d\", stale=true\r\n\r\n",
             ++c->nonce);
    answer(c, text);
}

static void request_take(struct camera *c, const char *request)
{
    if (strncmp(request, "GET_PARAMETER", 13) == 0) {
        word_take(c, request);
    } else if (strncmp(request, "DESCRIBE", 8) == 0) {
        char text[200];
        snprintf(text, sizeof text,
                 "RTSP/1.0 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(SDP), SDP);
        answer(c, text);
    } else {
        answer(c, "RTSP/1.0 200 OK\r\nPublic: GET_PARAMETER\r\n"
                  "Session: 7;timeout=10\r\n\r\n");
        c->is_playing |= strncmp(request, "PLAY", 4) == 0;
    }
}

/* Requests come one at a time; while it plays, packets go out meanwhile. */
static void *camera_run(void *context)
{
    struct camera *c = context;
    static const uint8_t packet[] = {'$', 0, 0, 4, 1, 2, 3, 4};
    c->fd = accept(c->listener, NULL, NULL);
    for (;;) {
        char request[4096];
        ssize_t got = recv(c->fd, request, sizeof request - 1,
                           c->is_playing ? MSG_DONTWAIT : 0);
        if (got == 0) {
            return NULL;
        }
        if (got > 0) {
            request[got] = '\0';
            request_take(c, request);
        }
        if (c->is_playing) {
            (void)!send(c->fd, packet, sizeof packet, MSG_NOSIGNAL);
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
        }
    }
}

static void camera_listen(struct camera *c, char *url, size_t room)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    c->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(c->listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(c->listener, 1), 0);
    assert_int_equal(getsockname(c->listener, (struct sockaddr *)&at, &size),
                     0);
    snprintf(url, room, "rtsp://127.0.0.1:%d/a", ntohs(at.sin_port));
}

/* However many come at once: the clock goes on with each read. */
static void packets_take(struct rtsp *rtsp, const int64_t *now_us)
{
    while (*now_us < UNTIL_US) {
        uint8_t packet[16];
        size_t size;
        assert_int_equal(rtsp_packet(rtsp, packet, sizeof packet, &size),
                         STING_OK);
        assert_int_equal(size, 4);
    }
}

static void challenge_is_answered_at_once_and_once(void **state)
{
    struct rtsp *rtsp STING_AUTO(rtsp_free) = NULL;
    struct buffer sdp STING_AUTO(buffer_release) = {0};
    struct camera c = {.fd = -1};
    int64_t now_us = 0;
    char url[64];
    pthread_t thread;
    (void)state;
    camera_listen(&c, url, sizeof url);
    assert_int_equal(pthread_create(&thread, NULL, camera_run, &c), 0);
    const struct source_settings settings = {.url = url,
                                             .user = "user",
                                             .password = "password",
                                             .now_us = step,
                                             .context = &now_us};
    assert_int_equal(rtsp_open(&settings, &sdp, &rtsp, NULL), STING_OK);
    packets_take(rtsp, &now_us);
    int64_t most = 2 * (now_us / EVERY_US + 1);
    rtsp_free(&rtsp);
    assert_int_equal(pthread_join(thread, NULL), 0);
    close(c.fd);
    close(c.listener);
    assert_in_range(c.words, 10, most);
    assert_in_range(c.right, c.words / 2, c.words);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(challenge_is_answered_at_once_and_once),
    };
    return cmocka_run_group_tests_name("rtsp_word", test, NULL, NULL);
}
