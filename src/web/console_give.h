/*
 * console_give: what goes out: the pages, refusals, and what the core answered,
 * each with the headers that browsers are told.
 *
 * Threads: the web worker's.
 */
#ifndef STING_WEB_CONSOLE_GIVE_H
#define STING_WEB_CONSOLE_GIVE_H

#include "web/console_http.h"

/* A browser's session stands in it; only this host, by TLS, sets it. */
#define COOKIE "__Host-sting"

/* `error` is a word for programs. */
enum MHD_Result give_refusal(struct MHD_Connection *connection, int http,
                             const char *error);
enum MHD_Result give_page(struct MHD_Connection *connection,
                          const struct page_file *file);
enum MHD_Result give_answer(struct request *request);

/* How the core said that it is, kept for a second. */
void give_health_keep(struct server *server, const struct request *request);
bool give_health_is_fresh(const struct server *server);
enum MHD_Result give_health(struct server *server,
                            struct MHD_Connection *connection);

#endif
