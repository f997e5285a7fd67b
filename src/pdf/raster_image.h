/*
 * raster_image: an image of a file, displaced and packed as it was.
 */
#ifndef STING_PDF_RASTER_IMAGE_H
#define STING_PDF_RASTER_IMAGE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "pdf/raster.h"
#include "pdf/source.h"

#define RASTER_HOW_SIZE 128

struct raster_image {
    struct buffer data;        /* owned */
    const char *filter;        /* with its slash; NULL: none, or as it was */
    bool keeps_filter;         /* /Filter and /DecodeParms stay as they were */
    char how[RASTER_HOW_SIZE]; /* /DecodeParms; empty: none */
};
void raster_image_release(struct raster_image *image);

/* Image `number`, displaced where place->map shows it. The caller
 * releases *out. Fails: E_UNSUPPORTED where the image is of a kind that is
 * left as it is; E_NOMEM. */
STING_MUST_USE enum sting_status raster_image_make(
    struct source *source, int number, const struct raster_place *place,
    struct raster_image *out);

#endif
