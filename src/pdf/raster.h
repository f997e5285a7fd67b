/*
 * raster: the samples of an image, displaced by the field where they are
 * shown on the page.
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

/* Fill *to, of the same size as *from, with what *from shows, displaced.
 * Fails: E_UNSUPPORTED when the image is shown on no area; E_NOMEM. */
STING_MUST_USE enum sting_status raster_displace(
    const struct raster *from, const struct raster_place *place,
    enum raster_kind kind, struct raster *to);

#endif
