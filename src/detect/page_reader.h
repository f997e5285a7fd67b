/*
 * page_reader: when is it asked which page lies there, and what came of it?
 * Only detect/ includes this.
 *
 * A page is read when it is seen whole, a few prints a look (page_number). One
 * that cannot be told from another may be later, when more looks were
 * averaged: it is read again after a while, each time after twice as long.
 */
#ifndef STING_DETECT_PAGE_READER_H
#define STING_DETECT_PAGE_READER_H

#include "detect/page_number.h"

struct page_reader {
    struct page_number *number; /* owned; NULL: its pages are not known */
    bool is_reading;
    int page;        /* that was read; 0: none */
    int64_t read_us; /* when to read next, ... */
    int64_t wait_us; /* ... and how long after that */
};

void page_reader_release(struct page_reader *reader);

/* A page that may lie in a patch of this size; borrowed. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_reader_add(
    struct page_reader *reader, int width, int height,
    const struct page_print *print);

/* Whatever lies there now is another. */
void page_reader_forget(struct page_reader *reader);

/* One more look at what lies there legibly: `mean` is the patch averaged over
 * looks. Gives the page when it was read just now, from 1; else 0. */
int page_reader_look(struct page_reader *reader, const struct plane_f *mean,
                     const struct page_sheet *sheet, bool is_whole,
                     int64_t at_us);

#endif
