#include "operation/player_worker.h"

#include <stdlib.h>
#include <string.h>

#include "jail/worker.h"
#include "wire/wire.h"

#define PIECE_BYTES ((size_t)16 << 20) /* of a recording, in one message */

struct player_worker {
    struct worker process;
};

enum sting_status player_worker_new(struct player_worker **out,
                                    struct fault *fault)
{
    struct player_worker *worker = calloc(1, sizeof *worker);
    if (!worker) {
        return STING_E_NOMEM;
    }
    worker->process = WORKER_NONE;
    enum sting_status status =
        worker_start(WORKER_PLAYER, &worker->process, fault);
    if (status) {
        free(worker);
        return status;
    }
    *out = worker;
    return STING_OK;
}

void player_worker_free(struct player_worker **worker)
{
    if (*worker) {
        worker_stop(&(*worker)->process, 100);
    }
    free(*worker);
    *worker = NULL;
}

/* A worker that is gone says nothing; say it for it. What it answered while
 * it lived came with words of its own. */
static enum sting_status tell_death(struct player_worker *worker,
                                    enum sting_status status,
                                    struct fault *fault)
{
    if ((status != STING_E_IO && status != STING_E_ABSENT) ||
        fault->why[0] != '\0') {
        return status;
    }
    return fault_set(fault, STING_E_IO, "",
                     "the worker that decodes the recording %s",
                     worker_stop_why(&worker->process, 0));
}

static enum sting_status load_pieces(struct player_worker *worker,
                                     struct bytes rest, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    enum sting_status status = STING_OK;
    while (!status && rest.size > 0) {
        size_t size = rest.size < PIECE_BYTES ? rest.size : PIECE_BYTES;
        status = wire_call(worker->process.channel,
                           (struct wire_head){.kind = WIRE_PLAYER_ADD},
                           (struct bytes){rest.data, size}, WIRE_DONE, &answer,
                           fault);
        rest.data += size;
        rest.size -= size;
    }
    return status;
}

enum sting_status player_load(struct player_worker *worker, struct bytes init,
                              struct bytes fragments, struct fault *fault)
{
    struct wire_answer answer STING_AUTO(wire_answer_release) = {0};
    struct wire_head request = {.kind = WIRE_PLAYER_LOAD};
    enum sting_status status = wire_call(worker->process.channel, request, init,
                                         WIRE_DONE, &answer, fault);
    if (!status) {
        status = load_pieces(worker, fragments, fault);
    }
    return status ? tell_death(worker, status, fault) : STING_OK;
}

/* A refusal that came where a still was awaited. */
static enum sting_status failed_answer(const struct buffer *payload,
                                       const struct wire_head *head,
                                       struct fault *fault)
{
    if (head->kind != WIRE_FAILED || head->number[0] >= 0 ||
        head->number[0] < STING_E_BUSY) {
        return STING_E_FORMAT;
    }
    /* Text from a worker: only plain characters are shown. */
    char why[200] = {0};
    for (size_t i = 0; i + 1 < sizeof why && i < payload->size; i++) {
        if (payload->data[i] == 0) {
            break;
        }
        bool is_plain = payload->data[i] >= 32 && payload->data[i] < 127;
        why[i] = '?';
        if (is_plain) {
            why[i] = (char)payload->data[i];
        }
    }
    return fault_set(fault, (enum sting_status)head->number[0], "", "%s", why);
}

enum sting_status player_stills(struct player_worker *worker,
                                const int64_t *at_us, size_t count,
                                player_sink sink, void *context,
                                struct fault *fault)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct wire_head head = {.kind = WIRE_PLAYER_STILLS};
    if (count == 0 || count > PLAYER_MOST_STILLS) {
        return STING_E_ARG;
    }
    enum sting_status status = wire_send(
        worker->process.channel, head,
        (struct bytes){(const uint8_t *)at_us, count * sizeof *at_us});
    while (!status) {
        status = wire_receive(worker->process.channel, &head, &payload);
        if (status || head.kind == WIRE_DONE) {
            break;
        }
        bool is_one = head.kind == WIRE_PLAYER_STILL && head.number[0] >= 0 &&
                      (uint64_t)head.number[0] < count;
        status = is_one ? sink(context, (size_t)head.number[0], head.number[1],
                               buffer_bytes(&payload))
                        : failed_answer(&payload, &head, fault);
        if (!is_one) {
            return status;
        }
    }
    return status ? tell_death(worker, status, fault) : STING_OK;
}

/* What comes before the film is how far it is. */
static enum sting_status film_await(struct player_worker *worker,
                                    const struct player_cut *cut,
                                    struct wire_head *head,
                                    struct buffer *payload, struct fault *fault)
{
    enum sting_status status = STING_OK;
    do {
        status = wire_receive(worker->process.channel, head, payload);
        if (!status && head->kind == WIRE_PLAYER_AT && cut->progress &&
            head->number[0] >= 0 && head->number[0] <= 100) {
            cut->progress(cut->context, (int)head->number[0]);
        }
    } while (!status && head->kind == WIRE_PLAYER_AT);
    return status || head->kind == WIRE_PLAYER_VIDEO
               ? status
               : failed_answer(payload, head, fault);
}

enum sting_status player_transcode(struct player_worker *worker,
                                   const struct player_cut *cut,
                                   struct buffer *mp4,
                                   struct player_cut_made *made,
                                   struct fault *fault)
{
    struct wire_head head = {
        .kind = WIRE_PLAYER_CUT,
        .number = {cut->from_us, cut->to_us, cut->enhance}};
    struct buffer film STING_AUTO(buffer_release) = {0};
    if (cut->masks > PLAYER_MOST_MASKS) {
        return STING_E_ARG;
    }
    enum sting_status status =
        wire_send(worker->process.channel, head,
                  (struct bytes){(const uint8_t *)cut->mask,
                                 cut->masks * sizeof *cut->mask});
    if (!status) {
        status = film_await(worker, cut, &head, &film, fault);
    }
    if (status) {
        return tell_death(worker, status, fault);
    }
    *made = (struct player_cut_made){.frames = head.number[0],
                                     .from_us = head.number[1],
                                     .to_us = head.number[2],
                                     .width_px = (int)head.number[3],
                                     .height_px = (int)head.number[4]};
    return buffer_append(mp4, buffer_bytes(&film));
}
