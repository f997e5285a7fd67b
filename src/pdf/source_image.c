/* Images, and what the file says of them. */
#include "pdf/source_image.h"

#include <string.h>

#include "pdf/raster_jpeg.h"
#include "pdf/source_mupdf.h"

#define MOST_SIDE 65535

static const struct {
    const char *name;
    enum image_codec codec;
} codec_table[] = {
    {"FlateDecode", IMAGE_DEFLATE},
    {"LZWDecode", IMAGE_DEFLATE},
    {"DCTDecode", IMAGE_JPEG},
    {"CCITTFaxDecode", IMAGE_FAX},
    {"JBIG2Decode", IMAGE_JBIG2},
    {"JPXDecode", IMAGE_JPX},
    {"RunLengthDecode", IMAGE_DEFLATE},
    {"Fl", IMAGE_DEFLATE},
    {"LZW", IMAGE_DEFLATE},
    {"RL", IMAGE_DEFLATE},
    {"DCT", IMAGE_JPEG},
    {"CCF", IMAGE_FAX},
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
    pdf_obj *filter = pdf_dict_geta(ctx, image, PDF_NAME(Filter), PDF_NAME(F));
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

/* A name in an inline image may be that of a resource. Throws. */
static pdf_obj *space_of(fz_context *ctx, pdf_obj *image, pdf_obj *resources)
{
    pdf_obj *space =
        pdf_dict_geta(ctx, image, PDF_NAME(ColorSpace), PDF_NAME(CS));
    pdf_obj *all = pdf_dict_get(ctx, resources, PDF_NAME(ColorSpace));
    pdf_obj *named =
        pdf_is_name(ctx, space) ? pdf_dict_get(ctx, all, space) : NULL;
    return named ? named : space;
}

/* By a codec whose data say what they hold. */
static bool is_packed(const struct source_image *image)
{
    return image->codec == IMAGE_JPEG || image->codec == IMAGE_JPX;
}

/* Throws. */
static void find_samples(fz_context *ctx, pdf_obj *image,
                         struct source_image *out)
{
    bool two = out->codec == IMAGE_FAX || out->codec == IMAGE_JBIG2;
    pdf_obj *decode = pdf_dict_geta(ctx, image, PDF_NAME(Decode), PDF_NAME(D));
    out->is_stencil = pdf_to_bool(
        ctx, pdf_dict_geta(ctx, image, PDF_NAME(ImageMask), PDF_NAME(IM)));
    out->is_turned =
        pdf_array_get_real(ctx, decode, 0) > pdf_array_get_real(ctx, decode, 1);
    out->bits = out->is_stencil || two
                    ? 1
                    : pdf_to_int(ctx, pdf_dict_geta(ctx, image,
                                                    PDF_NAME(BitsPerComponent),
                                                    PDF_NAME(BPC)));
    pdf_obj *space = space_of(ctx, image, out->resources);
    out->components = is_packed(out) ? 0 : 1;
    if (space && !out->is_stencil && out->codec != IMAGE_JPX) {
        fz_colorspace *known = pdf_load_colorspace(ctx, space);
        out->components = fz_colorspace_n(ctx, known);
        out->is_named = !is_packed(out) && fz_colorspace_is_indexed(ctx, known);
        fz_drop_colorspace(ctx, known);
    }
}

/* Throws. */
static bool describe(fz_context *ctx, pdf_obj *image, struct source_image *out)
{
    if (!find_codec(ctx, image, &out->codec)) {
        return false;
    }
    out->width = pdf_to_int(
        ctx, pdf_dict_geta(ctx, image, PDF_NAME(Width), PDF_NAME(W)));
    out->height = pdf_to_int(
        ctx, pdf_dict_geta(ctx, image, PDF_NAME(Height), PDF_NAME(H)));
    find_samples(ctx, image, out);
    pdf_obj *how =
        pdf_dict_geta(ctx, image, PDF_NAME(DecodeParms), PDF_NAME(DP));
    how = pdf_is_array(ctx, how) ? pdf_array_get(ctx, how, 0) : how;
    out->is_predicted = pdf_dict_get_int(ctx, how, PDF_NAME(Predictor)) > 1;
    out->is_black_one = pdf_dict_get_bool(ctx, how, PDF_NAME(BlackIs1));
    return true;
}

static enum sting_status judge(const struct source_image *image)
{
    bool packed = is_packed(image);
    if (image->width < 1 || image->height < 1 || image->width > MOST_SIDE ||
        image->height > MOST_SIDE) {
        return STING_E_UNSUPPORTED;
    }
    double samples = (double)image->width * image->height *
                     (packed || image->components < 1 ? 1 : image->components);
    bool bits = image->bits == 1 || image->bits == 2 || image->bits == 4 ||
                image->bits == 8;
    if (samples > SOURCE_MOST_SAMPLES) {
        return STING_E_LIMIT;
    }
    return packed || (bits && image->components > 0) ? STING_OK
                                                     : STING_E_UNSUPPORTED;
}

pdf_obj *source_inline_dict(fz_context *ctx, pdf_document *doc,
                            const struct source_image *image)
{
    pdf_lexbuf lexbuf;
    fz_buffer *bytes = NULL;
    fz_stream *text = NULL;
    pdf_obj *dict = NULL;
    fz_var(bytes);
    fz_var(text);
    fz_var(dict);
    pdf_lexbuf_init(ctx, &lexbuf, PDF_LEXBUF_SMALL);
    fz_try(ctx)
    {
        bytes = fz_new_buffer(ctx, image->dict.size + 4);
        fz_append_data(ctx, bytes, image->dict.data, image->dict.size);
        fz_append_string(ctx, bytes, " >>");
        text = fz_open_buffer(ctx, bytes);
        dict = pdf_parse_dict(ctx, doc, text, &lexbuf);
    }
    fz_always(ctx)
    {
        fz_drop_stream(ctx, text);
        fz_drop_buffer(ctx, bytes);
        pdf_lexbuf_fin(ctx, &lexbuf);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
    return dict;
}

/* Throws. */
static pdf_obj *load_dict(struct source *source,
                          const struct source_image *image)
{
    return image->number > 0
               ? pdf_load_object(source->ctx, source->doc, image->number)
               : source_inline_dict(source->ctx, source->doc, image);
}

static enum sting_status find(struct source *source, struct source_image *image)
{
    fz_context *ctx = source->ctx;
    bool is_known = false;
    pdf_obj *object = NULL;
    fz_var(is_known);
    fz_var(object);
    fz_try(ctx)
    {
        object = load_dict(source, image);
        is_known = describe(ctx, object, image);
    }
    fz_always(ctx)
    {
        pdf_drop_obj(ctx, object);
    }
    fz_catch(ctx)
    {
        return STING_E_UNSUPPORTED;
    }
    return is_known ? judge(image) : STING_E_UNSUPPORTED;
}

/* A JPEG holds what the PDF says that it does, or is too damaged to tell. */
static enum sting_status check_jpeg(struct source *source,
                                    const struct source_image *image)
{
    struct buffer raw STING_AUTO(buffer_release) = {0};
    struct raster_jpeg_look look;
    struct fault ignored;
    struct bytes jpeg = image->data;
    if (image->number > 0) {
        if (source_raw(source, image->number, &raw, &ignored)) {
            return STING_OK;
        }
        jpeg = buffer_bytes(&raw);
    }
    enum sting_status status = raster_jpeg_look(jpeg, &look);
    if (status) {
        return status == STING_E_NOMEM ? status : STING_OK;
    }
    bool is_same = look.width == image->width &&
                   (image->is_stencil || look.components == image->components);
    return is_same ? STING_OK : STING_E_FORMAT;
}

static enum sting_status find_right(struct source *source,
                                    struct source_image *image)
{
    enum sting_status status = find(source, image);
    return !status && image->codec == IMAGE_JPEG ? check_jpeg(source, image)
                                                 : status;
}

enum sting_status source_image(struct source *source, int number,
                               struct source_image *out)
{
    struct source_image image = {.number = number};
    enum sting_status status = find_right(source, &image);
    if (!status) {
        *out = image;
    }
    return status;
}

enum sting_status source_image_inline(struct source *source,
                                      struct source_image *image)
{
    image->number = 0;
    return find_right(source, image);
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

const char *source_version(void)
{
    return FZ_VERSION;
}
