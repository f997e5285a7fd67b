#include "station/snapshot.h"

#include <string.h>

#include "station/viewing.h"

#define SECOND_US INT64_C(1000000)
#define PATIENCE_US (4 * SECOND_US)
#define IDLE_US (20 * SECOND_US)
#define MOST_QUEUE ((size_t)20 << 20)
#define STEPS 3 /* load, add, stills: each ends with an answer */

void snapshot_release(struct snapshot *snapshot)
{
    worker_stop(&snapshot->worker, 0);
    buffer_release(&snapshot->reader.payload);
    wire_queue_release(&snapshot->queue);
    snapshot->reader = (struct wire_reader){.head_bytes = 0};
    snapshot->camera = -1;
    snapshot->answers = 0;
}

/* It cannot go on; who waits is asked for again, or refused when it is late. */
static void died(struct console *console, struct moment now, const char *cause)
{
    struct snapshot *snapshot = console->snapshot;
    death_tell(&snapshot->deaths, console->desk, now, &snapshot->worker,
               "stills", cause);
    snapshot_release(snapshot);
}

void snapshot_forget(struct console *console)
{
    memset(console->snapshot->wait, 0, sizeof console->snapshot->wait);
}

static void give(struct console *console, int camera, struct bytes jpeg)
{
    for (size_t i = 0; i < SNAPSHOT_MOST; i++) {
        struct snapshot_wait *wait = &console->snapshot->wait[i];
        struct reply reply STING_AUTO(reply_release) = {.kind = ASK_BODY_JPEG};
        if (wait->id && wait->camera == camera) {
            int64_t id = wait->id;
            *wait = (struct snapshot_wait){0};
            bool ok = !buffer_append(&reply.body, jpeg);
            reply_send(console, id, ok ? 200 : 503, &reply);
        }
    }
}

static void refuse_late(struct console *console, int64_t now_us)
{
    for (size_t i = 0; i < SNAPSHOT_MOST; i++) {
        struct snapshot_wait *wait = &console->snapshot->wait[i];
        struct reply reply STING_AUTO(reply_release) = {0};
        if (wait->id && now_us > wait->until_us) {
            int64_t id = wait->id;
            *wait = (struct snapshot_wait){0};
            int http = reply_refuse(&reply, 503, "no-picture",
                                    "the camera gave no picture in time");
            reply_send(console, id, http, &reply);
        }
    }
}

static bool work_send(struct snapshot *snapshot, uint32_t kind,
                      struct bytes payload)
{
    const struct wire_head head = {.kind = kind};
    return wire_queue_add(&snapshot->queue, head, payload, MOST_QUEUE) ==
           STING_OK;
}

static bool flush(struct snapshot *snapshot)
{
    enum sting_status status =
        wire_queue_flush(&snapshot->queue, snapshot->worker.channel);
    return status == STING_OK || status == STING_E_BUSY;
}

/* Ask the player for the newest picture of a camera. */
static void begin(struct console *console, int camera, struct moment now)
{
    struct snapshot *snapshot = console->snapshot;
    const struct viewing_camera *row = &console->viewing->camera[camera];
    if (snapshot->camera >= 0 || row->pieces == 0 || row->init.size == 0) {
        return;
    }
    if (snapshot->worker.channel < 0 &&
        deaths_start(&snapshot->deaths, console->desk, now, WORKER_PLAYER,
                     &snapshot->worker, "stills")) {
        return; /* who asked is refused, once it is too late */
    }
    int64_t at_us = row->piece[row->pieces - 1].end_us;
    bool ok =
        work_send(snapshot, WIRE_PLAYER_LOAD, buffer_bytes(&row->init)) &&
        work_send(snapshot, WIRE_PLAYER_ADD, buffer_bytes(&row->data)) &&
        work_send(snapshot, WIRE_PLAYER_STILLS,
                  (struct bytes){(const uint8_t *)&at_us, sizeof at_us}) &&
        flush(snapshot);
    if (!ok) {
        died(console, now, NULL);
        return;
    }
    snapshot->camera = camera;
    snapshot->answers = STEPS;
    snapshot->begun_us = now.boot_us;
}

/* The first that waits for a camera which has something to show. */
static void begin_any(struct console *console, struct moment now)
{
    for (size_t i = 0; i < SNAPSHOT_MOST; i++) {
        const struct snapshot_wait *wait = &console->snapshot->wait[i];
        if (wait->id) {
            begin(console, wait->camera, now);
        }
    }
}

int console_snapshot(struct console *console, const struct asked *asked,
                     struct reply *reply)
{
    for (int i = 0; (size_t)i < console->cameras; i++) {
        const char *name = console->camera[i].config->name;
        if (strcmp(name, asked->field[0]) != 0 ||
            !user_sees(asked->user, name)) {
            continue;
        }
        for (size_t w = 0; w < SNAPSHOT_MOST; w++) {
            struct snapshot_wait *wait = &console->snapshot->wait[w];
            if (!wait->id && asked->id > 0) {
                *wait = (struct snapshot_wait){
                    asked->id, i, asked->now.boot_us + PATIENCE_US};
                console_want(console, i, asked->now);
                begin(console, i, asked->now);
                return 0;
            }
        }
        reply->retry_s = 1;
        return reply_refuse(reply, 429, "busy", "too many at once");
    }
    return reply_refuse(reply, 404, "camera",
                        "there is no such camera, or it is not yours");
}

void snapshot_piece(struct console *console, int camera)
{
    for (size_t i = 0; i < SNAPSHOT_MOST; i++) {
        const struct snapshot_wait *wait = &console->snapshot->wait[i];
        if (wait->id && wait->camera == camera) {
            begin(console, camera, clock_now());
            return;
        }
    }
}

int snapshot_fd(const struct console *console)
{
    return console->snapshot ? console->snapshot->worker.channel : -1;
}

short snapshot_events(const struct console *console)
{
    bool writes =
        console->snapshot && wire_queue_bytes(&console->snapshot->queue) > 0;
    return writes ? POLLIN | POLLOUT : POLLIN;
}

/* One message of the player. False: it failed, or spoke nonsense. */
static bool answer_take(struct console *console)
{
    struct snapshot *snapshot = console->snapshot;
    const struct wire_head *head = &snapshot->reader.head;
    if (head->kind == WIRE_PLAYER_STILL && snapshot->camera >= 0) {
        give(console, snapshot->camera,
             buffer_bytes(&snapshot->reader.payload));
        return true;
    }
    if (head->kind != WIRE_DONE || snapshot->answers <= 0) {
        return false;
    }
    snapshot->answers--;
    if (snapshot->answers == 0) {
        snapshot->camera = -1;
        snapshot->deaths.count = 0;
    }
    return true;
}

void snapshot_serve(struct console *console, struct moment now)
{
    struct snapshot *snapshot = console->snapshot;
    enum sting_status status = flush(snapshot) ? STING_OK : STING_E_IO;
    while (status == STING_OK && snapshot->worker.channel >= 0) {
        status = wire_reader_next(&snapshot->reader, snapshot->worker.channel);
        if (!status && !answer_take(console)) {
            status = STING_E_FORMAT;
        }
    }
    if (status != STING_E_BUSY) {
        died(console, now, death_cause(status));
    }
    snapshot->idle_us = now.boot_us;
    begin_any(console, now);
}

void snapshot_tick(struct console *console, struct moment now)
{
    struct snapshot *snapshot = console->snapshot;
    bool is_late =
        snapshot->camera >= 0 && now.boot_us - snapshot->begun_us > PATIENCE_US;
    bool is_idle =
        snapshot->camera < 0 && now.boot_us - snapshot->idle_us > IDLE_US;
    if (snapshot->worker.channel >= 0 && is_late) {
        died(console, now, "gave no picture in time");
    } else if (snapshot->worker.channel >= 0 && !flush(snapshot)) {
        died(console, now, NULL);
    } else if (snapshot->worker.channel >= 0 && is_idle) {
        snapshot_release(snapshot);
    }
    refuse_late(console, now.boot_us);
    begin_any(console, now);
}
