/* A camera's second stream, looked at in place of the recorded one. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "camera_heard.h"
#include "tests/check.h"
#include "watch/substream.h"

#define TRIALS 10 /* of what a busy machine may be too late for */

static const char *still; /* a clip in which nothing happens */
static const char *loud;  /* a megabyte a picture */

/* The second stream is looked at, goes, and comes back: each is told, looking
 * goes on from the recorded one meanwhile, and that never stops. */
static void a_second_stream_is_looked_at_as_long_as_it_is_there(void **state)
{
    (void)state;
    struct server camera, second;
    struct heard heard;
    char settings[200];
    server_begin(&camera, still);
    server_begin(&second, still);
    snprintf(settings, sizeof settings,
             "url=rtsp://127.0.0.1:%d/camera\n"
             "second=rtsp://127.0.0.1:%d/camera\n",
             camera.port, second.port);
    worker_begin(&heard, settings);
    remark_await(&heard, "looking at its second stream, ");
    looks_await(&heard, 3);
    server_end(&second);
    int64_t gone_us = clock_now().boot_us;
    remark_await(&heard, "NO SECOND STREAM: ");
    assert_true(clock_now().boot_us - gone_us < 3000000);
    looks_await(&heard, 3);
    assert_true(heard.gap_us < 5000000);
    server_begin_at(&second, still, second.port);
    remark_await(&heard, "looking at its second stream, ");
    looks_await(&heard, 3);
    recorded_await(&heard, 2);
    assert_int_equal(heard.inits, 1);
    assert_int_equal(heard.state_us[CAMERA_STATE_LOST], 0);
    printf("%d looks, the longest apart %lld ms\n", heard.looks,
           (long long)heard.gap_us / 1000);
    worker_end(&heard);
    server_end(&second);
    server_end(&camera);
}

static void a_second_stream_that_never_comes_is_told_once(void **state)
{
    (void)state;
    struct server camera;
    struct heard heard;
    char settings[200];
    server_begin(&camera, still);
    snprintf(settings, sizeof settings,
             "url=rtsp://127.0.0.1:%d/camera\n"
             "second=rtsp://127.0.0.1:1/camera\n",
             camera.port);
    worker_begin(&heard, settings);
    remark_await(&heard, "NO SECOND STREAM: ");
    heard.why[0] = '\0';
    looks_await(&heard, 3);
    recorded_await(&heard, 4);
    assert_string_equal(heard.why, "");
    worker_end(&heard);
    server_end(&camera);
}

/* How much memory it takes would be the camera's to choose. */
static void what_nobody_takes_of_a_second_stream_is_bounded(void **state)
{
    (void)state;
    struct server camera;
    struct substream *substream = NULL;
    struct packet packet;
    struct moment came;
    enum substream_news news;
    char url[64];
    size_t bytes = 0;
    int packets = 0;
    server_begin(&camera, loud);
    snprintf(url, sizeof url, "rtsp://127.0.0.1:%d/camera", camera.port);
    const struct substream_settings settings = {.url = url};
    assert_int_equal(substream_new(&settings, &substream), 0);
    for (int i = 0; i < TRIALS && packets == 0; i++) {
        nanosleep(&(struct timespec){3, 0}, NULL);
        while ((news = substream_take(substream, &packet, &came)) !=
               SUBSTREAM_NOTHING) {
            packets += news == SUBSTREAM_PACKET;
            bytes += news == SUBSTREAM_PACKET ? packet.data.size : 0;
            packet_release(&packet);
        }
    }
    printf("%d packets of %zu bytes waited\n", packets, bytes);
    assert_true(packets > 0);
    assert_true(bytes <= SUBSTREAM_MOST_BYTES);
    substream_free(&substream);
    server_end(&camera);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        return 1;
    }
    server_is(argv[1]);
    still = argv[2];
    loud = argv[3];
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_second_stream_is_looked_at_as_long_as_it_is_there),
        cmocka_unit_test(a_second_stream_that_never_comes_is_told_once),
        cmocka_unit_test(what_nobody_takes_of_a_second_stream_is_bounded),
    };
    return cmocka_run_group_tests_name("second", test, NULL, NULL);
}
