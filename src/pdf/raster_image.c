#include "pdf/raster_image.h"

#include <stdio.h>
#include <stdlib.h>

#include "pdf/pack.h"
#include "pdf/raster_jbig2.h"
#include "pdf/raster_jpeg.h"
#include "pdf/raster_jpx.h"
#include "pdf/raster_rows.h"
#include "pdf/source_image.h"

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
    struct buffer predicted STING_AUTO(buffer_release) = {0};
    (void)source;
    out->filter = "/FlateDecode";
    if (!image->is_predicted) {
        return pack_samples(rows, &out->data);
    }
    snprintf(out->how, sizeof out->how,
             "<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>",
             image->components, image->bits, image->width);
    enum sting_status status = raster_predict(rows, image, &predicted);
    return status ? status : pack_samples(buffer_bytes(&predicted), &out->data);
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

static enum sting_status make_rows(struct source *source, int number,
                                   const struct source_image *image,
                                   const struct raster_place *place,
                                   struct buffer *rows)
{
    struct buffer plain STING_AUTO(buffer_release) = {0};
    struct raster from STING_AUTO(raster_release) = {0};
    struct raster to STING_AUTO(raster_release) = {0};
    struct fault ignored;
    struct raster_place own = *place;
    enum sting_status status =
        pdf_source_stream(source, number, &plain, &ignored);
    if (status) {
        return status == STING_E_NOMEM ? status : STING_E_UNSUPPORTED;
    }
    status = raster_init(&from, image);
    if (!status) {
        status = raster_init(&to, image);
    }
    if (!status) {
        raster_unpack(&from, image, buffer_bytes(&plain));
        own.width = image->width;
        own.height = image->height;
        status = raster_displace(&from, &own, kind_of(image), &to);
    }
    return status ? status : raster_pack(&to, image, rows);
}

/* JPEG and JPEG 2000 say themselves what they hold. */
static enum sting_status make_photograph(struct source *source, int number,
                                         const struct source_image *image,
                                         const struct raster_place *place,
                                         struct raster_image *out)
{
    struct buffer raw STING_AUTO(buffer_release) = {0};
    struct fault ignored;
    if (source_raw(source, number, &raw, &ignored)) {
        return STING_E_UNSUPPORTED;
    }
    out->keeps_filter = true;
    return image->codec == IMAGE_JPEG
               ? raster_jpeg(buffer_bytes(&raw), place, &out->data)
               : raster_jpx(buffer_bytes(&raw), place, &out->data);
}

enum sting_status raster_image_make(struct source *source, int number,
                                    const struct raster_place *place,
                                    struct raster_image *out)
{
    struct source_image image;
    struct buffer rows STING_AUTO(buffer_release) = {0};
    struct raster_image made STING_AUTO(raster_image_release) = {0};
    enum sting_status status = source_image(source, number, &image);
    if (status) {
        return status;
    }
    if (!put_table[image.codec]) {
        status = make_photograph(source, number, &image, place, &made);
    } else {
        status = make_rows(source, number, &image, place, &rows);
        if (!status) {
            status = put_table[image.codec](source, &image, buffer_bytes(&rows),
                                            &made);
        }
    }
    if (!status) {
        *out = made;
        made = (struct raster_image){0};
    }
    return status;
}
