/*
 * walkers: people of a clip, cut out by how they differ from its empty room,
 * one stretch with somebody in it after another.
 *
 * The clip is of a camera that stands still: of a walk test, say. Of each
 * picture the largest thing is taken that is not the empty room
 * (empty_room.h). Its bytes are hostile.
 */
#ifndef STING_DRILL_WALKERS_H
#define STING_DRILL_WALKERS_H

#include "base/fault.h"
#include "drill/matte.h"
#include "drill/plate.h"

#define WALKERS_MOST 64
#define WALKERS_MOST_BYTES ((size_t)1 << 30) /* of what is cut out */

struct walker {
    int64_t begins_us, ends_us; /* in the clip */
    size_t first, frames;       /* of walkers->frame */
    float height_px;            /* the most, of the clip's picture */
    double area_px;             /* the most covered */
};

/* What is cut out of one picture: rows of cover (0 to 255), then of luma. */
struct walker_frame {
    int64_t at_us;
    int left, top, width, height;
    uint8_t *cell; /* owned */
};

struct walkers {
    int width_px, height_px;
    struct plane empty; /* owned */
    size_t count;
    struct walker walker[WALKERS_MOST];
    struct walker_frame *frame; /* owned */
    size_t frames;
    size_t bytes;
};

/* Cut out everybody. Fails: E_ABSENT when nobody is in it, E_LIMIT, and as
 * reel_play. The caller releases *out in any case. */
STING_MUST_USE enum sting_status walkers_cut(int input, struct walkers *out,
                                             struct fault *fault);
void walkers_release(struct walkers *walkers);

double walker_lasts_s(const struct walker *walker);

/* Lay one, `into_s` after he began, where he was, over a picture of another
 * size and light. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status walker_draw(const struct walkers *walkers,
                                             const struct walker *walker,
                                             double into_s,
                                             const struct plate *room,
                                             struct matte *out);

#endif
