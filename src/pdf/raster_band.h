/*
 * raster_band: some rows of an image at a time, with what lies beside it.
 *
 * Rows come in order and are kept as long as displaced rows may need them, so
 * that an image of any height takes as much memory as a few of its rows.
 */
#ifndef STING_PDF_RASTER_BAND_H
#define STING_PDF_RASTER_BAND_H

#include "pdf/raster.h"

/* What an image beside this one shows in its pixel (x, y), which lies beyond
 * this one; false where nothing of the same kind lies there. */
struct raster_beside {
    bool (*pixel)(const struct raster_beside *beside, int x, int y,
                  uint8_t *out);
};

struct raster_band {
    struct raster_view view; /* the rows that are there */
    uint8_t *sample;         /* owned */
    uint8_t *last;           /* owned; the lowest row, once it is there */
    int width, height, components;
    int reach, room;                    /* rows */
    const struct raster_beside *beside; /* borrowed; NULL: nothing */
};
void raster_band_release(struct raster_band *band);

/* The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status raster_band_init(
    struct raster_band *out, const struct raster *size, int reach,
    const struct raster_beside *beside);

/* Take the next row of the image, `width` pixels. */
void raster_band_take(struct raster_band *band, const uint8_t *row);

/* The last row was taken. */
void raster_band_end(struct raster_band *band);

/* All rows that row y may need are there. */
bool raster_band_has(const struct raster_band *band, int y);

#endif
