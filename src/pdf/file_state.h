/*
 * file_state: what an open PDF keeps; file.c, write*.c and check.c share it.
 */
#ifndef STING_PDF_FILE_STATE_H
#define STING_PDF_FILE_STATE_H

#include "pdf/check.h"
#include "pdf/file.h"
#include "pdf/layout.h"
#include "pdf/pack.h"
#include "pdf/source.h"
#include "pdf/stencil.h"

struct pdf_file {
    struct source *source;
    struct page_content *page; /* owned; NULL until the text is wanted */
    int pages;
    uint32_t families;         /* of words: twin.h; set with page */
    struct check_page *check;  /* owned; NULL until a copy is checked */
    struct layout *layout;     /* owned; NULL until a copy is wanted */
    struct pack *pack;         /* owned; the same */
    struct stencils *stencils; /* owned; NULL until copies were prepared */
    enum pack_effort effort;
    enum content_spelling spelling;
};

/* A way of making contents anew; edit() replaces *out by the new text and
 * says where each part of it begins. */
struct write_edit {
    bool (*touches)(const void *context, int page, uint32_t content);
    enum sting_status (*edit)(const void *context, int page, uint32_t number,
                              const struct content *content, struct buffer *out,
                              size_t *part_begin);
    const void *context; /* borrowed */
};

/* As pdf_file_write(), by any edit. */
STING_MUST_USE enum sting_status pdf_file_write_edit(
    struct pdf_file *file, const struct write_edit *edit, struct buffer *out,
    struct fault *fault);

#endif
