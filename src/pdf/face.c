/* Fonts as MuPDF loads them. Widths and codes are read exactly as its own
 * interpreter does, so that places agree with what it renders. */
#include "pdf/face.h"

#include <math.h>
#include <stdlib.h>

#include "pdf/source_mupdf.h"

#define BOXES 65536 /* glyphs whose ink box is remembered */
#define CODES 256

struct face {
    fz_context *ctx; /* borrowed */
    pdf_font_desc *desc;
    pdf_obj *object;
    fz_rect *box; /* owned; by glyph number */
    uint8_t *is_boxed;
    double reader_size;
    double drift[CODES]; /* of a font of type 3, by code */
};

/* What a font of type 3 says of the width of a code, in text space. */
static double type3_width(fz_context *ctx, pdf_obj *font, int code)
{
    pdf_obj *matrix = pdf_dict_get(ctx, font, PDF_NAME(FontMatrix));
    pdf_obj *widths = pdf_dict_get(ctx, font, PDF_NAME(Widths));
    int first = pdf_dict_get_int(ctx, font, PDF_NAME(FirstChar));
    return code < first
               ? 0
               : (double)pdf_array_get_real(ctx, widths, code - first) *
                     (double)pdf_array_get_real(ctx, matrix, 0);
}

/* Codes by which the size is guessed; -1: it has none. */
struct size_codes {
    int m, letter, any;
};

static void codes_look(fz_context *ctx, pdf_obj *font, int code,
                       const char *name, struct size_codes *out)
{
    bool is_one = name[0] && !name[1];
    bool is_letter = is_one && ((name[0] >= 'A' && name[0] <= 'Z') ||
                                (name[0] >= 'a' && name[0] <= 'z'));
    if (is_one && name[0] == 'm') {
        out->m = code;
    }
    if (is_letter && (out->letter < 0 || code < out->letter)) {
        out->letter = code;
    }
    if ((out->any < 0 || code < out->any) && type3_width(ctx, font, code) > 0) {
        out->any = code;
    }
}

static struct size_codes codes_find(fz_context *ctx, pdf_obj *font)
{
    struct size_codes out = {-1, -1, -1};
    pdf_obj *encoding = pdf_dict_get(ctx, font, PDF_NAME(Encoding));
    pdf_obj *names = pdf_dict_get(ctx, encoding, PDF_NAME(Differences));
    int count = pdf_array_len(ctx, names);
    int code = 0;
    for (int i = 0; i < count && code < 256; i++) {
        pdf_obj *one = pdf_array_get(ctx, names, i);
        if (pdf_is_int(ctx, one)) {
            code = pdf_to_int(ctx, one);
        } else if (code >= 0) {
            codes_look(ctx, font, code++, pdf_to_name(ctx, one), &out);
        }
    }
    return out;
}

static double type3_size(fz_context *ctx, pdf_obj *font)
{
    const struct size_codes codes = codes_find(ctx, font);
    const struct {
        int code;
        double usual; /* width of such a sign, of a font of size 1 */
    } row[] = {{codes.m, 0.6}, {codes.letter, 0.5}, {codes.any, 0.5}};
    pdf_obj *matrix = pdf_dict_get(ctx, font, PDF_NAME(FontMatrix));
    double wide = (double)pdf_array_get_real(ctx, matrix, 0);
    double high = (double)pdf_array_get_real(ctx, matrix, 3);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double width =
            row[i].code < 0 ? 0 : type3_width(ctx, font, row[i].code);
        if (width > 0) {
            return width / row[i].usual * fabs(high / wide);
        }
    }
    return 1;
}

static double hmtx_width(const struct face *face, int cid)
{
    return pdf_lookup_hmtx(face->ctx, face->desc, cid).w * 0.001;
}

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
    face->reader_size = face_is_type3(face) ? type3_size(ctx, font) : 1;
    for (int code = 0; face_is_type3(face) && code < CODES; code++) {
        face->drift[code] =
            type3_width(ctx, font, code) - hmtx_width(face, code);
    }
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

bool face_is_type3(const struct face *face)
{
    return fz_font_t3_procs(face->ctx, face->desc->font) != NULL;
}

double face_reader_size(const struct face *face)
{
    return face->reader_size;
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

/* Several letters in one glyph are told as the ligature that they are. */
static int ligature_of(const int value[PDF_MRANGE_CAP])
{
    static const struct {
        int letter[3], code;
    } row[] = {{{'f', 'f', 'i'}, 0xfb03},
               {{'f', 'f', 'l'}, 0xfb04},
               {{'f', 'f', 0}, 0xfb00},
               {{'f', 'i', 0}, 0xfb01},
               {{'f', 'l', 0}, 0xfb02}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (value[0] == row[i].letter[0] && value[1] == row[i].letter[1] &&
            value[2] == row[i].letter[2]) {
            return row[i].code;
        }
    }
    return value[0];
}

static int unicode_of(struct face *face, int cid)
{
    int value[PDF_MRANGE_CAP] = {0};
    pdf_font_desc *desc = face->desc;
    if (desc->to_unicode &&
        pdf_lookup_cmap_full(desc->to_unicode, (unsigned)cid, value) > 0) {
        return ligature_of(value);
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
        out.width = hmtx_width(face, cid);
    }
    out.drift = code < CODES ? face->drift[code] : 0;
    describe(face, cid, &out);
    return out;
}

/* Does this code, all of it, show the character? */
static bool shows(struct face *face, struct bytes string, int unicode,
                  double *width)
{
    pdf_font_desc *desc = face->desc;
    unsigned code = 0;
    unsigned char *at = (unsigned char *)(uintptr_t)string.data;
    if (pdf_decode_cmap(desc->encoding, at, at + string.size, &code) !=
        (int)string.size) {
        return false;
    }
    int cid = pdf_lookup_cmap(desc->encoding, code);
    if (cid < 0 || unicode_of(face, cid) != unicode) {
        return false;
    }
    struct face_glyph glyph = face_glyph(face, string);
    bool is_missing = !fz_font_t3_procs(face->ctx, desc->font) &&
                      pdf_font_cid_to_gid(face->ctx, desc, cid) <= 0;
    *width = glyph.width;
    return glyph.has_ink && !is_missing;
}

bool face_encode(struct face *face, int unicode, struct face_code *out)
{
    if (face->desc->wmode) {
        return false;
    }
    for (int bytes = 1; bytes <= 2; bytes++) {
        for (unsigned code = 0; code < (bytes == 1 ? 256U : 65536U); code++) {
            struct face_code try = {.byte = {(uint8_t)code}, .bytes = bytes};
            if (bytes == 2) {
                try.byte[0] = (uint8_t)(code >> 8);
                try.byte[1] = (uint8_t)code;
            }
            struct bytes string = {try.byte, (size_t)bytes};
            if (shows(face, string, unicode, &try.width)) {
                *out = try;
                return true;
            }
        }
    }
    return false;
}
