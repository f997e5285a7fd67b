/*
 * console_http: what the files of the worker share: its server, connections,
 * the requests that wait for the core, and the streams of live pictures.
 */
#ifndef STING_WEB_CONSOLE_HTTP_H
#define STING_WEB_CONSOLE_HTTP_H

#include <microhttpd.h>

#include "web/console.h"
#include "wire/wire.h"

#define MOST_CONNECTIONS 400
#define MOST_PER_ADDRESS 200
#define MOST_WAITING 64 /* requests that the core has not answered yet */

struct stream; /* console_live.c */

/* One request, from its first header to the last byte of its answer. */
struct request {
    struct request *next;
    struct server *server;
    struct MHD_Connection *connection;
    int64_t id; /* the core's word for it; 0: it was not asked */
    enum ask ask;
    struct buffer body;
    bool is_too_long;
    bool is_suspended;
    bool is_answered;
    int http;
    int retry_s;
    enum ask_body kind;
    enum ask_cookie cookie;
    char session[ASK_SESSION_SIZE];
    struct buffer answer;
    struct stream *stream; /* owned; of live pictures, else NULL */
};

/* A connection, from its first byte to its last. */
struct visitor {
    struct visitor *next;
    int fd;
    int64_t since_s; /* that no request of it has come whole */
    bool is_served;  /* a request is being answered */
};

/* What was refused since the core was last told, by why. */
enum odd { ODD_NONSENSE, ODD_SLOW, ODD_READS_NOTHING, ODDS };

struct server {
    struct MHD_Daemon *daemon;
    int channel;
    int64_t ids;
    size_t waiting;
    struct request *request; /* all that are open */
    struct visitor *visitor;
    int64_t odd[ODDS];
    int64_t odd_told_s;
    int64_t health_s; /* when the core last said how it is */
    int health_http;
    struct buffer health;
};

/* For libmicrohttpd. */
enum MHD_Result http_take(void *context, struct MHD_Connection *connection,
                          const char *url, const char *method,
                          const char *version, const char *data, size_t *size,
                          void **state);
void http_request_end(void *context, struct MHD_Connection *connection,
                      void **state, enum MHD_RequestTerminationCode code);
void http_visitor(void *context, struct MHD_Connection *connection,
                  void **state, enum MHD_ConnectionNotificationCode code);

/* The visitor of a connection; NULL without memory. */
struct visitor *http_visitor_of(struct MHD_Connection *connection);

/* Undo %XX in place, but for %00, which would hide what stands behind it. */
size_t http_unescape(void *context, struct MHD_Connection *connection,
                     char *text);

/* The core has answered. False: with nonsense. */
bool http_answer(struct server *server, const struct wire_head *head,
                 struct bytes payload);

/* Let go of who has been connected for long and asked nothing whole. */
void http_sweep(struct server *server, int64_t now_s);

int64_t http_now_s(void);

/* Tell the core what was refused, once a minute at most. */
void http_odd_tell(struct server *server, int64_t now_s);

/* Live pictures, console_live.c: a stream begins for a request (false: no
 * memory), its body, its end; a frame of the core for all that show it; who
 * may see no more; a word each STILL_HERE_S to who hears nothing. */
bool live_begin(struct request *request, uint64_t cameras);
struct MHD_Response *live_response(struct request *request);
void live_end(struct request *request);
bool live_take(struct server *server, const struct wire_head *head,
               struct bytes payload);
void live_cut(struct server *server, int64_t id);
void live_tick(struct server *server, int64_t now_s);

#endif
