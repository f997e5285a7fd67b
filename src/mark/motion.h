/*
 * motion: what a page of one copy does, for the writer: its words' moves and
 * the field that its cells make.
 */
#ifndef STING_MARK_MOTION_H
#define STING_MARK_MOTION_H

#include "mark/unit.h"
#include "pdf/file.h"

struct mark_motion {
    struct pdf_move *move; /* owned, both */
    struct pdf_node *node;
    struct pdf_field field;
};
void mark_motion_release(struct mark_motion *motion);

/* Fill *motion, which the caller releases, for signs of the page's units
 * (+1, -1, 0), and *out, which borrows from it. A page without units gives
 * moves of none. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mark_motion_make(const struct mark_page *page,
                                                  const int8_t *sign,
                                                  uint32_t words,
                                                  struct mark_motion *motion,
                                                  struct pdf_moves *out);

/* The page's units of words are those that this reading of the file finds:
 * same words, same places. Where another version planned the page they may
 * not be, and would then move something else. */
bool mark_page_fits(const struct mark_page *page, const struct pdf_text *text);

#endif
