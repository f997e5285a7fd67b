/*
 * tamper_view: does the camera still look where it looked, and sharply? Only
 * detect/ includes this.
 *
 * The picture's own structure at three scales, tile by tile, beside what it was
 * while all was well. What is in its place correlates, however the light is;
 * a person hides some tiles. A lens out of focus keeps the broad structure
 * and loses the fine one; a camera that was turned, or shown another picture,
 * has structure, and not its own. Where it is as bright as it was beside the
 * pages, a page that was turned, taken or laid is no other view.
 *
 * Threads: one at a time.
 */
#ifndef STING_DETECT_TAMPER_VIEW_H
#define STING_DETECT_TAMPER_VIEW_H

#include "detect/zone_cells.h"

#define VIEW_SCALES 3 /* fine, coarse, broad */

enum view_state {
    VIEW_UNKNOWN, /* too little structure, or still learning */
    VIEW_OWN,
    VIEW_OTHER, /* structure, and not its own: turned, or another picture */
    VIEW_BLURRED,
    VIEW_NOTHING /* no structure is left: covered, painted, or dark */
};

struct view_scale {
    struct plane_f known, now;
    float noise; /* deviation of a cell in one look */
};

struct view {
    int by; /* pixels a cell */
    struct plane_f cells, work;
    struct plane_f level;    /* what cells were */
    struct zone_cells zones; /* of them, those with a page */
    double *sum;
    struct view_scale scale[VIEW_SCALES];
    int looks; /* learned from */
    float own; /* part of the telling tiles that are as they were */
};

/* For pictures of this size. Fails: E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status view_init(struct view *out, int width_px,
                                           int height_px,
                                           const struct detect_zone *zone,
                                           int zones);
void view_release(struct view *view);

/* A picture; learned from when `learns` and it is as it was. */
enum view_state view_look(struct view *view, const struct plane *picture,
                          bool learns);

/* Forget, and learn anew. */
void view_forget(struct view *view);

#endif
