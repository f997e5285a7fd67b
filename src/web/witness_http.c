/* The witness's worker: HTTP in, requests of fixed size out. The only file
 * that knows libmicrohttpd. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <microhttpd.h>

#include "crypt/start.h"
#include "jail/worker.h"
#include "web/witness.h"

#define PATH "/add-checkpoint"
#define MOST_CONNECTIONS 32
#define TIMEOUT_S 10
#define WAIT_MS 1000

/* One request on its way in. */
struct coming {
    struct buffer body;
    bool is_too_long;
};

static void coming_end(void *context, struct MHD_Connection *connection,
                       void **state, enum MHD_RequestTerminationCode code)
{
    struct coming *coming = *state;
    (void)context;
    (void)connection;
    (void)code;
    if (coming) {
        buffer_release(&coming->body);
    }
    free(coming);
    *state = NULL;
}

static enum MHD_Result answer(struct MHD_Connection *connection, int http,
                              const char *type, struct bytes body)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.size, (void *)(uintptr_t)body.data, MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    enum MHD_Result result =
        MHD_queue_response(connection, (unsigned)http, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result plain(struct MHD_Connection *connection, int http,
                             const char *words)
{
    return answer(connection, http, "text/plain", bytes_of_text(words));
}

/* Ask the process that keeps the record. */
static enum MHD_Result ask(struct MHD_Connection *connection, int channel,
                           const struct witness_request *request)
{
    struct wire_head head;
    struct wire_head got;
    char size[24];
    struct buffer payload STING_AUTO(buffer_release) = {0};
    struct buffer lines STING_AUTO(buffer_release) = {0};
    if (witness_request_pack(request, &head, &payload) ||
        wire_send(channel, head, buffer_bytes(&payload)) ||
        wire_receive(channel, &got, &lines) || got.kind != WIRE_DONE) {
        exit(1); /* without that process there is nothing to say */
    }
    if (got.number[0] == 200) {
        return answer(connection, 200, "text/plain", buffer_bytes(&lines));
    }
    if (got.number[0] == 409) {
        snprintf(size, sizeof size, "%lld\n", (long long)got.number[1]);
        return answer(connection, 409, "text/x.tlog.size", bytes_of_text(size));
    }
    return plain(connection, (int)got.number[0], "not cosigned\n");
}

static enum MHD_Result whole(struct MHD_Connection *connection, int channel,
                             const struct coming *coming)
{
    struct witness_request request;
    if (coming->is_too_long) {
        return plain(connection, 413, "too long\n");
    }
    if (witness_request_read(buffer_bytes(&coming->body), &request)) {
        return plain(connection, 400, "this is no request to a witness\n");
    }
    return ask(connection, channel, &request);
}

/* NOLINTNEXTLINE(readability-function-size): the library calls it so */
static enum MHD_Result take(void *context, struct MHD_Connection *connection,
                            const char *url, const char *method,
                            const char *version, const char *data, size_t *size,
                            void **state)
{
    struct coming *coming = *state;
    (void)version;
    if (!coming) {
        *state = calloc(1, sizeof *coming);
        return *state ? MHD_YES : MHD_NO;
    }
    if (*size > 0) {
        struct bytes more = {(const uint8_t *)data, *size};
        coming->is_too_long |= coming->body.size + *size > WITNESS_MOST_BODY ||
                               buffer_append(&coming->body, more);
        *size = 0;
        return MHD_YES;
    }
    if (strcmp(url, PATH) != 0) {
        return plain(connection, 404, "POST to " PATH "\n");
    }
    if (strcmp(method, "POST") != 0) {
        return plain(connection, 405, "POST to " PATH "\n");
    }
    return whole(connection, *(const int *)context, coming);
}

int witness_worker_serve(int channel)
{
    crypt_start(); /* no file may be opened here */
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_NO_FLAG, 0, NULL, NULL, take, &channel, MHD_OPTION_LISTEN_SOCKET,
        WORKER_INPUT_FD, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MOST_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, coming_end, NULL,
        MHD_OPTION_END);
    while (daemon && MHD_run_wait(daemon, WAIT_MS) == MHD_YES) {
        struct pollfd peer = {.fd = channel, .events = POLLIN};
        if (poll(&peer, 1, 0) > 0) {
            break; /* the other process is gone: it says nothing by itself */
        }
    }
    return daemon ? 0 : 1;
}
