/*
 * page_sheet: where in a patch a sheet lies, by its brightness against the
 * table. Only detect/ includes this.
 *
 * Of the brighter pixels (sheet_light) the piece that fills most of the zone;
 * its convex hull, reduced to the four corners that keep most of its area.
 */
#ifndef STING_DETECT_PAGE_SHEET_H
#define STING_DETECT_PAGE_SHEET_H

#include "base/plane.h"
#include "detect/sheet_light.h"
#include "image/homography.h"

struct page_sheet {
    struct point corner[4]; /* clockwise, the first near the top left */
    double area_px;
    float solid;    /* of its hull, how much the four corners hold */
    float bordered; /* of the side that is seen least, how much is a border */
    bool is_whole;  /* it touches no border of the patch */
    bool is_apart;  /* and was parted from what touched it */
};

/* Room for the work, for patches of one size. */
struct sheet_work {
    int width, height;
    uint8_t *mask;
    int *queue, *run;
    struct point *edge; /* 4 (width + height) */
};

STING_MUST_USE enum sting_status sheet_work_init(struct sheet_work *work,
                                                 int width, int height);
void sheet_work_release(struct sheet_work *work);

/* The sheet in a patch lit `gain` times as when the levels were learned.
 * neck_px: half of what it shares with something bright, a cup, that touches it
 * or covers a corner; 0: nothing does. False when nothing there is brighter
 * than the table. */
bool page_sheet_find(struct sheet_work *work, const struct plane_f *flat,
                     const struct sheet_light *light, float gain, int neck_px,
                     struct page_sheet *out);

/* Is a point inside the four corners? */
bool page_sheet_has(const struct page_sheet *sheet, double x, double y);

#endif
