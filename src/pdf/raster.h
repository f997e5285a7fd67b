/*
 * raster: the samples of an image, displaced by the field where they are
 * shown on the page, a row at a time.
 */
#ifndef STING_PDF_RASTER_H
#define STING_PDF_RASTER_H

#include "base/base.h"
#include "pdf/field.h"

/* Samples of eight bits, row after row, `components` of them a pixel. */
struct raster {
    uint8_t *sample; /* borrowed or owned, as whoever made it says */
    int width, height;
    int components;
    size_t stride; /* bytes from row to row */
};

/* The pixels of an image that are at hand, from (x0, y0) up to but not at
 * (x1, y1); those of images beside it may be among them. Pixels beyond are
 * like the nearest of these. */
struct raster_view {
    const uint8_t *sample; /* borrowed; of the pixel (x0, y0) */
    int x0, y0, x1, y1;
    int components;
    size_t stride;
};

/* Where an image's pixels lie on the page. */
struct raster_place {
    struct place_map map; /* from the unit square, y up, to the page */
    double width, height; /* of the unit square, in pixels of this raster */
    const struct pdf_field *field;
};

enum raster_kind {
    RASTER_SMOOTH,  /* levels: cubic between pixels */
    RASTER_NEAREST, /* names of colours, which cannot be mixed */
    RASTER_TWO,     /* 0 and 255 alone */
};

/* An image of `columns` pixels a row under way. */
struct raster_warp;

/* Fails: E_UNSUPPORTED when the image is shown on no area, or so small that it
 * is none; E_NOMEM. */
STING_MUST_USE enum sting_status raster_warp_new(
    const struct raster_place *place, enum raster_kind kind, int columns,
    struct raster_warp **out);
void raster_warp_free(struct raster_warp **warp);

/* No pixel is taken from further than this. */
int raster_warp_reach(const struct raster_warp *warp);

/* Fill row y, which is the one after the last or the first; *from has all
 * rows within reach that there are. */
void raster_warp_row(struct raster_warp *warp, const struct raster_view *from,
                     int y, uint8_t *to);

/* Fill *to, of the same size as *from, with what *from shows, displaced.
 * Fails: as raster_warp_new(). */
STING_MUST_USE enum sting_status raster_displace(
    const struct raster *from, const struct raster_place *place,
    enum raster_kind kind, struct raster *to);

#endif
