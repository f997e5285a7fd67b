/* The web worker's loop: connections on one side, the core on the other. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "jail/worker.h"
#include "web/console_http.h"

#define MOST_WAIT_MS 500
#define MOST_IN_VAIN 16
#define CALM_MS 10
#define TIMEOUT_S 15
#define MEMORY_BYTES ((size_t)32 * 1024) /* of a connection, headers in it */

/* Suites of today, for browsers of today. */
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

static void log_nothing(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

static struct MHD_Daemon *daemon_start(struct server *server,
                                       const char *certificate, const char *key)
{
    return MHD_start_daemon(
        MHD_USE_TLS | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
            MHD_USE_ERROR_LOG,
        0, NULL, NULL, http_take, server, MHD_OPTION_EXTERNAL_LOGGER,
        log_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, WORKER_INPUT_FD,
        MHD_OPTION_HTTPS_MEM_CERT, certificate, MHD_OPTION_HTTPS_MEM_KEY, key,
        MHD_OPTION_HTTPS_PRIORITIES, PRIORITY, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MOST_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)MOST_PER_ADDRESS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)TIMEOUT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, MEMORY_BYTES,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED,
        http_request_end, server, MHD_OPTION_NOTIFY_CONNECTION, http_visitor,
        server, MHD_OPTION_UNESCAPE_CALLBACK, http_unescape, NULL,
        MHD_OPTION_END);
}

static bool message_take(struct server *server,
                         const struct wire_reader *reader)
{
    struct bytes payload = buffer_bytes(&reader->payload);
    if (reader->head.kind == WIRE_WEB_ANSWER) {
        return http_answer(server, &reader->head, payload);
    }
    if (reader->head.kind == WIRE_WEB_LIVE) {
        return live_take(server, &reader->head, payload);
    }
    if (reader->head.kind == WIRE_WEB_CUT) {
        live_cut(server, reader->head.number[0]);
        return true;
    }
    return false;
}

/* False when the core is gone, or says what it never says. */
static bool core_serve(struct server *server, struct wire_reader *reader)
{
    enum sting_status status;
    while ((status = wire_reader_next(reader, server->channel)) == STING_OK) {
        if (!message_take(server, reader)) {
            return false;
        }
    }
    return status == STING_E_BUSY;
}

/* The library asks to be called at once as long as a handshake is under way,
 * which may be as long as a stranger likes: what brings nothing several times
 * in a row is asked less often. */
static int wait_ms(struct MHD_Daemon *daemon, int in_vain)
{
    MHD_UNSIGNED_LONG_LONG left = 0;
    if (MHD_get_timeout(daemon, &left) != MHD_YES || left > MOST_WAIT_MS) {
        return MOST_WAIT_MS;
    }
    return left == 0 && in_vain > MOST_IN_VAIN ? CALM_MS : (int)left;
}

static void serve(struct server *server)
{
    struct wire_reader reader = {.head_bytes = 0};
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    int64_t swept_s = 0;
    int in_vain = 0; /* turns in a row that began with nothing */
    bool goes_on = info != NULL;
    while (goes_on) {
        struct pollfd ready[] = {{info->epoll_fd, POLLIN, 0},
                                 {server->channel, POLLIN, 0}};
        int came = poll(ready, 2, wait_ms(server->daemon, in_vain));
        in_vain = came > 0 ? 0 : in_vain + (in_vain <= MOST_IN_VAIN);
        if (ready[1].revents) {
            goes_on = core_serve(server, &reader);
        }
        goes_on = goes_on && MHD_run(server->daemon) == MHD_YES;
        if (http_now_s() != swept_s) {
            swept_s = http_now_s();
            http_sweep(server, swept_s);
            live_tick(server, swept_s);
            http_odd_tell(server, swept_s);
        }
    }
    buffer_release(&reader.payload);
}

int web_worker_serve(int channel)
{
    struct wire_head head;
    struct buffer start STING_AUTO(buffer_wipe) = {0};
    struct server server = {.channel = channel};
    if (wire_receive(channel, &head, &start) || head.kind != WIRE_WEB_START) {
        return 1;
    }
    const char *certificate = buffer_text(&start);
    size_t used = strlen(certificate) + 1;
    if (used >= start.size || start.data[start.size - 1] != 0) {
        return 1;
    }
    server.daemon = daemon_start(&server, certificate, certificate + used);
    if (!server.daemon) {
        return 1;
    }
    serve(&server);
    return 0;
}
