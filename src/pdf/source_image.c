/* Images, and what the file says of them. */
#include "pdf/source_image.h"

#include <string.h>

#include "pdf/source_mupdf.h"

#define MOST_SIDE 20000
#define MOST_BYTES (64 << 20) /* of plain samples */

static const struct {
    const char *name;
    enum image_codec codec;
} codec_table[] = {
    {"FlateDecode", IMAGE_DEFLATE},     {"LZWDecode", IMAGE_DEFLATE},
    {"DCTDecode", IMAGE_JPEG},          {"CCITTFaxDecode", IMAGE_FAX},
    {"JBIG2Decode", IMAGE_JBIG2},       {"JPXDecode", IMAGE_JPX},
    {"RunLengthDecode", IMAGE_DEFLATE},
};

/* A mask that is a stream is an image of its own. Throws. */
static enum sting_status find_mask(fz_context *ctx, pdf_obj *image, int *number)
{
    pdf_obj *soft = pdf_dict_get(ctx, image, PDF_NAME(SMask));
    pdf_obj *hard = pdf_dict_get(ctx, image, PDF_NAME(Mask));
    pdf_obj *mask = soft ? soft : hard;
    if ((soft && hard) || pdf_is_array(ctx, mask) ||
        pdf_dict_get(ctx, mask, PDF_NAME(Matte))) {
        return STING_E_UNSUPPORTED;
    }
    *number = pdf_is_stream(ctx, mask) ? pdf_to_num(ctx, mask) : 0;
    return STING_OK;
}

enum sting_status source_image_find(struct source *source,
                                    struct pdf_obj *resources, const char *name,
                                    int number[2])
{
    fz_context *ctx = source->ctx;
    enum sting_status status = STING_E_ABSENT;
    fz_var(status);
    fz_try(ctx)
    {
        pdf_obj *all = pdf_dict_get(ctx, resources, PDF_NAME(XObject));
        pdf_obj *image = pdf_dict_gets(ctx, all, name);
        if (pdf_name_eq(ctx, pdf_dict_get(ctx, image, PDF_NAME(Subtype)),
                        PDF_NAME(Image)) &&
            pdf_is_stream(ctx, image)) {
            number[0] = pdf_to_num(ctx, image);
            status = find_mask(ctx, image, &number[1]);
            if (pdf_dict_get(ctx, image, PDF_NAME(OC))) {
                status = STING_E_UNSUPPORTED;
            }
        }
    }
    fz_catch(ctx)
    {
        status = STING_E_ABSENT;
    }
    return status;
}

/* One filter, or none; several over each other are left alone. Throws. */
static bool find_codec(fz_context *ctx, pdf_obj *image, enum image_codec *out)
{
    pdf_obj *filter = pdf_dict_get(ctx, image, PDF_NAME(Filter));
    if (pdf_is_array(ctx, filter)) {
        if (pdf_array_len(ctx, filter) > 1) {
            return false;
        }
        filter = pdf_array_get(ctx, filter, 0);
    }
    *out = IMAGE_PLAIN;
    if (!filter) {
        return true;
    }
    for (size_t i = 0; i < sizeof codec_table / sizeof *codec_table; i++) {
        if (!strcmp(pdf_to_name(ctx, filter), codec_table[i].name)) {
            *out = codec_table[i].codec;
            return true;
        }
    }
    return false;
}

/* Throws. */
static void find_samples(fz_context *ctx, pdf_obj *image,
                         struct source_image *out)
{
    bool is_mask = pdf_dict_get_bool(ctx, image, PDF_NAME(ImageMask));
    bool two = out->codec == IMAGE_FAX || out->codec == IMAGE_JBIG2;
    out->bits = is_mask || two
                    ? 1
                    : pdf_dict_get_int(ctx, image, PDF_NAME(BitsPerComponent));
    pdf_obj *space = pdf_dict_get(ctx, image, PDF_NAME(ColorSpace));
    if (out->codec == IMAGE_JPEG || out->codec == IMAGE_JPX) {
        return;
    }
    out->components = 1;
    if (space && !is_mask) {
        fz_colorspace *known = pdf_load_colorspace(ctx, space);
        out->components = fz_colorspace_n(ctx, known);
        out->is_named = fz_colorspace_is_indexed(ctx, known);
        fz_drop_colorspace(ctx, known);
    }
}

/* Throws. */
static bool describe(fz_context *ctx, pdf_obj *image, struct source_image *out)
{
    if (!find_codec(ctx, image, &out->codec)) {
        return false;
    }
    out->width = pdf_dict_get_int(ctx, image, PDF_NAME(Width));
    out->height = pdf_dict_get_int(ctx, image, PDF_NAME(Height));
    find_samples(ctx, image, out);
    pdf_obj *how = pdf_dict_get(ctx, image, PDF_NAME(DecodeParms));
    how = pdf_is_array(ctx, how) ? pdf_array_get(ctx, how, 0) : how;
    out->is_predicted = pdf_dict_get_int(ctx, how, PDF_NAME(Predictor)) > 1;
    out->is_black_one = pdf_dict_get_bool(ctx, how, PDF_NAME(BlackIs1));
    return true;
}

static bool is_fit(const struct source_image *image)
{
    bool packed = image->codec == IMAGE_JPEG || image->codec == IMAGE_JPX;
    if (image->width < 1 || image->height < 1 || image->width > MOST_SIDE ||
        image->height > MOST_SIDE) {
        return false;
    }
    double samples = (double)image->width * image->height *
                     (image->components > 0 ? image->components : 1);
    bool bits = image->bits == 1 || image->bits == 2 || image->bits == 4 ||
                image->bits == 8;
    return samples <= MOST_BYTES && (packed || (bits && image->components > 0));
}

enum sting_status source_image(struct source *source, int number,
                               struct source_image *out)
{
    fz_context *ctx = source->ctx;
    struct source_image image = {0};
    bool is_known = false;
    pdf_obj *object = NULL;
    fz_var(is_known);
    fz_var(object);
    fz_try(ctx)
    {
        object = pdf_load_object(ctx, source->doc, number);
        is_known = describe(ctx, object, &image);
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, object);
    }
    fz_catch(ctx)
    {
        return STING_E_UNSUPPORTED;
    }
    if (!is_known || !is_fit(&image)) {
        return STING_E_UNSUPPORTED;
    }
    *out = image;
    return STING_OK;
}

static enum sting_status keep(fz_context *ctx, fz_buffer *bytes,
                              struct buffer *out)
{
    unsigned char *data = NULL;
    size_t size = fz_buffer_storage(ctx, bytes, &data);
    enum sting_status status = buffer_append(out, (struct bytes){data, size});
    fz_drop_buffer(ctx, bytes);
    return status;
}

enum sting_status source_raw(struct source *source, int number,
                             struct buffer *out, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    fz_buffer *raw = NULL;
    fz_var(raw);
    fz_try(ctx)
    {
        raw = pdf_load_raw_stream_number(ctx, source->doc, number);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "reading an image");
    }
    return keep(ctx, raw, out);
}

enum sting_status source_fax(struct source *source, struct bytes rows,
                             int width, int height, struct buffer *out)
{
    fz_context *ctx = source->ctx;
    fz_buffer *packed = NULL;
    fz_var(packed);
    fz_try(ctx)
    {
        packed = fz_compress_ccitt_fax_g4(ctx, rows.data, width, height);
    }
    fz_catch(ctx)
    {
        return fz_caught(ctx) == FZ_ERROR_MEMORY ? STING_E_NOMEM
                                                 : STING_E_FORMAT;
    }
    return keep(ctx, packed, out);
}
