/*
 * paper: small PDFs put together in memory, for tests.
 */
#ifndef STING_TESTS_PAPER_H
#define STING_TESTS_PAPER_H

#include "base/buffer.h"

/* Object 1 is the catalog, 2 the tree of pages, 3 the font /F (Helvetica);
 * `object` are the bodies of 4, 5, ...; `kids` goes into the tree, as in
 * "[4 0 R]"; `more` goes into the catalog. Append the file to *out. */
void paper_write(const char *const *object, size_t objects, const char *kids,
                 const char *more, struct buffer *out);

/* One page with this content stream, object 5, and these further page keys,
 * which may name objects from 6 on. */
void paper_page(const char *content, const char *keys,
                const char *const *object, size_t objects, struct buffer *out);

#endif
