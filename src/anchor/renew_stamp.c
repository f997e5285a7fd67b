/* One stamp, asked for and waited for. */
#include <poll.h>
#include <string.h>

#include "anchor/renew_state.h"
#include "crypt/random.h"

#define TIMEOUT_MS 30000

/* Wait for one answer of a worker. */
static enum sting_status answer_wait(struct renewing *renewing,
                                     struct client *client)
{
    const int64_t until_us =
        renewing->how->now().boot_us + INT64_C(1000) * (TIMEOUT_MS + 5000);
    for (;;) {
        struct moment now = renewing->how->now();
        enum sting_status status = client_next(client, now);
        if (status != STING_E_BUSY) {
            return status;
        }
        if (now.boot_us > until_us) {
            return STING_E_IO;
        }
        struct pollfd wait = {.fd = client->worker.channel, .events = POLLIN};
        (void)poll(&wait, 1, 200);
    }
}

static enum sting_status reply_fetch(struct renewing *renewing,
                                     struct bytes query, struct buffer *reply)
{
    static const char type[] = "application/timestamp-query";
    struct buffer request STING_AUTO(buffer_release) = {0};
    const char *address = renewing->tsa->tsa;
    const struct wire_head head = {.kind = WIRE_NET_FETCH,
                                   .number = {1, TIMEOUT_MS}};
    const struct bytes part[] = {
        {(const uint8_t *)address, strlen(address) + 1},
        {(const uint8_t *)type, sizeof type},
        bytes_of_text(buffer_text(&renewing->tls)),
        {(const uint8_t *)"", 1},
        query};
    enum sting_status status = STING_OK;
    for (size_t i = 0; i < sizeof part / sizeof *part && !status; i++) {
        status = buffer_append(&request, part[i]);
    }
    if (!status) {
        status = client_send(&renewing->net, renewing->how->now(), head,
                             buffer_bytes(&request));
    }
    if (!status) {
        status = answer_wait(renewing, &renewing->net);
    }
    const struct wire_head *got = &renewing->net.reader.head;
    const struct buffer *body = &renewing->net.reader.payload;
    if (status || got->kind != WIRE_NET_ANSWER) {
        return fault_set(renewing->fault, STING_E_ABSENT, "try again",
                         "the net worker gave no answer");
    }
    if (got->number[1] != 200) {
        return fault_set(renewing->fault, STING_E_ABSENT,
                         "see that it can be reached, and try again",
                         "%.100s: HTTP status %d %.100s", address,
                         (int)got->number[1],
                         got->number[1] ? "" : buffer_text(body));
    }
    return buffer_append(reply, buffer_bytes(body));
}

/* The check worker says whether it holds, and where in it the token is. */
static enum sting_status reply_judge(struct renewing *renewing,
                                     const struct judge_stamp *stamp,
                                     struct bytes *token)
{
    struct time_stamp *found = &renewing->out->last;
    struct wire_head head;
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct client *check = &renewing->check;
    enum sting_status status = judge_stamp_ask(stamp, &head, &payload);
    if (!status) {
        status = client_send(check, renewing->how->now(), head,
                             buffer_bytes(&payload));
    }
    if (!status) {
        status = answer_wait(renewing, check);
    }
    if (!status) {
        status = judge_stamp_read(&check->reader.head,
                                  buffer_bytes(&check->reader.payload), found);
    }
    if (status) {
        return fault_set(renewing->fault, STING_E_FORMAT, "try again",
                         "the reply could not be judged");
    }
    if (found->state != TIME_STAMP_GOOD) {
        return fault_set(renewing->fault, STING_E_FORMAT,
                         "see ca_file, or ask another authority",
                         "the stamp is no good: %s%s%s",
                         time_stamp_phrase(found->state),
                         found->why[0] ? ": " : "", found->why);
    }
    return judge_stamp_token(&check->reader.head, stamp->reply, token)
               ? fault_set(renewing->fault, STING_E_FORMAT, "try again",
                           "the reply could not be judged")
               : STING_OK;
}

enum sting_status renew_stamp(struct renewing *renewing,
                              const struct hash *hash, struct buffer *token)
{
    uint8_t nonce[TIME_STAMP_NONCE_SIZE];
    struct bytes view = {0};
    struct buffer query STING_AUTO(buffer_release) = {0};
    struct buffer reply STING_AUTO(buffer_release) = {0};
    random_fill(operation_random(renewing->operation), nonce, sizeof nonce);
    enum sting_status status = time_stamp_request(hash, nonce, &query);
    if (!status) {
        status = reply_fetch(renewing, buffer_bytes(&query), &reply);
    }
    const struct judge_stamp stamp = {.hash = *hash,
                                      .nonce = nonce,
                                      .reply = buffer_bytes(&reply),
                                      .trust = {buffer_bytes(&renewing->ca),
                                                buffer_bytes(&renewing->crl),
                                                renewing->how->now().utc_us}};
    if (!status) {
        status = reply_judge(renewing, &stamp, &view);
    }
    return status ? status : buffer_append(token, view);
}
