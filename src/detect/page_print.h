/*
 * page_print: a small picture of a page of a document, for page watch to tell
 * which page lies there.
 */
#ifndef STING_DETECT_PAGE_PRINT_H
#define STING_DETECT_PAGE_PRINT_H

#include "base/plane.h"

#define PAGE_PRINTS_MOST 128 /* a camera's */

struct page_print {
    uint32_t zones;    /* where its document lies, one bit each */
    int page;          /* from 1 */
    struct plane grey; /* the whole sheet, about 25 dots an inch */
};

#endif
