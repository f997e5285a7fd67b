/*
 * raster_jbig2: two-level rows as JBIG2, one lossless region of arithmetic
 * coding, as it stands in a PDF (no file header).
 *
 * Source: ITU-T T.88: 6.2 generic regions, annex E the coder, 7 segments.
 */
#ifndef STING_PDF_RASTER_JBIG2_H
#define STING_PDF_RASTER_JBIG2_H

#include "base/buffer.h"

/* Append rows (a bit a pixel, a row begins a byte, one is black).
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_jbig2(struct bytes rows, int width,
                                              int height, struct buffer *out);

#endif
