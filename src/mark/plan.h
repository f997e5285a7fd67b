/*
 * plan: which words of a page are displaced, and how far.
 *
 * A word moves along its line by at most 0.20 pt and 7 % of the gaps beside
 * it; digits and typewriter text by half of that, scripts without blanks by
 * 0.075 pt. Words that end lines move by at most 0.08 pt, those that begin
 * them stay, unless the page has little else.
 * No gap comes near 0.1 or 0.15 em, where readers of text see a blank.
 * Shifts are thousandths of the font's size, of not too many sizes, so that
 * files stay small. A word also moves 0.08 pt across its line, if the lines
 * leave room. What stands beside a rule that does not go on past it, askew,
 * hidden, in a formula or over other words stays.
 *
 * Faint, words go a third as far, and none across: for who must fear a reader
 * who looks for marks with a ruler, at the cost of what dim photographs tell.
 *
 * Deterministic: the same page gives the same plan, for ever; the code bits
 * of issued copies are counted by it. Time: quadratic in words, up to 8000.
 */
#ifndef STING_MARK_PLAN_H
#define STING_MARK_PLAN_H

#include "mark/unit.h"
#include "pdf/file.h"

/* How far words go. */
enum mark_reach { MARK_FULL = 0, MARK_FAINT };

/* All that may move of one page, however little; words that go with another
 * place of theirs (pdf/twin.h) are left out. The caller releases *out. Fails:
 * E_NOMEM; *out kept. */
STING_MUST_USE enum sting_status mark_plan(const struct pdf_text *text,
                                           enum mark_reach reach,
                                           struct mark_page *out);

/* The same of a page that needs each word that it has: those that begin lines
 * are units however many others there are, and the end of a line holds a word
 * only where a line near by ends too, its begin where any other begins. Time:
 * quadratic in words. */
STING_MUST_USE enum sting_status mark_plan_few(const struct pdf_text *text,
                                               enum mark_reach reach,
                                               struct mark_page *out);

/* Shorten shifts along lines to fewer sizes, which cost fewer bytes. */
void mark_plan_coarsen(const struct pdf_text *text, struct mark_page *page);

/* Say whether that is enough; units that are too few are taken away. */
void mark_plan_judge(const struct pdf_text *text, struct mark_page *page);

/* The moves of `words` words for signs of the page's units (+1, -1, 0).
 * move[] is set for all words. */
void mark_moves(const struct mark_page *page, const int8_t *sign,
                struct pdf_move *move, uint32_t words);

#endif
