/*
 * file_state: what an open PDF keeps; file.c, write*.c and check.c share it.
 */
#ifndef STING_PDF_FILE_STATE_H
#define STING_PDF_FILE_STATE_H

#include "pdf/file.h"
#include "pdf/source.h"

struct layout; /* write.h: the file's objects, found at the first copy */

struct pdf_file {
    struct source *source;
    struct page_content *page; /* owned; NULL until the text is wanted */
    int pages;
    struct layout *layout; /* owned */
};

#endif
