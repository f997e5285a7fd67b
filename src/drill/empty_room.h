/*
 * empty_room: what a clip's room looks like with nobody in it, though people
 * come and go in it. People move; what is seen again a good while later is the
 * room.
 */
#ifndef STING_DRILL_EMPTY_ROOM_H
#define STING_DRILL_EMPTY_ROOM_H

#include "base/fault.h"
#include "base/plane.h"

/* Of a clip of that length. The caller releases *out. Fails: E_ABSENT when it
 * is never seen empty, and as reel_play. */
STING_MUST_USE enum sting_status empty_room_find(int input, int64_t us,
                                                 struct plane *out,
                                                 struct fault *fault);

/* A camera changes its exposure when somebody comes: how much brighter most of
 * the picture is than the empty room. */
float empty_room_exposure(const struct plane *picture,
                          const struct plane *empty);

#endif
