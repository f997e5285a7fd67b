#include "watch/camera.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "media/fragment.h"
#include "media/source.h"
#include "watch/look_thread.h"
#include "watch/settings.h"
#include "wire/wire.h"

struct camera {
    int channel;
    pthread_mutex_t sending; /* whole messages, from two threads */
    struct settings settings;
    struct source *source;
    struct fragment_writer *writer;
    struct look_thread *looks;
    bool told_to_stop;
    int64_t heard_us;             /* boot time of the last sign of life */
    struct moment fragment_begin; /* arrival of the open fragment's first */
    bool fragment_given;
    int64_t shift_us;             /* recording's time less the stream's */
    _Atomic int64_t utc_shift_us; /* UTC less the recording's time */
    int64_t looks_made;
    bool is_on;            /* told */
    int64_t clip_begin_us; /* boot time at which a clip's zero is played */
};

static enum sting_status send(struct camera *camera, struct wire_head head,
                              struct bytes payload)
{
    pthread_mutex_lock(&camera->sending);
    enum sting_status status = wire_send(camera->channel, head, payload);
    pthread_mutex_unlock(&camera->sending);
    return status;
}

static enum sting_status state_send(struct camera *camera,
                                    enum camera_state state, const char *why)
{
    return send(camera, (struct wire_head){WIRE_CAMERA_STATE, 0, {state}},
                bytes_of_text(why));
}

/* Anything that the core says after the start, or its end, means stop. */
static bool core_wants_end(struct camera *camera)
{
    struct pollfd poll_fd = {.fd = camera->channel, .events = POLLIN};
    if (!camera->told_to_stop && poll(&poll_fd, 1, 0) > 0) {
        camera->told_to_stop = true;
    }
    return camera->told_to_stop;
}

static bool give_up(void *context)
{
    struct camera *camera = context;
    return core_wants_end(camera) ||
           clock_now().boot_us - camera->heard_us > CAMERA_SILENCE_US;
}

static enum sting_status fragment_send(void *context,
                                       const struct fragment *fragment)
{
    struct camera *camera = context;
    camera->fragment_given = true;
    struct wire_head head = {WIRE_CAMERA_FRAGMENT,
                             0,
                             {fragment->pts_us, fragment->duration_us,
                              fragment->key, fragment->frames,
                              camera->fragment_begin.utc_us,
                              camera->fragment_begin.boot_us}};
    return send(camera, head, fragment->data);
}

static enum sting_status event_send(struct camera *camera,
                                    const struct detect_event *event)
{
    int64_t pts_us = event->at_us + camera->shift_us;
    struct wire_head head = {
        WIRE_CAMERA_OBSERVATION,
        0,
        {event->kind, event->begins, pts_us + camera->utc_shift_us,
         (int64_t)(event->score * 1000), event->zone, pts_us}};
    return send(camera, head, (struct bytes){0});
}

/* On the looker's thread. */
static enum sting_status look_send(void *context, int64_t at_us,
                                   const struct detect_look *look)
{
    struct camera *camera = context;
    int64_t pts_us = at_us + camera->shift_us;
    camera->looks_made++;
    struct wire_head head = {WIRE_CAMERA_LOOK,
                             0,
                             {pts_us, pts_us + camera->utc_shift_us,
                              look->activity, camera->looks_made}};
    enum sting_status status = send(camera, head, (struct bytes){0});
    for (int i = 0; !status && i < look->events; i++) {
        status = event_send(camera, &look->event[i]);
    }
    return status;
}

static enum sting_status init_send(struct camera *camera)
{
    const struct stream *stream = source_stream(camera->source);
    struct buffer head STING_AUTO(buffer_release) = {0};
    enum sting_status status = fragment_head(stream, &head);
    if (status) {
        return status;
    }
    struct wire_head message = {
        WIRE_CAMERA_INIT,
        0,
        {stream->width_px, stream->height_px, stream->tag}};
    return send(camera, message, buffer_bytes(&head));
}

static enum sting_status looks_begin(struct camera *camera, struct fault *fault)
{
    struct looker *looker = NULL;
    enum sting_status status =
        looker_new(source_stream(camera->source), &camera->settings.looker,
                   look_send, camera, &looker, fault);
    return status ? status : look_thread_new(&looker, &camera->looks);
}

static void recording_end(struct camera *camera, bool finish)
{
    look_thread_stop(&camera->looks, finish);
    if (camera->writer) {
        enum sting_status ignored = fragment_writer_flush(camera->writer);
        (void)ignored; /* the core is gone, or will see it is missing */
    }
    fragment_writer_free(&camera->writer);
}

/* A recording whose time line is that of the box's uptime, so that times go
 * on from one connection to the next. */
static enum sting_status recording_begin(struct camera *camera,
                                         const struct packet *first,
                                         struct moment now, struct fault *fault)
{
    const struct stream *stream = source_stream(camera->source);
    int64_t origin_us = now.boot_us < 1000000 ? 1000000 : now.boot_us;
    recording_end(camera, false);
    enum sting_status status = init_send(camera);
    if (!status) {
        status = fragment_writer_new(stream, origin_us, fragment_send, camera,
                                     &camera->writer);
    }
    camera->fragment_begin = now;
    camera->shift_us = origin_us - stream_us(stream, first->pts);
    camera->utc_shift_us = now.utc_us - origin_us;
    return status ? status : looks_begin(camera, fault);
}

/* A camera's clock is not ours: follow the difference slowly, since single
 * packets come late. */
static void utc_follow(struct camera *camera, const struct packet *packet,
                       struct moment now)
{
    int64_t pts_us = stream_us(source_stream(camera->source), packet->pts) +
                     camera->shift_us;
    int64_t off = now.utc_us - pts_us - camera->utc_shift_us;
    camera->utc_shift_us += off > 2000000 || off < -2000000 ? off : off / 512;
}

static enum sting_status packet_record(struct camera *camera,
                                       const struct packet *packet, bool is_new,
                                       struct fault *fault)
{
    struct moment now = clock_now();
    enum sting_status status = STING_OK;
    if (is_new || !camera->writer) {
        if (!packet->key) {
            return STING_OK;
        }
        status = recording_begin(camera, packet, now, fault);
    }
    if (!status && !camera->is_on) {
        status = state_send(camera, CAMERA_STATE_ON, "");
        camera->is_on = true;
    }
    if (status) {
        return status;
    }
    camera->fragment_given = false;
    status = fragment_writer_add(camera->writer, packet);
    if (camera->fragment_given) {
        camera->fragment_begin = now;
    }
    utc_follow(camera, packet, now);
    look_thread_add(camera->looks, packet);
    return status == STING_E_FORMAT ? STING_OK : status;
}

/* A clip is played in its own time. */
static void clip_wait(struct camera *camera, const struct packet *packet)
{
    int64_t at_us = stream_us(source_stream(camera->source), packet->pts);
    if (camera->clip_begin_us == 0) {
        camera->clip_begin_us = clock_now().boot_us - at_us;
    }
    for (;;) {
        int64_t wait_us = camera->clip_begin_us + at_us - clock_now().boot_us;
        if (wait_us <= 0 || core_wants_end(camera)) {
            return;
        }
        wait_us = wait_us > 100000 ? 100000 : wait_us;
        nanosleep(&(struct timespec){0, wait_us * 1000}, NULL);
    }
}

/* For replay: every packet is looked at, in this thread, and times count
 * from the first. */
static enum sting_status packets_look(struct camera *camera,
                                      struct fault *fault)
{
    struct looker *looker STING_AUTO(looker_free) = NULL;
    bool has_shift = false;
    enum sting_status status =
        looker_new(source_stream(camera->source), &camera->settings.looker,
                   look_send, camera, &looker, fault);
    while (!status) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(camera->source, &packet, &is_new, fault);
        if (status == STING_E_ABSENT) {
            enum sting_status end = looker_finish(looker);
            return end ? end : status;
        }
        if (!status && !has_shift) {
            camera->shift_us =
                -stream_us(source_stream(camera->source), packet.pts);
            has_shift = true;
        }
        camera->heard_us = clock_now().boot_us;
        status = status ? status : looker_add(looker, &packet);
    }
    return status;
}

static enum sting_status packets_read(struct camera *camera,
                                      struct fault *fault)
{
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        enum sting_status status =
            source_read(camera->source, &packet, &is_new, fault);
        if (status) {
            return status;
        }
        if (!source_is_live(camera->source)) {
            clip_wait(camera, &packet);
        }
        if (camera->told_to_stop) {
            return STING_E_BUSY;
        }
        camera->heard_us = clock_now().boot_us;
        status = packet_record(camera, &packet, is_new, fault);
        if (status) {
            return status;
        }
    }
}

static enum sting_status camera_watch(struct camera *camera,
                                      struct fault *fault)
{
    const struct settings *s = &camera->settings;
    struct source_settings settings = {
        .url = s->url,
        .user = s->user[0] ? s->user : NULL,
        .password = s->password[0] ? s->password : NULL,
        .give_up = give_up,
        .context = camera,
    };
    camera->heard_us = clock_now().boot_us;
    enum sting_status status = source_open(&settings, &camera->source, fault);
    camera->heard_us = clock_now().boot_us;
    bool is_clip = !status && !source_is_live(camera->source);
    if (!status) {
        status = s->only_looks ? packets_look(camera, fault)
                               : packets_read(camera, fault);
    }
    bool clip_is_over = is_clip && status == STING_E_ABSENT;
    recording_end(camera, true);
    source_free(&camera->source);
    if (camera->told_to_stop) {
        return STING_OK;
    }
    return clip_is_over ? state_send(camera, CAMERA_STATE_ENDED, "")
                        : state_send(camera, CAMERA_STATE_LOST, fault->why);
}

static enum sting_status settings_receive(struct camera *camera,
                                          struct fault *fault)
{
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = wire_receive(camera->channel, &head, &payload);
    if (status || head.kind != WIRE_CAMERA_START) {
        return status ? status : STING_E_ABSENT;
    }
    status = settings_parse(buffer_bytes(&payload), &camera->settings, fault);
    if (status) {
        enum sting_status ignored =
            state_send(camera, CAMERA_STATE_LOST, fault->why);
        (void)ignored;
    }
    return status;
}

int camera_worker_serve(int channel)
{
    static struct camera camera;
    struct fault fault = {.why = "it ended"};
    camera = (struct camera){.channel = channel};
    pthread_mutex_init(&camera.sending, NULL);
    enum sting_status status = settings_receive(&camera, &fault);
    if (!status) {
        status = state_send(&camera, CAMERA_STATE_CONNECTING, "");
    }
    if (!status) {
        status = camera_watch(&camera, &fault);
    }
    explicit_bzero(&camera.settings, sizeof camera.settings);
    pthread_mutex_destroy(&camera.sending);
    return status ? 1 : 0;
}
