#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/source.h"
#include "tests/check.h"
#include "watch/camera.h"
#include "watch/settings.h"
#include "watch/substream.h"
#include "wire/wire.h"

#define MOST 8192
#define TRIALS 10 /* of what a busy machine may be too late for */

static const char *server;  /* a camera for tests */
static const char *footage; /* a clip with B-frames */
static const char *still;   /* and one in which nothing happens */
static const char *loud;    /* a megabyte a picture */

/* A camera worker in a process of its own, and what it sent. */
struct heard {
    pid_t pid;
    int channel;
    struct buffer file; /* init and fragments */
    int inits, fragments, frames, looks, learned;
    int64_t longest_us;
    int64_t state_us[CAMERA_STATES]; /* boot time when told, 0 never */
    char why[200];
    bool is_soon;    /* the camera that is lost may be had again soon */
    int64_t look_us; /* of the last look, by the recording's time */
    int64_t gap_us;  /* the longest between two, so far */
};

static void worker_begin(struct heard *heard, const char *settings)
{
    int pair[2];
    *heard = (struct heard){0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair),
                     0);
    heard->pid = fork();
    assert_true(heard->pid >= 0);
    if (heard->pid == 0) {
        close(pair[0]);
        _exit(camera_worker_serve(pair[1]));
    }
    close(pair[1]);
    heard->channel = pair[0];
    struct wire_head head = {.kind = WIRE_CAMERA_START};
    assert_int_equal(wire_send(heard->channel, head, bytes_of_text(settings)),
                     0);
}

static void fragment_hear(struct heard *heard, const struct wire_head *head)
{
    heard->fragments++;
    heard->frames += (int)head->number[3];
    if (head->number[1] > heard->longest_us) {
        heard->longest_us = head->number[1];
    }
}

/* Hear one message; false when the worker has ended. */
static bool hear(struct heard *heard)
{
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    if (wire_receive(heard->channel, &head, &payload)) {
        return false;
    }
    if (head.kind == WIRE_CAMERA_STATE) {
        heard->state_us[head.number[0]] = clock_now().boot_us;
        snprintf(heard->why, sizeof heard->why, "%s", buffer_text(&payload));
        heard->is_soon = head.number[1] == 1;
    }
    if (head.kind == WIRE_CAMERA_LOOK) {
        int64_t gap_us = head.number[0] - heard->look_us;
        bool is_longer = heard->looks > 0 && gap_us > heard->gap_us;
        heard->gap_us = is_longer ? gap_us : heard->gap_us;
        heard->look_us = head.number[0];
    }
    heard->inits += head.kind == WIRE_CAMERA_INIT;
    heard->looks += head.kind == WIRE_CAMERA_LOOK;
    heard->learned += head.kind == WIRE_CAMERA_OBSERVATION &&
                      head.number[0] == DETECT_LEARNING && !head.number[1];
    if (head.kind == WIRE_CAMERA_FRAGMENT) {
        fragment_hear(heard, &head);
    }
    if (head.kind == WIRE_CAMERA_INIT || head.kind == WIRE_CAMERA_FRAGMENT) {
        assert_int_equal(buffer_append(&heard->file, buffer_bytes(&payload)),
                         0);
    }
    return true;
}

static int worker_end(struct heard *heard)
{
    int code = 0;
    close(heard->channel);
    assert_int_equal(waitpid(heard->pid, &code, 0), heard->pid);
    buffer_release(&heard->file);
    return code;
}

/* The test server: its process, and the port that it found free. */
struct server {
    pid_t pid;
    int input; /* it ends when this closes */
    int port;
};

static void server_begin_at(struct server *s, const char *clip, int port)
{
    char at[8];
    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    s->pid = fork();
    assert_true(s->pid >= 0);
    if (s->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        snprintf(at, sizeof at, "%d", port);
        execl(server, server, clip, at, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    FILE *told = fdopen(out[0], "r");
    char line[40];
    assert_non_null(fgets(line, sizeof line, told));
    assert_true(!strncmp(line, "listening ", 10));
    s->port = (int)strtol(line + 10, NULL, 10);
    fclose(told);
    s->input = in[1];
}

static void server_begin(struct server *s, const char *clip)
{
    server_begin_at(s, clip, 0);
}

static void server_end(struct server *s)
{
    close(s->input);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}

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

/* Hear until a remark that begins like this. */
static void remark_await(struct heard *heard, const char *like)
{
    do {
        heard->why[0] = '\0';
        assert_true(hear(heard));
    } while (strncmp(heard->why, like, strlen(like)) != 0);
}

static void looks_await(struct heard *heard, int more)
{
    for (int until = heard->looks + more; heard->looks < until;) {
        assert_true(hear(heard));
    }
}

static void recorded_await(struct heard *heard, int more)
{
    for (int until = heard->fragments + more; heard->fragments < until;) {
        assert_true(hear(heard));
    }
}

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
    server = argv[2];
    footage = argv[3];
    still = argc > 4 ? argv[4] : NULL;
    loud = argc > 5 ? argv[5] : NULL;
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
    const struct CMUnitTest two[] = {
        cmocka_unit_test(a_second_stream_is_looked_at_as_long_as_it_is_there),
        cmocka_unit_test(a_second_stream_that_never_comes_is_told_once),
        cmocka_unit_test(what_nobody_takes_of_a_second_stream_is_bounded),
    };
    if (strcmp(argv[1], "two") == 0) {
        return cmocka_run_group_tests_name("camera", two, NULL, NULL);
    }
    return strcmp(argv[1], "slow") == 0
               ? cmocka_run_group_tests_name("camera", slow, NULL, NULL)
               : cmocka_run_group_tests_name("camera", quick, NULL, NULL);
}
