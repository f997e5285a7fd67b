#include "pdf/check.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/source_mupdf.h"

void check_page_release(struct check_page *page)
{
    free(page->glyph);
    *page = (struct check_page){0};
}

static size_t count(const fz_stext_page *text)
{
    size_t glyphs = 0;
    for (fz_stext_block *b = text->first_block; b; b = b->next) {
        if (b->type != FZ_STEXT_BLOCK_TEXT) {
            continue;
        }
        for (fz_stext_line *l = b->u.t.first_line; l; l = l->next) {
            for (fz_stext_char *c = l->first_char; c; c = c->next) {
                glyphs++;
            }
        }
    }
    return glyphs;
}

static void collect(fz_context *ctx, const fz_stext_page *text,
                    struct check_page *out)
{
    for (fz_stext_block *b = text->first_block; b; b = b->next) {
        if (b->type != FZ_STEXT_BLOCK_TEXT) {
            continue;
        }
        for (fz_stext_line *l = b->u.t.first_line; l; l = l->next) {
            for (fz_stext_char *c = l->first_char; c; c = c->next) {
                out->glyph[out->glyphs++] = (struct check_glyph){
                    c->c, c->origin.x, c->origin.y,
                    fz_font_t3_procs(ctx, c->font) != NULL};
            }
        }
    }
}

/* Throws; the caller drops what it gives. */
static fz_stext_page *read_text(fz_context *ctx, pdf_document *doc, int number)
{
    fz_stext_options options = {FZ_STEXT_INHIBIT_SPACES |
                                    FZ_STEXT_PRESERVE_LIGATURES |
                                    FZ_STEXT_PRESERVE_WHITESPACE,
                                1};
    fz_stext_page *text = NULL;
    fz_page *page = (fz_page *)pdf_load_page(ctx, doc, number);
    fz_var(text);
    fz_try(ctx)
    {
        text = fz_new_stext_page_from_page(ctx, page, &options);
    }
    fz_always(ctx)
    {
        fz_drop_page(ctx, page);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
    return text;
}

enum sting_status check_page_read(struct source *source, int page,
                                  struct check_page *out, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    fz_stext_page *text = NULL;
    struct check_page read = {0};
    fz_var(text);
    fz_try(ctx)
    {
        text = read_text(ctx, source->doc, page);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "reading a page again");
    }
    read.glyph = calloc(count(text) + 1, sizeof *read.glyph);
    if (read.glyph) {
        collect(ctx, text, &read);
    }
    fz_drop_stext_page(ctx, text);
    if (!read.glyph) {
        return STING_E_NOMEM;
    }
    *out = read;
    return STING_OK;
}

bool check_page_agrees(const struct check_page *original,
                       const struct check_page *copy, double most_pt)
{
    if (original->glyphs != copy->glyphs) {
        return false;
    }
    for (size_t i = 0; i < copy->glyphs; i++) {
        const struct check_glyph *a = &original->glyph[i];
        const struct check_glyph *b = &copy->glyph[i];
        if (a->unicode != b->unicode ||
            !(hypot((double)a->x_pt - (double)b->x_pt,
                    (double)a->y_pt - (double)b->y_pt) <= most_pt)) {
            return false;
        }
    }
    return true;
}
