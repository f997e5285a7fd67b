#include "station/convert.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_US INT64_C(1000000)
#define MOST_QUEUE ((size_t)20 << 20)
#define MOST_WAITING 30 /* pieces, three seconds of them: it is behind */
#define FEW_WAITING 3   /* then it goes on */
#define FIRST_US (SECOND_US / 5)     /* of what is there, encoded at once */
#define PATIENCE_US (10 * SECOND_US) /* for an answer */
#define AGAIN_US (5 * SECOND_US)     /* after a worker that failed */
#define AFRESH_US (1800 * SECOND_US) /* workers may compute for an hour */
#define MOST_PIECE_US (20 * SECOND_US)

struct conversion {
    int camera; /* -1: none */
    struct worker worker;
    struct wire_reader reader;
    struct wire_queue queue;
    struct viewing_camera out; /* since its last keyframe */
    bool is_fed;               /* the worker has its beginning */
    bool is_behind;            /* left out up to the next keyframe */
    int waiting;               /* answers that are to come */
    int64_t shift_us;          /* UTC less the recording's time */
    int64_t begun_us;          /* boot time */
    int64_t heard_us;          /* boot time of the last answer */
    int64_t again_us;          /* boot time before which it rests */
};

struct converting {
    struct conversion one[CONVERT_MOST];
};

static void worker_release(struct conversion *c)
{
    worker_stop(&c->worker, 0);
    buffer_release(&c->reader.payload);
    wire_queue_release(&c->queue);
    c->reader = (struct wire_reader){.head_bytes = 0};
    viewing_forget(&c->out);
    c->out.init.size = 0;
    c->is_fed = c->is_behind = false;
    c->waiting = 0;
}

static void release(struct conversion *c)
{
    worker_release(c);
    buffer_release(&c->out.init);
    buffer_release(&c->out.data);
    c->camera = -1;
    c->again_us = 0;
}

struct converting *converting_new(void)
{
    struct converting *converting = calloc(1, sizeof *converting);
    for (size_t i = 0; i < CONVERT_MOST && converting; i++) {
        converting->one[i].camera = -1;
        converting->one[i].worker = WORKER_NONE;
    }
    return converting;
}

void converting_free(struct converting **converting)
{
    for (size_t i = 0; i < CONVERT_MOST && *converting; i++) {
        release(&(*converting)->one[i]);
    }
    free(*converting);
    *converting = NULL;
}

/* That of a camera; of -1, a free one. NULL: there is none. */
static struct conversion *of_camera(const struct console *console, int camera)
{
    for (size_t i = 0; i < CONVERT_MOST && console->converting; i++) {
        if (console->converting->one[i].camera == camera) {
            return &console->converting->one[i];
        }
    }
    return NULL;
}

const struct worker *convert_worker(const struct console *console, int camera)
{
    const struct conversion *c = of_camera(console, camera);
    return c ? &c->worker : NULL;
}

/* ---- to who looks ---- */

static void give(struct console *console, int camera, int kind,
                 const struct viewing_piece *piece, struct bytes data)
{
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        const struct viewing_stream *stream = &console->viewing->stream[i];
        if (stream->id && stream->h264 >> camera & 1) {
            (void)console_live_send(console, stream->id, camera, kind, piece,
                                    data);
        }
    }
}

/* ---- to the worker ---- */

/* NULL: sent, or it waits; else why not. */
static const char *work_send(struct conversion *c, struct wire_head head,
                             struct bytes payload, struct moment now)
{
    if (wire_queue_add(&c->queue, head, payload, MOST_QUEUE)) {
        return "its worker takes nothing";
    }
    c->heard_us = c->waiting++ ? c->heard_us : now.boot_us;
    enum sting_status status = wire_queue_flush(&c->queue, c->worker.channel);
    return status == STING_OK || status == STING_E_BUSY
               ? NULL
               : worker_stop_why(&c->worker, 0);
}

/* It cannot go on: told, and tried again later. */
static void failed(struct console *console, struct conversion *c,
                   const char *why, struct moment now)
{
    const char *camera = console->camera[c->camera].config->name;
    const struct tale tale = {
        .event = "worker", .state = "died", .camera = camera};
    const struct line_field field[] = {{"name", "player"},
                                       {"camera", camera},
                                       {"state", "died"},
                                       {"why", why}};
    tell(console->desk->teller, &tale,
         "what camera %s sends cannot be shown as H.264 now: %s", camera, why);
    desk_line(console->desk, now, "worker", field,
              sizeof field / sizeof *field);
    worker_release(c);
    c->again_us = now.boot_us + AGAIN_US;
    give(console, c->camera, VIEWING_CANNOT, NULL, bytes_of_text("failed"));
}

/* All since the camera's last keyframe: only its newest pictures are encoded,
 * so that the first is there soon. */
static void feed(struct console *console, struct conversion *c,
                 struct moment now)
{
    struct fault fault = {"", ""};
    const struct viewing_camera *row = &console->viewing->camera[c->camera];
    struct viewing_piece whole;
    if (row->init.size == 0 || !viewing_whole(row, &whole) ||
        now.boot_us < c->again_us) {
        return;
    }
    const struct wire_head more = {.kind = WIRE_PLAYER_MORE,
                                   .number = {whole.end_us - FIRST_US}};
    if (worker_start(WORKER_PLAYER, &c->worker, &fault)) {
        failed(console, c, fault.why, now);
        return;
    }
    c->begun_us = now.boot_us;
    c->shift_us = whole.utc_us - whole.end_us;
    c->is_fed = true;
    const char *why =
        work_send(c, (struct wire_head){.kind = WIRE_PLAYER_CONVERT},
                  buffer_bytes(&row->init), now);
    why = why ? why : work_send(c, more, buffer_bytes(&row->data), now);
    if (why) {
        failed(console, c, why, now);
    }
}

static struct conversion *begin(struct console *console, int camera,
                                struct moment now)
{
    struct conversion *c = of_camera(console, -1);
    if (c) {
        c->camera = camera;
        feed(console, c, now);
    }
    return c;
}

void convert_join(struct console *console, int64_t stream, int camera,
                  struct moment now)
{
    struct viewing_piece whole;
    struct conversion *c = of_camera(console, camera);
    if (!c && !begin(console, camera, now)) {
        (void)console_live_send(console, stream, camera, VIEWING_CANNOT, NULL,
                                bytes_of_text("busy"));
        return;
    }
    if (c && viewing_whole(&c->out, &whole) &&
        console_live_send(console, stream, camera, VIEWING_INIT, NULL,
                          buffer_bytes(&c->out.init))) {
        (void)console_live_send(console, stream, camera, VIEWING_PIECE, &whole,
                                buffer_bytes(&c->out.data));
    }
}

void convert_init(struct console *console, int camera)
{
    struct conversion *c = of_camera(console, camera);
    if (c) {
        worker_release(c); /* it is begun with the next piece */
        c->again_us = 0;
    }
}

void convert_piece(struct console *console, int camera,
                   const struct viewing_piece *piece, struct bytes data)
{
    const struct wire_head head = {.kind = WIRE_PLAYER_MORE,
                                   .number = {INT64_MIN}};
    struct moment now = clock_now();
    struct conversion *c = of_camera(console, camera);
    if (!c) {
        return;
    }
    if (c->is_fed && piece->starts_with_key &&
        now.boot_us - c->begun_us > AFRESH_US) {
        worker_release(c);
    }
    if (!c->is_fed) {
        feed(console, c, now);
        return;
    }
    if (c->waiting > MOST_WAITING) {
        c->is_behind = true;
    }
    if (c->is_behind && (!piece->starts_with_key || c->waiting > FEW_WAITING)) {
        return;
    }
    c->is_behind = false;
    c->shift_us = piece->utc_us - piece->end_us;
    const char *why = work_send(c, head, data, now);
    if (why) {
        failed(console, c, why, now);
    }
}

/* ---- from the worker ---- */

static bool piece_take(struct console *console, struct conversion *c)
{
    const int64_t *number = c->reader.head.number;
    if (c->out.init.size == 0 || number[1] < 1 || number[1] > MOST_PIECE_US ||
        number[0] < -MOST_PIECE_US || number[0] > INT64_MAX / 4) {
        return false;
    }
    const struct viewing_piece piece = {.end_us = number[0] + number[1],
                                        .utc_us =
                                            number[0] + number[1] + c->shift_us,
                                        .duration_us = number[1],
                                        .starts_with_key = number[2] == 1};
    struct bytes data = buffer_bytes(&c->reader.payload);
    viewing_add(&c->out, &piece, data);
    give(console, c->camera, VIEWING_PIECE, &piece, data);
    return true;
}

/* One message. False: it failed, or spoke nonsense. */
static bool answer_take(struct console *console, struct conversion *c,
                        struct moment now)
{
    c->heard_us = now.boot_us;
    switch (c->reader.head.kind) {
    case WIRE_PLAYER_HEAD:
        viewing_init(&c->out, buffer_bytes(&c->reader.payload));
        give(console, c->camera, VIEWING_INIT, NULL,
             buffer_bytes(&c->out.init));
        return true;
    case WIRE_PLAYER_PIECE:
        return piece_take(console, c);
    case WIRE_DONE:
        return c->waiting-- > 0;
    default:
        return false;
    }
}

static void serve(struct console *console, struct conversion *c,
                  struct moment now)
{
    struct fault fault = {"its worker spoke nonsense", ""};
    enum sting_status status = wire_queue_flush(&c->queue, c->worker.channel);
    status = status == STING_E_BUSY ? STING_OK : status;
    while (!status) {
        status = wire_reader_next(&c->reader, c->worker.channel);
        if (!status && !answer_take(console, c, now)) {
            if (c->reader.head.kind == WIRE_FAILED) {
                (void)!wire_failed(&c->reader.head, &c->reader.payload, &fault);
            }
            failed(console, c, fault.why, now);
            return;
        }
    }
    if (status != STING_E_BUSY) {
        failed(console, c, worker_stop_why(&c->worker, 0), now);
    }
}

void convert_wait(const struct console *console,
                  struct pollfd ready[CONVERT_MOST])
{
    for (size_t i = 0; i < CONVERT_MOST; i++) {
        const struct conversion *c =
            console->converting ? &console->converting->one[i] : NULL;
        bool writes = c && wire_queue_bytes(&c->queue) > 0;
        ready[i] = (struct pollfd){c ? c->worker.channel : -1,
                                   writes ? POLLIN | POLLOUT : POLLIN, 0};
    }
}

void convert_serve(struct console *console,
                   const struct pollfd ready[CONVERT_MOST], struct moment now)
{
    for (size_t i = 0; i < CONVERT_MOST && console->converting; i++) {
        struct conversion *c = &console->converting->one[i];
        if (ready[i].revents && c->worker.channel >= 0 &&
            ready[i].fd == c->worker.channel) {
            serve(console, c, now);
        }
    }
}

/* ---- each second ---- */

static void tend(struct console *console, struct conversion *c, bool is_wanted,
                 struct moment now)
{
    if (!is_wanted) {
        release(c);
    } else if (c->waiting > 0 && now.boot_us - c->heard_us > PATIENCE_US) {
        failed(console, c, "it takes too long", now);
    } else if (!c->is_fed) {
        feed(console, c, now);
    }
}

void convert_tick(struct console *console, struct moment now)
{
    uint64_t wanted = 0;
    for (size_t i = 0; i < VIEWING_MOST; i++) {
        wanted |= console->viewing->stream[i].h264;
    }
    for (size_t i = 0; i < CONVERT_MOST; i++) {
        struct conversion *c = &console->converting->one[i];
        if (c->camera >= 0) {
            tend(console, c, wanted >> c->camera & 1, now);
        }
    }
    for (int i = 0; (size_t)i < console->cameras; i++) {
        if (wanted >> i & 1 && !of_camera(console, i)) {
            (void)begin(console, i, now);
        }
    }
}
