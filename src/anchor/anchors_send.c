/* From the queue to the outsider and back into the ledger. */
#include <stdio.h>
#include <string.h>

#include "anchor/anchors_state.h"

#define S INT64_C(1000000)
#define TIMEOUT_MS 15000
#define MOST_PAUSE_US (300 * S)

/* The newest checkpoint becomes the one to be asked about. */
static enum sting_status note_refresh(struct anchors *anchors,
                                      struct outsider *outsider, bool *is_new,
                                      struct fault *fault)
{
    struct note note;
    struct buffer text STING_AUTO(buffer_release) = {0};
    enum sting_status status = anchor_newest_note(
        operation_dir(anchors->operation), &text, &note, fault);
    *is_new = !status &&
              (outsider->note.size == 0 || outsider->head.size != note.size);
    if (!*is_new) {
        return status;
    }
    outsider->note.size = 0;
    status = buffer_append(&outsider->note, buffer_bytes(&text));
    return status ? status
                  : note_parse(buffer_bytes(&outsider->note), &outsider->head);
}

enum sting_status outsider_queue(struct anchors *anchors,
                                 struct outsider *outsider, struct moment now,
                                 struct fault *fault)
{
    bool is_new = false;
    enum sting_status status = note_refresh(anchors, outsider, &is_new, fault);
    if (status || outsider->head.size == outsider->anchored_size) {
        return status == STING_E_ABSENT ? STING_OK : status;
    }
    outsider->queued_utc_us = now.utc_us;
    outsider->attempts = 0;
    outsider->failure_told = false;
    status = anchor_queue_put(anchors, outsider, fault);
    if (!status) {
        status = anchors_line(anchors, outsider, now, "queued", NULL, fault);
    }
    if (!status) {
        outsider->step = OUTSIDER_WAITS;
        outsider->due_us = now.boot_us;
    }
    return status;
}

/* After a failure: the line once, and a pause that doubles. */
static enum sting_status failed(struct anchors *anchors,
                                struct outsider *outsider, struct moment now,
                                const char *state, const char *why,
                                struct fault *fault)
{
    int shift = outsider->attempts < 10 ? outsider->attempts : 10;
    int64_t pause_us = S << (shift > 0 ? shift - 1 : 0);
    outsider->step = OUTSIDER_WAITS;
    outsider->refused_us = now.utc_us;
    outsider->refusals++;
    snprintf(outsider->why, sizeof outsider->why, "%.150s", why);
    outsider->due_us =
        now.boot_us + (pause_us < MOST_PAUSE_US ? pause_us : MOST_PAUSE_US);
    if (outsider->failure_told) {
        return STING_OK;
    }
    outsider->failure_told = true;
    outsider->good_told = false;
    anchors_say(anchors, "%s does not vouch: %.150s", outsider->name, why);
    return anchors_line(anchors, outsider, now, state, why, fault);
}

/* What goes to an outsider. */
struct question {
    char address[CONFIG_PATH_SIZE + 24];
    const char *type; /* of the body */
    struct buffer body;
};

static void question_release(struct question *question)
{
    buffer_release(&question->body);
}

static enum sting_status question_send(struct anchors *anchors,
                                       struct outsider *outsider,
                                       struct moment now,
                                       const struct question *question,
                                       struct fault *fault)
{
    struct buffer authorities STING_AUTO(buffer_release) = {0};
    struct buffer request STING_AUTO(buffer_release) = {0};
    enum sting_status status = anchors_pem_read(
        anchors, outsider->config->tls_ca_file, &authorities, fault);
    const char *const text[] = {question->address, question->type,
                                buffer_text(&authorities)};
    for (size_t i = 0; i < sizeof text / sizeof *text && !status; i++) {
        status =
            buffer_append(&request, (struct bytes){(const uint8_t *)text[i],
                                                   strlen(text[i]) + 1});
    }
    if (!status) {
        status = buffer_append(&request, buffer_bytes(&question->body));
    }
    outsider->asked = ++anchors->asked;
    const struct wire_head head = {.kind = WIRE_NET_FETCH,
                                   .number = {outsider->asked, TIMEOUT_MS}};
    return status
               ? status
               : client_send(&anchors->net, now, head, buffer_bytes(&request));
}

enum sting_status outsider_ask(struct anchors *anchors,
                               struct outsider *outsider, struct moment now,
                               struct fault *fault)
{
    bool is_new = false;
    struct fault why = {"", ""};
    struct question question STING_AUTO(question_release) = {.type = ""};
    enum sting_status status = note_refresh(anchors, outsider, &is_new, fault);
    if (!status && is_new) {
        status = anchor_queue_put(anchors, outsider, fault);
    }
    if (status) {
        return status;
    }
    outsider->attempts++;
    snprintf(question.address, sizeof question.address, "%s",
             outsider->address);
    status = outsider->kind->ask(anchors, outsider, question.address,
                                 &question.type, &question.body, &why);
    if (!status) {
        status = question_send(anchors, outsider, now, &question, &why);
    }
    if (status) {
        return failed(anchors, outsider, now, "failed",
                      why.why[0] ? why.why : sting_status_text(status), fault);
    }
    outsider->step = OUTSIDER_IS_ASKED;
    outsider->sent_us = now.boot_us;
    return STING_OK;
}

/* The outsider vouches: its line is written, its file goes. */
static enum sting_status settled(struct anchors *anchors,
                                 struct outsider *outsider, struct moment now,
                                 struct fault *fault)
{
    outsider->step = OUTSIDER_RESTS;
    outsider->due_us = now.boot_us + outsider_every_us(outsider);
    outsider->anchored_size = outsider->head.size;
    outsider->good_us = now.utc_us;
    if (!outsider->good_told) {
        anchors_say(anchors, "%s vouches for %llu entries", outsider->name,
                    (unsigned long long)outsider->head.size);
    }
    outsider->good_told = true;
    return anchor_queue_drop(anchors, outsider, fault);
}

static enum sting_status judgement_take(
    struct anchors *anchors, struct outsider *outsider, struct moment now,
    const struct wire_head *head, struct bytes payload, struct fault *fault)
{
    struct fault why = {"", ""};
    enum sting_status status =
        outsider->kind->judged(anchors, outsider, now, head, payload, &why);
    if (status == STING_OK) {
        return settled(anchors, outsider, now, fault);
    }
    if (status == STING_E_BUSY) {
        outsider->step = OUTSIDER_WAITS;
        return outsider_ask(anchors, outsider, now, fault);
    }
    if (status == STING_E_IO || status == STING_E_NOMEM) {
        return fault_set(fault, status, why.todo, "%s", why.why);
    }
    return failed(anchors, outsider, now, "refused", why.why, fault);
}

static enum sting_status answer_judge(struct anchors *anchors,
                                      struct outsider *outsider,
                                      struct moment now, struct fault *fault)
{
    struct fault why = {"", ""};
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    if (!outsider->kind->judge) {
        return judgement_take(anchors, outsider, now, NULL, (struct bytes){0},
                              fault);
    }
    enum sting_status status =
        outsider->kind->judge(anchors, outsider, now, &head, &payload, &why);
    if (!status) {
        status =
            client_send(&anchors->check, now, head, buffer_bytes(&payload));
    }
    if (status) {
        return failed(anchors, outsider, now, "failed",
                      why.why[0] ? why.why : "no check worker", fault);
    }
    outsider->step = OUTSIDER_IS_JUDGED;
    outsider->judged = ++anchors->judged;
    outsider->sent_us = now.boot_us;
    return STING_OK;
}

static enum sting_status answer_take(struct anchors *anchors, struct moment now,
                                     struct fault *fault)
{
    const struct wire_head *head = &anchors->net.reader.head;
    struct outsider *outsider = NULL;
    for (size_t i = 0; i < anchors->outsiders; i++) {
        if (anchors->outsider[i].step == OUTSIDER_IS_ASKED &&
            anchors->outsider[i].asked == head->number[0]) {
            outsider = &anchors->outsider[i];
        }
    }
    if (!outsider || head->kind != WIRE_NET_ANSWER) {
        return STING_OK;
    }
    if (head->number[1] == 0) {
        char why[200];
        snprintf(why, sizeof why, "%.150s",
                 buffer_text(&anchors->net.reader.payload));
        return failed(anchors, outsider, now, "failed", why, fault);
    }
    outsider->http = head->number[1];
    outsider->answer.size = 0;
    enum sting_status status = buffer_append(
        &outsider->answer, buffer_bytes(&anchors->net.reader.payload));
    return status ? status : answer_judge(anchors, outsider, now, fault);
}

/* The check worker answers in the order in which it was asked. */
static struct outsider *first_judged(struct anchors *anchors)
{
    struct outsider *first = NULL;
    for (size_t i = 0; i < anchors->outsiders; i++) {
        struct outsider *one = &anchors->outsider[i];
        if (one->step == OUTSIDER_IS_JUDGED &&
            (!first || one->judged < first->judged)) {
            first = one;
        }
    }
    return first;
}

enum sting_status answers_take(struct anchors *anchors, struct moment now,
                               struct fault *fault)
{
    enum sting_status got = STING_OK;
    enum sting_status status = STING_OK;
    while (!status && !(got = client_next(&anchors->net, now))) {
        status = answer_take(anchors, now, fault);
    }
    if (got == STING_E_IO) {
        status =
            anchors_death(anchors, &anchors->net, now, anchors->net.how, fault);
    }
    got = STING_OK;
    while (!status && !(got = client_next(&anchors->check, now))) {
        struct outsider *outsider = first_judged(anchors);
        if (outsider) {
            status = judgement_take(
                anchors, outsider, now, &anchors->check.reader.head,
                buffer_bytes(&anchors->check.reader.payload), fault);
        }
    }
    if (got == STING_E_IO) {
        status = anchors_death(anchors, &anchors->check, now,
                               anchors->check.how, fault);
    }
    return status;
}
