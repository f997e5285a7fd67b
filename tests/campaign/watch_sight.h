/* watch_sight: is what the detector says that it can see true? Figures of
 * just that contrast and size are put in, and others of half of it; and how
 * much of what an ideal observer would have reaches its evidence. */
#ifndef STING_TESTS_WATCH_SIGHT_H
#define STING_TESTS_WATCH_SIGHT_H

#include "watch_eye.h"

void reach(struct watch *watch, const struct extras *extras);
void ideal(struct watch *watch, const struct extras *extras);

#endif
