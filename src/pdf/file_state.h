/*
 * file_state: what an open PDF keeps; file.c, write*.c and check.c share it.
 */
#ifndef STING_PDF_FILE_STATE_H
#define STING_PDF_FILE_STATE_H

#include "pdf/file.h"
#include "pdf/layout.h"
#include "pdf/source.h"

struct pdf_file {
    struct source *source;
    struct page_content *page; /* owned; NULL until the text is wanted */
    int pages;
    struct layout *layout; /* owned; NULL until a copy is wanted */
};

#endif
