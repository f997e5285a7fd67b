/*
 * raster_tiles: scans that are stored as several images side by side.
 *
 * What moves over the edge of one must come out of the next: the pixels beyond
 * an image are taken from those around it that are of the same kind and
 * resolution. At most eight of them, none of more than 64 million samples.
 */
#ifndef STING_PDF_RASTER_TILES_H
#define STING_PDF_RASTER_TILES_H

#include "pdf/content.h"
#include "pdf/raster_band.h"
#include "pdf/source_image.h"

/* What an image of a page is. Fails: E_UNSUPPORTED, as source_image(). */
STING_MUST_USE enum sting_status raster_tile_find(
    struct source *source, const struct content_image *image,
    struct source_image *out);

struct raster_tiles; /* around one image */

/* `image` is of the page. *out is NULL where nothing lies beside it. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status raster_tiles_new(
    struct source *source, const struct page_content *page,
    const struct content_image *image, const struct source_image *known,
    struct raster_tiles **out);
void raster_tiles_free(struct raster_tiles **tiles);

/* NULL of NULL. */
const struct raster_beside *raster_tiles_beside(
    const struct raster_tiles *tiles);

#endif
