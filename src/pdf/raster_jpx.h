/*
 * raster_jpx: a JPEG 2000 image displaced and written again, as large as it
 * was, in its own colours.
 */
#ifndef STING_PDF_RASTER_JPX_H
#define STING_PDF_RASTER_JPX_H

#include "base/buffer.h"
#include "pdf/raster.h"

/* Append the displaced image to *out. `place` has no width and height: they
 * are the image's. Fails: E_UNSUPPORTED of a kind that is left alone (planes
 * of several sizes, not of eight bits, a palette), damaged or too large;
 * E_NOMEM. */
STING_MUST_USE enum sting_status raster_jpx(struct bytes jpx,
                                            const struct raster_place *place,
                                            struct buffer *out);

const char *raster_jpx_version(void); /* OpenJPEG's, of the library at hand */

#endif
