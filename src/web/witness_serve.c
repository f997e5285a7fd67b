/* The process that keeps a witness's record, and its worker. */
#include <poll.h>

#include "jail/worker.h"
#include "web/witness.h"

#define POLL_MS 500
#define MOST_DEATHS 100

static enum sting_status one_serve(struct witness *witness, int channel,
                                   uint64_t now_s)
{
    struct wire_head head;
    struct witness_request request;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer lines STING_AUTO(buffer_release) = {0};
    int http = 400;
    uint64_t size = 0;
    enum sting_status status = wire_receive(channel, &head, &payload);
    if (status || head.kind != WIRE_WITNESS_ADD) {
        return STING_E_IO;
    }
    if (!witness_request_unpack(&head, buffer_bytes(&payload), &request) &&
        witness_add(witness, &request, now_s, &http, &size, &lines)) {
        lines.size = 0;
    }
    const struct wire_head answer = {.kind = WIRE_DONE,
                                     .number = {http, (int64_t)size}};
    return wire_send(channel, answer, buffer_bytes(&lines));
}

enum sting_status witness_serve(struct witness *witness, int listener,
                                uint64_t (*now_s)(void),
                                const volatile int *ends, struct fault *fault)
{
    struct worker worker STING_AUTO(worker_free) = WORKER_NONE;
    const struct worker_place place = {.input = listener};
    int deaths = 0;
    while (!*ends) {
        if (worker.channel < 0) {
            enum sting_status status =
                worker_start_with(WORKER_WITNESS, &place, &worker, fault);
            if (status) {
                return status;
            }
        }
        struct pollfd wait = {.fd = worker.channel, .events = POLLIN};
        if (poll(&wait, 1, POLL_MS) > 0 &&
            one_serve(witness, worker.channel, now_s())) {
            worker_stop(&worker, 0);
            if (++deaths > MOST_DEATHS) {
                return fault_set(fault, STING_E_IO, "see who talks to it",
                                 "its worker died %d times", deaths);
            }
        }
    }
    return STING_OK;
}
