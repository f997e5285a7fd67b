/*
 * stencil: the contents of a file made ready for many copies.
 *
 * In copies of a file each word goes one way or the other by the same amount.
 * A stencil has a content's bytes with seams (flate.h) where two words meet,
 * and what stands there for each of their ways; a copy then costs its bits.
 * What it gives inflates to what edit.c writes. Contents with an operator in
 * two streams, or with words that come again within one, and what is beyond
 * 8 MB of contents, or 1 MB where tight, have none.
 */
#ifndef STING_PDF_STENCIL_H
#define STING_PDF_STENCIL_H

#include "pdf/content.h"
#include "pdf/file.h"
#include "pdf/flate.h"

struct stencils; /* of all contents of a file */

/* `most` has one entry a page: how far each word goes. Pages that follow a
 * field have none. Time: about 1 MB of contents a second when quick. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status stencils_new(const struct page_content *page,
                                              int pages,
                                              const struct pdf_moves *most,
                                              enum flate_effort effort,
                                              struct stencils **out);
void stencils_free(struct stencils **stencils);

/* The page's words go by these moves as far as they were said to. */
bool stencils_fit(const struct stencils *stencils, int page,
                  const struct pdf_moves *moves);

/* A content can be made so. */
bool stencils_have(const struct stencils *stencils, int page, uint32_t content);

/* Append a part of a content, deflated, to *out, for moves that fit; *plain is
 * the size of what is in it; nothing and 0 where no word of it moves. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status stencils_put(
    struct stencils *stencils, int page, uint32_t content, uint32_t part,
    const struct pdf_moves *moves, struct buffer *out, size_t *plain);

#endif
