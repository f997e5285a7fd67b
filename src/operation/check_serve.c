/* The check worker's side for folders: one question, one report. */
#include <string.h>

#include "base/clock.h"
#include "crypt/start.h"
#include "jail/worker.h"
#include "operation/check_boxes.h"
#include "operation/check_known.h"
#include "operation/check_worker.h"
#include "wire/wire.h"

#define STATE_EVERY_US 200000

struct serving {
    int channel;
    wire_service *also;
    int64_t told_us; /* when the last state was sent */
};

static void tell_state(void *context, const struct verify_report *so_far)
{
    struct serving *serving = context;
    int64_t now_us = clock_now().boot_us;
    if (now_us - serving->told_us < STATE_EVERY_US) {
        return;
    }
    serving->told_us = now_us;
    const struct wire_head head = {
        .kind = WIRE_CHECK_STATE,
        .number = {(int64_t)so_far->entries, (int64_t)so_far->segments,
                   (int64_t)so_far->bytes, (int64_t)so_far->read_bytes,
                   (int64_t)so_far->ledger_bytes}};
    if (wire_send(serving->channel, head, (struct bytes){0})) {
        serving->told_us = INT64_MAX / 2; /* nobody listens any more */
    }
}

/* Ask who holds the identity. */
static enum sting_status ask(void *context, const struct age_wrapped *wrapped,
                             uint8_t file_key[AGE_FILE_KEY_BYTES])
{
    struct serving *serving = context;
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    const struct wire_head head = {.kind = WIRE_CHECK_UNWRAP};
    enum sting_status status =
        wire_call(serving->channel, head,
                  (struct bytes){(const uint8_t *)wrapped, sizeof *wrapped},
                  WIRE_DONE, &answer, NULL);
    if (!status && answer.payload.size != AGE_FILE_KEY_BYTES) {
        status = STING_E_FORMAT;
    }
    if (!status) {
        memcpy(file_key, answer.payload.data, AGE_FILE_KEY_BYTES);
    }
    return status;
}

static enum sting_status send_report(int channel,
                                     const struct verify_report *report)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct verify_report flat = *report;
    const struct wire_head head = {.kind = WIRE_CHECK_REPORT,
                                   .number = {(int64_t)report->said.gaps}};
    flat.gap = NULL; /* an address of ours is nobody's business */
    enum sting_status status = buffer_append(
        &payload, (struct bytes){(const uint8_t *)&flat, sizeof flat});
    if (!status && report->said.gaps > 0) {
        status = buffer_append(
            &payload, (struct bytes){(const uint8_t *)report->gap,
                                     report->said.gaps * sizeof *report->gap});
    }
    return status ? status : wire_send(channel, head, buffer_bytes(&payload));
}

static enum sting_status serve_one(void *context,
                                   const struct wire_head *request,
                                   struct bytes payload, struct fault *fault)
{
    struct serving *serving = context;
    struct verify_report report STING_AUTO(verify_report_release) = {0};
    struct check_known known STING_AUTO(check_known_release) = {.keys = NULL};
    if (request->kind == WIRE_CHECK_BOXES) {
        return check_boxes_serve(serving->channel, fault);
    }
    if (request->kind != WIRE_CHECK_FOLDER) {
        return serving->also(&serving->channel, request, payload, fault);
    }
    enum sting_status status = check_known_unpack(request, payload, &known);
    const struct verify_options options = {
        .known = known.known,
        .ask = request->number[0] == 1 ? ask : NULL,
        .progress = tell_state,
        .context = serving};
    if (!status) {
        status = verify_operation(WORKER_INPUT_FD, &options, &report, fault);
    }
    return status ? status : send_report(serving->channel, &report);
}

int check_worker_serve(int channel, wire_service *also)
{
    struct serving serving = {.channel = channel, .also = also};
    crypt_start(); /* no library may look for its files here */
    wire_serve(channel, serve_one, &serving);
    return 0;
}
