/*
 * request_check: what is wrong with a request, by its headers alone: before a
 * body is read or anybody is asked.
 *
 * Threads: the web worker's.
 */
#ifndef STING_WEB_REQUEST_CHECK_H
#define STING_WEB_REQUEST_CHECK_H

#include <microhttpd.h>
#include <stdbool.h>

/* One Host, one length, no chunks, no odd names: nothing that two programs in a
 * row could read differently. */
bool request_is_plain(struct MHD_Connection *connection);

/* A POST comes from our own page, or from no browser. */
bool request_is_from_here(struct MHD_Connection *connection);

/* NULL when there is none; the first of several. */
const char *request_header(struct MHD_Connection *connection, const char *name);

#endif
