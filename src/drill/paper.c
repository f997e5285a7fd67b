/* The only file that knows poppler; cairo is also known to sprite.c. */
#include "drill/paper.h"

#include <math.h>
#include <poppler.h>
#include <stdlib.h>

#include "drill/blur.h"
#include "drill/chance.h"
#include "drill/texture.h"

static const double mm_per_pt = 25.4 / 72;

/* cairo 1.16 puts glyphs on whole pixels: a fine raster, averaged down,
 * keeps that error (0.017 pt) far below the shifts we want to see. */
static const double raster_dpi = 1200;
static const int band_rows = 64; /* rows of the result drawn at a time */

struct band {
    cairo_surface_t *surface;
    int fine; /* raster pixels a side of one pixel of the result */
    int top;  /* first row of the result */
    int rows;
};

static void document_free(PopplerDocument **document)
{
    g_clear_object(document);
}

static void page_free(PopplerPage **page)
{
    g_clear_object(page);
}

static void surface_free(cairo_surface_t **surface)
{
    cairo_surface_destroy(*surface);
    *surface = NULL;
}

void paper_release(struct paper *paper)
{
    colour_release(&paper->ink);
}

static enum sting_status document_open(struct bytes pdf, PopplerDocument **out,
                                       struct fault *fault)
{
    GBytes *bytes = g_bytes_new_static(pdf.data, pdf.size);
    GError *error = NULL;
    *out = poppler_document_new_from_bytes(bytes, NULL, &error);
    g_bytes_unref(bytes);
    if (*out) {
        return STING_OK;
    }
    fault_set(fault, STING_E_FORMAT, "give a PDF that opens without a password",
              "no PDF that can be drawn (%s)", error ? error->message : "?");
    g_clear_error(&error);
    return STING_E_FORMAT;
}

enum sting_status paper_pages(struct bytes pdf, int *out, struct fault *fault)
{
    PopplerDocument *document STING_AUTO(document_free) = NULL;
    enum sting_status status = document_open(pdf, &document, fault);
    if (!status) {
        *out = poppler_document_get_n_pages(document);
    }
    return status;
}

static void band_draw(const struct band *band, PopplerPage *page, double dpi)
{
    cairo_t *cairo = cairo_create(band->surface);
    double scale = dpi * band->fine / 72;
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_translate(cairo, 0, -(double)band->top * band->fine);
    cairo_scale(cairo, scale, scale);
    poppler_page_render_for_printing(page, cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(band->surface);
}

/* The mean over one pixel of the result, as linear light. */
static void pixel_average(const struct band *band, const float linear[256],
                          int x, int y, float out[3])
{
    int stride = cairo_image_surface_get_stride(band->surface);
    const uint8_t *data = cairo_image_surface_get_data(band->surface);
    float sum[3] = {0};
    for (int j = y * band->fine; j < (y + 1) * band->fine; j++) {
        const uint8_t *pixel =
            data + (ptrdiff_t)j * stride + (ptrdiff_t)x * band->fine * 4;
        for (int i = 0; i < band->fine; i++, pixel += 4) {
            sum[0] += linear[pixel[2]]; /* cairo: blue first in memory */
            sum[1] += linear[pixel[1]];
            sum[2] += linear[pixel[0]];
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = sum[c] / (float)(band->fine * band->fine);
    }
}

static void band_reduce(const struct band *band, const float linear[256],
                        struct colour *ink)
{
    for (int y = 0; y < band->rows; y++) {
        for (int x = 0; x < colour_width(ink); x++) {
            float mean[3];
            pixel_average(band, linear, x, y, mean);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&ink->channel[c], band->top + y)[x] = mean[c];
            }
        }
    }
}

static enum sting_status page_draw(PopplerPage *page, struct paper *paper)
{
    float linear[256];
    for (int i = 0; i < 256; i++) {
        linear[i] = colour_linear((uint8_t)i);
    }
    struct band band = {.fine = (int)lround(ceil(raster_dpi / paper->dpi))};
    int width = colour_width(&paper->ink);
    int height = colour_height(&paper->ink);
    cairo_surface_t *surface STING_AUTO(surface_free) =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, width * band.fine,
                                   band_rows * band.fine);
    if (cairo_surface_status(surface)) {
        return STING_E_NOMEM;
    }
    band.surface = surface;
    for (; band.top < height; band.top += band_rows) {
        int left = height - band.top;
        band.rows = left < band_rows ? left : band_rows;
        band_draw(&band, page, paper->dpi);
        band_reduce(&band, linear, &paper->ink);
    }
    return STING_OK;
}

enum sting_status paper_render(struct bytes pdf, int page, double dpi,
                               struct paper *out, struct fault *fault)
{
    PopplerDocument *document STING_AUTO(document_free) = NULL;
    enum sting_status status = document_open(pdf, &document, fault);
    if (status) {
        return status;
    }
    PopplerPage *sheet STING_AUTO(page_free) =
        page < 0 || page >= poppler_document_get_n_pages(document)
            ? NULL
            : poppler_document_get_page(document, page);
    if (!sheet) {
        return fault_set(fault, STING_E_ABSENT, "count pages from 1",
                         "the document has %d pages",
                         poppler_document_get_n_pages(document));
    }
    struct paper made = {.dpi = dpi};
    poppler_page_get_size(sheet, &made.width_mm, &made.height_mm);
    made.width_mm *= mm_per_pt;
    made.height_mm *= mm_per_pt;
    if (!(fmin(made.width_mm, made.height_mm) >= 10) ||
        !(fmax(made.width_mm, made.height_mm) <= 2000) || !(dpi >= 50) ||
        !(dpi <= 600)) {
        return fault_set(fault, STING_E_LIMIT, "", "the page is %.0f x %.0f mm",
                         made.width_mm, made.height_mm);
    }
    status = colour_init(&made.ink, (int)ceil(made.width_mm / 25.4 * dpi),
                         (int)ceil(made.height_mm / 25.4 * dpi));
    status = status ? status : page_draw(sheet, &made);
    if (status) {
        paper_release(&made);
        return fault_set(fault, status, "", "no memory for the page");
    }
    *out = made;
    return STING_OK;
}

/* A place on the sheet; all three channels have the same unevenness. */
struct place {
    float u, v; /* mm */
    uint32_t seed;
};

/* Paper has a grain of about 1.5 %. */
static float white_at(const struct place *at)
{
    float grain = texture_cloud(at->u * 2.5F, at->v * 2.5F, 3, at->seed + 17);
    return 0.86F * (1.0F + 0.014F * grain);
}

/* Edges fray where ink is neither full nor absent, dots gain, and toner is
 * uneven. */
static float printed(float reflectance, float white, const struct place *at)
{
    float ink = 1.0F - reflectance;
    if (ink < 0.002F) {
        return white;
    }
    float fray = 0.14F * texture_noise(at->u * 18, at->v * 18, at->seed);
    float toner = 0.6F * texture_noise(at->u * 5, at->v * 5, at->seed + 7);
    ink += 4.0F * ink * (1.0F - ink) * fray;
    ink = ink < 0 ? 0 : ink > 1 ? 1 : powf(ink, 0.85F);
    float black = 0.035F * (1.0F + toner);
    return white + (black - white) * ink;
}

static void row_print(struct paper *paper, int y, uint32_t seed)
{
    float mm = (float)(25.4 / paper->dpi);
    for (int x = 0; x < colour_width(&paper->ink); x++) {
        struct place at = {(float)x * mm, (float)y * mm, seed};
        float white = white_at(&at);
        for (int c = 0; c < 3; c++) {
            float *pixel = plane_f_row(&paper->ink.channel[c], y) + x;
            *pixel = printed(*pixel, white, &at);
        }
    }
}

enum sting_status paper_print(struct paper *paper, uint64_t seed)
{
    struct chance chance = chance_of(seed, 1);
    uint32_t pattern = (uint32_t)chance_bits(&chance);
    float spread_px = (float)(0.035 / 25.4 * paper->dpi); /* 35 um of spread */
    for (int c = 0; c < 3; c++) {
        enum sting_status status =
            blur_gauss(&paper->ink.channel[c], spread_px);
        if (status) {
            return status;
        }
    }
    for (int y = 0; y < colour_height(&paper->ink); y++) {
        row_print(paper, y, pattern);
    }
    return STING_OK;
}
