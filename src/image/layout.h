/*
 * layout: what a page looks like from far away, and where in a photograph
 * such a page lies. Coarse features carry the layout of words, which
 * survives blur and grain, not letters, which do not.
 *
 * Matches vote for a similarity (place, turn, size) each; the largest
 * consensus gives the pairs for a homography. Source: the fast spatial
 * matching of Philbin et al., CVPR 2007, with tolerances that grow with
 * distance, as a tilted page needs.
 */
#ifndef STING_IMAGE_LAYOUT_H
#define STING_IMAGE_LAYOUT_H

#include "image/feature.h"
#include "image/homography.h"
#include "image/photo.h"

#define LAYOUT_DPI 50.0

struct layout {
    double width; /* of the page in points, of the photograph in pixels */
    double height;
    struct feature_list list; /* owned; places and scales in that unit */
};

/* Of a page rendered at `dpi` >= LAYOUT_DPI. The caller releases *out.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status layout_of_page(const struct plane *page,
                                                double dpi, struct layout *out);

/* Of a photograph, reduced until its longer side has `side_px` pixels. */
STING_MUST_USE enum sting_status layout_of_photo(const struct photo *photo,
                                                 double side_px,
                                                 struct layout *out);
void layout_release(struct layout *layout);

struct sighting {
    struct homography h; /* page points to photo pixels */
    double votes;        /* weight of the largest consensus of similarities */
    size_t inliers;      /* pairs that agree with h; 0: not found */
};

/* Look for the page in the photograph. Not finding it is no failure:
 * inliers is then 0. Fails: E_NOMEM. Time: features of one times the other.
 */
STING_MUST_USE enum sting_status layout_match(const struct layout *page,
                                              const struct layout *photo,
                                              struct sighting *out);

#endif
