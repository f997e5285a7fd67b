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

/* Keys of a page that has a font G of type 3 beside F, with n, o and p, half
 * as wide as high, and its object 6. */
#define PAPER_TYPE3                                                            \
    "/Resources<</Font<</F 3 0 R/G<</Type/Font/Subtype/Type3/FontBBox"         \
    "[0 0 999 999]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 110/LastChar 112"   \
    "/Widths[500 500 500]/CharProcs<</n 6 0 R/o 6 0 R>>/Resources<<>>"         \
    "/Encoding<</Type/Encoding/Differences[110/n/o/n]>>>>>>>>"
#define PAPER_TYPE3_GLYPH                                                      \
    "<</Length 42>>\nstream\n500 0 0 0 400 600 d1 0 0 400 600 re f     \n"     \
    "endstream"

/* A page that draws a form that draws another ten times, which does the same,
 * and so on, twelve times over. */
void paper_tower(struct buffer *out);

#endif
