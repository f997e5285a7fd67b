#include "station/camera.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ledger/line.h"
#include "station/back_off.h"

#define SECOND_US INT64_C(1000000)
#define SILENT_US (4 * SECOND_US)    /* then it counts as lost, and is told */
#define STALLED_US (15 * SECOND_US)  /* then its worker is started anew */
#define MOST_GOP_US (15 * SECOND_US) /* then it seems to send no keyframes */
#define END_MS 200 /* that a worker gets to end once its channel closed */

enum sting_status camera_init(struct camera *out, int index, struct desk *desk,
                              struct fault *fault)
{
    const struct config_camera *config =
        &operation_config(desk->operation)->camera[index];
    *out = (struct camera){.index = index,
                           .config = config,
                           .desk = desk,
                           .worker = WORKER_NONE,
                           .is_learning = true,
                           .relay = WORKER_NONE,
                           .try_at_us = desk->since.boot_us,
                           .lost_from_us = desk->since.utc_us};
    enum sting_status status = camera_url_parse(config->url, &out->url);
    if (status) {
        return fault_set(fault, status,
                         "write rtsp://host:port/path, /dev/video0 "
                         "or the path of a clip",
                         "the url of camera %s is not one", config->name);
    }
    return camera_record_anew(out, fault);
}

void camera_release(struct camera *camera)
{
    worker_free(&camera->worker);
    worker_free(&camera->relay);
    buffer_release(&camera->from_worker.payload);
    buffer_release(&camera->from_relay.payload);
    buffer_release(&camera->init);
    roll_clear(&camera->roll);
    roll_clear(&camera->recent);
    recording_free(&camera->recording);
}

enum sting_status camera_record_anew(struct camera *camera, struct fault *fault)
{
    recording_free(&camera->recording);
    camera->has_init = false;
    camera->rest_from_us = 0;
    camera->dropped_from_us = 0;
    roll_clear(&camera->roll);
    enum sting_status status =
        recording_new(core_ledger(camera->desk->core), camera->config->name,
                      &camera->recording, fault);
    return status ? status : recording_background(camera->recording, fault);
}

/* ---- what is told of it ---- */

static void state_line(struct camera *camera, struct moment now,
                       const char *state, const char *why)
{
    const struct line_field field[] = {
        {"camera", camera->config->name},
        {"state", state},
        {"source", camera_url_source(&camera->url)},
        {"why", why}};
    desk_line(camera->desk, now, "camera", field, sizeof field / sizeof *field);
}

void camera_gap(struct camera *camera, struct moment now, const char *cause,
                int64_t from_us, int64_t to_us)
{
    char from[LINE_TIME_SIZE];
    char to[LINE_TIME_SIZE];
    const struct line_field field[] = {{"cause", cause},
                                       {"camera", camera->config->name},
                                       {"from", line_time_text(from_us, from)},
                                       {"to", line_time_text(to_us, to)}};
    desk_line(camera->desk, now, "gap", field, sizeof field / sizeof *field);
}

static void observe_loss(struct camera *camera, struct moment now, bool begins)
{
    const struct observation loss = {.camera = camera->index,
                                     .zone = -1,
                                     .kind = INCIDENT_LOSS,
                                     .begins = begins,
                                     .at = now,
                                     .looked = now,
                                     .score = 1};
    (void)!incidents_observe(camera->desk->incidents, &loss);
}

static void recording_end(struct camera *camera, struct moment now)
{
    struct fault fault = {"", ""};
    if (!camera->recording || camera->desk->is_broken) {
        return;
    }
    bool rested = camera->rest_from_us > 0;
    camera_rest_end(camera, now);
    if (recording_close(camera->recording, now, &fault)) {
        desk_break(camera->desk, &fault);
    }
    camera_drop_end(camera, now, now.utc_us);
    int64_t until_us = recording_until_us(camera->recording);
    if (!rested && until_us) {
        camera->lost_from_us = until_us;
    }
}

void camera_lost(struct camera *camera, struct moment now)
{
    camera->is_on = false;
    if (camera->is_lost) {
        camera_still_lost(camera, now);
        return;
    }
    camera->is_ours = camera->is_ours || beat_stood(&camera->beat, now.boot_us);
    camera->is_lost = true;
    memcpy(camera->told_why, camera->why, sizeof camera->told_why);
    recording_end(camera, now);
    const struct tale tale = {
        .event = "camera", .state = "lost", .camera = camera->config->name};
    tell(camera->desk->teller, &tale,
         "camera %s: NO PICTURE: %s; trying again and again",
         camera->config->name, camera->why);
    state_line(camera, now, "lost", camera->why);
    observe_loss(camera, now, true);
}

/* What is missing from now on is; not what the camera was away for before. */
static void ours_begin(struct camera *camera)
{
    camera->is_ours = camera->is_ours || !camera->is_lost;
}

static const char *loss_cause(const struct camera *camera)
{
    return camera->is_ours ? "worker" : "camera";
}

void camera_found(struct camera *camera, struct moment now, int64_t utc_us)
{
    const struct tale tale = {
        .event = "camera", .state = "on", .camera = camera->config->name};
    tell(camera->desk->teller, &tale, "camera %s: recording%s, %d x %d %s",
         camera->config->name, camera->is_lost ? " again" : "",
         camera->init_facts.width_px, camera->init_facts.height_px,
         camera->codec);
    state_line(camera, now, "on", NULL);
    if (camera->is_lost || camera->is_renewed) {
        int64_t from_us =
            camera->lost_from_us < utc_us ? camera->lost_from_us : utc_us;
        camera_gap(camera, now, loss_cause(camera), from_us, utc_us);
        observe_loss(camera, now, false);
    }
    camera->is_renewed = false;
    camera->is_on = true;
    camera->is_lost = false;
    camera->is_ours = false;
    camera->failures = 0;
    camera->why[0] = '\0';
}

int64_t camera_last_us(const struct camera *camera, struct moment now)
{
    if (camera->is_on) {
        return now.utc_us - (now.boot_us - camera->alive_us);
    }
    return camera->init.size > 0 ? camera->lost_from_us : 0;
}

/* ---- its processes ---- */

static void why_set(struct camera *camera, const char *why)
{
    snprintf(camera->why, sizeof camera->why, "%.380s", why);
    text_clean(camera->why);
    camera->is_why_old = false;
}

static void pause_before_next(struct camera *camera, struct moment now)
{
    enum back_off_cause cause = camera->is_away   ? BACK_OFF_AWAY
                                : camera->is_soon ? BACK_OFF_SOON
                                                  : BACK_OFF_OTHER;
    int64_t pause_us = back_off_us(camera->failures++, cause);
    camera->is_soon = false;
    camera->try_at_us = camera->is_over ? 0 : now.boot_us + pause_us;
}

static void readers_reset(struct camera *camera)
{
    buffer_release(&camera->from_worker.payload);
    buffer_release(&camera->from_relay.payload);
    camera->from_worker = (struct wire_reader){.head_bytes = 0};
    camera->from_relay = (struct wire_reader){.head_bytes = 0};
    camera->has_init = false;
    camera->looks_seen = 0;
    camera->prints = 0;
    camera->is_learning = true;
}

/* One line in the ledger for a worker that did not end in order. */
static void death_line(struct camera *camera, struct moment now,
                       const char *which, const char *how)
{
    const struct line_field field[] = {{"name", which},
                                       {"state", "died"},
                                       {"why", how},
                                       {"camera", camera->config->name}};
    desk_line(camera->desk, now, "worker", field, sizeof field / sizeof *field);
}

/* The worker has ended, or must. `cause`: why we end it, or NULL when it
 * ended by itself. */
static void processes_end(struct camera *camera, struct moment now,
                          const char *cause)
{
    bool ran = camera->worker.pid > 0;
    const char *how = worker_stop_why(&camera->worker, cause ? 0 : END_MS);
    worker_stop(&camera->relay, 0);
    readers_reset(camera);
    camera->remark[0] = '\0';
    camera->clock.is_known = false;
    camera->asked_address = false;
    bool is_orderly = !cause && !strcmp(how, "ended");
    if (ran && !is_orderly && !camera->is_over) {
        char why[384];
        how = cause ? cause : how;
        snprintf(why, sizeof why, "its worker %s", how);
        why_set(camera, why);
        death_line(camera, now, worker_name(WORKER_CAMERA), how);
        ours_begin(camera);
    }
    if (!camera->why[0] || camera->is_why_old) {
        why_set(camera, "the connection ended");
    }
    if (!camera->is_over) {
        camera_lost(camera, now);
    }
    pause_before_next(camera, now);
}

void camera_answer(struct camera *camera, struct moment now,
                   const struct names_answer *answer)
{
    if (!camera->asked_address || camera->is_over) {
        return;
    }
    camera->asked_address = false;
    if (answer->is_found) {
        camera->address = answer->address;
        camera->has_address = true;
        camera->try_at_us = now.boot_us;
        return;
    }
    char why[384];
    snprintf(why, sizeof why, "its name %.100s is not known: %s",
             camera->url.host, answer->why);
    why_set(camera, why);
    processes_end(camera, now, NULL);
}

static void start(struct camera *camera, struct moment now)
{
    struct fault fault = {"", ""};
    camera->try_at_us = 0;
    camera->alive_us = now.boot_us;
    camera->is_why_old = true;
    enum sting_status status = camera_start(camera, &fault);
    if (status && status != STING_E_BUSY) {
        why_set(camera, fault.why);
        worker_stop(&camera->worker, 0);
        processes_end(camera, now, NULL);
    }
}

/* What it said waits to be read: if anybody was late, it was the station,
 * which a slow disk held up. */
static bool is_unheard(const struct camera *camera)
{
    struct pollfd channel = {camera->worker.channel, POLLIN, 0};
    return poll(&channel, 1, 0) == 1 && (channel.revents & POLLIN);
}

void camera_stood(struct camera *camera, const struct beat *beat)
{
    camera->beat = *beat;
    if (camera->alive_us < beat->again_us) {
        camera->alive_us = beat->again_us;
    }
}

bool camera_tick(struct camera *camera, struct moment now)
{
    if (camera->worker.pid <= 0 && !camera->asked_address) {
        bool is_due = camera->try_at_us > 0 && now.boot_us >= camera->try_at_us;
        if (is_due) {
            start(camera, now);
        }
        return is_due;
    }
    int64_t silent_us = now.boot_us - camera->alive_us;
    if (silent_us < SILENT_US || is_unheard(camera)) {
        return false;
    }
    if (!camera->is_lost) {
        if (!camera->why[0]) {
            why_set(camera, camera->asked_address
                                ? "its name is being looked up"
                                : "it sends no pictures");
        }
        camera_lost(camera, now);
    }
    if (silent_us >= STALLED_US) {
        processes_end(camera, now, "gave nothing for long and was stopped");
    }
    return false;
}

/* ---- what they say ---- */

bool camera_worker_ready(struct camera *camera, struct moment now)
{
    enum sting_status status =
        wire_reader_next(&camera->from_worker, camera->worker.channel);
    if (status == STING_E_BUSY) {
        return false;
    }
    if (status) {
        processes_end(camera, now, NULL);
    } else if (!camera_message_take(camera, now)) {
        processes_end(camera, now, "spoke nonsense and was stopped");
    }
    return camera->worker.pid > 0;
}

void camera_relay_ready(struct camera *camera, struct moment now)
{
    enum sting_status status =
        wire_reader_next(&camera->from_relay, camera->relay.channel);
    if (status == STING_E_BUSY) {
        return;
    }
    if (status || camera->from_relay.head.kind != WIRE_RELAY_STATE) {
        const char *how = worker_stop_why(&camera->relay, 0);
        death_line(camera, now, worker_name(WORKER_RELAY), how);
        worker_stop(&camera->worker, 0);
        why_set(camera, "the relay to it died");
        ours_begin(camera);
        processes_end(camera, now, NULL);
        return;
    }
    int64_t error = camera->from_relay.head.number[0];
    bool is_second = camera->from_relay.head.number[1] != 0;
    if (camera->is_on || is_second) {
        return; /* of the second stream: its worker tells */
    }
    camera->is_away = error > 0;
    if (error > 0 && error < 4096) {
        char why[384];
        snprintf(why, sizeof why, "%s does not answer (%s)", camera->url.host,
                 strerror((int)error));
        why_set(camera, why);
        camera_lost(camera, now);
    }
}

void camera_pause(struct camera *camera, struct moment now)
{
    recording_end(camera, now);
    if (!camera->paused_from_us) {
        camera->paused_from_us = now.utc_us;
    }
    camera->has_init = false;
}

void camera_resume(struct camera *camera, struct moment now)
{
    if (camera->paused_from_us) {
        camera_gap(camera, now, "full", camera->paused_from_us, now.utc_us);
    }
    camera->paused_from_us = 0;
    camera->key_until_us = now.boot_us + MOST_GOP_US;
}

/* Nobody's loss: its own word for it is a gap, once pictures come again. */
static void renew(struct camera *camera, struct moment now)
{
    if (camera->is_on) { /* else it is away for longer already */
        camera->lost_from_us = now.utc_us;
    }
    recording_end(camera, now);
    worker_stop(&camera->worker, END_MS);
    worker_stop(&camera->relay, 0);
    readers_reset(camera);
    camera->asked_address = false;
    camera->has_address = false;
    camera->is_renewed = true;
    ours_begin(camera);
    camera->is_on = false;
    camera->failures = 0;
    camera->alive_us = now.boot_us;
    camera->try_at_us = now.boot_us;
}

void camera_settings_take(struct camera *camera, bool is_changed,
                          struct moment now)
{
    camera->config =
        &operation_config(camera->desk->operation)->camera[camera->index];
    if (!is_changed || camera->is_over) {
        return;
    }
    /* A text whose urls are none was refused whole. */
    (void)!camera_url_parse(camera->config->url, &camera->url);
    renew(camera, now);
}

void camera_stop_ask(struct camera *camera)
{
    const struct wire_head head = {.kind = WIRE_STOP};
    camera->is_over = true;
    if (camera->worker.channel >= 0) {
        (void)!wire_send(camera->worker.channel, head, (struct bytes){NULL, 0});
    }
}

void camera_stop(struct camera *camera, struct moment now, const char *why)
{
    if (camera->is_stopped) {
        return;
    }
    camera->is_over = true;
    camera->is_stopped = true;
    recording_end(camera, now);
    if (camera->is_lost) {
        camera_gap(camera, now, loss_cause(camera), camera->lost_from_us,
                   now.utc_us);
    }
    if (camera->paused_from_us) {
        camera_gap(camera, now, "full", camera->paused_from_us, now.utc_us);
    }
    state_line(camera, now, "off", why);
    incidents_camera_off(camera->desk->incidents, camera->index);
    worker_stop(&camera->worker, 0);
    worker_stop(&camera->relay, 0);
    camera->is_lost = false;
    camera->is_on = false;
    camera->try_at_us = 0;
    camera->paused_from_us = 0;
}

void camera_past(struct camera *camera, struct moment now)
{
    if (!camera->is_stopped) {
        camera_stop(camera, now, "the operation has ended");
        camera->is_past = true;
    }
}

void camera_go_on(struct camera *camera, struct moment now)
{
    if (!camera->is_past) {
        return;
    }
    camera->is_past = false;
    camera->is_over = false;
    camera->is_stopped = false;
    camera_settings_take(camera, true, now);
    if (!camera->desk->has_room) {
        camera_pause(camera, now);
    }
}
