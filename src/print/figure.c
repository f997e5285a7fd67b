/* Figures by cairo: once for paper, once as SVG for the screen. */
#include "print/figure.h"

#include <cairo-svg.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#include "print/element.h"

#define TALLEST 0.88    /* a photograph, in its width */
#define PLOT_SHAPE 0.36 /* height of a plot in its width */
#define BINS 80
#define SVG_WIDTH 482.0 /* as the column on paper, pt */
#define LABEL_PT 8.0

static const double colour_table[FIGURE_COLOURS][3] = {{0.10, 0.55, 0.25},
                                                       {0.80, 0.12, 0.10},
                                                       {0.13, 0.36, 0.62},
                                                       {0.55, 0.55, 0.55}};

static void colour_set(cairo_t *cairo, uint8_t colour, double alpha)
{
    const double *c = colour_table[colour % FIGURE_COLOURS];
    cairo_set_source_rgba(cairo, c[0], c[1], c[2], alpha);
}

static void stroke_draw(cairo_t *cairo, const struct figure_stroke *stroke,
                        double scale)
{
    for (int i = 0; i < stroke->points; i++) {
        cairo_line_to(cairo, (double)stroke->x[i] * scale,
                      (double)stroke->y[i] * scale);
    }
    if (stroke->points > 2) {
        cairo_close_path(cairo);
        colour_set(cairo, stroke->colour, 0.13);
        cairo_fill_preserve(cairo);
        colour_set(cairo, stroke->colour, 0.55);
    } else {
        colour_set(cairo, stroke->colour, 0.95);
    }
    cairo_stroke(cairo);
}

/* A surface that is the JPEG itself: its bytes go out as they are. */
static cairo_surface_t *jpeg_surface(const struct figure_photo *photo)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_A8, photo->width_px, photo->height_px);
    (void)cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG,
                                      photo->jpeg.data, photo->jpeg.size, NULL,
                                      NULL);
    return surface;
}

double figure_photo_draw(cairo_t *cairo, const struct figure_photo *photo,
                         double width)
{
    double w = photo->width_px, h = photo->height_px;
    double scale = fmin(width / w, TALLEST * width / h);
    if (!cairo) {
        return h * scale;
    }
    cairo_save(cairo);
    cairo_translate(cairo, (width - w * scale) / 2, 0);
    cairo_scale(cairo, scale, scale);
    cairo_surface_t *surface = jpeg_surface(photo);
    cairo_set_source_surface(cairo, surface, 0, 0);
    cairo_rectangle(cairo, 0, 0, w, h);
    cairo_fill(cairo);
    cairo_surface_destroy(surface);
    cairo_rectangle(cairo, 0, 0, w, h);
    cairo_clip(cairo);
    cairo_set_line_width(cairo, 0.35 / scale);
    for (size_t i = 0; i < photo->strokes; i++) {
        stroke_draw(cairo, &photo->stroke[i], photo->stroke_scale);
    }
    cairo_restore(cairo);
    return h * scale;
}

/* Where values lie on the paper. */
struct scale {
    double from, to; /* values */
    double left, right, top, bottom;
};

static double place(const struct scale *s, double value)
{
    return s->left +
           (value - s->from) / (s->to - s->from) * (s->right - s->left);
}

static void widen(struct scale *scale, const double *value, size_t values)
{
    for (size_t i = 0; i < values; i++) {
        if (isfinite(value[i])) {
            scale->from = fmin(scale->from, value[i]);
            scale->to = fmax(scale->to, value[i]);
        }
    }
}

static struct scale scale_of(const struct figure_plot *plot, double width)
{
    struct scale scale = {.from = 0,
                          .to = 1,
                          .left = 4,
                          .right = width - 4,
                          .top = 34,
                          .bottom = width * PLOT_SHAPE - 26};
    widen(&scale, plot->many, plot->manys);
    widen(&scale, plot->few, plot->fews);
    for (size_t i = 0; i < plot->marks; i++) {
        widen(&scale, &plot->mark[i].value, 1);
    }
    double room = 0.04 * (scale.to - scale.from);
    scale.from -= room;
    scale.to += room;
    return scale;
}

/* Bars of the share of each bin, the tallest as tall as the plot. */
static void bars_draw(cairo_t *cairo, const struct scale *s,
                      const double *value, size_t values, double tallest)
{
    double count[BINS] = {0}, most = 1;
    for (size_t i = 0; i < values; i++) {
        if (isfinite(value[i])) {
            int bin = (int)((value[i] - s->from) / (s->to - s->from) * BINS);
            bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
            most = fmax(most, ++count[bin]);
        }
    }
    double step = (s->right - s->left) / BINS;
    for (int i = 0; i < BINS; i++) {
        /* even one alone is seen */
        double tall = count[i] > 0 ? fmax(3, tallest * count[i] / most) : 0;
        cairo_rectangle(cairo, s->left + i * step, s->bottom - tall, step * 0.9,
                        tall);
    }
    cairo_fill(cairo);
}

/* Text at x: -1 its left end there, 0 its middle, 1 its right end. */
static void label_draw(cairo_t *cairo, const char *text, double x, double y,
                       int side)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    PangoFontDescription *font =
        pango_font_description_from_string("DejaVu Sans");
    int w, h;
    pango_font_description_set_absolute_size(font, LABEL_PT * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_layout_get_size(layout, &w, &h);
    double wide = (double)w / PANGO_SCALE;
    cairo_move_to(cairo, x - wide * (side + 1) / 2, y);
    pango_cairo_show_layout(cairo, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static double tick_step(double span)
{
    double step = pow(10, floor(log10(span / 5)));
    return span / step > 25 ? step * 5 : span / step > 10 ? step * 2 : step;
}

static void axis_draw(cairo_t *cairo, const struct scale *s, const char *name,
                      double width)
{
    double step = tick_step(s->to - s->from);
    colour_set(cairo, FIGURE_GREY, 1);
    cairo_set_line_width(cairo, 0.6);
    cairo_move_to(cairo, s->left, s->bottom);
    cairo_line_to(cairo, s->right, s->bottom);
    cairo_stroke(cairo);
    int first = (int)ceil(s->from / step);
    int last = (int)floor(s->to / step + 1e-9);
    for (int i = first; i <= last; i++) {
        double v = i * step;
        char text[32];
        cairo_move_to(cairo, place(s, v), s->bottom);
        cairo_line_to(cairo, place(s, v), s->bottom + 3);
        cairo_stroke(cairo);
        snprintf(text, sizeof text, "%g", v == 0 ? 0.0 : v);
        label_draw(cairo, text, place(s, v), s->bottom + 3.5, 0);
    }
    label_draw(cairo, name, width / 2, s->bottom + 14, 0);
}

static void mark_draw(cairo_t *cairo, const struct scale *s,
                      const struct figure_mark *mark, double row)
{
    double x = place(s, mark->value);
    bool right = x > (s->left + s->right) / 2;
    double y = 12 + row * 11;
    colour_set(cairo, mark->colour, 1);
    cairo_set_line_width(cairo, 1.2);
    cairo_move_to(cairo, x, s->bottom);
    cairo_line_to(cairo, x, y + 2);
    cairo_stroke(cairo);
    label_draw(cairo, mark->name, right ? x - 3 : x + 3, y, right ? 1 : -1);
}

static void key_draw(cairo_t *cairo, double x, uint8_t colour, const char *text,
                     int side)
{
    colour_set(cairo, colour, 1);
    label_draw(cairo, text, x, 0, side);
}

double figure_plot_draw(cairo_t *cairo, const struct figure_plot *plot,
                        double width)
{
    struct scale scale = scale_of(plot, width);
    double tall = scale.bottom - scale.top;
    if (!cairo) {
        return width * PLOT_SHAPE;
    }
    colour_set(cairo, FIGURE_GREY, 0.55);
    bars_draw(cairo, &scale, plot->many, plot->manys, tall);
    colour_set(cairo, FIGURE_BLUE, 0.75);
    bars_draw(cairo, &scale, plot->few, plot->fews, tall * 0.55);
    axis_draw(cairo, &scale, plot->axis, width);
    for (size_t i = 0; i < plot->marks; i++) {
        if (isfinite(plot->mark[i].value)) {
            mark_draw(cairo, &scale, &plot->mark[i], (double)i);
        }
    }
    key_draw(cairo, scale.left, FIGURE_GREY, plot->many_name, -1);
    key_draw(cairo, scale.right, FIGURE_BLUE, plot->few_name, 1);
    return width * PLOT_SHAPE;
}

static cairo_status_t svg_take(void *out, const unsigned char *data,
                               unsigned int size)
{
    return buffer_append(out, (struct bytes){data, size})
               ? CAIRO_STATUS_WRITE_ERROR
               : CAIRO_STATUS_SUCCESS;
}

static double element_draw(cairo_t *cairo, const struct element *element)
{
    return element->kind == ELEMENT_PHOTO
               ? figure_photo_draw(cairo, element->figure, SVG_WIDTH)
               : figure_plot_draw(cairo, element->figure, SVG_WIDTH);
}

enum sting_status figure_svg(const struct element *element, struct buffer *out)
{
    struct buffer svg STING_AUTO(buffer_release) = {0};
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(
        svg_take, &svg, SVG_WIDTH, element_draw(NULL, element));
    cairo_t *cairo = cairo_create(surface);
    (void)element_draw(cairo, element);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    cairo_status_t failed = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return failed ? STING_E_NOMEM : buffer_append(out, buffer_bytes(&svg));
}
