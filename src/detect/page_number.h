/*
 * page_number: which page of its document lies there? Only detect/ includes
 * this.
 *
 * The sheet that was learned is compared with small pictures of all pages: each
 * is laid into the sheet's corners, every way round that its shape allows, and
 * shifted by a few pixels; what correlates best is the page, unless it
 * correlates too little for any print of ours, or another page does nearly as
 * well. One look compares a few pages, so that none takes long.
 */
#ifndef STING_DETECT_PAGE_NUMBER_H
#define STING_DETECT_PAGE_NUMBER_H

#include "detect/page_print.h"
#include "detect/page_sheet.h"

struct page_reading {
    int page;    /* that is most like it, from 1; 0: none was compared */
    float same;  /* how much, as a correlation */
    float rival; /* how much the next one is, or that page another way round */
    bool is_sure;
};

struct page_number;

/* For patches of this size. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_number_new(int width, int height,
                                                 struct page_number **out);
void page_number_free(struct page_number **number);

/* What a page looks like; borrowed. One over PAGE_PRINTS_MOST is left out. */
void page_number_add(struct page_number *number,
                     const struct page_print *print);

/* A sheet to be read, in a patch as its looks were averaged. */
void page_number_begin(struct page_number *number, const struct plane_f *mean,
                       const struct page_sheet *sheet);

/* Compare some more. True when all were, and *out says which it is. */
bool page_number_step(struct page_number *number, struct page_reading *out);

#endif
