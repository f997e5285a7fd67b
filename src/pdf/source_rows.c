#include "pdf/source_rows.h"

#include <stdlib.h>
#include <string.h>

#include "pdf/source_mupdf.h"

struct source_rows {
    fz_context *ctx;
    fz_stream *stream; /* owned */
};

void source_rows_close(struct source_rows **rows)
{
    if (*rows) {
        fz_drop_stream((*rows)->ctx, (*rows)->stream);
    }
    free(*rows);
    *rows = NULL;
}

/* Throws. */
static fz_stream *open_inline(fz_context *ctx, pdf_document *doc,
                              const struct source_image *image)
{
    pdf_obj *dict = source_inline_dict(ctx, doc, image);
    fz_stream *raw = NULL, *out = NULL;
    fz_var(raw);
    fz_var(out);
    fz_try(ctx)
    {
        raw = fz_open_memory(ctx, image->data.data, image->data.size);
        out = pdf_open_inline_stream(ctx, doc, dict, (int)image->data.size, raw,
                                     NULL);
    }
    fz_always(ctx)
    {
        fz_drop_stream(ctx, raw);
        pdf_drop_obj(ctx, dict);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
    return out;
}

enum sting_status source_rows_open(struct source *source,
                                   const struct source_image *image,
                                   struct source_rows **out)
{
    fz_context *ctx = source->ctx;
    struct source_rows *rows = calloc(1, sizeof *rows);
    if (!rows) {
        return STING_E_NOMEM;
    }
    rows->ctx = ctx;
    fz_try(ctx)
    {
        rows->stream =
            image->number > 0
                ? pdf_open_stream_number(ctx, source->doc, image->number)
                : open_inline(ctx, source->doc, image);
    }
    fz_catch(ctx)
    {
        free(rows);
        return STING_E_UNSUPPORTED;
    }
    *out = rows;
    return STING_OK;
}

enum sting_status source_rows_read(struct source_rows *rows, uint8_t *to,
                                   size_t size)
{
    fz_context *ctx = rows->ctx;
    size_t got = 0;
    fz_var(got);
    fz_try(ctx)
    {
        got = fz_read(ctx, rows->stream, to, size);
    }
    fz_catch(ctx)
    {
        return STING_E_UNSUPPORTED;
    }
    memset(to + got, 0, size - got);
    return STING_OK;
}
