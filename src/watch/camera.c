#include "watch/camera.h"

#include <malloc.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/beat.h"
#include "base/clock.h"
#include "media/source.h"
#include "watch/cost.h"
#include "watch/masker.h"
#include "watch/pipeline.h"
#include "watch/sender.h"
#include "watch/settings.h"
#include "watch/shelf.h"
#include "wire/wire.h"

#define ASK_EVERY_US INT64_C(100000)
/* Blocks of this size go back to the system when they are let go; the C library
 * would keep them, and put small ones into their place. */
#define OWN_PAGES_BYTES 600000

struct camera {
    int channel;
    struct sender sender;
    struct settings settings;
    struct source *source;
    struct substream *substream; /* NULL: only one stream */
    struct pipeline pipeline;
    struct shelf shelf;      /* pages that may lie there */
    struct wire_reader core; /* what it says meanwhile */
    struct masker *masker;   /* NULL without masks */
    struct cost masking, encoding;
    int64_t asked_us; /* boot time at which the core was asked */
    bool told_to_stop;
    int64_t heard_us;      /* boot time of the last sign of life */
    struct beat beat;      /* our own */
    int64_t clip_begin_us; /* boot time at which a clip's zero is played */
};

static void print_take(struct camera *camera)
{
    const struct page_print *print =
        shelf_take(&camera->shelf, &camera->core.head,
                   buffer_bytes(&camera->core.payload));
    if (print) {
        looking_print(&camera->pipeline.looking, print);
    }
}

/* The core says that somebody looks, or nobody any more, or what a page looks
 * like; anything else, or its end, means stop. */
static bool core_hear(struct camera *camera)
{
    enum sting_status status;
    while ((status = wire_reader_next(&camera->core, camera->channel)) ==
           STING_OK) {
        if (camera->core.head.kind == WIRE_CAMERA_LIVE) {
            camera->pipeline.is_looked_at = camera->core.head.number[0] == 1;
        } else if (camera->core.head.kind == WIRE_CAMERA_PRINT) {
            print_take(camera);
        } else {
            return false;
        }
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
    beat_take(&camera->beat, clock_now().boot_us);
    return core_wants_end(camera) ||
           clock_now().boot_us - camera->heard_us > CAMERA_SILENCE_US;
}

static void hear(void *context)
{
    struct camera *camera = context;
    camera->heard_us = clock_now().boot_us;
    beat_take(&camera->beat, camera->heard_us);
}

static int64_t boot_us(void *context)
{
    (void)context;
    return clock_now().boot_us;
}

/* A masked packet; the camera's own never go further than the masker. */
static enum sting_status masked_record(void *context,
                                       const struct stream *stream,
                                       struct packet *packet, bool is_new)
{
    struct camera *camera = context;
    struct fault fault = {"", ""};
    if (is_new) {
        /* It borrows the stream before. */
        pipeline_end(&camera->pipeline, false);
    }
    camera->pipeline.stream = stream;
    return pipeline_take(&camera->pipeline, packet, is_new, &fault);
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
    return sender_state(&camera->sender, CAMERA_STATE_REMARK, why);
}

static enum sting_status packet_mask(struct camera *camera,
                                     struct packet *packet, bool is_new,
                                     struct fault *fault)
{
    const struct settings *s = &camera->settings;
    enum sting_status status = STING_OK;
    cost_begin(&camera->masking);
    if (is_new || !camera->masker) {
        pipeline_end(&camera->pipeline, false);
        masker_free(&camera->masker);
        status = masker_new(source_stream(camera->source), &s->looker.masks,
                            masked_record, camera, &camera->masker, fault);
        camera->pipeline.masked = status ? NULL : masker_mend(camera->masker);
        camera->pipeline.jumps_told = 0;
    }
    if (!status) {
        int64_t came_us = source_came_us(camera->source);
        status = masker_add(camera->masker, packet,
                            clock_when(clock_now(), came_us));
    }
    cost_end(&camera->masking);
    return status ? status : cost_tell(camera, &camera->masking, "masking");
}

static enum sting_status packet_take(struct camera *camera,
                                     struct packet *packet, bool is_new,
                                     struct fault *fault)
{
    if (camera->settings.looker.masks.count > 0) {
        return packet_mask(camera, packet, is_new, fault);
    }
    camera->pipeline.stream = source_stream(camera->source);
    return pipeline_take(&camera->pipeline, packet, is_new, fault);
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
                   sender_look, &camera->sender, &looker, fault);
    while (!status) {
        struct packet packet STING_AUTO(packet_release) = {0};
        bool is_new = false;
        status = source_read(camera->source, &packet, &is_new, fault);
        if (status == STING_E_ABSENT) {
            enum sting_status end = looker_finish(looker);
            return end ? end : status;
        }
        if (!status && !has_shift) {
            camera->sender.replay_us =
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
            sender_state(&camera->sender, CAMERA_STATE_REMARK, encodes);
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

/* The stream that is looked at instead of the recorded one, if there is one. */
static enum sting_status second_open(struct camera *camera)
{
    const struct settings *s = &camera->settings;
    const struct substream_settings settings = {
        .url = s->second_url,
        .user = s->user[0] ? s->user : NULL,
        .password = s->password[0] ? s->password : NULL};
    if (!s->second_url[0] || !source_is_live(camera->source)) {
        return STING_OK;
    }
    enum sting_status status = substream_new(&settings, &camera->substream);
    camera->pipeline.looking.substream = camera->substream;
    return status;
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
    camera->pipeline.source = camera->source;
    camera->heard_us = clock_now().boot_us;
    bool is_clip = !status && !source_is_live(camera->source);
    status = status ? status : second_open(camera);
    if (!status) {
        status = s->only_looks ? packets_look(camera, fault)
                               : packets_read(camera, fault);
    }
    bool clip_is_over = is_clip && status == STING_E_ABSENT;
    /* It is starting, perhaps, or has others to serve. */
    bool is_soon = status == STING_E_IO || status == STING_E_BUSY;
    bool is_ours = looking_is_over(&camera->pipeline.looking);
    if (!is_clip && beat_stood(&camera->beat, clock_now().boot_us)) {
        is_ours = true;
        (void)!fault_set(fault, STING_E_BUSY, "",
                         "this machine, or what watches on it, stood still for "
                         "%d s",
                         beat_stood_s(&camera->beat));
    }
    pipeline_end(&camera->pipeline, true);
    substream_free(&camera->substream);
    shelf_release(&camera->shelf);
    masker_free(&camera->masker);
    source_free(&camera->source);
    if (camera->told_to_stop) {
        return STING_OK;
    }
    return clip_is_over
               ? sender_state(&camera->sender, CAMERA_STATE_ENDED, "")
               : sender_lost(&camera->sender, is_soon, is_ours, fault->why);
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
            sender_state(&camera->sender, CAMERA_STATE_LOST, fault->why);
        (void)ignored;
    }
    return status;
}

int camera_worker_serve(int channel)
{
    static struct camera camera;
    struct fault fault = {.why = "it ended"};
    (void)mallopt(M_MMAP_THRESHOLD, OWN_PAGES_BYTES);
    camera = (struct camera){
        .channel = channel,
        .pipeline = {.sender = &camera.sender,
                     .settings = &camera.settings,
                     .looking = {.sender = &camera.sender,
                                 .settings = &camera.settings.looker,
                                 .shelf = &camera.shelf}}};
    sender_init(&camera.sender, channel);
    enum sting_status status = settings_receive(&camera, &fault);
    if (!status) {
        status = sender_state(&camera.sender, CAMERA_STATE_CONNECTING, "");
    }
    if (!status) {
        status = camera_watch(&camera, &fault);
    }
    explicit_bzero(&camera.settings, sizeof camera.settings);
    sender_release(&camera.sender);
    return status ? 1 : 0;
}
