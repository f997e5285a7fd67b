/* Fonts as MuPDF loads them. Widths and codes are read exactly as its own
 * interpreter does, so that places agree with what it renders. */
#include "pdf/face.h"

#include <stdlib.h>

#include "pdf/source_mupdf.h"

#define BOXES 65536 /* glyphs whose ink box is remembered */

struct face {
    fz_context *ctx; /* borrowed */
    pdf_font_desc *desc;
    pdf_obj *object;
    fz_rect *box; /* owned; by glyph number */
    uint8_t *is_boxed;
};

struct face *face_new(fz_context *ctx, pdf_document *doc, pdf_obj *resources,
                      pdf_obj *font)
{
    pdf_font_desc *desc = pdf_load_font(ctx, doc, resources, font);
    struct face *face = calloc(1, sizeof *face);
    if (face) {
        face->box = calloc(BOXES, sizeof *face->box);
        face->is_boxed = calloc(BOXES, 1);
    }
    if (!face || !face->box || !face->is_boxed) {
        pdf_drop_font(ctx, desc);
        if (face) {
            free(face->box);
            free(face->is_boxed);
        }
        free(face);
        fz_throw(ctx, FZ_ERROR_MEMORY, "no memory");
    }
    face->ctx = ctx;
    face->desc = desc;
    face->object = pdf_keep_obj(ctx, font);
    return face;
}

void face_free(struct face **face)
{
    if (*face) {
        pdf_drop_font((*face)->ctx, (*face)->desc);
        pdf_drop_obj((*face)->ctx, (*face)->object);
        free((*face)->box);
        free((*face)->is_boxed);
    }
    free(*face);
    *face = NULL;
}

pdf_obj *face_object(const struct face *face)
{
    return face->object;
}

bool face_is_vertical(const struct face *face)
{
    return face->desc->wmode != 0;
}

bool face_is_fixed_pitch(const struct face *face)
{
    return face->desc->flags & PDF_FD_FIXED_PITCH ||
           fz_font_is_monospaced(face->ctx, face->desc->font);
}

/* Throws. */
static fz_rect ink_box(struct face *face, int cid)
{
    fz_font *font = face->desc->font;
    int gid = pdf_font_cid_to_gid(face->ctx, face->desc, cid);
    if (gid < 0 || gid >= BOXES) {
        return fz_empty_rect;
    }
    if (!face->is_boxed[gid]) {
        face->box[gid] = fz_bound_glyph(face->ctx, font, gid, fz_identity);
        face->is_boxed[gid] = 1;
    }
    return face->box[gid];
}

static int unicode_of(struct face *face, int cid)
{
    int value[PDF_MRANGE_CAP] = {0};
    pdf_font_desc *desc = face->desc;
    if (desc->to_unicode &&
        pdf_lookup_cmap_full(desc->to_unicode, (unsigned)cid, value) > 0) {
        return value[0];
    }
    if (desc->cid_to_ucs && (size_t)cid < desc->cid_to_ucs_len) {
        return desc->cid_to_ucs[cid];
    }
    return 0;
}

static void describe(struct face *face, int cid, struct face_glyph *out)
{
    fz_rect box = fz_empty_rect;
    fz_context *ctx = face->ctx;
    fz_try(ctx)
    {
        box = ink_box(face, cid);
    }
    fz_catch(ctx)
    {
        box = fz_empty_rect; /* a broken glyph shows nothing */
    }
    out->unicode = unicode_of(face, cid);
    out->is_digit = out->unicode >= '0' && out->unicode <= '9';
    out->has_ink = box.x1 > box.x0 && box.y1 > box.y0 && out->unicode != ' ' &&
                   out->unicode != 0xa0;
    out->box[0] = box.x0;
    out->box[1] = box.y0;
    out->box[2] = box.x1;
    out->box[3] = box.y1;
}

struct face_glyph face_glyph(struct face *face, struct bytes string)
{
    struct face_glyph out = {0};
    pdf_font_desc *desc = face->desc;
    unsigned code = 0;
    /* MuPDF only reads here, though its parameters are not const. */
    unsigned char *at = (unsigned char *)(uintptr_t)string.data;
    out.bytes = pdf_decode_cmap(desc->encoding, at, at + string.size, &code);
    if (out.bytes < 1) {
        out.bytes = 1;
    }
    out.is_space = code == 32 && out.bytes == 1;
    int cid = pdf_lookup_cmap(desc->encoding, code);
    out.is_shown = cid >= 0;
    if (!out.is_shown) {
        return out;
    }
    if (desc->wmode) {
        out.height = pdf_lookup_vmtx(face->ctx, desc, cid).w * 0.001;
    } else {
        out.width = pdf_lookup_hmtx(face->ctx, desc, cid).w * 0.001;
    }
    describe(face, cid, &out);
    return out;
}
