#include "station/names.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "station/desk.h"

void names_release(struct names *names)
{
    worker_free(&names->worker);
    buffer_release(&names->reader.payload);
    *names = (struct names){.worker = WORKER_NONE, .deaths = names->deaths};
}

enum sting_status names_ask(struct names *names, struct moment now, int64_t id,
                            const char *host, uint16_t port,
                            struct fault *fault)
{
    struct buffer payload STING_AUTO(buffer_release) = {0};
    const struct wire_head head = {.kind = WIRE_NET_NAME, .number = {id}};
    enum sting_status status = STING_OK;
    if (names->worker.pid <= 0 && !deaths_are_over(&names->deaths, now)) {
        return fault_set(fault, STING_E_IO, "",
                         "the worker that looks up names died");
    }
    if (names->worker.pid <= 0) {
        status = worker_start(WORKER_NET, &names->worker, fault);
    }
    if (!status) {
        status = buffer_printf(&payload, "%s%c%u%c", host, 0, port, 0);
    }
    if (!status &&
        wire_send(names->worker.channel, head, buffer_bytes(&payload))) {
        status = fault_set(fault, STING_E_IO, "",
                           "the worker that looks up names died");
    }
    return status;
}

/* An address of a worker that may be hostile: only what it may be. */
static bool address_take(const struct buffer *payload,
                         struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (payload->size > sizeof *out || payload->size < sizeof(sa_family_t)) {
        return false;
    }
    memcpy(out, payload->data, payload->size);
    return (out->ss_family == AF_INET &&
            payload->size >= sizeof(struct sockaddr_in)) ||
           (out->ss_family == AF_INET6 &&
            payload->size >= sizeof(struct sockaddr_in6));
}

bool names_next(struct names *names, struct desk *desk, struct moment now,
                struct names_answer *out)
{
    if (names->worker.pid <= 0) {
        return false;
    }
    enum sting_status status =
        wire_reader_next(&names->reader, names->worker.channel);
    if (status == STING_E_BUSY) {
        return false;
    }
    const struct wire_head *head = &names->reader.head;
    *out = (struct names_answer){.id = head->number[0]};
    if (!status && head->kind == WIRE_DONE &&
        address_take(&names->reader.payload, &out->address)) {
        out->is_found = true;
        names->deaths.count = 0;
        return true;
    }
    if (!status && head->kind == WIRE_FAILED) {
        out->id = head->number[1];
        snprintf(out->why, sizeof out->why, "%s",
                 buffer_text(&names->reader.payload));
        text_clean(out->why);
        names->deaths.count = 0;
        return true;
    }
    death_tell(&names->deaths, desk, now, &names->worker, "names",
               death_cause(status));
    names_release(names);
    return false;
}
