#include "pdf/raster_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/flow.h"
#include "pdf/pack.h"
#include "pdf/raster_band.h"
#include "pdf/raster_jbig2.h"
#include "pdf/raster_jpeg.h"
#include "pdf/raster_jpx.h"
#include "pdf/raster_rows.h"
#include "pdf/raster_tiles.h"
#include "pdf/source_rows.h"

#define MOST_AT_ONCE (64 << 20) /* bytes of samples; of more none are kept */

void raster_image_release(struct raster_image *image)
{
    buffer_release(&image->data);
}

static enum sting_status put_plain(struct source *source,
                                   const struct source_image *image,
                                   struct bytes rows, struct raster_image *out)
{
    (void)source;
    (void)image;
    return buffer_append(&out->data, rows);
}

static enum sting_status put_deflate(struct source *source,
                                     const struct source_image *image,
                                     struct bytes rows,
                                     struct raster_image *out)
{
    (void)source;
    out->filter = "/FlateDecode";
    if (image->is_predicted) {
        snprintf(out->how, sizeof out->how,
                 "<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>",
                 image->components, image->bits, image->width);
    }
    return rows.size > 0 ? pack_samples(rows, &out->data) : STING_OK;
}

/* JBIG2 has ones black, PDF samples of grey have them white. */
static enum sting_status turned(struct bytes rows, bool turns,
                                struct buffer *out)
{
    enum sting_status status = buffer_append(out, rows);
    for (size_t i = 0; !status && turns && i < out->size; i++) {
        out->data[i] = (uint8_t)~out->data[i];
    }
    return status;
}

static enum sting_status put_fax(struct source *source,
                                 const struct source_image *image,
                                 struct bytes rows, struct raster_image *out)
{
    struct buffer ones STING_AUTO(buffer_release) = {0};
    out->filter = "/CCITTFaxDecode";
    snprintf(out->how, sizeof out->how, "<</K -1/Columns %d/Rows %d%s>>",
             image->width, image->height,
             image->is_black_one ? "/BlackIs1 true" : "");
    enum sting_status status = turned(rows, image->is_black_one, &ones);
    return status ? status
                  : source_fax(source, buffer_bytes(&ones), image->width,
                               image->height, &out->data);
}

static enum sting_status put_jbig2(struct source *source,
                                   const struct source_image *image,
                                   struct bytes rows, struct raster_image *out)
{
    struct buffer ones STING_AUTO(buffer_release) = {0};
    (void)source;
    out->filter = "/JBIG2Decode";
    enum sting_status status = turned(rows, true, &ones);
    return status ? status
                  : raster_jbig2(buffer_bytes(&ones), image->width,
                                 image->height, &out->data);
}

/* How the rows of each kind are packed again; NULL: not from rows. */
static enum sting_status (*const put_table[])(struct source *source,
                                              const struct source_image *image,
                                              struct bytes rows,
                                              struct raster_image *out) = {
    [IMAGE_PLAIN] = put_plain, [IMAGE_DEFLATE] = put_deflate,
    [IMAGE_JPEG] = NULL,       [IMAGE_FAX] = put_fax,
    [IMAGE_JBIG2] = put_jbig2, [IMAGE_JPX] = NULL,
};

static enum raster_kind kind_of(const struct source_image *image)
{
    if (image->bits == 1 && image->components == 1) {
        return RASTER_TWO;
    }
    return image->is_named ? RASTER_NEAREST : RASTER_SMOOTH;
}

/* Rows under way from a file to what they are packed in. */
struct mill {
    const struct source_image *image;
    struct source_rows *from;   /* owned */
    struct raster_warp *warp;   /* owned */
    struct raster_band band;    /* owned */
    struct raster_tiles *tiles; /* owned */
    struct flow *flow;          /* owned; NULL: rows are gathered */
    struct buffer rows;         /* owned; what is gathered */
    uint8_t *packed, *above, *tried, *predicted, *samples; /* owned */
};

static void mill_release(struct mill *mill)
{
    source_rows_close(&mill->from);
    raster_warp_free(&mill->warp);
    raster_band_release(&mill->band);
    raster_tiles_free(&mill->tiles);
    flow_free(&mill->flow);
    buffer_release(&mill->rows);
    free(mill->packed);
    free(mill->above);
    free(mill->tried);
    free(mill->predicted);
    free(mill->samples);
}

static enum sting_status make_room(struct mill *mill)
{
    size_t row = raster_row_bytes(mill->image);
    mill->packed = calloc(1, row);
    mill->above = calloc(1, row);
    mill->tried = calloc(1, row);
    mill->predicted = calloc(1, row + 1);
    mill->samples =
        calloc((size_t)mill->image->width, (size_t)mill->image->components);
    return mill->packed && mill->above && mill->tried && mill->predicted &&
                   mill->samples
               ? STING_OK
               : STING_E_NOMEM;
}

/* What lies beside an image of names has other names. */
static enum sting_status mill_open(struct mill *mill, struct source *source,
                                   const struct raster_job *job,
                                   struct raster_image *out)
{
    const struct source_image *image = mill->image;
    const struct raster size = {.width = image->width,
                                .height = image->height,
                                .components = image->components};
    const struct raster_place place = {.map = job->image->map,
                                       .width = image->width,
                                       .height = image->height,
                                       .field = job->field};
    double bytes = (double)raster_row_bytes(image) * image->height;
    enum sting_status status = make_room(mill);
    if (!status) {
        status =
            raster_warp_new(&place, kind_of(image), image->width, &mill->warp);
    }
    if (!status && !image->is_named) {
        status = raster_tiles_new(source, job->page, job->image, image,
                                  &mill->tiles);
    }
    if (!status) {
        status =
            raster_band_init(&mill->band, &size, raster_warp_reach(mill->warp),
                             raster_tiles_beside(mill->tiles));
    }
    if (!status && image->codec == IMAGE_DEFLATE && bytes > MOST_AT_ONCE) {
        status = flow_new(&out->data, &mill->flow);
    }
    return status ? status : source_rows_open(source, image, &mill->from);
}

/* A displaced row goes out. */
static enum sting_status mill_put(struct mill *mill)
{
    const struct source_image *image = mill->image;
    struct bytes row = {mill->packed, raster_row_bytes(image)};
    raster_pack_row(image, mill->samples, mill->packed);
    if (image->is_predicted && image->codec == IMAGE_DEFLATE) {
        raster_predict_row(image, mill->packed, mill->above, mill->tried,
                           mill->predicted);
        memcpy(mill->above, mill->packed, row.size);
        row = (struct bytes){mill->predicted, row.size + 1};
    }
    return mill->flow ? flow_put(mill->flow, row)
                      : buffer_append(&mill->rows, row);
}

static enum sting_status mill_run(struct mill *mill)
{
    const struct source_image *image = mill->image;
    enum sting_status status = STING_OK;
    int taken = 0;
    for (int y = 0; !status && y < image->height; y++) {
        while (!status && !raster_band_has(&mill->band, y)) {
            status = source_rows_read(mill->from, mill->packed,
                                      raster_row_bytes(image));
            raster_unpack_row(image, mill->packed, mill->samples);
            raster_band_take(&mill->band, mill->samples);
            if (++taken == image->height) {
                raster_band_end(&mill->band);
            }
        }
        if (!status) {
            raster_warp_row(mill->warp, &mill->band.view, y, mill->samples);
            status = mill_put(mill);
        }
    }
    return status || !mill->flow ? status : flow_end(mill->flow);
}

static enum sting_status make_rows(struct source *source,
                                   const struct source_image *image,
                                   const struct raster_job *job,
                                   struct raster_image *out)
{
    struct mill mill STING_AUTO(mill_release) = {.image = image};
    enum sting_status status = mill_open(&mill, source, job, out);
    if (!status) {
        status = mill_run(&mill);
    }
    if (!status) {
        status = put_table[image->codec](source, image,
                                         buffer_bytes(&mill.rows), out);
    }
    return status;
}

/* JPEG and JPEG 2000 say themselves what they hold; of JPEG, readers show as
 * many rows as /Height has, from the top. */
static enum sting_status make_photograph(struct source *source,
                                         const struct source_image *image,
                                         const struct raster_job *job,
                                         struct raster_image *out)
{
    struct buffer raw STING_AUTO(buffer_release) = {0};
    struct fault ignored;
    const struct raster_place place = {
        .map = job->image->map, .height = image->height, .field = job->field};
    struct bytes bytes = image->data;
    if (image->number > 0) {
        if (source_raw(source, image->number, &raw, &ignored)) {
            return STING_E_UNSUPPORTED;
        }
        bytes = buffer_bytes(&raw);
    }
    out->keeps_filter = true;
    return image->codec == IMAGE_JPEG ? raster_jpeg(bytes, &place, &out->data)
                                      : raster_jpx(bytes, &place, &out->data);
}

enum sting_status raster_image_make(struct source *source,
                                    const struct raster_job *job,
                                    struct raster_image *out)
{
    struct source_image image;
    struct raster_image made STING_AUTO(raster_image_release) = {0};
    enum sting_status status = raster_tile_find(source, job->image, &image);
    if (status) {
        return status == STING_E_LIMIT ? STING_E_UNSUPPORTED : status;
    }
    status = put_table[image.codec]
                 ? make_rows(source, &image, job, &made)
                 : make_photograph(source, &image, job, &made);
    if (!status) {
        *out = made;
        made = (struct raster_image){0};
    }
    return status;
}
