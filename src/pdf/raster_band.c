#include "pdf/raster_band.h"

#include <stdlib.h>
#include <string.h>

#define SPARE 64 /* rows that are moved together */

void raster_band_release(struct raster_band *band)
{
    free(band->sample);
    free(band->last);
    *band = (struct raster_band){0};
}

enum sting_status raster_band_init(struct raster_band *out,
                                   const struct raster *size, int reach,
                                   const struct raster_beside *beside)
{
    int aside = beside ? reach : 0;
    struct raster_band band = {
        .width = size->width,
        .height = size->height,
        .components = size->components,
        .reach = reach,
        .room = 2 * reach + 1 + SPARE,
        .beside = beside,
    };
    band.view = (struct raster_view){
        .x0 = -aside,
        .x1 = size->width + aside,
        .components = size->components,
        .stride = (size_t)(size->width + 2 * aside) * (size_t)size->components,
    };
    band.sample = calloc((size_t)band.room, band.view.stride);
    band.last = calloc((size_t)size->width, (size_t)size->components);
    if (!band.sample || !band.last) {
        raster_band_release(&band);
        return STING_E_NOMEM;
    }
    band.view.sample = band.sample;
    *out = band;
    return STING_OK;
}

static uint8_t *row_at(const struct raster_band *band, int y)
{
    return band->sample + (size_t)(y - band->view.y0) * band->view.stride;
}

/* Room for one row more; the oldest are needed no longer. */
static uint8_t *next_row(struct raster_band *band)
{
    struct raster_view *view = &band->view;
    if (view->y1 - view->y0 == band->room) {
        size_t keep = 2 * (size_t)band->reach + 1;
        memmove(band->sample, row_at(band, view->y1 - (int)keep),
                keep * view->stride);
        view->y0 = view->y1 - (int)keep;
    }
    return row_at(band, view->y1++);
}

/* The pixel from beside, or else like the image's own nearest one. */
static void fill_aside(const struct raster_band *band, int x, int y,
                       const uint8_t *nearest, uint8_t *to)
{
    if (!band->beside || !band->beside->pixel(band->beside, x, y, to)) {
        memmove(to, nearest, (size_t)band->components);
    }
}

/* Pixels left and right of a row that is there. */
static void fill_ends(const struct raster_band *band, int y, uint8_t *row)
{
    size_t n = (size_t)band->components;
    uint8_t *own = row + (size_t)-band->view.x0 * n;
    for (int x = band->view.x0; x < 0; x++) {
        fill_aside(band, x, y, own, row + (size_t)(x - band->view.x0) * n);
    }
    for (int x = band->width; x < band->view.x1; x++) {
        fill_aside(band, x, y, own + (size_t)(band->width - 1) * n,
                   row + (size_t)(x - band->view.x0) * n);
    }
}

/* A row above the image or below it. */
static void take_beyond(struct raster_band *band, int y, const uint8_t *nearest)
{
    size_t n = (size_t)band->components;
    uint8_t *row = next_row(band);
    for (int x = band->view.x0; x < band->view.x1; x++) {
        int own = x < 0 ? 0 : x >= band->width ? band->width - 1 : x;
        fill_aside(band, x, y, nearest + (size_t)own * n,
                   row + (size_t)(x - band->view.x0) * n);
    }
}

void raster_band_take(struct raster_band *band, const uint8_t *row)
{
    bool is_first = band->view.y1 == 0 && band->view.y0 == 0;
    if (is_first && band->beside) {
        band->view.y0 = band->view.y1 = -band->reach;
        for (int y = -band->reach; y < 0; y++) {
            take_beyond(band, y, row);
        }
    }
    int y = band->view.y1;
    uint8_t *to = next_row(band);
    memcpy(to + (size_t)-band->view.x0 * (size_t)band->components, row,
           (size_t)band->width * (size_t)band->components);
    fill_ends(band, y, to);
}

void raster_band_end(struct raster_band *band)
{
    if (!band->beside) {
        return;
    }
    memcpy(band->last,
           row_at(band, band->view.y1 - 1) +
               (size_t)-band->view.x0 * (size_t)band->components,
           (size_t)band->width * (size_t)band->components);
    for (int i = 0; i < band->reach; i++) {
        take_beyond(band, band->view.y1, band->last);
    }
}

bool raster_band_has(const struct raster_band *band, int y)
{
    int needed = y + band->reach;
    int last = band->beside ? band->height + band->reach : band->height;
    return band->view.y1 > needed || band->view.y1 == last;
}
