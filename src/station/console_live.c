/* Live pictures: from the cameras' workers to who may see them. */
#include <stdio.h>
#include <string.h>

#include "station/convert.h"
#include "station/snapshot.h"
#include "station/viewing.h"

#define SECOND_US INT64_C(1000000)
#define MOST_CATCH_UP ((size_t)16 << 20) /* of all cameras of a stream */
#define MOST_WAITING ((size_t)48 << 20)  /* for the worker, with it */

/* Where the camera of that name is, -1 when there is none that he may see. */
static int camera_of(const struct console *console, const struct user *user,
                     const char *name)
{
    for (size_t i = 0; i < console->cameras; i++) {
        if (!strcmp(console->camera[i].config->name, name)) {
            return user_sees(user, name) ? (int)i : -1;
        }
    }
    return -1;
}

/* "garage,yard" as bits; 0 when one of them is not to be seen. */
static uint64_t cameras_of(const struct console *console,
                           const struct user *user, const char *names)
{
    char name[CONFIG_NAME_SIZE];
    uint64_t cameras = 0;
    for (const char *at = names;; at++) {
        size_t size = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s",
                 (int)(size < sizeof name ? size : 0), at);
        int camera = camera_of(console, user, name);
        if (camera < 0) {
            return 0;
        }
        cameras |= UINT64_C(1) << camera;
        at += size;
        if (!*at) {
            return cameras;
        }
    }
}

/* Tell a camera's worker that somebody looks, or nobody any more. */
static void want_tell(struct viewing_camera *row, const struct camera *camera,
                      bool wanted)
{
    struct wire_queue queue = {.sent = 0};
    const struct wire_head head = {.kind = WIRE_CAMERA_LIVE,
                                   .number = {wanted}};
    pid_t pid = camera->worker.channel >= 0 ? camera->worker.pid : 0;
    if (row->told != (wanted ? pid : 0)) {
        bool ok = pid == 0 ||
                  (!wire_queue_add(&queue, head, (struct bytes){0}, 4096) &&
                   !wire_queue_flush(&queue, camera->worker.channel));
        row->told = ok && wanted ? pid : 0;
    }
    wire_queue_release(&queue);
}

void console_want(struct console *console, int camera, struct moment now)
{
    struct viewing_camera *row = &console->viewing->camera[camera];
    const struct camera *is = &console->camera[camera];
    row->wanted_until_us = now.boot_us + VIEWING_LINGER_US;
    if (row->init.size == 0 && is->init.size > 0) {
        viewing_init(row, buffer_bytes(&is->init));
    }
    want_tell(row, is, true);
}

/* ---- to the web worker ---- */

bool console_live_send(struct console *console, int64_t stream, int camera,
                       int kind, const struct viewing_piece *piece,
                       struct bytes data)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    const char *name = console->camera[camera].config->name;
    struct wire_head head = {.kind = WIRE_WEB_LIVE,
                             .number = {stream, camera, kind}};
    if (piece) {
        head.number[3] = piece->starts_with_key;
        head.number[4] = piece->utc_us;
        head.number[5] = piece->duration_us;
    }
    if (buffer_append(&payload, (struct bytes){(const uint8_t *)name,
                                               strlen(name) + 1}) ||
        buffer_append(&payload, data)) {
        return false;
    }
    return console_send(console, head, buffer_bytes(&payload));
}

/* All since the last keyframe, so that there is a picture at once: one piece a
 * camera. What is too much for one stream, or for what waits for the worker
 * already, is left out; its first picture is then the next keyframe. */
static bool catch_up(struct console *console, int64_t stream, int camera,
                     size_t *left_bytes)
{
    struct viewing_piece whole;
    const struct viewing_camera *row = &console->viewing->camera[camera];
    size_t waits = wire_queue_bytes(&console->queue);
    if (row->init.size > 0 &&
        !console_live_send(console, stream, camera, VIEWING_INIT, NULL,
                           buffer_bytes(&row->init))) {
        return false;
    }
    if (!viewing_whole(row, &whole) || whole.bytes > *left_bytes ||
        waits + whole.bytes > MOST_WAITING) {
        return true;
    }
    *left_bytes -= whole.bytes;
    return console_live_send(console, stream, camera, VIEWING_PIECE, &whole,
                             buffer_bytes(&row->data));
}

int console_live(struct console *console, const struct asked *asked,
                 struct reply *reply)
{
    uint64_t cameras = cameras_of(console, asked->user, asked->field[0]);
    const char *h264 = asked->field[1];
    const struct viewing_stream stream = {
        .id = asked->id,
        .session = asked->session->number,
        .cameras = cameras,
        .h264 = *h264 ? cameras_of(console, asked->user, h264) & cameras : 0};
    if (!cameras || (*h264 && !stream.h264)) {
        return reply_refuse(reply, 404, "camera",
                            "there is no such camera, or it is not yours");
    }
    if (asked->id <= 0 || viewing_open(console->viewing, &stream)) {
        reply->retry_s = 5;
        return reply_refuse(reply, 429, "busy", "too many look at once");
    }
    size_t left_bytes = MOST_CATCH_UP;
    reply->kind = ASK_BODY_LIVE;
    reply->cameras = cameras & ~stream.h264;
    reply_send(console, asked->id, 200, reply);
    for (int i = 0; (size_t)i < console->cameras; i++) {
        if (cameras >> i & 1) {
            console_want(console, i, asked->now);
            if (stream.h264 >> i & 1) {
                convert_join(console, asked->id, i, asked->now);
            } else if (!catch_up(console, asked->id, i, &left_bytes)) {
                break;
            }
        }
    }
    return 0;
}

void console_gone(struct console *console, int64_t stream)
{
    viewing_close(console->viewing, stream);
}

/* ---- from the cameras ---- */

void console_init(struct console *console, int camera, struct bytes init)
{
    if (console->listener < 0) {
        return;
    }
    viewing_init(&console->viewing->camera[camera], init);
    convert_init(console, camera);
    if (viewing_plain(console->viewing) >> camera & 1) {
        (void)console_live_send(console, 0, camera, VIEWING_INIT, NULL, init);
    }
}

void console_piece(struct console *console, int camera,
                   const struct viewing_piece *piece, struct bytes data)
{
    if (console->listener < 0) {
        return;
    }
    struct viewing_camera *row = &console->viewing->camera[camera];
    viewing_add(row, piece, data);
    if (viewing_plain(console->viewing) >> camera & 1) {
        (void)console_live_send(console, 0, camera, VIEWING_PIECE, piece, data);
    }
    convert_piece(console, camera, piece, data);
    snapshot_piece(console, camera);
}

/* ---- each second ---- */

/* Whose session has ended sees no more. */
static void streams_check(struct console *console, struct moment now)
{
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        struct viewing_stream *stream = &console->viewing->stream[i];
        const struct wire_head cut = {.kind = WIRE_WEB_CUT,
                                      .number = {stream->id}};
        if (stream->id && !sessions_lookup(&console->sessions, stream->session,
                                           now.boot_us)) {
            viewing_close(console->viewing, stream->id);
            (void)console_send(console, cut, (struct bytes){0});
        }
    }
}

void console_live_tick(struct console *console, struct moment now)
{
    if (now.boot_us < console->viewed_us) {
        return;
    }
    console->viewed_us = now.boot_us + SECOND_US;
    streams_check(console, now);
    convert_tick(console, now);
    uint64_t cameras = viewing_cameras(console->viewing);
    for (int i = 0; (size_t)i < console->cameras; i++) {
        struct viewing_camera *row = &console->viewing->camera[i];
        if (cameras >> i & 1) {
            row->wanted_until_us = now.boot_us + VIEWING_LINGER_US;
        }
        bool wanted = row->wanted_until_us > now.boot_us;
        want_tell(row, &console->camera[i], wanted);
        if (!wanted && row->wanted_until_us) {
            row->wanted_until_us = 0;
            viewing_forget(row);
        }
    }
}
