#include "pdf/raster_tiles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/raster_rows.h"
#include "pdf/source_rows.h"

#define MOST_TILES 8
#define MOST_SAMPLES (64 << 20)
#define NEAR_PX 1.5    /* tiles this near touch */
#define CLOSE_PT 2.0   /* those that are not cannot */
#define SAME_SIZE 0.02 /* of pixels, one part in 50 */

/* An image beside: its pixels, and which of them is pixel (0, 0) of ours. */
struct tile {
    struct place_map to; /* from our pixels to its own */
    struct source_image known;
    uint8_t *sample; /* owned */
};

struct raster_tiles {
    struct raster_beside beside; /* first, so that one gives the other */
    struct tile tile[MOST_TILES];
    int tiles;
};

void raster_tiles_free(struct raster_tiles **tiles)
{
    for (int i = 0; *tiles && i < (*tiles)->tiles; i++) {
        free((*tiles)->tile[i].sample);
    }
    free(*tiles);
    *tiles = NULL;
}

const struct raster_beside *raster_tiles_beside(
    const struct raster_tiles *tiles)
{
    return tiles ? &tiles->beside : NULL;
}

enum sting_status raster_tile_find(struct source *source,
                                   const struct content_image *image,
                                   struct source_image *out)
{
    *out = (struct source_image){.dict = image->dict,
                                 .data = image->data,
                                 .resources = image->resources};
    return image->number > 0 ? source_image(source, image->number, out)
                             : source_image_inline(source, out);
}

static bool invert(struct place_map m, struct place_map *out)
{
    double area = m.a * m.d - m.b * m.c;
    if (!(fabs(area) > 1e-9)) {
        return false;
    }
    *out = (struct place_map){m.d / area,
                              -m.b / area,
                              -m.c / area,
                              m.a / area,
                              (m.c * m.f - m.d * m.e) / area,
                              (m.b * m.e - m.a * m.f) / area};
    return true;
}

/* From pixels of the image, rows downwards, to the page. */
static struct place_map pixels_of(const struct content_image *image,
                                  const struct source_image *known)
{
    const struct place_map unit = {1.0 / known->width,   0, 0,
                                   -1.0 / known->height, 0, 1};
    return place_map_then(unit, image->map);
}

static bool same_kind(const struct source_image *a,
                      const struct source_image *b)
{
    return a->codec == b->codec && a->bits == b->bits &&
           a->components == b->components && a->is_named == b->is_named &&
           a->is_black_one == b->is_black_one &&
           a->is_stencil == b->is_stencil && a->is_turned == b->is_turned;
}

static bool is_near(double v, double wanted)
{
    return fabs(v - wanted) < SAME_SIZE;
}

/* Of the same pixels, and beside ours, not over it. */
static bool touches(const struct tile *tile, const struct source_image *known)
{
    struct place_map back;
    if (!is_near(tile->to.a, 1) || !is_near(tile->to.d, 1) ||
        !is_near(tile->to.b, 0) || !is_near(tile->to.c, 0) ||
        !invert(tile->to, &back)) {
        return false;
    }
    struct place low = place_mapped(back, 0, 0);
    struct place high =
        place_mapped(back, tile->known.width, tile->known.height);
    double over_x = fmin(high.x, known->width) - fmax(low.x, 0);
    double over_y = fmin(high.y, known->height) - fmax(low.y, 0);
    return over_x > -NEAR_PX && over_y > -NEAR_PX &&
           (over_x < NEAR_PX || over_y < NEAR_PX);
}

static enum sting_status read(struct source *source, struct tile *tile)
{
    const struct source_image *known = &tile->known;
    struct source_rows *rows STING_AUTO(source_rows_close) = NULL;
    size_t row = (size_t)known->width * (size_t)known->components;
    uint8_t *packed = calloc(1, raster_row_bytes(known));
    tile->sample = calloc((size_t)known->height, row);
    enum sting_status status =
        packed && tile->sample ? STING_OK : STING_E_NOMEM;
    if (!status) {
        status = source_rows_open(source, known, &rows);
    }
    for (int y = 0; !status && y < known->height; y++) {
        status = source_rows_read(rows, packed, raster_row_bytes(known));
        raster_unpack_row(known, packed, tile->sample + (size_t)y * row);
    }
    free(packed);
    return status;
}

/* The box of an image on the page: left, top, right, bottom. */
static void box_of(const struct place_map m, double box[4])
{
    box[0] = m.e + fmin(0, m.a) + fmin(0, m.c);
    box[1] = m.f + fmin(0, m.b) + fmin(0, m.d);
    box[2] = m.e + fmax(0, m.a) + fmax(0, m.c);
    box[3] = m.f + fmax(0, m.b) + fmax(0, m.d);
}

static bool is_close(struct place_map one, struct place_map other)
{
    double a[4], b[4];
    box_of(one, a);
    box_of(other, b);
    return a[0] < b[2] + CLOSE_PT && b[0] < a[2] + CLOSE_PT &&
           a[1] < b[3] + CLOSE_PT && b[1] < a[3] + CLOSE_PT;
}

/* Take the image up if it lies beside ours and can be read. */
static enum sting_status take(struct raster_tiles *tiles, struct source *source,
                              struct place_map own,
                              const struct source_image *known,
                              const struct content_image *other)
{
    struct tile tile = {0};
    struct place_map back;
    if (tiles->tiles == MOST_TILES || other->stays ||
        raster_tile_find(source, other, &tile.known) ||
        !same_kind(known, &tile.known) ||
        (double)tile.known.width * tile.known.height * known->components >
            MOST_SAMPLES ||
        !invert(pixels_of(other, &tile.known), &back)) {
        return STING_OK;
    }
    tile.to = place_map_then(own, back);
    if (!touches(&tile, known)) {
        return STING_OK;
    }
    enum sting_status status = read(source, &tile);
    if (status) {
        free(tile.sample);
        return status == STING_E_NOMEM ? status : STING_OK;
    }
    tiles->tile[tiles->tiles++] = tile;
    return STING_OK;
}

static bool pixel(const struct raster_beside *beside, int x, int y,
                  uint8_t *out)
{
    const struct raster_tiles *tiles = (const struct raster_tiles *)beside;
    for (int i = 0; i < tiles->tiles; i++) {
        const struct tile *tile = &tiles->tile[i];
        size_t n = (size_t)tile->known.components;
        struct place at = place_mapped(tile->to, x + 0.5, y + 0.5);
        int column = (int)floor(at.x), row = (int)floor(at.y);
        if (column >= 0 && row >= 0 && column < tile->known.width &&
            row < tile->known.height) {
            memcpy(out,
                   tile->sample + ((size_t)row * (size_t)tile->known.width +
                                   (size_t)column) *
                                      n,
                   n);
            return true;
        }
    }
    return false;
}

enum sting_status raster_tiles_new(struct source *source,
                                   const struct page_content *page,
                                   const struct content_image *image,
                                   const struct source_image *known,
                                   struct raster_tiles **out)
{
    struct place_map own = pixels_of(image, known);
    struct raster_tiles *tiles STING_AUTO(raster_tiles_free) =
        calloc(1, sizeof *tiles);
    enum sting_status status = tiles ? STING_OK : STING_E_NOMEM;
    for (uint32_t i = 0; !status && i < page->images; i++) {
        const struct content_image *other = &page->image[i];
        if (other != image && other->is_mask == image->is_mask &&
            is_close(image->map, other->map) &&
            (other->number != image->number || other->number == 0)) {
            status = take(tiles, source, own, known, other);
        }
    }
    if (!status && tiles->tiles > 0) {
        tiles->beside.pixel = pixel;
        *out = tiles;
        tiles = NULL;
    }
    return status;
}
