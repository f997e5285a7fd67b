#include "drill/rehearsal_worker.h"

#include <math.h>
#include <string.h>

#include "watch/settings.h"

/* ---- the worker's side ---- */

static enum sting_status footage_send(void *context,
                                      const struct rehearsal_footage *footage)
{
    return wire_send(*(const int *)context,
                     (struct wire_head){.kind = WIRE_DRILL_FOOTAGE},
                     (struct bytes){(const uint8_t *)footage, sizeof *footage});
}

static enum sting_status at_send(void *context, double at_s)
{
    return wire_send(*(const int *)context,
                     (struct wire_head){.kind = WIRE_DRILL_AT,
                                        .number = {(int64_t)(at_s * 1e6)}},
                     (struct bytes){0});
}

static enum sting_status trial_send(void *context,
                                    const struct rehearsal_trial *trial)
{
    return wire_send(*(const int *)context,
                     (struct wire_head){.kind = WIRE_DRILL_TRIAL},
                     (struct bytes){(const uint8_t *)trial, sizeof *trial});
}

static enum sting_status serve(void *context, const struct wire_head *request,
                               struct bytes payload, struct fault *fault)
{
    struct settings parsed;
    struct rehearsal_sum sum = {0};
    const int64_t *n = request->number;
    if (request->kind != WIRE_DRILL_START || n[0] < 1 || n[0] > UINT32_MAX ||
        n[2] < 0 || n[2] >= INTRUDER_VALUES || n[3] < 0 || n[3] > 1 ||
        n[4] < 1) {
        return STING_E_ARG;
    }
    enum sting_status status = settings_parse(payload, &parsed, fault);
    const struct rehearsal_settings settings = {
        .input = WORKER_INPUT_FD,
        .people = n[3] ? WORKER_SECOND_FD : -1,
        .look = &parsed.looker,
        .light = (int)n[2],
        .quiet_us = n[4],
        .trials = (uint32_t)n[0],
        .seed = (uint64_t)n[1],
        .footage = footage_send,
        .at = at_send,
        .trial = trial_send,
        .context = context};
    status = status ? status : rehearsal_run(&settings, &sum, fault);
    const struct wire_head done = {
        .kind = WIRE_DONE,
        .number = {sum.false_alarms, sum.quiet_us, sum.passes}};
    return status ? status
                  : wire_send(*(const int *)context, done, (struct bytes){0});
}

int rehearsal_worker_serve(int channel)
{
    wire_serve(channel, serve, &channel);
    return 0;
}

/* ---- the other side ---- */

enum sting_status rehearsal_start(const struct rehearsal_order *order,
                                  struct worker *out, struct fault *fault)
{
    const struct worker_place place = {.input = order->input,
                                       .second_input = order->people};
    const struct wire_head head = {
        .kind = WIRE_DRILL_START,
        .number = {order->trials, (int64_t)order->seed, order->light,
                   order->people >= 0, order->quiet_us}};
    enum sting_status status =
        worker_start_with(WORKER_DRILL, &place, out, fault);
    if (!status && wire_send(out->channel, head, order->camera)) {
        worker_stop(out, 0);
        status = fault_set(fault, STING_E_IO, "",
                           "the worker that was to read it has ended");
    }
    return status;
}

static bool footage_take(const struct buffer *payload,
                         struct rehearsal_footage *out)
{
    if (payload->size != sizeof *out) {
        return false;
    }
    memcpy(out, payload->data, sizeof *out);
    return out->us > 0 && out->width_px > 0 && out->height_px > 0 &&
           out->gop_frames > 0 && isfinite(out->noise_kept);
}

static bool trial_take(const struct buffer *payload,
                       struct rehearsal_trial *out)
{
    if (payload->size != sizeof *out) {
        return false;
    }
    memcpy(out, payload->data, sizeof *out);
    for (int i = 0; i < TRAITS; i++) {
        if (out->who.trait[i] > INTRUDER_VALUES) {
            return false;
        }
    }
    return out->who.trait[TRAIT_LIGHT] < INTRUDER_VALUES &&
           out->who.trait[TRAIT_SIZE] < INTRUDER_VALUES &&
           out->who.trait[TRAIT_WHO] <= WHO_CLIP &&
           isfinite(out->who.contrast[2]) && isfinite(out->at_s) &&
           isfinite(out->delay_s) && isfinite(out->spare_s) &&
           isfinite(out->who.height_px);
}

enum sting_status rehearsal_hear(const struct worker *worker,
                                 struct wire_reader *reader,
                                 struct rehearsal_message *out,
                                 struct fault *fault)
{
    enum sting_status status = wire_reader_next(reader, worker->channel);
    const struct wire_head head = reader->head;
    const struct buffer *payload = &reader->payload;
    bool is_sane = !status;
    if (status == STING_E_BUSY) {
        return status;
    }
    if (is_sane && head.kind == WIRE_FAILED) {
        return wire_failed(&head, payload, fault);
    }
    if (is_sane && head.kind == WIRE_DRILL_FOOTAGE) {
        out->news = REHEARSAL_FOOTAGE;
        is_sane = footage_take(payload, &out->footage);
    } else if (is_sane && head.kind == WIRE_DRILL_TRIAL) {
        out->news = REHEARSAL_TRIAL;
        is_sane = trial_take(payload, &out->trial);
    } else if (is_sane && head.kind == WIRE_DRILL_AT) {
        out->news = REHEARSAL_AT;
        out->at_s = (double)head.number[0] / 1e6;
    } else if (is_sane && head.kind == WIRE_DONE) {
        out->news = REHEARSAL_OVER;
        is_sane = head.number[0] >= 0 && head.number[0] < 1000000 &&
                  head.number[1] >= 0 && head.number[2] > 0;
        out->sum = (struct rehearsal_sum){
            (uint32_t)head.number[0], head.number[1], (uint32_t)head.number[2]};
    } else {
        is_sane = false;
    }
    return is_sane ? STING_OK
                   : fault_set(fault, STING_E_FORMAT, "",
                               "the worker that read the footage has ended");
}
