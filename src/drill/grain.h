/*
 * grain: the noise of a camera in half-light, fresh for every frame: more of
 * it where there is more light, a little smoothed as cameras do.
 */
#ifndef STING_DRILL_GRAIN_H
#define STING_DRILL_GRAIN_H

#include "base/plane.h"
#include "drill/chance.h"

struct grain_tile {
    int8_t *noise;   /* owned; sd of 32 */
    uint8_t sd[256]; /* by grey value, in sixteenths of a step */
};

/* `strength`: sd at mid grey, in grey values. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status grain_tile_init(struct grain_tile *out,
                                                 double strength,
                                                 uint64_t seed);
void grain_tile_release(struct grain_tile *tile);

/* Add noise to a plane; `share` of 256 scales it. */
void grain_add(const struct grain_tile *tile, struct plane *plane, int share,
               struct chance *chance);

#endif
