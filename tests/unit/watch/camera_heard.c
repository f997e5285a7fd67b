#include "camera_heard.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "detect/detector.h"
#include "tests/check.h"
#include "watch/camera.h"

static const char *server;

void server_is(const char *program)
{
    server = program;
}

void worker_begin(struct heard *heard, const char *settings)
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

bool hear(struct heard *heard)
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

int worker_end(struct heard *heard)
{
    int code = 0;
    close(heard->channel);
    assert_int_equal(waitpid(heard->pid, &code, 0), heard->pid);
    buffer_release(&heard->file);
    return code;
}

void remark_await(struct heard *heard, const char *like)
{
    do {
        heard->why[0] = '\0';
        assert_true(hear(heard));
    } while (strncmp(heard->why, like, strlen(like)) != 0);
}

void looks_await(struct heard *heard, int more)
{
    for (int until = heard->looks + more; heard->looks < until;) {
        assert_true(hear(heard));
    }
}

void recorded_await(struct heard *heard, int more)
{
    for (int until = heard->fragments + more; heard->fragments < until;) {
        assert_true(hear(heard));
    }
}

void server_begin_at(struct server *s, const char *clip, int port)
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

void server_begin(struct server *s, const char *clip)
{
    server_begin_at(s, clip, 0);
}

void server_end(struct server *s)
{
    close(s->input);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}
