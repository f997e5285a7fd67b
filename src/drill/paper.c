/* The only file that knows poppler; cairo is also known to sprite.c. */
#include "drill/paper.h"

#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

static const double mm_per_pt = 25.4 / 72;

/* cairo 1.16 puts glyphs on whole pixels: a fine raster, averaged down,
 * keeps that error (0.017 pt) far below the shifts we want to see. */
static const double raster_dpi = 1200;
static const double printer_dpi = 600;
static const int band_rows = 64; /* rows of the result drawn at a time */

struct band {
    cairo_surface_t *surface;
    void (*draw)(PopplerPage *page, cairo_t *cairo);
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
    free(paper->slip);
    paper->slip = NULL;
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
    band->draw(page, cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(band->surface);
}

/* The mean over one pixel of the result, as linear light. True: it is grey. */
static bool pixel_average(const struct band *band, const float linear[256],
                          const uint8_t *corner, float out[3])
{
    int stride = cairo_image_surface_get_stride(band->surface);
    bool is_grey = true;
    float sum[3] = {0};
    for (int j = 0; j < band->fine; j++) {
        const uint8_t *pixel = corner + (ptrdiff_t)j * stride;
        for (int i = 0; i < band->fine; i++, pixel += 4) {
            sum[0] += linear[pixel[2]]; /* cairo: blue first in memory */
            sum[1] += linear[pixel[1]];
            sum[2] += linear[pixel[0]];
            is_grey = is_grey && pixel[0] == pixel[1] && pixel[1] == pixel[2];
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = sum[c] / (float)(band->fine * band->fine);
    }
    return is_grey;
}

/* Is it bare paper? The byte that fills up the four may be anything. */
static bool pixel_is_white(const struct band *band, int stride,
                           const uint8_t *corner)
{
    uint32_t all = UINT32_MAX;
    for (int j = 0; j < band->fine; j++) {
        const uint8_t *pixel = corner + (ptrdiff_t)j * stride;
        for (int i = 0; i < band->fine; i++, pixel += 4) {
            uint32_t value;
            memcpy(&value, pixel, sizeof value);
            all &= value;
        }
    }
    return (all & 0xffffffU) == 0xffffffU;
}

static float white_average(const struct band *band, const float linear[256])
{
    float sum = 0;
    for (int i = 0; i < band->fine * band->fine; i++) {
        sum += linear[255];
    }
    return sum / (float)(band->fine * band->fine);
}

static void row_reduce(const struct band *band, const float linear[256],
                       int row, struct paper *paper)
{
    int stride = cairo_image_surface_get_stride(band->surface);
    const uint8_t *corner = cairo_image_surface_get_data(band->surface) +
                            (ptrdiff_t)row * band->fine * stride;
    float *to[3];
    for (int c = 0; c < 3; c++) {
        to[c] = plane_f_row(&paper->ink.channel[c], band->top + row);
    }
    float white = white_average(band, linear);
    int width = colour_width(&paper->ink);
    for (int x = 0; x < width; x++, corner += (ptrdiff_t)band->fine * 4) {
        float mean[3] = {white, white, white};
        if (!pixel_is_white(band, stride, corner) &&
            !pixel_average(band, linear, corner, mean)) {
            paper->is_grey = false;
        }
        for (int c = 0; c < 3; c++) {
            to[c][x] = mean[c];
        }
    }
}

static void band_reduce(const struct band *band, const float linear[256],
                        struct paper *paper)
{
    for (int y = 0; y < band->rows; y++) {
        row_reduce(band, linear, y, paper);
    }
}

/* How a page is put into dots. */
struct drawing {
    double raster_dpi; /* at least; dots are means over it */
    void (*draw)(PopplerPage *page, cairo_t *cairo);
};

static enum sting_status page_draw(PopplerPage *page,
                                   const struct drawing *drawing,
                                   struct paper *paper)
{
    float linear[256];
    for (int i = 0; i < 256; i++) {
        linear[i] = colour_linear((uint8_t)i);
    }
    struct band band = {
        .draw = drawing->draw,
        .fine = (int)lround(ceil(drawing->raster_dpi / paper->dpi))};
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
        band_reduce(&band, linear, paper);
    }
    return STING_OK;
}

static enum sting_status page_open(struct bytes pdf, int page,
                                   PopplerPage **out, struct fault *fault)
{
    PopplerDocument *document STING_AUTO(document_free) = NULL;
    enum sting_status status = document_open(pdf, &document, fault);
    if (status) {
        return status;
    }
    *out = page < 0 || page >= poppler_document_get_n_pages(document)
               ? NULL
               : poppler_document_get_page(document, page);
    return *out ? STING_OK
                : fault_set(fault, STING_E_ABSENT, "count pages from 1",
                            "the document has %d pages",
                            poppler_document_get_n_pages(document));
}

static enum sting_status page_measure(PopplerPage *page, double dpi,
                                      struct paper *out, struct fault *fault)
{
    *out = (struct paper){.dpi = dpi, .is_grey = true};
    poppler_page_get_size(page, &out->width_mm, &out->height_mm);
    out->width_mm *= mm_per_pt;
    out->height_mm *= mm_per_pt;
    bool fits = fmin(out->width_mm, out->height_mm) >= 10 &&
                fmax(out->width_mm, out->height_mm) <= 2000 && dpi >= 50 &&
                dpi <= 600;
    return fits ? STING_OK
                : fault_set(fault, STING_E_LIMIT, "",
                            "the page is %.0f x %.0f mm", out->width_mm,
                            out->height_mm);
}

static enum sting_status sheet_draw(struct bytes pdf, int page, double dpi,
                                    const struct drawing *drawing,
                                    struct paper *out, struct fault *fault)
{
    PopplerPage *sheet STING_AUTO(page_free) = NULL;
    struct paper made = {0};
    enum sting_status status = page_open(pdf, page, &sheet, fault);
    status = status ? status : page_measure(sheet, dpi, &made, fault);
    if (status) {
        return status;
    }
    status = colour_init(&made.ink, (int)ceil(made.width_mm / 25.4 * dpi),
                         (int)ceil(made.height_mm / 25.4 * dpi));
    status = status ? status : page_draw(sheet, drawing, &made);
    if (status) {
        paper_release(&made);
        return fault_set(fault, status, "", "no memory for the page");
    }
    *out = made;
    return STING_OK;
}

enum sting_status paper_render(struct bytes pdf, int page, double dpi,
                               struct paper *out, struct fault *fault)
{
    const struct drawing exact = {raster_dpi, poppler_page_render_for_printing};
    return sheet_draw(pdf, page, dpi, &exact, out, fault);
}

enum sting_status paper_raster(struct bytes pdf, int page, double dpi,
                               struct paper *out, struct fault *fault)
{
    const struct drawing dots = {printer_dpi, poppler_page_render_for_printing};
    return sheet_draw(pdf, page, dpi, &dots, out, fault);
}

enum sting_status paper_view(struct bytes pdf, int page, double dpi,
                             struct paper *out, struct fault *fault)
{
    const struct drawing snapped = {dpi, poppler_page_render};
    return sheet_draw(pdf, page, dpi, &snapped, out, fault);
}

static void word_widen(struct paper_word *word, const PopplerRectangle *box)
{
    word->low.x = fmin(word->low.x, box->x1 * mm_per_pt);
    word->low.y = fmin(word->low.y, box->y1 * mm_per_pt);
    word->high.x = fmax(word->high.x, box->x2 * mm_per_pt);
    word->high.y = fmax(word->high.y, box->y2 * mm_per_pt);
}

/* Characters parted by space; poppler gives a box for each of them. */
static size_t words_gather(const char *text, const PopplerRectangle *box,
                           guint boxes, struct paper_word *out)
{
    size_t words = 0;
    bool inside = false;
    for (guint i = 0; *text && i < boxes; i++) {
        gunichar letter = g_utf8_get_char(text);
        text += g_utf8_skip[*(const guchar *)text];
        if (g_unichar_isspace(letter)) {
            inside = false;
            continue;
        }
        if (!inside) {
            out[words++] = (struct paper_word){{1e9, 1e9}, {-1e9, -1e9}};
            inside = true;
        }
        word_widen(&out[words - 1], &box[i]);
    }
    return words;
}

enum sting_status paper_words(struct bytes pdf, int page,
                              struct paper_words *out, struct fault *fault)
{
    PopplerPage *sheet STING_AUTO(page_free) = NULL;
    enum sting_status status = page_open(pdf, page, &sheet, fault);
    if (status) {
        return status;
    }
    PopplerRectangle *box = NULL;
    guint boxes = 0;
    char *text = poppler_page_get_text(sheet);
    poppler_page_get_text_layout(sheet, &box, &boxes);
    struct paper_words made = {
        .word = calloc((size_t)boxes + 1, sizeof *made.word)};
    poppler_page_get_size(sheet, &made.width_mm, &made.height_mm);
    made.width_mm *= mm_per_pt;
    made.height_mm *= mm_per_pt;
    if (made.word) {
        made.words = words_gather(text, box, boxes, made.word);
        *out = made;
    }
    g_free(text);
    g_free(box);
    return made.word ? STING_OK
                     : fault_set(fault, STING_E_NOMEM, "", "too many words");
}
