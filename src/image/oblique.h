/*
 * oblique: a photograph's layout as it would be seen from another side.
 *
 * Features look alike from up to about 40 degrees. Of a crop taken from
 * further to the side too few are recognised: there the picture is squeezed
 * across the direction in which the page is foreshortened, which gives letters
 * and lines their proportions back.
 *
 * Source: Morel and Yu 2009 (ASIFT), one tilt in six directions.
 */
#ifndef STING_IMAGE_OBLIQUE_H
#define STING_IMAGE_OBLIQUE_H

#include "image/homography.h"
#include "image/layout.h"
#include "image/page_find.h"

/* The picture gets 1 / squeeze as long in the direction of `turn`. */
struct oblique {
    double turn;    /* radians, from the picture's x axis towards y */
    double squeeze; /* at least 1 */
};

/* As layout_of_photo(), of the squeezed picture; *back leads from its places
 * to those of the photograph. The caller releases *out.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status layout_of_oblique(
    const struct photo *photo, double side_px, const struct oblique *oblique,
    struct layout *out, struct homography *back);

/* As page_find(), of the picture squeezed in six directions: at most `most`
 * candidates with what they show of the picture itself, in no order.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status oblique_find(const struct photo *photo,
                                              const struct page_index *index,
                                              struct page_candidate *candidate,
                                              size_t most, size_t *found);

#endif
