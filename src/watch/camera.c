#include "watch/camera.h"

#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "detect/tamper.h"
#include "media/source.h"
#include "watch/cost.h"
#include "watch/live.h"
#include "watch/look_thread.h"
#include "watch/masker.h"
#include "watch/recorder.h"
#include "watch/settings.h"
#include "wire/wire.h"

#define ASK_EVERY_US INT64_C(100000)
#define JUMPS_TOLD_EVERY_US INT64_C(10000000)
#define LONG_GOP_US INT64_C(3500000)
#define NO_KEYFRAMES_US INT64_C(20000000)

struct camera {
    int channel;
    pthread_mutex_t sending; /* whole messages, from two threads */
    struct settings settings;
    struct source *source;
    struct recorder
        *recorder;           /* NULL until the first picture, or of a replay */
    struct live *live;       /* NULL as the recorder */
    struct wire_reader core; /* what it says meanwhile */
    bool is_looked_at;       /* by people, now */
    struct look_thread *looks;
    struct masker *masker;       /* NULL without masks */
    const struct stream *stream; /* that is recorded: the source's, masked */
    struct cost masking, encoding;
    int64_t asked_us; /* boot time at which the core was asked */
    bool told_to_stop;
    int64_t heard_us; /* boot time of the last sign of life */
    int64_t looks_made;
    bool is_on;            /* told */
    int64_t clip_begin_us; /* boot time at which a clip's zero is played */
    int64_t replay_us;     /* a replay's time less the clip's */
    int jumps_told;
    int64_t jump_told_us; /* boot time */
    int64_t key_us;       /* of the last keyframe, or the first packet */
    bool gop_told;
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

/* The core says that somebody looks, or nobody any more; anything else, or its
 * end, means stop. */
static bool core_hear(struct camera *camera)
{
    enum sting_status status;
    while ((status = wire_reader_next(&camera->core, camera->channel)) ==
               STING_OK &&
           camera->core.head.kind == WIRE_CAMERA_LIVE) {
        camera->is_looked_at = camera->core.head.number[0] == 1;
    }
    return status == STING_E_BUSY;
}

static bool core_wants_end(struct camera *camera)
{
    int64_t now_us = clock_now().boot_us;
    if (now_us - camera->asked_us < ASK_EVERY_US) {
        return camera->told_to_stop; /* it is asked for every few bytes */
    }
    camera->asked_us = now_us;
    struct pollfd poll_fd = {.fd = camera->channel, .events = POLLIN};
    if (!camera->told_to_stop && poll(&poll_fd, 1, 0) > 0) {
        camera->told_to_stop = !core_hear(camera);
    }
    return camera->told_to_stop;
}

static bool give_up(void *context)
{
    struct camera *camera = context;
    return core_wants_end(camera) ||
           clock_now().boot_us - camera->heard_us > CAMERA_SILENCE_US;
}

static void hear(void *context)
{
    struct camera *camera = context;
    camera->heard_us = clock_now().boot_us;
}

static int64_t boot_us(void *context)
{
    (void)context;
    return clock_now().boot_us;
}

static enum sting_status fragment_send(void *context,
                                       const struct fragment *fragment,
                                       struct moment taken)
{
    struct wire_head head = {WIRE_CAMERA_FRAGMENT,
                             0,
                             {fragment->pts_us, fragment->duration_us,
                              fragment->key, fragment->frames, taken.utc_us,
                              taken.boot_us}};
    return send(context, head, fragment->data);
}

/* Times of what is looked at: the recording's and UTC; in a replay, which
 * records nothing, from the clip's begin. */
static int64_t pts_of(const struct camera *camera, int64_t at_us)
{
    return camera->recorder ? recorder_pts_us(camera->recorder, at_us)
                            : at_us + camera->replay_us;
}

static int64_t utc_of(const struct camera *camera, int64_t pts_us)
{
    return camera->recorder ? recorder_utc_us(camera->recorder, pts_us)
                            : pts_us;
}

static enum sting_status event_send(struct camera *camera,
                                    const struct detect_event *event)
{
    int64_t pts_us = pts_of(camera, event->at_us);
    struct wire_head head = {
        WIRE_CAMERA_OBSERVATION,
        0,
        {event->kind, event->begins, utc_of(camera, pts_us),
         (int64_t)(event->score * 1000), event->zone, pts_us}};
    return send(camera, head, (struct bytes){0});
}

static enum sting_status sight_send(struct camera *camera, int64_t pts_us,
                                    const struct detect_sight *sight)
{
    struct wire_head head = {
        WIRE_CAMERA_SIGHT,
        0,
        {sight->zone, lround(1e3 * sight->contrast), lround(1e3 * sight->size),
         lround(1e3 * sight->tall), lround(10.0 * sight->level), pts_us}};
    return send(camera, head, (struct bytes){0});
}

static enum sting_status page_send(struct camera *camera,
                                   const struct page_event *event)
{
    int64_t pts_us = pts_of(camera, event->at_us);
    struct wire_head head = {WIRE_CAMERA_PAGE,
                             0,
                             {event->zone, event->kind, event->value,
                              utc_of(camera, pts_us),
                              (int64_t)(event->dpi * 10), pts_us}};
    return send(camera, head, (struct bytes){0});
}

/* On the looker's thread. */
static enum sting_status look_send(void *context, int64_t at_us,
                                   const struct detect_look *look)
{
    struct camera *camera = context;
    int64_t pts_us = pts_of(camera, at_us);
    camera->looks_made++;
    struct wire_head head = {WIRE_CAMERA_LOOK,
                             0,
                             {pts_us, utc_of(camera, pts_us), look->activity,
                              camera->looks_made, look->persons}};
    enum sting_status status = send(camera, head, (struct bytes){0});
    if (!status && look->cause) {
        status = state_send(camera, CAMERA_STATE_REMARK,
                            tamper_sentence((enum tamper_cause)look->cause));
    }
    for (int i = 0; !status && i < look->events; i++) {
        status = event_send(camera, &look->event[i]);
    }
    for (int i = 0; !status && i < look->sights; i++) {
        status = sight_send(camera, pts_us, &look->sight[i]);
    }
    for (int i = 0; !status && i < look->pages; i++) {
        status = page_send(camera, &look->page[i]);
    }
    return status;
}

static enum sting_status init_send(struct camera *camera)
{
    const struct stream *stream = camera->stream;
    struct buffer head STING_AUTO(buffer_release) = {0};
    enum sting_status status = fragment_head(stream, &head);
    if (status) {
        return status;
    }
    struct wire_head message = {WIRE_CAMERA_INIT,
                                0,
                                {stream->width_px, stream->height_px,
                                 stream->tag, camera->settings.masks.count,
                                 source_encodes(camera->source) != NULL}};
    return send(camera, message, buffer_bytes(&head));
}

/* A piece for people, told with the time of its last picture. */
static enum sting_status piece_send(void *context,
                                    const struct fragment *fragment)
{
    struct camera *camera = context;
    int64_t end_us = fragment->pts_us + fragment->duration_us;
    struct wire_head head = {WIRE_CAMERA_PIECE,
                             0,
                             {fragment->pts_us, fragment->duration_us,
                              fragment->key, fragment->frames,
                              recorder_utc_us(camera->recorder, end_us)}};
    return send(camera, head, fragment->data);
}

static enum sting_status live_begin(struct camera *camera)
{
    return live_new(camera->stream, recorder_pts_us(camera->recorder, 0),
                    piece_send, camera, &camera->live);
}

/* Who looks is never a reason not to record. */
static enum sting_status live_serve(struct camera *camera,
                                    const struct packet *packet,
                                    struct moment now)
{
    enum sting_status status = live_want(camera->live, camera->is_looked_at);
    if (!status) {
        status = live_add(camera->live, packet, now.boot_us);
    }
    return status == STING_E_IO ? status : STING_OK;
}

static enum sting_status looks_begin(struct camera *camera, struct fault *fault)
{
    struct looker *looker = NULL;
    enum sting_status status =
        looker_new(camera->stream, &camera->settings.looker, look_send, camera,
                   &looker, fault);
    return status ? status : look_thread_new(&looker, &camera->looks);
}

static void recording_end(struct camera *camera, bool finish)
{
    look_thread_stop(&camera->looks, finish);
    if (camera->recorder) {
        /* If not, the core is gone, or will see that it is missing. */
        (void)!recorder_flush(camera->recorder);
    }
    live_free(&camera->live);
    recorder_free(&camera->recorder);
}

static enum sting_status recording_begin(struct camera *camera,
                                         const struct packet *first,
                                         struct moment now, struct fault *fault)
{
    recording_end(camera, false);
    enum sting_status status = init_send(camera);
    if (!status) {
        status = recorder_new(camera->stream, first, now, fragment_send, camera,
                              &camera->recorder);
    }
    if (!status) {
        status = live_begin(camera);
    }
    return status ? status : looks_begin(camera, fault);
}

/* The camera's clock jumped: told, but not each time of one that does nothing
 * else. */
static enum sting_status jumps_tell(struct camera *camera, struct moment now)
{
    int64_t by_us = 0;
    char why[100];
    int jumps = recorder_jumps(camera->recorder, &by_us);
    if (jumps == camera->jumps_told ||
        (camera->jump_told_us &&
         now.boot_us - camera->jump_told_us < JUMPS_TOLD_EVERY_US)) {
        return STING_OK;
    }
    snprintf(why, sizeof why, "its clock jumped by %.1f s%s",
             (double)by_us / 1e6,
             jumps > camera->jumps_told + 1 ? ", and before" : "");
    camera->jumps_told = jumps;
    camera->jump_told_us = now.boot_us;
    return state_send(camera, CAMERA_STATE_REMARK, why);
}

/* Keyframes far apart are seen late and cost much to look at. */
static enum sting_status gop_tell(struct camera *camera,
                                  const struct packet *packet)
{
    char why[160];
    int64_t at_us = stream_us(camera->stream, packet->pts);
    int64_t apart_us = at_us - camera->key_us;
    bool none = apart_us > NO_KEYFRAMES_US;
    bool is_long = packet->key && apart_us > LONG_GOP_US;
    camera->key_us = packet->key ? at_us : camera->key_us;
    if (camera->gop_told || !(none || is_long)) {
        return STING_OK;
    }
    camera->gop_told = true;
    if (none) {
        snprintf(why, sizeof why, "it sends no keyframes; set one a second");
    } else {
        snprintf(why, sizeof why, "keyframes %.0f s apart; set one a second",
                 (double)apart_us / 1e6);
    }
    return state_send(camera, CAMERA_STATE_REMARK, why);
}

static enum sting_status packet_record(struct camera *camera,
                                       struct packet *packet, bool is_new,
                                       struct fault *fault)
{
    struct moment now = clock_now();
    enum sting_status status = STING_OK;
    bool can_begin = packet->key || source_is_live(camera->source);
    if (!camera->recorder && !can_begin) {
        return STING_OK;
    }
    if ((is_new && can_begin) || !camera->recorder) {
        camera->jumps_told = 0;
        camera->key_us = stream_us(source_stream(camera->source), packet->pts);
        status = recording_begin(camera, packet, now, fault);
    }
    if (!status && !camera->is_on) {
        status = state_send(camera, CAMERA_STATE_ON, "");
        camera->is_on = true;
    }
    if (status) {
        return status;
    }
    status = recorder_add(camera->recorder, packet, now);
    if (!status) {
        status = live_serve(camera, packet, now);
    }
    if (!status) {
        status = jumps_tell(camera, now);
    }
    if (!status) {
        status = gop_tell(camera, packet);
    }
    look_thread_add(camera->looks, packet);
    return status == STING_E_FORMAT ? STING_OK : status;
}

/* A masked packet; the camera's own never go further than the masker. */
static enum sting_status masked_record(void *context,
                                       const struct stream *stream,
                                       struct packet *packet, bool is_new)
{
    struct camera *camera = context;
    struct fault fault = {"", ""};
    if (is_new) {
        recording_end(camera, false); /* it borrows the stream before */
    }
    camera->stream = stream;
    return packet_record(camera, packet, is_new, &fault);
}

/* What something costs, once it is known. */
static enum sting_status cost_tell(struct camera *camera, struct cost *cost,
                                   const char *what)
{
    char why[120];
    int percent = cost_percent(cost, clock_now().boot_us);
    if (percent < 0) {
        return STING_OK;
    }
    snprintf(why, sizeof why, "%s takes %d %% of a processor", what, percent);
    return state_send(camera, CAMERA_STATE_REMARK, why);
}

static enum sting_status packet_mask(struct camera *camera,
                                     const struct packet *packet, bool is_new,
                                     struct fault *fault)
{
    const struct settings *s = &camera->settings;
    enum sting_status status = STING_OK;
    cost_begin(&camera->masking);
    if (is_new || !camera->masker) {
        recording_end(camera, false);
        masker_free(&camera->masker);
        status = masker_new(source_stream(camera->source), &s->masks,
                            masked_record, camera, &camera->masker, fault);
    }
    if (!status) {
        status = masker_add(camera->masker, packet);
    }
    cost_end(&camera->masking);
    return status ? status : cost_tell(camera, &camera->masking, "masking");
}

static enum sting_status packet_take(struct camera *camera,
                                     struct packet *packet, bool is_new,
                                     struct fault *fault)
{
    if (camera->settings.masks.count > 0) {
        return packet_mask(camera, packet, is_new, fault);
    }
    camera->stream = source_stream(camera->source);
    return packet_record(camera, packet, is_new, fault);
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
            camera->replay_us =
                -stream_us(source_stream(camera->source), packet.pts);
            has_shift = true;
        }
        camera->heard_us = clock_now().boot_us;
        status = status ? status : looker_add(looker, &packet);
    }
    return status;
}

/* The next packet; where it is encoded here, that is told with its price. */
static enum sting_status packet_read(struct camera *camera,
                                     struct packet *packet, bool *is_new,
                                     struct fault *fault)
{
    const char *encodes = source_encodes(camera->source);
    if (!encodes) {
        return source_read(camera->source, packet, is_new, fault);
    }
    if (!cost_is_counted(&camera->encoding)) {
        enum sting_status status =
            state_send(camera, CAMERA_STATE_REMARK, encodes);
        if (status) {
            return status;
        }
    }
    cost_begin(&camera->encoding);
    enum sting_status status =
        source_read(camera->source, packet, is_new, fault);
    cost_end(&camera->encoding);
    return status ? status : cost_tell(camera, &camera->encoding, "encoding");
}

static enum sting_status packets_read(struct camera *camera,
                                      struct fault *fault)
{
    for (;;) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        enum sting_status status = packet_read(camera, &packet, &is_new, fault);
        if (status) {
            return status;
        }
        if (!source_is_live(camera->source)) {
            clip_wait(camera, &packet);
        }
        if (camera->told_to_stop) {
            return STING_E_BUSY;
        }
        status = packet_take(camera, &packet, is_new, fault);
        if (status) {
            return status;
        }
        hear(camera); /* while the core had no time, nobody was silent */
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
        .heard = hear,
        .now_us = boot_us,
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
    masker_free(&camera->masker);
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
