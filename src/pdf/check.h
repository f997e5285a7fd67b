/*
 * check: does a finished copy say what its original says, in its places?
 *
 * Both are read by MuPDF's own interpreter, which shares nothing with the
 * reader and the editor of content streams here.
 */
#ifndef STING_PDF_CHECK_H
#define STING_PDF_CHECK_H

#include "pdf/source.h"

struct check_page {
    struct check_glyph *glyph; /* owned */
    size_t glyphs;
};

struct check_glyph {
    int unicode;
    float x_pt, y_pt; /* its origin, as displayed */
    bool is_picture;  /* of a font that draws pictures: Type 3 */
};

/* Every glyph of a page in the order of its content; the caller releases
 * *out. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status check_page_read(struct source *source,
                                                 int page,
                                                 struct check_page *out,
                                                 struct fault *fault);
void check_page_release(struct check_page *page);

/* The same glyphs, none further than most_pt from where it was. */
bool check_page_agrees(const struct check_page *original,
                       const struct check_page *copy, double most_pt);

#endif
