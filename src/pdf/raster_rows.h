/*
 * raster_rows: samples as a PDF packs them, apart and together again.
 */
#ifndef STING_PDF_RASTER_ROWS_H
#define STING_PDF_RASTER_ROWS_H

#include "base/buffer.h"
#include "pdf/raster.h"
#include "pdf/source_image.h"

/* A row of packed samples, apart: levels become 0 to 255, names of colours
 * stay. */
void raster_unpack_row(const struct source_image *image, const uint8_t *from,
                       uint8_t *to);

/* And together again. */
void raster_pack_row(const struct source_image *image, const uint8_t *from,
                     uint8_t *to);

/* Bytes of a packed row. */
size_t raster_row_bytes(const struct source_image *image);

/* A packed row, predicted by the best of PNG's ways (RFC 2083, 6), whose number
 * stands before it: one byte more than the row. `tried` is scratch of a row. */
void raster_predict_row(const struct source_image *image, const uint8_t *row,
                        const uint8_t *above, uint8_t *tried, uint8_t *out);

#endif
