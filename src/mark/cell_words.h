/*
 * cell_words: the words of a page that is displaced by a field as well, and
 * has so few that it needs each.
 */
#ifndef STING_MARK_CELL_WORDS_H
#define STING_MARK_CELL_WORDS_H

#include "mark/plan.h"

/* The units of *page, which are of words alone, and beside them all words that
 * may move along their lines (mark_plan_few()), beyond the bytes that a copy
 * may grow by. Words that are drawn in several places, or come so near to
 * another in their line that readers of text may take both for one, stay as
 * *page has them. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mark_cell_words(const struct pdf_text *text,
                                                 enum mark_reach reach,
                                                 const struct mark_page *page,
                                                 struct mark_page *out);

#endif
