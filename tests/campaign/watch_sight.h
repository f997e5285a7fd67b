/* watch_sight: is what the detector says that it can see true? Figures of
 * just that contrast and size are put in, and others of half of it; and how
 * much of what an ideal observer would have reaches its evidence. Such a
 * figure is a shade: where edges shine through it is light, and no person. So
 * both are put before a clean wall (bare=1). */
#ifndef STING_TESTS_WATCH_SIGHT_H
#define STING_TESTS_WATCH_SIGHT_H

#include "watch_eye.h"

/* What somebody who knows outline, place and clothes of who is there has from
 * the cells of one picture: logarithm of a likelihood ratio. */
double sight_evidence(const struct watch *watch);

#define REACH_ZONES 12
/* Of whom the detector is to say what it can see in them. */
extern const struct detect_zone reach_zone[REACH_ZONES];
void reach(struct watch *watch, const struct extras *extras);
void ideal(struct watch *watch, const struct extras *extras);

#endif
