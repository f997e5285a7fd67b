#include "tests/unit/image/synthetic.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/filter.h"
#include "image/seeded.h"

#define MOST_BARS 20000
#define MOST_WORDS 2000
#define SIZE_PT 10.0

static void word_add(struct synthetic *out, struct seeded *seeded, double x,
                     double y, double width)
{
    uint32_t word = out->page.units / 2;
    int letters = (int)((width + 0.2) / 4.6);
    for (int i = 0; i < letters; i++) {
        double at = x + 4.6 * i;
        double top = seeded_unit(seeded) < 0.3 ? 7.2 : 4.8;
        double foot = y + (seeded_unit(seeded) < 0.2 ? 2 : 0);
        double mid = y - 1 - 3 * seeded_unit(seeded);
        const struct bar bars[2] = {
            {(float)at, (float)(y - top), (float)(at + 1.1), (float)foot, word},
            {(float)at, (float)mid, (float)(at + 3.8), (float)(mid + 0.9),
             word}};
        memcpy(out->bar + out->bars, bars, sizeof bars);
        out->bars += 2;
        assert(out->bars < MOST_BARS);
    }
}

static void units_add(struct synthetic *out, double x, double y, double width,
                      uint16_t line)
{
    struct mark_unit unit = {.x0_pt = (float)x,
                             .y0_pt = (float)(y - 7.2),
                             .x1_pt = (float)(x + width),
                             .y1_pt = (float)(y + 2),
                             .ux = 1,
                             .shift_pt = 0.18F,
                             .word = (uint16_t)(out->page.units / 2),
                             .line = line,
                             .axis = MARK_ALONG};
    out->page.unit[out->page.units++] = unit;
    unit.ux = 0;
    unit.uy = 1;
    unit.shift_pt = 0.08F;
    unit.axis = MARK_ACROSS;
    out->page.unit[out->page.units++] = unit;
}

/* Words from the left edge on, as many as there is room for. */
static void line_add(struct synthetic *out, struct seeded *seeded, double y,
                     double right, uint16_t line)
{
    double x = 40;
    double width = 4.6 * (double)(2 + seeded_below(seeded, 8));
    while (x + width <= right) {
        word_add(out, seeded, x, y, width);
        units_add(out, x, y, width, line);
        x += width + 2.8 + seeded_unit(seeded);
        width = 4.6 * (double)(2 + seeded_below(seeded, 8));
    }
}

void synthetic_init(struct synthetic *out, uint64_t seed)
{
    struct seeded seeded = {seed};
    uint16_t line = 0;
    memset(out, 0, sizeof *out);
    out->page.width_pt = (float)SYNTHETIC_WIDTH_PT;
    out->page.height_pt = (float)SYNTHETIC_HEIGHT_PT;
    out->page.unit = calloc((size_t)MOST_WORDS * 2, sizeof *out->page.unit);
    out->bar = calloc(MOST_BARS, sizeof *out->bar);
    assert(out->page.unit && out->bar);
    double y = 50;
    while (y < SYNTHETIC_HEIGHT_PT - 40) {
        double right = SYNTHETIC_WIDTH_PT - 40;
        right -= seeded_unit(&seeded) < 0.2 ? 150 * seeded_unit(&seeded) : 0;
        y += seeded_unit(&seeded) < 0.15 ? SIZE_PT : 0;
        line_add(out, &seeded, y, right, line++);
        y += 1.3 * SIZE_PT;
    }
}

void synthetic_release(struct synthetic *page)
{
    mark_page_release(&page->page);
    free(page->bar);
    page->bar = NULL;
}

/* How much of pixel i the stretch from a to b covers. */
static double cover(double a, double b, int i)
{
    return fmax(0, fmin(b, i + 1.0) - fmax(a, i));
}

static void bar_draw(const struct bar *bar, double dx, double dy, double k,
                     struct plane *out)
{
    double x0 = ((double)bar->x0 + dx) * k;
    double x1 = ((double)bar->x1 + dx) * k;
    double y0 = ((double)bar->y0 + dy) * k;
    double y1 = ((double)bar->y1 + dy) * k;
    for (int y = (int)y0; y <= (int)y1 && y < out->height_px; y++) {
        uint8_t *row = plane_row(out, y);
        for (int x = (int)x0; x <= (int)x1 && x < out->width_px; x++) {
            double ink = 235 * cover(x0, x1, x) * cover(y0, y1, y);
            row[x] = (uint8_t)fmax(0, row[x] - ink + 0.5);
        }
    }
}

void synthetic_render(const struct synthetic *page, const uint8_t *bit,
                      double dpi, struct plane *out)
{
    double k = dpi / 72;
    assert(!plane_init(out, (int)(SYNTHETIC_WIDTH_PT * k + 0.5),
                       (int)(SYNTHETIC_HEIGHT_PT * k + 0.5)));
    memset(out->data, 255, (size_t)out->stride * (size_t)out->height_px);
    for (size_t i = 0; i < page->bars; i++) {
        const struct bar *bar = &page->bar[i];
        const struct mark_unit *unit = &page->page.unit[(size_t)2 * bar->word];
        double dx = 0;
        double dy = 0;
        if (bit) {
            const uint8_t *own = bit + (size_t)2 * bar->word;
            dx = (own[0] ? 1 : -1) * (double)unit[0].shift_pt;
            dy = (own[1] ? 1 : -1) * (double)unit[1].shift_pt;
        }
        bar_draw(bar, dx, dy, k, out);
    }
}

static void record_add(const struct synthetic *page, struct buffer *records)
{
    struct plane plane STING_AUTO(plane_release) = {0};
    struct layout layout STING_AUTO(layout_release) = {0};
    struct page_record record;
    synthetic_render(page, NULL, 100, &plane);
    assert(!layout_of_page(&plane, 100, &layout));
    page_record_of(&layout, &record);
    assert(!page_record_write(&record, records));
}

void synthetic_index(const struct synthetic *const page[], size_t pages,
                     struct page_index *out)
{
    struct buffer records STING_AUTO(buffer_release) = {0};
    for (size_t i = 0; i < pages; i++) {
        record_add(page[i], &records);
    }
    const struct page_records part = {buffer_bytes(&records), pages};
    assert(!page_index_init(out, &part, 1, NULL));
}

struct synthetic_view synthetic_view_of(double scale, uint64_t seed)
{
    struct synthetic_view view = {.h = {{scale, -0.06 * scale, 60, 0.05 * scale,
                                         0.97 * scale, 40, 6e-5, 1.1e-4, 1}},
                                  .curl_pt = 2.5,
                                  .blur_px = 0.8,
                                  .noise = 6,
                                  .seed = seed};
    view.width_px = (int)(SYNTHETIC_WIDTH_PT * scale + 120);
    view.height_px = (int)(SYNTHETIC_HEIGHT_PT * scale + 120);
    return view;
}

/* The curl: a smooth displacement on the sheet itself. */
static struct point curled(const struct synthetic_view *view, struct point p)
{
    double u = p.x / SYNTHETIC_WIDTH_PT;
    double v = p.y / SYNTHETIC_HEIGHT_PT;
    return (struct point){p.x + view->curl_pt * sin(3 * v + u),
                          p.y + view->curl_pt * cos(2.5 * u - v)};
}

struct point synthetic_place(const struct synthetic_view *view, struct point p)
{
    return homography_apply(&view->h, curled(view, p));
}

/* The place of the page that the curl brings to q. */
static struct point uncurled(const struct synthetic_view *view, struct point q)
{
    struct point p = q;
    for (int i = 0; i < 6; i++) {
        struct point c = curled(view, p);
        p.x += q.x - c.x;
        p.y += q.y - c.y;
    }
    return p;
}

/* What of the page the photograph shows at a place; the page's surround is
 * grey. */
static double seen_at(const struct plane_f *page, double k, struct point p)
{
    bool is_page = p.x > 0 && p.y > 0 && p.x < SYNTHETIC_WIDTH_PT &&
                   p.y < SYNTHETIC_HEIGHT_PT;
    return is_page ? sample_linear(page, p.x * k, p.y * k) : 90;
}

/* The page as the lens sees it. */
static struct plane_f blurred(const struct plane *page, double k,
                              const struct synthetic_view *view)
{
    struct plane_f out = {0};
    double scale = sqrt(fabs(view->h.m[0] * view->h.m[4]));
    assert(!plane_to_float(page, &out));
    assert(!plane_blur(&out, hypot(view->blur_px, 0.4) * k / scale));
    return out;
}

/* Falling light, and noise. */
static uint8_t pixel_of(const struct synthetic_view *view, double across,
                        double grey, struct seeded *seeded)
{
    double light = 0.5 + 0.25 * across;
    double v = grey * light + view->noise * seeded_normal(seeded);
    return (uint8_t)fmin(255, fmax(0, v + 0.5));
}

void synthetic_photograph(const struct plane *page, double dpi,
                          const struct synthetic_view *view, struct plane *out)
{
    struct plane_f from = blurred(page, dpi / 72, view);
    struct homography back;
    struct seeded seeded = {view->seed};
    double k = dpi / 72;
    assert(!homography_invert(&view->h, &back));
    assert(!plane_init(out, view->width_px, view->height_px));
    for (int i = 0; i < out->width_px * out->height_px; i++) {
        int x = i % out->width_px;
        int y = i / out->width_px;
        struct point q = {x + 0.5, y + 0.5};
        struct point p = uncurled(view, homography_apply(&back, q));
        plane_row(out, y)[x] = pixel_of(view, (double)x / out->width_px,
                                        seen_at(&from, k, p), &seeded);
    }
    plane_f_release(&from);
}
