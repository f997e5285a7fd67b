/*
 * source_rows: the packed samples of an image, decoded from its file a piece
 * at a time.
 */
#ifndef STING_PDF_SOURCE_ROWS_H
#define STING_PDF_SOURCE_ROWS_H

#include "pdf/source_image.h"

struct source_rows; /* borrows its source */

/* Fails: E_UNSUPPORTED where it cannot be decoded; E_NOMEM. */
STING_MUST_USE enum sting_status source_rows_open(
    struct source *source, const struct source_image *image,
    struct source_rows **out);
void source_rows_close(struct source_rows **rows);

/* The next `size` bytes; what is missing at the end is zeros. Fails:
 * E_UNSUPPORTED where the image is damaged. */
STING_MUST_USE enum sting_status source_rows_read(struct source_rows *rows,
                                                  uint8_t *to, size_t size);

#endif
