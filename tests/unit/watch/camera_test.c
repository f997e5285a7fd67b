#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "camera_heard.h"
#include "media/source.h"
#include "tests/check.h"
#include "watch/settings.h"
#include "wire/wire.h"

#define MOST 8192
#define SKIPPED 77 /* as meson has it */
#define TRIALS 10  /* of what a busy machine may be too late for */

static const char *footage; /* a clip with B-frames */

static int times_read(const struct source_settings *settings, int64_t *pts_us)
{
    struct source *source STING_AUTO(source_free) = NULL;
    assert_int_equal(source_open(settings, &source, NULL), 0);
    for (int count = 0;; count++) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        if (source_read(source, &packet, &is_new, NULL)) {
            return count;
        }
        assert_true(count < MOST);
        pts_us[count] = stream_us(source_stream(source), packet.pts);
    }
}

/* Every presentation time in the recording is that of the clip, and no frame
 * is missing. The whole clip in real time, 140 s; it has B-frames. */
static void nothing_is_lost_between_server_and_recording(void **state)
{
    (void)state;
    static int64_t clip[MOST], recorded[MOST];
    struct server camera;
    struct heard heard;
    char settings[100];
    server_begin(&camera, footage);
    snprintf(settings, sizeof settings, "url=rtsp://127.0.0.1:%d/camera\n",
             camera.port);
    worker_begin(&heard, settings);
    while (hear(&heard)) {
    }
    int frames = times_read(&(struct source_settings){.url = footage}, clip);
    struct source_settings file = {.memory = buffer_bytes(&heard.file)};
    assert_int_equal(times_read(&file, recorded), frames);
    assert_int_equal(heard.frames, frames);
    assert_int_equal(heard.inits, 1);
    assert_true(heard.longest_us <= 1000000);
    for (int i = 0; i < frames; i++) {
        int64_t off = recorded[i] - recorded[0] - (clip[i] - clip[0]);
        assert_true(off >= -12 && off <= 12); /* RTP counts in 90 kHz */
    }
    printf("%d frames served, %d recorded, 0 lost\n", frames, heard.frames);
    assert_int_equal(worker_end(&heard), 0);
    server_end(&camera);
}

/* How long it took until the camera was told to be lost, in microseconds. */
static int64_t goes(void)
{
    struct server camera;
    struct heard heard;
    char settings[100];
    server_begin(&camera, footage);
    snprintf(settings, sizeof settings, "url=rtsp://127.0.0.1:%d/camera\n",
             camera.port);
    worker_begin(&heard, settings);
    while (heard.fragments < 2 && hear(&heard)) {
    }
    assert_true(heard.state_us[CAMERA_STATE_ON] > 0);
    kill(camera.pid, SIGSTOP); /* its connection stays, and is silent */
    int64_t gone_us = clock_now().boot_us;
    while (hear(&heard)) {
    }
    int64_t told_us = heard.state_us[CAMERA_STATE_LOST] - gone_us;
    assert_true(told_us > 0);
    worker_end(&heard);
    server_end(&camera);
    return told_us;
}

/* A busy machine may be late in one trial; who always is is too slow. */
static void a_camera_that_goes_is_told_within_five_seconds(void **state)
{
    int64_t told_us = 0;
    (void)state;
    for (int i = 0; i < TRIALS && (i == 0 || told_us >= 5000000); i++) {
        told_us = goes();
    }
    assert_true(told_us < 5000000);
}

static void an_absent_camera_is_told_at_once(void **state)
{
    (void)state;
    struct heard heard;
    int64_t begin_us = clock_now().boot_us;
    worker_begin(&heard, "url=rtsp://127.0.0.1:1/camera\n");
    while (hear(&heard)) {
    }
    assert_true(heard.state_us[CAMERA_STATE_LOST] - begin_us < 5000000);
    assert_true(heard.why[0] != '\0');
    assert_int_equal(heard.fragments, 0);
    worker_end(&heard);
}

/* A camera that says the same to everything, in a process of its own. */
static pid_t refuser_begin(int code, int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char text[4096];
        int fd = accept(listener, NULL, NULL);
        while (read(fd, text, sizeof text) > 0) {
            dprintf(fd, "RTSP/1.0 %d No\r\n\r\n", code);
        }
        _exit(0);
    }
    close(listener);
    return pid;
}

static bool is_soon_after(int code)
{
    struct heard heard;
    char settings[100];
    int port = 0;
    pid_t pid = refuser_begin(code, &port);
    snprintf(settings, sizeof settings, "url=rtsp://127.0.0.1:%d/camera\n",
             port);
    worker_begin(&heard, settings);
    while (hear(&heard)) {
    }
    assert_true(heard.state_us[CAMERA_STATE_LOST] > 0);
    bool is_soon = heard.is_soon;
    worker_end(&heard);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    return is_soon;
}

static void who_refuses_a_password_is_not_had_soon_others_are(void **state)
{
    (void)state;
    static const struct {
        int code;
        bool is_soon;
    } row[] = {{401, false}, {403, false}, {461, false},
               {404, true},  {453, true},  {503, true}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        assert_int_equal(is_soon_after(row[i].code), row[i].is_soon);
    }
}

/* Told to stop behind its first second: was the rest there at once? */
static bool stops_at_once(void)
{
    struct heard heard;
    char settings[200];
    snprintf(settings, sizeof settings, "url=%s\nname=table\n", footage);
    worker_begin(&heard, settings);
    while (heard.fragments < 1 && hear(&heard)) {
    }
    int64_t stop_us = clock_now().boot_us;
    struct wire_head stop = {.kind = WIRE_STOP};
    assert_int_equal(wire_send(heard.channel, stop, (struct bytes){0}), 0);
    while (hear(&heard)) {
    }
    bool is_at_once =
        clock_now().boot_us - stop_us < 500000 && heard.fragments == 2;
    assert_true(heard.fragments >= 2);
    assert_int_equal(worker_end(&heard), 0);
    return is_at_once;
}

static void a_worker_told_to_stop_gives_what_it_has(void **state)
{
    bool is_at_once = false;
    (void)state;
    for (int i = 0; i < TRIALS && !is_at_once; i++) {
        is_at_once = stops_at_once();
    }
    assert_true(is_at_once);
}

static void settings_are_read_or_refused(void **state)
{
    (void)state;
    struct settings s;
    struct fault fault;
    assert_int_equal(
        settings_parse(bytes_of_text("url=rtsp://10.0.0.7:554/a\nuser=u\n"
                                     "password=p=q\nlook=all\n"
                                     "zone=door|0,0 0.5,0 0.5,1\n"
                                     "bait=desk|0.1,0.1 0.2,0.1 0.2,0.3 0,1\n"
                                     "mask=|0,0 0.5,0 0.5,1\n"),
                       &s, &fault),
        STING_OK);
    assert_string_equal(s.password, "p=q");
    assert_true(s.looker.look_at_all);
    assert_int_equal(s.looker.zones, 2);
    assert_int_equal(s.looker.zone[1].points, 4);
    assert_int_equal(s.looker.masks.count, 1);
    assert_int_equal(s.looker.masks.mask[0].points, 3);
    assert_true(s.looker.zone[1].has_bait && !s.looker.zone[0].has_bait);
    static const char *const wrong[] = {
        "",
        "url\n",
        "url=a\nzone=x\n",
        "url=a\nzone=x|0,0 1,1\n",
        "url=a\nzone=x|0,0 1,1 2,2\n",
        "url=a\nzone=x|0,0 1,1 nan,2\n",
        "url=a\nzone=x|0,0 1,1 1\n",
        "url=a\nmask=0,0 1,0 1,1\n",
        "url=a\nmask=|0,0 1,1\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(settings_parse(bytes_of_text(wrong[i]), &s, &fault),
                         STING_E_FORMAT);
    }
}
int main(int argc, char **argv)
{
    if (argc < 4) {
        return 1;
    }
    server_is(argv[2]);
    footage = argv[3];
    if (access(footage, R_OK) != 0) {
        puts("skipped: the footage is not here");
        return SKIPPED;
    }
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest quick[] = {
        cmocka_unit_test(settings_are_read_or_refused),
        cmocka_unit_test(an_absent_camera_is_told_at_once),
        cmocka_unit_test(who_refuses_a_password_is_not_had_soon_others_are),
        cmocka_unit_test(a_worker_told_to_stop_gives_what_it_has),
        cmocka_unit_test(a_camera_that_goes_is_told_within_five_seconds),
    };
    const struct CMUnitTest slow[] = {
        cmocka_unit_test(nothing_is_lost_between_server_and_recording),
    };
    return strcmp(argv[1], "slow") == 0
               ? cmocka_run_group_tests_name("camera", slow, NULL, NULL)
               : cmocka_run_group_tests_name("camera", quick, NULL, NULL);
}
