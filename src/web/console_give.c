/* What goes out: the pages, refusals, and what the core answered. */
#include "web/console_give.h"

#include <stdio.h>
#include <string.h>

#define HEALTH_S 1

/* On every answer. */
static const char *const header[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
     "blob: data:; media-src blob:; connect-src 'self'; font-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), usb=()"},
    {"Strict-Transport-Security", "max-age=31536000"},
};

static const char *const body_type[] = {
    [ASK_BODY_JSON] = "application/json",
    [ASK_BODY_JPEG] = "image/jpeg",
    [ASK_BODY_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
    [ASK_BODY_LIVE] = "application/octet-stream",
    [ASK_BODY_SVG] = "image/svg+xml",
    [ASK_BODY_PDF] = "application/pdf",
    [ASK_BODY_BYTES] = "application/octet-stream",
};

static void headers_add(struct MHD_Response *response, const char *type,
                        const char *cache)
{
    for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
        MHD_add_response_header(response, header[i][0], header[i][1]);
    }
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", cache);
}

static enum MHD_Result give(struct MHD_Connection *connection, int http,
                            struct MHD_Response *response)
{
    enum MHD_Result result =
        MHD_queue_response(connection, (unsigned)http, response);
    MHD_destroy_response(response);
    return result;
}

enum MHD_Result give_refusal(struct MHD_Connection *connection, int http,
                             const char *error)
{
    char text[160];
    int size = snprintf(text, sizeof text, "{\"error\": \"%s\"}\n", error);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        (size_t)size, text, MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    headers_add(response, "application/json", "no-store");
    if (http == 400 || http == 413) {
        MHD_add_response_header(response, "Connection", "close");
    }
    return give(connection, http, response);
}

enum MHD_Result give_page(struct MHD_Connection *connection,
                          const struct page_file *file)
{
    const char *has = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                  "If-None-Match");
    bool is_known = has && !strcmp(has, file->etag);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        is_known ? 0 : file->size, (void *)(uintptr_t)file->data,
        MHD_RESPMEM_PERSISTENT);
    if (!response) {
        return MHD_NO;
    }
    headers_add(response, file->type, "no-cache");
    MHD_add_response_header(response, "ETag", file->etag);
    return give(connection, is_known ? 304 : 200, response);
}

static void cookie_add(struct MHD_Response *response,
                       const struct request *request)
{
    char text[160];
    if (request->cookie == ASK_COOKIE_SET) {
        snprintf(text, sizeof text,
                 COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
                 request->session);
        MHD_add_response_header(response, "Set-Cookie", text);
    } else if (request->cookie == ASK_COOKIE_CLEAR) {
        MHD_add_response_header(response, "Set-Cookie",
                                COOKIE "=; Path=/; Secure; HttpOnly; "
                                       "SameSite=Strict; Max-Age=0");
    }
}

enum MHD_Result give_answer(struct request *request)
{
    char seconds[16];
    struct MHD_Response *response =
        request->kind == ASK_BODY_LIVE
            ? live_response(request)
            : MHD_create_response_from_buffer(request->answer.size,
                                              request->answer.data,
                                              MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    headers_add(response, body_type[request->kind], "no-store");
    cookie_add(response, request);
    if (request->retry_s > 0) {
        snprintf(seconds, sizeof seconds, "%d", request->retry_s);
        MHD_add_response_header(response, "Retry-After", seconds);
    }
    return give(request->connection, request->http, response);
}

/* ---- how the core is ---- */

bool give_health_is_fresh(const struct server *server)
{
    return server->health.size > 0 &&
           http_now_s() - server->health_s < HEALTH_S;
}

enum MHD_Result give_health(struct server *server,
                            struct MHD_Connection *connection)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        server->health.size, server->health.data, MHD_RESPMEM_MUST_COPY);
    if (!response) {
        return MHD_NO;
    }
    headers_add(response, body_type[ASK_BODY_JSON], "no-store");
    return give(connection, server->health_http, response);
}

void give_health_keep(struct server *server, const struct request *request)
{
    server->health.size = 0;
    if (!buffer_append(&server->health, buffer_bytes(&request->answer))) {
        server->health_http = request->http;
        server->health_s = http_now_s();
    }
}
