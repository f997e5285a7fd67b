/*
 * cover: where masks lie in a picture, and black there. Every pixel that a
 * mask touches is covered.
 *
 * Masks are parts of the recorded picture. In one of another size and nearly
 * the same shape, as of a second stream, each is grown by as many pixels as
 * the shape is off; where it is off by more than one in forty nobody knows
 * where they lie, and all of it is covered.
 */
#ifndef STING_WATCH_COVER_H
#define STING_WATCH_COVER_H

#include "base/plane.h"
#include "detect/detector.h"

#define MASKS_MOST 16
#define COVER_UNKNOWN (-1)
#define COVER_BLACK_FULL 0
#define COVER_BLACK_TELEVISION 16

struct mask {
    int points; /* 3 to DETECT_MOST_POINTS */
    struct detect_point point[DETECT_MOST_POINTS];
};

struct masks {
    int count;
    struct mask mask[MASKS_MOST];
    int width_px, height_px; /* of the picture that they were drawn on; 0: of
                              * any, they are parts of each */
};

/* How far off the masks may lie in a picture of this size, or COVER_UNKNOWN. */
int cover_off_px(int width_px, int height_px, const struct masks *masks);

/* Give a plane that is 255 where masks lie, or may; the caller releases it.
 * Fails: as plane_init. */
STING_MUST_USE enum sting_status cover_of(const struct masks *masks,
                                          int width_px, int height_px,
                                          int off_px, struct plane *out);

/* `value` wherever one of the covered pixels shares a sample: `scale` of them
 * in a row do. */
void cover_black(struct plane *plane, const struct plane *cover, int scale,
                 uint8_t value);

#endif
