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

struct pdf_file {
    struct source *source;
    struct page_content *page; /* owned; NULL until the text is wanted */
    int pages;
    double bytes_a_word;      /* of the whole file; set with page */
    struct check_page *check; /* owned; NULL until a copy is checked */
    struct layout *layout;    /* owned; NULL until a copy is wanted */
    struct pack *pack;        /* owned; the same */
    enum pack_effort effort;
};

#endif
