/* One request after the other, as libmicrohttpd brings them. */
#include "web/console_http.h"
#include "web/console_give.h"
#include "web/request_check.h"

#include <stdlib.h>
#include <string.h>

static int hex_digit(char letter)
{
    static const char digit[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = letter ? strchr(digit, letter) : NULL;
    return at ? (int)(at - digit) % 16 : -1;
}

size_t http_unescape(void *context, struct MHD_Connection *connection,
                     char *text)
{
    char *to = text;
    (void)context;
    (void)connection;
    for (const char *from = text; *from; from++) {
        int high = *from == '%' ? hex_digit(from[1]) : -1;
        int low = high >= 0 ? hex_digit(from[2]) : -1;
        if (low >= 0 && high + low > 0) {
            *to++ = (char)(high << 4 | low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return (size_t)(to - text);
}

static size_t body_most(enum ask ask)
{
    size_t most = 1024;
    for (size_t i = 0; i < ask_fields(ask); i++) {
        /* A byte may be written as \u00XX. */
        most += 6 * ask_row[ask].field[i].most_bytes + 64;
    }
    return most;
}

static enum MHD_Result body_take(struct request *request, const char *data,
                                 size_t *size)
{
    struct bytes more = {(const uint8_t *)data, *size};
    request->is_too_long =
        request->is_too_long ||
        request->body.size + *size > body_most(request->ask) ||
        buffer_append(&request->body, more);
    *size = 0;
    return MHD_YES;
}

static const char *query_lookup(void *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum sting_status text_add(struct buffer *out, const char *text,
                                  size_t most)
{
    size_t size = text ? strlen(text) : 0;
    return buffer_append(out,
                         (struct bytes){(const uint8_t *)(text ? text : ""),
                                        size > most ? 0 : size}) ||
                   buffer_append(out, (struct bytes){(const uint8_t *)"", 1})
               ? STING_E_NOMEM
               : STING_OK;
}

/* A browser's cookie, or what a program sends instead where a row takes it. */
static const char *secret_of(struct MHD_Connection *connection, enum ask asks)
{
    static const char bearer[] = "Bearer ";
    const char *said = request_header(connection, "Authorization");
    bool is_bearer = asks == ASK_METRICS && said &&
                     !strncmp(said, bearer, sizeof bearer - 1);
    return is_bearer ? said + sizeof bearer - 1
                     : MHD_lookup_connection_value(connection, MHD_COOKIE_KIND,
                                                   COOKIE);
}

static enum sting_status payload_of(struct request *request, struct buffer *out)
{
    struct MHD_Connection *connection = request->connection;
    enum sting_status status = text_add(
        out, secret_of(connection, request->ask), ASK_SESSION_SIZE - 1);
    if (!status) {
        status = text_add(out, request_header(connection, "X-Sting-Csrf"),
                          ASK_CSRF_SIZE - 1);
    }
    if (status) {
        return status;
    }
    return strcmp(ask_row[request->ask].method, "GET") == 0
               ? fields_of_query(request->ask, query_lookup, connection, out)
               : fields_of_json(request->ask, buffer_bytes(&request->body),
                                out);
}

/* Ask the core; the connection rests until it answers. */
static enum MHD_Result ask(struct request *request)
{
    struct server *server = request->server;
    struct buffer payload STING_AUTO(buffer_wipe) = {0};
    enum sting_status status = payload_of(request, &payload);
    if (status == STING_E_FORMAT || status == STING_E_LIMIT) {
        server->odd[ODD_NONSENSE]++;
        return give_refusal(request->connection, 400, "fields");
    }
    if (status || server->waiting >= MOST_WAITING) {
        return give_refusal(request->connection, 503, "busy");
    }
    bool is_here = request_header(request->connection, "X-Sting-Here") != NULL;
    request->id = ++server->ids;
    const struct wire_head head = {
        .kind = WIRE_WEB_ASK, .number = {request->id, request->ask, is_here}};
    if (wire_send(server->channel, head, buffer_bytes(&payload))) {
        exit(1); /* without the core there is nothing to say */
    }
    server->waiting++;
    request->is_suspended = true;
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

static enum MHD_Result whole(struct request *request)
{
    if (request->is_answered) {
        return give_answer(request);
    }
    if (request->is_too_long) {
        request->server->odd[ODD_NONSENSE]++;
        return give_refusal(request->connection, 413, "too-long");
    }
    return ask(request);
}

static struct request *request_new(struct server *server,
                                   struct MHD_Connection *connection,
                                   enum ask asks)
{
    struct request *request = calloc(1, sizeof *request);
    if (request) {
        request->server = server;
        request->connection = connection;
        request->ask = asks;
        request->next = server->request;
        server->request = request;
    }
    return request;
}

/* What the core is to be asked, ASKS when there is an answer without it, whose
 * status and word are then filled in. */
static enum ask row_of(struct MHD_Connection *connection, const char *url,
                       const char *method, int *http, const char **error)
{
    bool other_method = false;
    enum ask asks = ask_find(method, url, &other_method);
    if (asks == ASKS) {
        bool is_there = other_method || page_file_find(url);
        *http = is_there ? 405 : 404;
        *error = is_there ? "method" : "no-such-thing";
    } else if (!strcmp(method, "POST") && !request_is_from_here(connection)) {
        *http = 403;
        *error = "origin";
        asks = ASKS;
    }
    return asks;
}

static bool only_reads(const char *method)
{
    return !strcmp(method, "GET") || !strcmp(method, "HEAD");
}

/* Its headers are there: is there anything to say to it at once? */
static enum MHD_Result begin(struct server *server,
                             struct MHD_Connection *connection, const char *url,
                             const char *method, void **state)
{
    int http = 0;
    const char *error = NULL;
    const struct page_file *file = page_file_find(url);
    if (!request_is_plain(connection)) {
        server->odd[ODD_NONSENSE]++;
        return give_refusal(connection, 400, "headers");
    }
    if (file && only_reads(method)) {
        return give_page(connection, file);
    }
    enum ask asks = row_of(connection, url, method, &http, &error);
    if (asks == ASKS) {
        server->odd[ODD_NONSENSE] += http == 403;
        return give_refusal(connection, http, error);
    }
    if (asks == ASK_HEALTH && give_health_is_fresh(server)) {
        return give_health(server, connection);
    }
    *state = request_new(server, connection, asks);
    return *state ? MHD_YES : MHD_NO;
}

/* NOLINTNEXTLINE(readability-function-size): the library calls it so */
enum MHD_Result http_take(void *context, struct MHD_Connection *connection,
                          const char *url, const char *method,
                          const char *version, const char *data, size_t *size,
                          void **state)
{
    struct server *server = context;
    struct visitor *visitor = http_visitor_of(connection);
    (void)version;
    if (!*state) {
        return begin(server, connection, url, method, state);
    }
    if (*size > 0) {
        return body_take(*state, data, size);
    }
    if (visitor) {
        visitor->is_served = true;
    }
    return whole(*state);
}

void http_request_end(void *context, struct MHD_Connection *connection,
                      void **state, enum MHD_RequestTerminationCode code)
{
    struct server *server = context;
    struct request *request = *state;
    struct visitor *visitor = http_visitor_of(connection);
    (void)code;
    if (visitor) {
        visitor->is_served = false;
        visitor->since_s = http_now_s();
    }
    for (struct request **at = &server->request; request && *at;) {
        if (*at == request) {
            *at = request->next;
        } else {
            at = &(*at)->next;
        }
    }
    if (request) {
        live_end(request);
        buffer_wipe(&request->body);
        buffer_wipe(&request->answer);
    }
    free(request);
    *state = NULL;
}

/* ---- the core's answers ---- */

static struct request *request_of(struct server *server, int64_t id)
{
    struct request *request = server->request;
    while (request && request->id != id) {
        request = request->next;
    }
    return request;
}

bool http_answer(struct server *server, const struct wire_head *head,
                 struct bytes payload)
{
    struct request *request = request_of(server, head->number[0]);
    const uint8_t *end =
        payload.size ? memchr(payload.data, 0, payload.size) : NULL;
    size_t session = end ? (size_t)(end - payload.data) : ASK_SESSION_SIZE;
    if (session >= ASK_SESSION_SIZE || head->number[0] <= 0 ||
        head->number[3] < ASK_BODY_JSON || head->number[3] >= ASK_BODIES) {
        return false;
    }
    server->waiting -= server->waiting > 0;
    if (!request || request->is_answered) {
        return true; /* nobody waits any more */
    }
    if (head->number[3] == ASK_BODY_LIVE &&
        !live_begin(request, (uint64_t)head->number[5])) {
        return false;
    }
    request->http = (int)head->number[1];
    request->retry_s = (int)head->number[2];
    request->kind = (enum ask_body)head->number[3];
    request->cookie = (enum ask_cookie)head->number[4];
    memcpy(request->session, payload.data, session + 1);
    struct bytes body = {end + 1, payload.size - session - 1};
    if (buffer_append(&request->answer, body)) {
        return false;
    }
    request->is_answered = true;
    if (request->ask == ASK_HEALTH) {
        give_health_keep(server, request);
    }
    request->is_suspended = false;
    MHD_resume_connection(request->connection);
    return true;
}
