/*
 * refine: from a rough homography to a map good to a tenth of a point.
 *
 * Blocks of the original are looked for near where the map so far puts
 * them; a smooth surface through what they say corrects the map; again with
 * smaller blocks, finer steps and a freer surface.
 */
#ifndef STING_IMAGE_REFINE_H
#define STING_IMAGE_REFINE_H

#include "image/page_map.h"

struct refine_report {
    size_t looked;   /* blocks with ink, in view, in the last pass */
    size_t found;    /* of these, found where the surface says */
    double likeness; /* median correlation of all looked for, 0 to 1 */
};

/*
 * `page` is the original, PAGE grey as rendered (white 255), `dpi` pixels an
 * inch. The map is corrected in place.
 * Fails: E_FORMAT when too little of the page is found; E_NOMEM.
 */
STING_MUST_USE enum sting_status refine_map(struct page_map *map,
                                            const struct photo *photo,
                                            const struct plane *page,
                                            double dpi,
                                            struct refine_report *report);

#endif
