/* Connections: who has been there for long and asked nothing whole, and what
 * was refused. */
#include "web/console_http.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define PATIENCE_S 20 /* for a whole request */
#define ODD_TOLD_EVERY_S 60

int64_t http_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

struct visitor *http_visitor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void http_visitor(void *context, struct MHD_Connection *connection,
                  void **state, enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(
            connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct visitor *visitor = calloc(1, sizeof *visitor);
        if (visitor) {
            visitor->fd = info ? info->connect_fd : -1;
            visitor->since_s = http_now_s();
            visitor->next = server->visitor;
            server->visitor = visitor;
        }
        *state = visitor;
        return;
    }
    for (struct visitor **at = &server->visitor; *at;) {
        if (*at == *state) {
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
    free(*state);
    *state = NULL;
}

void http_sweep(struct server *server, int64_t now_s)
{
    for (struct visitor *visitor = server->visitor; visitor;
         visitor = visitor->next) {
        if (!visitor->is_served && visitor->fd >= 0 &&
            now_s - visitor->since_s > PATIENCE_S) {
            shutdown(visitor->fd, SHUT_RDWR);
            visitor->fd = -1; /* once */
            server->odd[ODD_SLOW]++;
        }
    }
}

void http_odd_tell(struct server *server, int64_t now_s)
{
    struct wire_head head = {.kind = WIRE_WEB_REFUSED};
    int64_t sum = 0;
    for (int i = 0; i < ODDS; i++) {
        head.number[i] = server->odd[i];
        sum += server->odd[i];
    }
    if (sum == 0 ||
        (server->odd_told_s && now_s - server->odd_told_s < ODD_TOLD_EVERY_S)) {
        return;
    }
    server->odd_told_s = now_s;
    memset(server->odd, 0, sizeof server->odd);
    if (wire_send(server->channel, head, (struct bytes){0})) {
        exit(1); /* the core is gone */
    }
}
