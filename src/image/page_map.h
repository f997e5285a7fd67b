/*
 * page_map: where each place of a page is in a photograph, sheet curl and
 * lens included: a grid of points, straight lines between them.
 *
 * The page is in points (1/72 inch), origin top left; the photograph in
 * pixels of its full size, centres at +0.5.
 */
#ifndef STING_IMAGE_PAGE_MAP_H
#define STING_IMAGE_PAGE_MAP_H

#include "image/homography.h"
#include "image/photo.h"

#define PAGE_MAP_STEP_PT 3.0

struct page_map {
    double width_pt;
    double height_pt;
    int columns;
    int rows;
    struct point *at; /* owned; at[row * columns + column], photo pixels */
};

/* A flat page. The caller releases *out. Fails: E_ARG beyond 1 to 14400
 * points a side, E_NOMEM. */
STING_MUST_USE enum sting_status page_map_init(struct page_map *out,
                                               const struct homography *h,
                                               double width_pt,
                                               double height_pt);
void page_map_release(struct page_map *map);

/* A map that was found in the mirrored picture, for the picture itself. */
void page_map_mirror(struct page_map *map, double width_px);

/* The place of one point of the page; beyond its edge straight on. */
struct point page_map_at(const struct page_map *map, struct point page);

/* Photo pixels a point, about, around a place of the page. */
double page_map_scale(const struct page_map *map, struct point page);

/*
 * The photograph laid flat: `dpi` pixels an inch of the page, sampled once,
 * by cubics, from the level that neither aliases nor blurs. `seen`, when not
 * NULL, is 1 where the photograph shows the page and 0 elsewhere.
 * The caller releases both. Fails: E_ARG, E_NOMEM.
 */
STING_MUST_USE enum sting_status page_map_warp(const struct page_map *map,
                                               const struct photo *photo,
                                               double dpi, struct plane_f *out,
                                               struct plane *seen);

#endif
