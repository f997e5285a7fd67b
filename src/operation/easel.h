/*
 * easel: the PDF that is open in the picture worker, what is planned for its
 * pages, and the copy of it that was written last.
 *
 * Signs are those of the units of all pages, one byte each (-1, 1), in the
 * order of pages. Every function may fail with E_NOMEM and with what
 * pdf/file.h and mark/budget.h say of a hostile file. One owner, one thread.
 */
#ifndef STING_OPERATION_EASEL_H
#define STING_OPERATION_EASEL_H

#include "base/buffer.h"
#include "base/fault.h"
#include "mark/budget.h"
#include "mark/cell.h"
#include "pdf/file.h"
#include "pdf/replace.h"

struct easel {
    struct pdf_file *file;    /* owned; NULL: none is open */
    struct pdf_file *swapped; /* owned: the same with texts replaced, or NULL */
    struct mark_page *page;   /* owned; one a page, once one is asked for */
    bool *is_planned;         /* owned; with its cells, or as it was given */
    bool has_words;           /* words of all pages are planned */
    enum mark_packing packing;
    bool is_packed;  /* how to pack copies is known */
    bool is_checked; /* a copy was read by MuPDF and compared */
    struct mark_budget budget;
    struct buffer copy; /* owned: written last */
    int pages;
};

/* Forget what was open and open `pdf`, of which a copy is kept. */
STING_MUST_USE enum sting_status easel_open(struct easel *easel,
                                            struct bytes pdf,
                                            struct fault *fault);
void easel_clear(struct easel *easel);

/* Plan page p (from 0) of the open file; that of a page already planned
 * stands. */
STING_MUST_USE enum sting_status easel_plan(struct easel *easel, int p,
                                            enum mark_reach reach,
                                            struct fault *fault);

/* Mark page p as it was planned before: `record` is what mark_page_write
 * gave. E_UNSUPPORTED: words are found in other places now. */
STING_MUST_USE enum sting_status easel_take_plan(struct easel *easel, int p,
                                                 struct bytes record,
                                                 struct fault *fault);

/* Write the copy with these signs into easel->copy; every byte of it is
 * accounted for, every glyph of the first is compared. E_ARG: their number is
 * not that of the units. */
STING_MUST_USE enum sting_status easel_write(struct easel *easel,
                                             struct bytes signs,
                                             struct fault *fault);

/* From now on copies are packed so; at first as now. */
void easel_pack(struct easel *easel, enum mark_packing packing);

/* Hold the copy written last to the rules on what may be seen. */
STING_MUST_USE enum sting_status easel_rules(struct easel *easel,
                                             struct fault *fault);

/* From now on copies have these texts in the places of those given out by
 * pdf_file_find; none: the file's own again. */
STING_MUST_USE enum sting_status easel_swap(struct easel *easel,
                                            const struct pdf_swap *swap,
                                            size_t swaps, struct fault *fault);

#endif
