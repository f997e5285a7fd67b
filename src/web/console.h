/*
 * console: the web worker's side of the console: HTTP in, rows of wire/ask
 * out, and what the core answers back to browsers.
 *
 * It holds the port and the key of its certificate. It knows no password, no
 * role and no file; whoever takes it over is where every browser is.
 * docs/design/console.md.
 */
#ifndef STING_WEB_CONSOLE_H
#define STING_WEB_CONSOLE_H

#include "base/buffer.h"
#include "wire/ask.h"

/* The worker: HTTP over TLS at WORKER_INPUT_FD. */
int web_worker_serve(int channel);

/* ---- between the files console*.c ---- */

/* The fields of a request as the core takes them, in the row's order: a NUL
 * behind each. Fails: E_FORMAT when the text is no JSON object of strings, or
 * a field has a NUL in it; E_LIMIT when one is too long, E_NOMEM. */
STING_MUST_USE enum sting_status fields_of_json(enum ask ask, struct bytes text,
                                                struct buffer *out);

/* The same of a query, whose values `lookup` knows (NULL: there is none). */
typedef const char *fields_lookup(void *context, const char *name);
STING_MUST_USE enum sting_status fields_of_query(enum ask ask,
                                                 fields_lookup *lookup,
                                                 void *context,
                                                 struct buffer *out);

/* A file of the page, built in. */
struct page_file {
    const char *path; /* "/page/wall.mjs" */
    const char *type;
    const uint8_t *data;
    size_t size;
    const char *etag;
};
const struct page_file *page_file_find(const char *path);
/* The source of this very program, "/source.tar.gz". */
extern const struct page_file page_source;

#endif
