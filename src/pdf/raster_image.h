/*
 * raster_image: an image of a file, displaced and packed as it was.
 */
#ifndef STING_PDF_RASTER_IMAGE_H
#define STING_PDF_RASTER_IMAGE_H

#include "base/buffer.h"
#include "base/fault.h"
#include "pdf/content.h"
#include "pdf/raster.h"

#define RASTER_HOW_SIZE 128

struct raster_image {
    struct buffer data;        /* owned */
    const char *filter;        /* with its slash; NULL: none, or as it was */
    bool keeps_filter;         /* /Filter and /DecodeParms stay as they were */
    char how[RASTER_HOW_SIZE]; /* /DecodeParms; empty: none */
};
void raster_image_release(struct raster_image *image);

struct raster_job {
    const struct page_content *page;
    const struct content_image *image; /* of the page */
    const struct pdf_field *field;
};

/* The image displaced by the field where it is drawn. Of samples that are not
 * JPEG, a few rows are in memory at a time, what they are packed in, and up to
 * 64 MB of rows. The caller releases *out. Fails: E_UNSUPPORTED where the image
 * is of a kind that is left as it is; E_NOMEM. */
STING_MUST_USE enum sting_status raster_image_make(struct source *source,
                                                   const struct raster_job *job,
                                                   struct raster_image *out);

/* The same of an inline image, from its BI to its EI; nothing where it is left
 * as it is. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_inline_make(
    struct source *source, const struct raster_job *job, struct buffer *out);

#endif
