#include "operation/check_worker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jail/worker.h"
#include "operation/check_known.h"
#include "wire/wire.h"

/* What both sides of one check share. */
struct check {
    int channel;
    const struct check_options *options;
    struct verify_report *report;
    struct fault *fault;
};

/* A text of the worker: it ends, and holds nothing that a terminal obeys. */
static void make_harmless(char *text, size_t size)
{
    text[size - 1] = '\0';
    for (char *at = text; *at; at++) {
        bool is_plain = (unsigned char)*at >= 32 && *at != 127;
        *at = (char)(is_plain ? *at : '?');
    }
}

#define HARMLESS(text) make_harmless(text, sizeof(text))

/* A byte that is not 0 or 1 may not be read as a bool. */
static bool is_bool(const uint8_t *byte)
{
    return *byte <= 1;
}

bool check_bools_hold(const uint8_t *report)
{
    bool hold =
        is_bool(report + offsetof(struct verify_report, has_at)) &&
        is_bool(report + offsetof(struct verify_report, case_key_expected)) &&
        is_bool(report + offsetof(struct verify_report, anchored_by_given));
    for (size_t i = 0; i < VERIFY_MOST_CHANGES && hold; i++) {
        hold = is_bool(report + offsetof(struct verify_report, said.change) +
                       i * sizeof(struct verify_change) +
                       offsetof(struct verify_change, is_place));
    }
    for (size_t i = 0; i < VERIFY_MOST_ANCHORS && hold; i++) {
        hold = is_bool(report + offsetof(struct verify_report, anchor) +
                       i * sizeof(struct verify_anchor) +
                       offsetof(struct verify_anchor, counts));
    }
    return hold;
}

static void make_changes_harmless(struct verify_report *report)
{
    for (size_t i = 0; i < report->said.changes; i++) {
        HARMLESS(report->said.change[i].by);
        HARMLESS(report->said.change[i].why);
    }
    for (size_t i = 0; i < report->altereds; i++) {
        HARMLESS(report->altered[i].file);
    }
}

static void make_clocks_harmless(struct verify_report *report)
{
    HARMLESS(report->said.clock_source);
    for (size_t i = 0; i < report->said.clocks; i++) {
        HARMLESS(report->clock[i].state);
        HARMLESS(report->clock[i].leap);
    }
}

void check_anchors_harmless(struct verify_report *report)
{
    HARMLESS(report->anchored_by);
    HARMLESS(report->beacon_source);
    for (size_t i = 0; i < VERIFY_MOST_ANCHORS; i++) {
        struct verify_anchor *anchor = &report->anchor[i];
        HARMLESS(anchor->kind);
        HARMLESS(anchor->who);
        HARMLESS(anchor->state);
        HARMLESS(anchor->why);
        HARMLESS(anchor->file);
    }
}

static enum sting_status take_gaps(struct verify_report *report,
                                   const uint8_t *from, size_t count)
{
    report->gap = NULL;
    report->said.gaps = 0;
    if (count == 0) {
        return STING_OK;
    }
    report->gap = reallocarray(NULL, count, sizeof *report->gap);
    if (!report->gap) {
        return STING_E_NOMEM;
    }
    memcpy(report->gap, from, count * sizeof *report->gap);
    for (size_t i = 0; i < count; i++) {
        HARMLESS(report->gap[i].camera);
        HARMLESS(report->gap[i].cause);
        HARMLESS(report->gap[i].why);
    }
    report->said.gaps = count;
    return STING_OK;
}

/* The report is of fixed form; what is not is refused. */
static enum sting_status take_report(struct check *check,
                                     const struct wire_head *head,
                                     struct bytes payload)
{
    struct verify_report *report = check->report;
    size_t count = (size_t)head->number[0];
    if (head->number[0] < 0 || count > VERIFY_MOST_GAPS ||
        payload.size != sizeof *report + count * sizeof *report->gap ||
        !check_bools_hold(payload.data)) {
        return STING_E_FORMAT;
    }
    memcpy(report, payload.data, sizeof *report);
    report->gap = NULL;
    report->case_key_expected = false; /* only the caller knows */
    report->unfinished[0] = '\0';
    if ((unsigned)report->verdict > VERIFY_TAMPERED ||
        (unsigned)report->said.config > VERIFY_CONFIG_ABSENT ||
        report->said.gaps != count || report->anchors > VERIFY_MOST_ANCHORS ||
        report->said.clocks > VERIFY_MOST_CLOCKS ||
        report->brokens > VERIFY_MOST_BROKEN ||
        report->said.changes > VERIFY_MOST_CHANGES ||
        report->altereds > VERIFY_MOST_ALTERED || !isfinite(report->tail_s)) {
        *report = (struct verify_report){0};
        return STING_E_FORMAT;
    }
    HARMLESS(report->file);
    HARMLESS(report->reason);
    HARMLESS(report->case_key);
    check_anchors_harmless(report);
    make_clocks_harmless(report);
    make_changes_harmless(report);
    return take_gaps(report, payload.data + sizeof *report, count);
}

static void show(const struct check *check, const struct wire_head *head)
{
    const struct verify_report so_far = {
        .entries = (uint64_t)head->number[0],
        .segments = (uint64_t)head->number[1],
        .bytes = (uint64_t)head->number[2],
        .read_bytes = (uint64_t)head->number[3],
        .ledger_bytes = (uint64_t)head->number[4]};
    if (check->options->progress) {
        check->options->progress(check->options->context, &so_far);
    }
}

/* The worker asks for the key of one file. */
static enum sting_status answer(const struct check *check, struct bytes payload)
{
    struct age_wrapped wrapped;
    uint8_t file_key[AGE_FILE_KEY_BYTES];
    if (payload.size != sizeof wrapped || !check->options->identity) {
        return STING_E_FORMAT;
    }
    memcpy(&wrapped, payload.data, sizeof wrapped);
    enum sting_status status =
        age_unwrap_share(check->options->identity, &wrapped, file_key);
    status = status ? wire_send_fault(check->channel, status,
                                      &(struct fault){.why = ""})
                    : wire_send(check->channel,
                                (struct wire_head){.kind = WIRE_DONE},
                                (struct bytes){file_key, sizeof file_key});
    secret_wipe_bytes(file_key, sizeof file_key);
    return status;
}

/* Until it has reported. */
static enum sting_status listen(struct check *check)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_CHECK_FOLDER,
                             .number = {check->options->identity != NULL}};
    enum sting_status status =
        check_known_pack(&check->options->known, &head, &payload);
    if (!status) {
        status = wire_send(check->channel, head, buffer_bytes(&payload));
    }
    while (!status) {
        status = wire_receive(check->channel, &head, &payload);
        if (status) {
            break;
        }
        switch (head.kind) {
        case WIRE_CHECK_REPORT:
            return take_report(check, &head, buffer_bytes(&payload));
        case WIRE_CHECK_STATE:
            show(check, &head);
            break;
        case WIRE_CHECK_UNWRAP:
            status = answer(check, buffer_bytes(&payload));
            break;
        case WIRE_FAILED:
            return wire_failed(&head, &payload, check->fault);
        default:
            return STING_E_FORMAT;
        }
    }
    return status;
}

enum sting_status check_folder(int folder, const struct check_options *options,
                               struct verify_report *report, char missing[200],
                               struct fault *fault)
{
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    const struct worker_place place = {.input = folder};
    *report = (struct verify_report){0};
    enum sting_status status =
        worker_start_with(WORKER_FOLDER, &place, &worker, fault);
    if (status) {
        return status;
    }
    memcpy(missing, worker.missing, sizeof worker.missing);
    struct check check = {worker.channel, options, report, fault};
    status = listen(&check);
    if (status && fault->why[0] == '\0') {
        return fault_set(fault, status == STING_E_ABSENT ? STING_E_IO : status,
                         "", "the worker that checks the folder %s",
                         worker_stop_why(&worker, 0));
    }
    return status;
}

enum sting_status check_copy(int folder, const struct check_options *options,
                             const char *todo, struct verify_report *report,
                             char missing[200], struct fault *fault)
{
    enum sting_status status =
        check_folder(folder, options, report, missing, fault);
    return status || report->verdict <= VERIFY_GAPS
               ? status
               : fault_set(
                     fault, STING_E_FORGED, todo, "the copy is %s: %.200s",
                     verify_verdict_text(report->verdict), report->reason);
}
