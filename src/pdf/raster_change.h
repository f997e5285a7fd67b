/*
 * raster_change: the objects of a file's images with their displaced data.
 */
#ifndef STING_PDF_RASTER_CHANGE_H
#define STING_PDF_RASTER_CHANGE_H

#include "pdf/layout.h"
#include "pdf/raster_image.h"

/* Append the object `number` of the layout with this image as its stream.
 * An indirect length is left to the caller. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_change(const struct layout *layout,
                                               struct bytes file, int number,
                                               const struct raster_image *image,
                                               struct buffer *out);

#endif
