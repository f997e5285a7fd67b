/*
 * element: the blocks of a document. Only print/ includes this.
 */
#ifndef STING_PRINT_ELEMENT_H
#define STING_PRINT_ELEMENT_H

#include <cairo/cairo.h>

#include "print/document.h"

enum element_kind {
    ELEMENT_HEADING,
    ELEMENT_SUBHEADING,
    ELEMENT_TEXT,
    ELEMENT_POINT,
    ELEMENT_TABLE, /* its head */
    ELEMENT_ROW,
    ELEMENT_PHOTO,
    ELEMENT_BESIDE, /* a photo, half a column wide */
    ELEMENT_PLOT,
    ELEMENT_BREAK,
};

struct element {
    enum element_kind kind;
    enum document_weight weight;
    char *text;                          /* owned; captions too */
    char *cell[DOCUMENT_MOST_COLUMNS];   /* owned */
    double share[DOCUMENT_MOST_COLUMNS]; /* of a table */
    size_t columns;
    bool has_head;
    const void *figure; /* borrowed */
};

struct document {
    char *title, *about;     /* owned */
    struct element *element; /* owned */
    size_t elements;
    bool is_broken; /* the memory was used up */
};

/* Draw a figure `width` wide at the origin; gives its height. With a NULL
 * cairo only measures. */
double figure_photo_draw(cairo_t *cairo, const struct figure_photo *photo,
                         double width);
double figure_plot_draw(cairo_t *cairo, const struct figure_plot *plot,
                        double width);

/* A figure as an SVG file. */
STING_MUST_USE enum sting_status figure_svg(const struct element *element,
                                            struct buffer *out);

#endif
