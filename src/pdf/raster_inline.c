/* Inline images (ISO 32000-1, 8.9.7), displaced and written again. */
#include "pdf/dict.h"
#include "pdf/lexer.h"
#include "pdf/raster_image.h"

/* The dictionary with the filter that the data now has. */
static enum sting_status put_dict(struct bytes dict,
                                  const struct raster_image *image,
                                  struct buffer *out)
{
    struct buffer whole STING_AUTO(buffer_release) = {0};
    struct buffer changed STING_AUTO(buffer_release) = {0};
    const struct dict_change change[] = {
        {"/Length", NULL},     {"/L", NULL},
        {"/Filter", NULL},     {"/DecodeParms", NULL},
        {"/F", image->filter}, {"/DP", image->how[0] ? image->how : NULL},
    };
    size_t changes = image->keeps_filter ? 2 : sizeof change / sizeof *change;
    enum sting_status status = buffer_text_append(&whole, "<<");
    if (!status) {
        status = buffer_append(&whole, dict);
    }
    if (!status) {
        status = buffer_text_append(&whole, ">>");
    }
    if (!status) {
        status = dict_write(buffer_bytes(&whole), change, changes, &changed);
    }
    return status ? status
                  : buffer_append(out, (struct bytes){changed.data + 2,
                                                      changed.size - 4});
}

/* Readers look for EI: what the data holds must not look like it. */
static bool ends_where_it_should(struct bytes text, size_t dict, size_t id)
{
    struct lexer lexer = {text, id + 2};
    pdf_lexer_skip_image(&lexer, (struct bytes){text.data + dict, id - dict});
    return lexer.at == text.size;
}

static enum sting_status put(const struct raster_job *job,
                             const struct raster_image *image,
                             struct buffer *out)
{
    enum sting_status status = buffer_text_append(out, "BI");
    size_t dict = out->size;
    if (!status) {
        status = put_dict(job->image->dict, image, out);
    }
    size_t id = out->size + 1;
    if (!status) {
        status = buffer_text_append(out, "\nID ");
    }
    if (!status) {
        status = buffer_append(out, buffer_bytes(&image->data));
    }
    if (!status) {
        status = buffer_text_append(out, "\nEI");
    }
    if (!status && !ends_where_it_should(buffer_bytes(out), dict, id)) {
        out->size = 0;
    }
    return status;
}

enum sting_status raster_inline_make(struct source *source,
                                     const struct raster_job *job,
                                     struct buffer *out)
{
    struct raster_image image STING_AUTO(raster_image_release) = {0};
    out->size = 0;
    if (job->image->stays) {
        return STING_OK;
    }
    enum sting_status status = raster_image_make(source, job, &image);
    if (status) {
        return status == STING_E_NOMEM ? status : STING_OK;
    }
    return put(job, &image, out);
}
