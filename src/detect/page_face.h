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
    float same;     /* how much of the known print is there, -1 to 1 */
    float print;    /* how much print there is, 1: as much as on the known */
    float moved_px; /* of the corner that went farthest */
};

/* Compare the fine structure of `now` with `known`, whose noise has the
 * deviation `noise`; `light` times as light as then. `work` is a plane of the
 * same size. False when no sheet can lie so. */
bool page_face_compare(const struct plane_f *known,
                       const struct page_sheet *known_sheet,
                       const struct plane_f *now,
                       const struct page_sheet *now_sheet, float noise,
                       float light, struct plane_f *work,
                       struct page_face *out);

#endif
