/* What a page is made of, and what its names stand for. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/face.h"
#include "pdf/source_mupdf.h"

#define MOST_RENDER_PX 200e6

/* MuPDF puts letters of 24 to 48 pixels on half pixels (fz_subpixel_adjust):
 * at 200 dots an inch those of 9 to 17 pt, up to 0.09 pt beside their place, as
 * much as marks are. Where places are measured, in pictures of about that many
 * dots, a page is the mean of two that lie a quarter of a pixel apart. */
#define MEASURED_LOW_DPI 150.0
#define MEASURED_HIGH_DPI 250.0
#define HALF_APART_PX 0.125F

static struct place_map map_of(fz_matrix m)
{
    return (struct place_map){m.a, m.b, m.c, m.d, m.e, m.f};
}

/* Throws. */
static void list_parts(fz_context *ctx, pdf_obj *contents,
                       struct source_page *out)
{
    int count = pdf_array_len(ctx, contents);
    if (pdf_is_stream(ctx, contents)) {
        out->part[out->parts++] = pdf_to_num(ctx, contents);
        return;
    }
    if (count > SOURCE_MOST_PARTS) {
        fz_throw(ctx, FZ_ERROR_GENERIC, "a page has %d streams", count);
    }
    for (int i = 0; i < count; i++) {
        pdf_obj *part = pdf_array_get(ctx, contents, i);
        if (pdf_is_stream(ctx, part)) {
            out->part[out->parts++] = pdf_to_num(ctx, part);
        }
    }
}

/* A page that cannot be drawn as finely as it is measured could be issued and
 * never be read. */
static enum sting_status area_check(int page, const struct source_page *of,
                                    struct fault *fault)
{
    const double m_per_pt = 0.0254 / 72;
    const double most_pt2 =
        MOST_RENDER_PX * 72 * 72 / (SOURCE_READ_DPI * SOURCE_READ_DPI);
    return of->width_pt * of->height_pt <= most_pt2
               ? STING_OK
               : fault_set(fault, STING_E_LIMIT,
                           "print it on smaller pages first",
                           "page %d is too large to be read: %.1f m x %.1f m",
                           page + 1, of->width_pt * m_per_pt,
                           of->height_pt * m_per_pt);
}

enum sting_status source_page(struct source *source, int page,
                              struct source_page *out, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    memset(out, 0, sizeof *out);
    fz_try(ctx)
    {
        fz_rect box;
        fz_matrix map;
        pdf_obj *object = pdf_lookup_page_obj(ctx, source->doc, page);
        pdf_page_obj_transform(ctx, object, &box, &map);
        box = fz_transform_rect(box, map);
        out->to_display = map_of(map);
        out->width_pt = box.x1 - box.x0;
        out->height_pt = box.y1 - box.y0;
        out->resources =
            pdf_dict_get_inheritable(ctx, object, PDF_NAME(Resources));
        list_parts(ctx, pdf_dict_get(ctx, object, PDF_NAME(Contents)), out);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "reading a page");
    }
    if (!(out->width_pt <= SOURCE_MOST_PT &&
          out->height_pt <= SOURCE_MOST_PT)) {
        return fault_set(
            fault, STING_E_LIMIT, "print it on smaller pages first",
            "page %d is larger than %.0f pt", page + 1, SOURCE_MOST_PT);
    }
    return area_check(page, out, fault);
}

enum sting_status source_form(struct source *source, struct pdf_obj *resources,
                              const char *name, struct source_form *out)
{
    fz_context *ctx = source->ctx;
    enum sting_status status = STING_E_ABSENT;
    fz_var(status);
    fz_try(ctx)
    {
        pdf_obj *all = pdf_dict_get(ctx, resources, PDF_NAME(XObject));
        pdf_obj *form = pdf_dict_gets(ctx, all, name);
        if (pdf_name_eq(ctx, pdf_dict_get(ctx, form, PDF_NAME(Subtype)),
                        PDF_NAME(Form)) &&
            pdf_is_stream(ctx, form)) {
            out->number = pdf_to_num(ctx, form);
            out->matrix =
                map_of(pdf_dict_get_matrix(ctx, form, PDF_NAME(Matrix)));
            out->resources = pdf_dict_get(ctx, form, PDF_NAME(Resources));
            out->is_optional = pdf_dict_get(ctx, form, PDF_NAME(OC)) != NULL;
            status = STING_OK;
        }
    }
    fz_catch(ctx)
    {
        status = STING_E_ABSENT;
    }
    return status;
}

/* The face of this font object, loaded once. Throws. */
static struct face *find_face(struct source *source, pdf_obj *resources,
                              pdf_obj *font)
{
    fz_context *ctx = source->ctx;
    for (size_t i = 0; i < source->faces; i++) {
        if (!pdf_objcmp(ctx, face_object(source->face[i]), font)) {
            return source->face[i];
        }
    }
    void *grown =
        reallocarray(source->face, source->faces + 1, sizeof(struct face *));
    if (!grown) {
        fz_throw(ctx, FZ_ERROR_MEMORY, "no memory");
    }
    source->face = grown;
    source->face[source->faces] = face_new(ctx, source->doc, resources, font);
    return source->face[source->faces++];
}

enum sting_status source_font(struct source *source, struct pdf_obj *resources,
                              const char *name, struct face **out)
{
    fz_context *ctx = source->ctx;
    enum sting_status status = STING_E_ABSENT;
    fz_var(status);
    fz_try(ctx)
    {
        pdf_obj *all = pdf_dict_get(ctx, resources, PDF_NAME(Font));
        pdf_obj *font = pdf_dict_gets(ctx, all, name);
        if (pdf_is_dict(ctx, font)) {
            *out = find_face(source, resources, font);
            status = STING_OK;
        }
    }
    fz_catch(ctx)
    {
        status = STING_E_ABSENT;
    }
    return status;
}

enum sting_status source_state_font(struct source *source,
                                    struct pdf_obj *resources, const char *name,
                                    struct face **out, double *size)
{
    fz_context *ctx = source->ctx;
    enum sting_status status = STING_E_ABSENT;
    fz_var(status);
    fz_try(ctx)
    {
        pdf_obj *all = pdf_dict_get(ctx, resources, PDF_NAME(ExtGState));
        pdf_obj *pair =
            pdf_dict_get(ctx, pdf_dict_gets(ctx, all, name), PDF_NAME(Font));
        pdf_obj *font = pdf_array_get(ctx, pair, 0);
        if (pdf_is_dict(ctx, font)) {
            *size = pdf_array_get_real(ctx, pair, 1);
            *out = find_face(source, resources, font);
            status = STING_OK;
        }
    }
    fz_catch(ctx)
    {
        status = STING_E_ABSENT;
    }
    return status;
}

/* An annotation that is drawn around or under text. Throws. */
static bool is_drawn(fz_context *ctx, pdf_obj *annotation)
{
    pdf_obj *kind = pdf_dict_get(ctx, annotation, PDF_NAME(Subtype));
    pdf_obj *style = pdf_dict_get(ctx, annotation, PDF_NAME(BS));
    pdf_obj *border = pdf_dict_get(ctx, annotation, PDF_NAME(Border));
    if (!pdf_name_eq(ctx, kind, PDF_NAME(Link))) {
        return !pdf_name_eq(ctx, kind, PDF_NAME(Popup));
    }
    if (style) {
        return pdf_dict_get_real(ctx, style, PDF_NAME(W)) != 0 ||
               !pdf_dict_get(ctx, style, PDF_NAME(W));
    }
    return !border || pdf_array_get_real(ctx, border, 2) != 0;
}

int source_borders(struct source *source, int page, double (*box)[4], int most)
{
    fz_context *ctx = source->ctx;
    int count = 0;
    fz_var(count);
    fz_try(ctx)
    {
        pdf_obj *object = pdf_lookup_page_obj(ctx, source->doc, page);
        pdf_obj *all = pdf_dict_get(ctx, object, PDF_NAME(Annots));
        int annotations = pdf_array_len(ctx, all);
        for (int i = 0; i < annotations && count < most; i++) {
            pdf_obj *annotation = pdf_array_get(ctx, all, i);
            if (is_drawn(ctx, annotation)) {
                fz_rect r = pdf_dict_get_rect(ctx, annotation, PDF_NAME(Rect));
                box[count][0] = r.x0;
                box[count][1] = r.y0;
                box[count][2] = r.x1;
                box[count++][3] = r.y1;
            }
        }
    }
    fz_catch(ctx)
    {
        return count;
    }
    return count;
}

/* Throws. The caller drops what it gives. */
static fz_pixmap *paint(fz_context *ctx, fz_page *page, fz_irect box,
                        fz_matrix map)
{
    fz_pixmap *pixmap =
        fz_new_pixmap_with_bbox(ctx, fz_device_gray(ctx), box, NULL, 0);
    fz_device *device = NULL;
    fz_var(device);
    fz_try(ctx)
    {
        fz_clear_pixmap_with_value(ctx, pixmap, 255);
        device = fz_new_draw_device(ctx, map, pixmap);
        fz_run_page(ctx, page, device, fz_identity, NULL);
        fz_close_device(ctx, device);
    }
    fz_always(ctx)
    {
        fz_drop_device(ctx, device);
    }
    fz_catch(ctx)
    {
        fz_drop_pixmap(ctx, pixmap);
        fz_rethrow(ctx);
    }
    return pixmap;
}

/* Painted so many pixels right and down of its place. Throws. */
static fz_pixmap *paint_beside(fz_context *ctx, fz_page *page, fz_irect box,
                               fz_matrix map, float away_px)
{
    return paint(ctx, page, box,
                 fz_concat(map, fz_translate(away_px, away_px)));
}

/* The mean of two pictures of one size, in the first. */
static void pixels_average(fz_context *ctx, fz_pixmap *pixmap, fz_pixmap *other)
{
    uint8_t *to = fz_pixmap_samples(ctx, pixmap);
    const uint8_t *from = fz_pixmap_samples(ctx, other);
    size_t bytes = (size_t)fz_pixmap_stride(ctx, pixmap) *
                   (size_t)fz_pixmap_height(ctx, pixmap);
    for (size_t i = 0; i < bytes; i++) {
        to[i] = (uint8_t)((to[i] + from[i] + 1) / 2);
    }
}

/* Throws. The caller drops what it gives. */
static fz_pixmap *paint_twice(fz_context *ctx, fz_page *page, fz_irect box,
                              fz_matrix map)
{
    fz_pixmap *pixmap = paint_beside(ctx, page, box, map, -HALF_APART_PX);
    fz_pixmap *other = NULL;
    fz_var(other);
    fz_try(ctx)
    {
        other = paint_beside(ctx, page, box, map, HALF_APART_PX);
        pixels_average(ctx, pixmap, other);
    }
    fz_always(ctx)
    {
        fz_drop_pixmap(ctx, other);
    }
    fz_catch(ctx)
    {
        fz_drop_pixmap(ctx, pixmap);
        fz_rethrow(ctx);
    }
    return pixmap;
}

/* Throws. */
static fz_pixmap *paint_page(fz_context *ctx, pdf_document *doc, int number,
                             double dpi)
{
    fz_page *page = (fz_page *)pdf_load_page(ctx, doc, number);
    fz_pixmap *pixmap = NULL;
    fz_var(pixmap);
    fz_try(ctx)
    {
        float scale = (float)(dpi / 72);
        fz_matrix map = fz_scale(scale, scale);
        fz_rect bound = fz_bound_page(ctx, page);
        fz_irect box = fz_round_rect(fz_transform_rect(bound, map));
        double pixels = (double)(box.x1 - box.x0) * (box.y1 - box.y0);
        if (!(pixels <= MOST_RENDER_PX)) {
            fz_throw(ctx, FZ_ERROR_GENERIC, "%.0f pixels are too many", pixels);
        }
        bool is_measured = dpi >= MEASURED_LOW_DPI && dpi < MEASURED_HIGH_DPI;
        pixmap = is_measured ? paint_twice(ctx, page, box, map)
                             : paint(ctx, page, box, map);
    }
    fz_always(ctx)
    {
        fz_drop_page(ctx, page);
    }
    fz_catch(ctx)
    {
        fz_rethrow(ctx);
    }
    return pixmap;
}

static enum sting_status take_pixels(fz_context *ctx, fz_pixmap *pixmap,
                                     struct plane *out)
{
    enum sting_status status = plane_init(out, fz_pixmap_width(ctx, pixmap),
                                          fz_pixmap_height(ctx, pixmap));
    if (status) {
        return status;
    }
    const uint8_t *from = fz_pixmap_samples(ctx, pixmap);
    int stride = fz_pixmap_stride(ctx, pixmap);
    for (int y = 0; y < out->height_px; y++) {
        memcpy(plane_row(out, y), from + (ptrdiff_t)y * stride,
               (size_t)out->width_px);
    }
    return STING_OK;
}

enum sting_status source_render(struct source *source, int page, double dpi,
                                struct plane *out, struct fault *fault)
{
    fz_context *ctx = source->ctx;
    fz_pixmap *pixmap = NULL;
    enum sting_status status = STING_OK;
    if (page < 0 || page >= source->pages || !(dpi >= 1 && dpi <= 2400)) {
        return STING_E_ARG;
    }
    fz_var(pixmap);
    fz_var(status);
    fz_try(ctx)
    {
        pixmap = paint_page(ctx, source->doc, page, dpi);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "rendering a page");
    }
    status = take_pixels(ctx, pixmap, out);
    fz_drop_pixmap(ctx, pixmap);
    return status;
}
