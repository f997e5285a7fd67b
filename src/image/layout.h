/*
 * layout: what a page looks like from far away. Coarse features carry the
 * layout of words, which survives blur and grain, not letters, which do not.
 */
#ifndef STING_IMAGE_LAYOUT_H
#define STING_IMAGE_LAYOUT_H

#include "image/feature.h"
#include "image/photo.h"

#define LAYOUT_DPI 50.0

struct layout {
    double width; /* of the page in points, of the photograph in pixels */
    double height;
    struct feature_list list; /* owned; places and scales in that unit */
};

/* Of a page rendered at `dpi`, LAYOUT_DPI or more, less for pages of many
 * feet. The caller releases *out.
 * Fails: E_ARG, E_NOMEM. */
STING_MUST_USE enum sting_status layout_of_page(const struct plane *page,
                                                double dpi, struct layout *out);

/* Of a photograph, reduced until its longer side has `side_px` pixels. */
STING_MUST_USE enum sting_status layout_of_photo(const struct photo *photo,
                                                 double side_px,
                                                 struct layout *out);

/* The two steps of it: the photograph reduced, and the layout of such a plane,
 * which is blurred; its unit is `unit_per_px` for each pixel. */
STING_MUST_USE enum sting_status layout_reduce(const struct photo *photo,
                                               double side_px,
                                               struct plane_f *out,
                                               double *unit_per_px);
STING_MUST_USE enum sting_status layout_of_reduced(struct plane_f *small,
                                                   double side_px,
                                                   double unit_per_px,
                                                   struct layout *out);
void layout_release(struct layout *layout);

#endif
