/*
 * figure: a photograph with strokes over it, and a plot of scores, drawn the
 * same way for paper and screen.
 */
#ifndef STING_PRINT_FIGURE_H
#define STING_PRINT_FIGURE_H

#include "base/base.h"

enum figure_colour {
    FIGURE_GREEN,
    FIGURE_RED,
    FIGURE_BLUE,
    FIGURE_GREY,
    FIGURE_COLOURS
};

/* A closed shape, or a line when it has two points; picture pixels. */
struct figure_stroke {
    float x[4], y[4];
    uint8_t points;
    uint8_t colour; /* enum figure_colour */
};

struct figure_photo {
    struct bytes jpeg;                  /* borrowed */
    int width_px, height_px;            /* of the JPEG */
    double stroke_scale;                /* stroke pixels to JPEG pixels */
    const struct figure_stroke *stroke; /* borrowed */
    size_t strokes;
};

/* A value that stands out, with a name. */
struct figure_mark {
    double value;
    const char *name; /* borrowed */
    uint8_t colour;
};

#define FIGURE_MOST_MARKS 4

/* How often values occur: two sets over one scale. */
struct figure_plot {
    const double *many; /* grey bars: drawn by chance; borrowed */
    size_t manys;
    const char *many_name;
    const double *few; /* blue bars; borrowed */
    size_t fews;
    const char *few_name;
    struct figure_mark mark[FIGURE_MOST_MARKS];
    size_t marks;
    const char *axis; /* what the values are */
};

#endif
