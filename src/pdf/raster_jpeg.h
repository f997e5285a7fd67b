/*
 * raster_jpeg: a JPEG displaced and written again with its own tables,
 * sampling, colours and markers, progressive if it was.
 */
#ifndef STING_PDF_RASTER_JPEG_H
#define STING_PDF_RASTER_JPEG_H

#include "base/buffer.h"
#include "pdf/raster.h"

/* Append the displaced JPEG to *out. `place` has the rows that its /Height
 * says, which may be more or fewer than the JPEG holds; its width is not read,
 * that is the JPEG's. Fails: E_UNSUPPORTED of a kind that is left alone,
 * damaged or too large; E_NOMEM. */
STING_MUST_USE enum sting_status raster_jpeg(struct bytes jpeg,
                                             const struct raster_place *place,
                                             struct buffer *out);

/* What its header says. */
struct raster_jpeg_look {
    int width, components;
};

/* Fails: E_UNSUPPORTED damaged, E_NOMEM. */
STING_MUST_USE enum sting_status raster_jpeg_look(struct bytes jpeg,
                                                  struct raster_jpeg_look *out);

const char *raster_jpeg_version(void); /* libjpeg's, of when this was built */

#endif
