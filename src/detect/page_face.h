/*
 * page_face: does this sheet show the same print as that one?
 * Only detect/ includes this.
 *
 * One sheet is laid over the other by its corners, in each of four ways, and
 * shifted by up to FACE_REACH pixels; the best correlation of the fine
 * structure counts.
 */
#ifndef STING_DETECT_PAGE_FACE_H
#define STING_DETECT_PAGE_FACE_H

#include "detect/page_sheet.h"

#define FACE_REACH 4

struct page_face {
    float same;  /* how much of the known print is there, -1 to 1 */
    float power; /* of the print, 1: as much as on the known; noise taken out,
                    so below 0 where a look happens to have little of it */
    float noise_power; /* of what was taken out */
    float moved_px;    /* of the corner that went farthest */
};

/* A sheet, and the fine structure of the patch that it lies in. */
struct face_side {
    const struct plane_f *fine;
    const struct page_sheet *sheet;
};

/* Compare the fine structure of `now` with `known`, whose noise has the
 * deviation `noise`; `light` times as light as then. `work` is a plane of the
 * same size. False when no sheet can lie so. */
bool page_face_compare(const struct face_side *known,
                       const struct face_side *now, float noise, float light,
                       struct plane_f *work, struct page_face *out);

/* The best correlation of two planes of fine structure within a sheet that
 * lies alike in both, shifted by up to FACE_REACH pixels; -2: of nothing. */
double page_face_alike(const struct plane_f *known,
                       const struct page_sheet *sheet,
                       const struct plane_f *laid);

#endif
