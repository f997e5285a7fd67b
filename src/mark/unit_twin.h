/*
 * unit_twin: words that a file draws more than once, as units that count once.
 *
 * A family of words (pdf/twin.h) goes together wherever it is drawn, so it is
 * one unit, of the page where its turn is: seen elsewhere it says nothing of
 * its own. It goes no further than the rules allow at each of its places, and
 * stays where one of them must.
 */
#ifndef STING_MARK_UNIT_TWIN_H
#define STING_MARK_UNIT_TWIN_H

#include "mark/plan.h"

/* Hold the units of all pages of the file, as mark_plan() gave them, to what
 * their families may. Time: pages that share are planned once more.
 * Fails: E_FORMAT, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status mark_twins_settle(struct pdf_file *file,
                                                   enum mark_reach reach,
                                                   struct mark_page *page,
                                                   struct fault *fault);

#endif
