/*
 * photocopy: what one generation of photocopying makes of a sheet.
 *
 * Model: the copier's optics soften; its feed wobbles (about 0.03 mm, over 5
 * to 60 mm), the sheet lies a little crooked and shifted, the scale is off by
 * a few thousandths, differently in both directions; tones are pushed to
 * black and white about a threshold that varies from copy to copy; specks of
 * dirt; then it is printed anew (paper_print: toner spreads, dots gain).
 */
#ifndef STING_DRILL_PHOTOCOPY_H
#define STING_DRILL_PHOTOCOPY_H

#include "drill/chance.h"
#include "drill/paper.h"

/* Replace a printed sheet by its photocopy, grey. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status photocopy_make(struct paper *paper,
                                                struct chance *chance);

#endif
