#include "pdf/viewer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pdf/source_mupdf.h"

#define HEADER_WITHIN 1024
#define MOST_PIXELS (128.0 * 1024 * 1024)

struct pdf_viewer {
    fz_context *ctx;
    pdf_document *doc;
    int pages;
};

bool pdf_viewer_is(struct bytes file)
{
    size_t most = file.size < HEADER_WITHIN ? file.size : HEADER_WITHIN;
    return most >= 5 && memmem(file.data, most, "%PDF-", 5) != NULL;
}

void pdf_viewer_close(struct pdf_viewer **viewer)
{
    struct pdf_viewer *v = *viewer;
    if (v && v->ctx) {
        pdf_drop_document(v->ctx, v->doc);
        fz_drop_context(v->ctx);
    }
    free(v);
    *viewer = NULL;
}

int pdf_viewer_pages(const struct pdf_viewer *viewer)
{
    return viewer->pages;
}

/* Of the pages that it claims those up to the last that is there. Throws. */
static int pages_count(fz_context *ctx, pdf_document *doc)
{
    int pages = pdf_count_pages(ctx, doc);
    bool is_there = pages > VIEWER_MOST_PAGES;
    while (pages > 0 && !is_there) {
        fz_try(ctx)
        {
            (void)pdf_lookup_page_obj(ctx, doc, pages - 1);
            is_there = true;
        }
        fz_catch(ctx)
        {
            pages--;
        }
    }
    return pages;
}

static enum sting_status document_load(struct pdf_viewer *v, struct bytes file,
                                       struct fault *fault)
{
    fz_context *ctx = v->ctx;
    fz_stream *stream = NULL;
    enum sting_status status = STING_OK;
    fz_var(stream);
    fz_var(status);
    fz_try(ctx)
    {
        stream = fz_open_memory(ctx, file.data, file.size);
        v->doc = pdf_open_document_with_stream(ctx, stream);
        if (!pdf_needs_password(ctx, v->doc)) {
            v->pages = pages_count(ctx, v->doc);
        }
    }
    fz_always(ctx)
    {
        fz_drop_stream(ctx, stream);
    }
    fz_catch(ctx)
    {
        status = source_caught(ctx, fault, "opening");
    }
    return status;
}

enum sting_status pdf_viewer_open(struct bytes file, struct pdf_viewer **out,
                                  struct fault *fault)
{
    struct pdf_viewer *v STING_AUTO(pdf_viewer_close) = calloc(1, sizeof *v);
    if (!v || !(v->ctx = source_context())) {
        return STING_E_NOMEM;
    }
    v->pages = -1;
    enum sting_status status = document_load(v, file, fault);
    if (!status && v->pages < 0) {
        status = fault_set(fault, STING_E_UNSUPPORTED,
                           "save it without a password first",
                           "the PDF is encrypted");
    }
    if (!status && v->pages == 0) {
        status = fault_set(fault, STING_E_FORMAT,
                           "open it in a viewer and save it as a new file",
                           "the PDF is damaged: none of its pages is there");
    }
    if (!status && v->pages > VIEWER_MOST_PAGES) {
        status = fault_set(fault, STING_E_LIMIT, "split it into parts",
                           "the PDF has %d pages; 1 to %d can be handled",
                           v->pages, VIEWER_MOST_PAGES);
    }
    if (status) {
        return status;
    }
    *out = v;
    v = NULL;
    return STING_OK;
}

/* Dots an inch at which to render. */
static double dpi_of(fz_rect bound, double finest)
{
    double area = (double)(bound.x1 - bound.x0) * (bound.y1 - bound.y0);
    double dpi = finest > 0 ? fmin(finest, VIEWER_MOST_DPI) : VIEWER_PLAIN_DPI;
    return fmin(dpi, 72 * sqrt(MOST_PIXELS / fmax(area, 1)));
}

/* Throws. The caller drops what it gives. */
static fz_pixmap *page_paint(fz_context *ctx, fz_page *page, double finest)
{
    fz_rect bound = fz_bound_page(ctx, page);
    float scale = (float)(dpi_of(bound, finest) / 72);
    return fz_new_pixmap_from_page(ctx, page, fz_scale(scale, scale),
                                   fz_device_gray(ctx), 0);
}

static enum sting_status pixels_take(fz_context *ctx, fz_pixmap *pixmap,
                                     struct plane *out)
{
    struct plane plane;
    enum sting_status status = plane_init(&plane, fz_pixmap_width(ctx, pixmap),
                                          fz_pixmap_height(ctx, pixmap));
    if (status) {
        return status;
    }
    const uint8_t *from = fz_pixmap_samples(ctx, pixmap);
    int stride = fz_pixmap_stride(ctx, pixmap);
    for (int y = 0; y < plane.height_px; y++) {
        memcpy(plane_row(&plane, y), from + (ptrdiff_t)y * stride,
               (size_t)plane.width_px);
    }
    *out = plane;
    return STING_OK;
}

enum sting_status pdf_viewer_page(struct pdf_viewer *viewer, int page,
                                  struct plane *out, struct fault *fault)
{
    fz_context *ctx = viewer->ctx;
    fz_page *loaded = NULL;
    fz_pixmap *pixmap = NULL;
    if (page < 0 || page >= viewer->pages) {
        return STING_E_ARG;
    }
    double finest = 0;
    enum sting_status status =
        source_gauge(ctx, viewer->doc, page, &finest, fault);
    if (status) {
        return status;
    }
    fz_var(loaded);
    fz_var(pixmap);
    fz_try(ctx)
    {
        loaded = (fz_page *)pdf_load_page(ctx, viewer->doc, page);
        pixmap = page_paint(ctx, loaded, finest);
    }
    fz_always(ctx)
    {
        fz_drop_page(ctx, loaded);
    }
    fz_catch(ctx)
    {
        return source_caught(ctx, fault, "rendering a page");
    }
    status = pixels_take(ctx, pixmap, out);
    fz_drop_pixmap(ctx, pixmap);
    return status;
}
