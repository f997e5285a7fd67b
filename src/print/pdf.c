/* The document on A4 by cairo and pango. */
#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <string.h>

#include "print/element.h"

#define PAGE_WIDTH 595.28
#define PAGE_HEIGHT 841.89
#define LEFT 56.7 /* 20 mm */
#define TOP 51.0  /* 18 mm */
#define COLUMN (PAGE_WIDTH - 2 * LEFT)
#define BOTTOM (PAGE_HEIGHT - 60)
#define SERIF "Source Serif 4, Noto Serif, Liberation Serif, DejaVu Serif"
#define GAP 6.5
#define INDENT 12.0

enum face { TITLE, HEADING, STRONG, BODY, SMALL, FACES };
static const struct {
    double size_pt;
    bool bold, soft;
    double leading;
} face_table[FACES] = {
    [TITLE] = {21, true, false, 1.15}, [HEADING] = {13.5, true, false, 1.2},
    [STRONG] = {12, true, false, 1.3}, [BODY] = {10, false, false, 1.3},
    [SMALL] = {8.6, false, true, 1.3},
};

/* Where on which page the next block goes. */
struct pen {
    cairo_t *cairo;
    const struct document *document;
    double y;
    int page, pages; /* pages 0 while they are counted */
};

static void ink(struct pen *pen, bool soft)
{
    double v = soft ? 0.36 : 0.1;
    cairo_set_source_rgb(pen->cairo, v, v, v);
}

/* Raised digits of one family: most have but the first three. */
static bool is_raised(const char *at)
{
    return (at[0] == '\xc2' &&
            (at[1] == '\xb9' || at[1] == '\xb2' || at[1] == '\xb3')) ||
           (at[0] == '\xe2' && at[1] == '\x81');
}

static void attributes_set(PangoLayout *layout, const char *text)
{
    PangoAttrList *list = pango_attr_list_new();
    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
    for (const char *at = text; *at; at++) {
        if (is_raised(at)) {
            PangoAttribute *family = pango_attr_family_new("DejaVu Serif");
            family->start_index = (guint)(at - text);
            family->end_index = family->start_index + (*at == '\xc2' ? 2 : 3);
            pango_attr_list_insert(list, family);
        }
    }
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
}

static PangoLayout *layout_new(struct pen *pen, const char *text,
                               enum face face, double width)
{
    PangoLayout *layout = pango_cairo_create_layout(pen->cairo);
    PangoFontDescription *font = pango_font_description_from_string(SERIF);
    pango_font_description_set_absolute_size(font, face_table[face].size_pt *
                                                       PANGO_SCALE);
    pango_font_description_set_weight(
        font, face_table[face].bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, (float)face_table[face].leading);
    attributes_set(layout, text);
    pango_layout_set_text(layout, text, -1);
    return layout;
}

static double height_of(PangoLayout *layout)
{
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

/* Text at a place, without a page's end in it; gives its height. */
static double text_put(struct pen *pen, const char *text, enum face face,
                       double x, double y, double width)
{
    PangoLayout *layout = layout_new(pen, text, face, width);
    double height = height_of(layout);
    ink(pen, face_table[face].soft);
    cairo_move_to(pen->cairo, x, y);
    pango_cairo_show_layout(pen->cairo, layout);
    g_object_unref(layout);
    return height;
}

static void foot_put(struct pen *pen)
{
    char text[40];
    (void)text_put(pen, pen->document->title, SMALL, LEFT, PAGE_HEIGHT - 45,
                   COLUMN * 0.8);
    snprintf(text, sizeof text, "%d of %d", pen->page, pen->pages);
    PangoLayout *layout = layout_new(pen, text, SMALL, COLUMN);
    pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
    cairo_move_to(pen->cairo, LEFT, PAGE_HEIGHT - 45);
    pango_cairo_show_layout(pen->cairo, layout);
    g_object_unref(layout);
}

static void page_end(struct pen *pen)
{
    foot_put(pen);
    cairo_show_page(pen->cairo);
    pen->page++;
    pen->y = TOP;
}

static void room_make(struct pen *pen, double height)
{
    if (pen->y + height > BOTTOM && pen->y > TOP) {
        page_end(pen);
    }
}

/* A paragraph, broken between its lines where the page ends. */
static void paragraph_put(struct pen *pen, const char *text, enum face face,
                          double x)
{
    PangoLayout *layout = layout_new(pen, text, face, COLUMN - (x - LEFT));
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        PangoLayoutLine *line = pango_layout_iter_get_line_readonly(iter);
        pango_layout_iter_get_line_extents(iter, NULL, &logical);
        double height = (double)logical.height / PANGO_SCALE;
        room_make(pen, height);
        ink(pen, face_table[face].soft);
        int top = logical.y, base = pango_layout_iter_get_baseline(iter);
        cairo_move_to(pen->cairo, x + (double)logical.x / PANGO_SCALE,
                      pen->y + (double)(base - top) / PANGO_SCALE);
        pango_cairo_show_layout_line(pen->cairo, line);
        pen->y += height;
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    g_object_unref(layout);
    pen->y += GAP;
}

static void rule_put(struct pen *pen, double y, double width)
{
    ink(pen, width < 0.6);
    cairo_set_line_width(pen->cairo, width);
    cairo_move_to(pen->cairo, LEFT, y);
    cairo_line_to(pen->cairo, LEFT + COLUMN, y);
    cairo_stroke(pen->cairo);
}

static double figure_draw(cairo_t *cairo, const struct element *e)
{
    return e->kind == ELEMENT_PHOTO
               ? figure_photo_draw(cairo, e->figure, COLUMN)
               : figure_plot_draw(cairo, e->figure, COLUMN);
}

/* Room that what follows a heading wants beside it. */
static double room_after(const struct element *next)
{
    bool is_figure =
        next && (next->kind == ELEMENT_PHOTO || next->kind == ELEMENT_PLOT);
    return is_figure ? figure_draw(NULL, next) + 80 : 70;
}

static void heading_put(struct pen *pen, const char *text,
                        const struct element *next)
{
    pen->y += pen->y > TOP ? 12 : 0;
    room_make(pen, room_after(next)); /* never alone at the foot */
    rule_put(pen, pen->y, 1.1);
    pen->y += 6;
    paragraph_put(pen, text, HEADING, LEFT);
}

static PangoLayout *cell_new(struct pen *pen, const struct element *e, size_t c,
                             enum face face, double width)
{
    PangoLayout *layout =
        layout_new(pen, e->cell[c] ? e->cell[c] : "", face, width);
    if (e->share[c] < 0) {
        pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
    }
    return layout;
}

/* The cells of a row, measured or drawn; gives the tallest. */
static double cells_put(struct pen *pen, const struct element *e,
                        enum face face, bool draws)
{
    double all = 0, x = LEFT, tallest = 0;
    for (size_t c = 0; c < e->columns; c++) {
        all += fabs(e->share[c]);
    }
    for (size_t c = 0; c < e->columns; c++) {
        double width = COLUMN * fabs(e->share[c]) / all;
        double gap = c + 1 < e->columns ? 8 : 0;
        PangoLayout *layout = cell_new(pen, e, c, face, width - gap);
        if (draws) {
            ink(pen, face_table[face].soft);
            cairo_move_to(pen->cairo, x, pen->y + 2.5);
            pango_cairo_show_layout(pen->cairo, layout);
        }
        tallest = fmax(tallest, height_of(layout) + 5);
        g_object_unref(layout);
        x += width;
    }
    return tallest;
}

static void row_put(struct pen *pen, const struct element *e)
{
    bool is_head = e->kind == ELEMENT_TABLE;
    enum face face = is_head ? SMALL : BODY;
    if (is_head && !e->has_head) {
        return;
    }
    room_make(pen, cells_put(pen, e, face, false) + (is_head ? 30 : 0));
    pen->y += cells_put(pen, e, face, true);
    rule_put(pen, pen->y, is_head ? 0.8 : 0.4);
}

static void figure_put(struct pen *pen, const struct element *e)
{
    double height = figure_draw(NULL, e);
    pen->y += 4;
    room_make(pen, height + 40);
    cairo_save(pen->cairo);
    cairo_translate(pen->cairo, LEFT, pen->y);
    (void)figure_draw(pen->cairo, e);
    cairo_restore(pen->cairo);
    pen->y += height + 5;
    paragraph_put(pen, e->text, SMALL, LEFT);
}

/* One or two photos, half a column each, with what is said of them. */
static void pair_put(struct pen *pen, const struct element *e, int count)
{
    double width = (COLUMN - 10) / 2, tallest = 0, words = 0;
    for (int i = 0; i < count; i++) {
        PangoLayout *layout = layout_new(pen, e[i].text, SMALL, width);
        tallest = fmax(tallest, figure_photo_draw(NULL, e[i].figure, width));
        words = fmax(words, height_of(layout));
        g_object_unref(layout);
    }
    room_make(pen, tallest + words + 12);
    for (int i = 0; i < count; i++) {
        double x = LEFT + i * (width + 10);
        cairo_save(pen->cairo);
        cairo_translate(pen->cairo, x, pen->y);
        (void)figure_photo_draw(pen->cairo, e[i].figure, width);
        cairo_restore(pen->cairo);
        (void)text_put(pen, e[i].text, SMALL, x, pen->y + tallest + 3, width);
    }
    pen->y += tallest + words + 12;
}

static void point_put(struct pen *pen, const char *text)
{
    room_make(pen, 14);
    (void)text_put(pen, "\xe2\x80\xa2", BODY, LEFT + 1, pen->y, INDENT);
    paragraph_put(pen, text, BODY, LEFT + INDENT);
    pen->y -= GAP / 2;
}

static void element_put(struct pen *pen, const struct element *e,
                        const struct element *next)
{
    static const enum face of_weight[] = {BODY, SMALL, STRONG};
    switch (e->kind) {
    case ELEMENT_HEADING:
        heading_put(pen, e->text, next);
        break;
    case ELEMENT_SUBHEADING:
        pen->y += 6;
        room_make(pen, room_after(next));
        paragraph_put(pen, e->text, STRONG, LEFT);
        break;
    case ELEMENT_BESIDE:
        break; /* pairs are put by pages_put() */
    case ELEMENT_TEXT:
        paragraph_put(pen, e->text, of_weight[e->weight], LEFT);
        break;
    case ELEMENT_POINT:
        point_put(pen, e->text);
        break;
    case ELEMENT_TABLE:
    case ELEMENT_ROW:
        row_put(pen, e);
        break;
    case ELEMENT_PHOTO:
    case ELEMENT_PLOT:
        figure_put(pen, e);
        break;
    case ELEMENT_BREAK:
        if (pen->y > TOP) {
            page_end(pen);
        }
        break;
    }
}

/* Room below a table or a list where something else begins. */
static double room_between(const struct element *before,
                           const struct element *after)
{
    bool was_row = before->kind == ELEMENT_ROW || before->kind == ELEMENT_TABLE;
    if (was_row && after->kind != ELEMENT_ROW) {
        return 8;
    }
    bool was_point = before->kind == ELEMENT_POINT;
    return was_point && after->kind != ELEMENT_POINT ? GAP / 2 : 0;
}

/* One block, or a pair of photos; gives how many elements that took. */
static size_t block_put(struct pen *pen, const struct element *e,
                        const struct element *next)
{
    if (e->kind != ELEMENT_BESIDE) {
        element_put(pen, e, next);
        return 1;
    }
    bool is_pair = next && next->kind == ELEMENT_BESIDE;
    pair_put(pen, e, is_pair ? 2 : 1);
    return is_pair ? 2 : 1;
}

static void pages_put(struct pen *pen)
{
    const struct document *d = pen->document;
    pen->page = 1;
    pen->y = TOP;
    paragraph_put(pen, d->about, SMALL, LEFT);
    paragraph_put(pen, d->title, TITLE, LEFT);
    pen->y += 4;
    for (size_t i = 0; i < d->elements;) {
        const struct element *e = &d->element[i];
        pen->y += i > 0 ? room_between(e - 1, e) : 0;
        i += block_put(pen, e, i + 1 < d->elements ? e + 1 : NULL);
    }
    page_end(pen);
}

static cairo_status_t pdf_take(void *out, const unsigned char *data,
                               unsigned int size)
{
    return out && buffer_append(out, (struct bytes){data, size})
               ? CAIRO_STATUS_WRITE_ERROR
               : CAIRO_STATUS_SUCCESS;
}

/* Draw everything; gives the number of pages, 0 when it failed. */
static int pdf_draw(const struct document *d, int pages, struct buffer *out)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
        pdf_take, out, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, d->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    struct pen pen = {cairo_create(surface), d, TOP, 1, pages};
    pages_put(&pen);
    cairo_destroy(pen.cairo);
    cairo_surface_finish(surface);
    bool failed = cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return failed ? 0 : pen.page - 1;
}

enum sting_status document_pdf(const struct document *document,
                               struct buffer *out)
{
    struct buffer pdf STING_AUTO(buffer_release) = {0};
    if (document->is_broken) {
        return STING_E_NOMEM;
    }
    int pages = pdf_draw(document, 0, NULL);
    if (pages == 0 || pdf_draw(document, pages, &pdf) == 0) {
        return STING_E_NOMEM;
    }
    return buffer_append(out, buffer_bytes(&pdf));
}
