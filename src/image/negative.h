/*
 * negative: light on dark turned round: the page of a screen in its dark mode,
 * of a film's negative, of a blueprint.
 */
#ifndef STING_IMAGE_NEGATIVE_H
#define STING_IMAGE_NEGATIVE_H

#include "base/plane.h"

/* Where something is drawn, is it lighter than what it is drawn on? */
bool negative_is(const struct plane *grey);

/* Light for dark, and as much of it as there is room for. The caller releases
 * *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status negative_turn(const struct plane *grey,
                                               struct plane *out);

#endif
