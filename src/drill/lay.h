/*
 * lay: another sheet in the same picture: beside, or over a corner.
 *
 * Both lie on one plane and bend as one.
 */
#ifndef STING_DRILL_LAY_H
#define STING_DRILL_LAY_H

#include "drill/chance.h"
#include "drill/paper.h"

/* Put *other to the right of *paper, a little turned; *paper becomes the
 * plane that holds both, without a sheet between. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status lay_beside(struct paper *paper,
                                            const struct paper *other,
                                            struct chance *chance);

/* Put *other over a corner of *paper, which keeps its size. */
void lay_over(struct paper *paper, const struct paper *other,
              struct chance *chance);

#endif
