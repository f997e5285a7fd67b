#include "exhibit/check_worker.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "exhibit/check_folder.h"
#include "jail/worker.h"
#include "operation/check_known.h"
#include "operation/check_worker.h"

enum sting_status exhibit_check_serve(void *context,
                                      const struct wire_head *request,
                                      struct bytes payload, struct fault *fault)
{
    struct check_report report;
    struct check_known known STING_AUTO(check_known_release) = {.keys = NULL};
    const char *expected = (const char *)payload.data;
    size_t size = payload.size ? strnlen(expected, payload.size) : 0;
    if (size == payload.size || size >= CHECK_EXPECTED_SIZE) {
        return STING_E_FORMAT;
    }
    payload.data += size + 1;
    payload.size -= size + 1;
    enum sting_status status = check_known_unpack(request, payload, &known);
    if (!status) {
        status = exhibit_check_folder(WORKER_INPUT_FD, expected, &known.known,
                                      &report, fault);
    }
    return status ? status
                  : wire_send(*(const int *)context,
                              (struct wire_head){.kind = WIRE_DONE},
                              (struct bytes){(const uint8_t *)&report,
                                             sizeof report});
}

/* A text of the worker: it ends, and holds nothing that a terminal obeys. */
static void make_harmless(char *text, size_t size)
{
    text[size - 1] = '\0';
    text_clean(text);
}

#define HARMLESS(text) make_harmless(text, sizeof(text))

/* The report is of fixed form; what is not is refused. */
static enum sting_status report_take(struct bytes payload,
                                     struct check_report *out)
{
    size_t flag = offsetof(struct check_report, is_expected);
    size_t outside = offsetof(struct check_report, outside);
    if (payload.size != sizeof *out || payload.data[flag] > 1 ||
        !check_bools_hold(payload.data + outside)) {
        return STING_E_FORMAT;
    }
    memcpy(out, payload.data, sizeof *out);
    if ((unsigned)out->verdict > VERIFY_TAMPERED || out->rule < 0 ||
        out->rule > 8 || out->outside.anchors > VERIFY_MOST_ANCHORS) {
        return STING_E_FORMAT;
    }
    HARMLESS(out->why);
    HARMLESS(out->mark);
    HARMLESS(out->origin);
    HARMLESS(out->office);
    HARMLESS(out->tags);
    HARMLESS(out->case_key);
    check_anchors_harmless(&out->outside);
    return STING_OK;
}

/* The question, and what is known beside it. */
static enum sting_status question(const char *expected,
                                  const struct verify_known *known,
                                  struct wire_head *head,
                                  struct buffer *payload)
{
    *head = (struct wire_head){.kind = WIRE_CHECK_EXHIBIT};
    enum sting_status status =
        buffer_append(payload, (struct bytes){(const uint8_t *)expected,
                                              strlen(expected) + 1});
    return status ? status : check_known_pack(known, head, payload);
}

enum sting_status exhibit_check_ask(int folder, const char *expected,
                                    const struct verify_known *known,
                                    struct check_report *report,
                                    char missing[200], struct fault *fault)
{
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct buffer asked STING_AUTO(buffer_release) = {0};
    struct wire_head head;
    const struct worker_place place = {.input = folder};
    enum sting_status status =
        worker_start_with(WORKER_FOLDER, &place, &worker, fault);
    if (status) {
        return status;
    }
    memcpy(missing, worker.missing, sizeof worker.missing);
    status = question(expected, known, &head, &asked);
    if (!status) {
        status = wire_call(worker.channel, head, buffer_bytes(&asked),
                           WIRE_DONE, &answer, fault);
    }
    if (!status) {
        status = report_take(buffer_bytes(&answer.payload), report);
    }
    if (status && fault->why[0] == '\0') {
        return fault_set(fault, status == STING_E_ABSENT ? STING_E_IO : status,
                         "", "the worker that checks the exhibit %s",
                         worker_stop_why(&worker, 0));
    }
    return status;
}
