#include "station/cameras.h"

#include <stdlib.h>

#include "station/prints.h"

#define MOST_MESSAGES 64 /* taken at once, for the others' sake */

void cameras_release(struct cameras *cameras)
{
    for (size_t i = 0; i < cameras->count; i++) {
        camera_release(&cameras->camera[i]);
    }
    free(cameras->camera);
    *cameras = (struct cameras){0};
}

/* What the ledger told last of the pages that lie before them. */
static enum sting_status pasts_take(struct cameras *cameras,
                                    const struct operation *operation,
                                    struct fault *fault)
{
    struct pages_past *past = calloc(CONFIG_MOST_CAMERAS, sizeof *past);
    if (!past) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    enum sting_status status = pages_past_read(
        operation_dir(operation), operation_config(operation), past, fault);
    for (size_t i = 0; i < cameras->count; i++) {
        cameras->camera[i].past = past[i];
    }
    free(past);
    return status;
}

enum sting_status cameras_open(struct cameras *out, struct desk *desk,
                               struct fault *fault)
{
    size_t count = operation_config(desk->operation)->cameras;
    /* Room for those that come while it runs. */
    out->camera = calloc(CONFIG_MOST_CAMERAS, sizeof *out->camera);
    if (!out->camera) {
        return fault_set(fault, STING_E_NOMEM, "", "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        enum sting_status status =
            camera_init(&out->camera[i], (int)i, desk, fault);
        if (status) {
            return status;
        }
        out->count++;
    }
    return pasts_take(out, desk->operation, fault);
}

/* ---- each round ---- */

size_t cameras_wait(const struct cameras *cameras, struct pollfd *ready)
{
    for (size_t i = 0; i < cameras->count; i++) {
        const struct camera *camera = &cameras->camera[i];
        ready[2 * i] = (struct pollfd){camera->worker.channel, POLLIN, 0};
        ready[2 * i + 1] = (struct pollfd){camera->relay.channel, POLLIN, 0};
    }
    return 2 * cameras->count;
}

/* Each at its own moment: a slow disk holds up every one of them. */
static void worker_serve(struct camera *camera)
{
    int taken = 0;
    while (taken < MOST_MESSAGES && camera_worker_ready(camera, clock_now())) {
        taken++;
    }
}

void cameras_serve(struct cameras *cameras, const struct pollfd *ready)
{
    for (size_t i = 0; i < cameras->count; i++) {
        struct camera *camera = &cameras->camera[i];
        const struct pollfd *row = &ready[2 * i];
        /* First: it knows better than the worker why there is nothing. */
        if (row[1].revents && row[1].fd == camera->relay.channel) {
            camera_relay_ready(camera, clock_now());
        }
        if (row[0].revents && row[0].fd == camera->worker.channel) {
            worker_serve(camera);
        }
    }
}

void cameras_tick(struct cameras *cameras, struct moment now)
{
    for (size_t i = 0; i < cameras->count; i++) {
        struct camera *camera = &cameras->camera[i];
        camera_settle(camera, now);
        prints_hand(camera->desk->prints, camera);
    }
    /* In turn, since one start ends the round. */
    for (size_t i = 0; i < cameras->count; i++) {
        size_t at = cameras->turn++ % cameras->count;
        if (camera_tick(&cameras->camera[at], now)) {
            break;
        }
    }
}

void cameras_stood(struct cameras *cameras, const struct beat *beat)
{
    for (size_t i = 0; i < cameras->count; i++) {
        camera_stood(&cameras->camera[i], beat);
    }
}

void cameras_answer(struct cameras *cameras, struct moment now,
                    const struct names_answer *answer)
{
    if (answer->id >= 0 && (uint64_t)answer->id < cameras->count) {
        camera_answer(&cameras->camera[answer->id], now, answer);
    }
}

/* ---- all at once ---- */

void cameras_keep(struct cameras *cameras, struct moment now)
{
    for (size_t i = 0; i < cameras->count; i++) {
        camera_keep(&cameras->camera[i], now);
    }
}

void cameras_room(struct cameras *cameras, bool has_room, struct moment now)
{
    for (size_t i = 0; i < cameras->count; i++) {
        if (has_room) {
            camera_resume(&cameras->camera[i], now);
        } else {
            camera_pause(&cameras->camera[i], now);
        }
    }
}

void cameras_stop(struct cameras *cameras, struct moment now, const char *why)
{
    for (size_t i = 0; i < cameras->count; i++) {
        camera_stop(&cameras->camera[i], now, why);
    }
}

void cameras_past(struct cameras *cameras, bool is_past, struct moment now)
{
    for (size_t i = 0; i < cameras->count; i++) {
        if (is_past) {
            camera_past(&cameras->camera[i], now);
        } else {
            camera_go_on(&cameras->camera[i], now);
        }
    }
}

void cameras_cut(struct cameras *cameras)
{
    for (size_t i = 0; i < cameras->count; i++) {
        if (cameras->camera[i].recording) {
            recording_alert(cameras->camera[i].recording);
        }
    }
}

void cameras_unrecord(struct cameras *cameras)
{
    for (size_t i = 0; i < cameras->count; i++) {
        recording_free(&cameras->camera[i].recording);
    }
}

enum sting_status cameras_record_anew(struct cameras *cameras,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < cameras->count && !status; i++) {
        status = camera_record_anew(&cameras->camera[i], fault);
    }
    return status;
}

void cameras_stop_ask(struct cameras *cameras)
{
    for (size_t i = 0; i < cameras->count; i++) {
        camera_stop_ask(&cameras->camera[i]);
    }
}

bool cameras_run(const struct cameras *cameras)
{
    for (size_t i = 0; i < cameras->count; i++) {
        if (cameras->camera[i].worker.pid > 0) {
            return true;
        }
    }
    return false;
}
