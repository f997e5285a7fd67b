/*
 * raster_rows: samples as a PDF packs them, apart and together again.
 */
#ifndef STING_PDF_RASTER_ROWS_H
#define STING_PDF_RASTER_ROWS_H

#include "base/buffer.h"
#include "pdf/raster.h"
#include "pdf/source_image.h"

void raster_release(struct raster *raster);

/* A raster of the image's size, all zero; the caller releases it.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_init(struct raster *out,
                                             const struct source_image *image);

/* Take `bytes`, rows of packed samples, apart: levels become 0 to 255, names
 * of colours stay. Rows that are missing stay as they are. */
void raster_unpack(struct raster *raster, const struct source_image *image,
                   struct bytes bytes);

/* Append them as packed rows. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_pack(const struct raster *raster,
                                             const struct source_image *image,
                                             struct buffer *out);

/* Bytes of a packed row. */
size_t raster_row_bytes(const struct source_image *image);

/* Append rows with each predicted by the best of PNG's ways (RFC 2083, 6),
 * whose number stands before it. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_predict(
    struct bytes rows, const struct source_image *image, struct buffer *out);

#endif
