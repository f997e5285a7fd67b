/*
 * edit_pen: an operator that shows text, being written anew.
 *
 * Errors stick: status is checked at the end, as every step only appends.
 */
#ifndef STING_PDF_EDIT_PEN_H
#define STING_PDF_EDIT_PEN_H

#include "pdf/content.h"
#include "pdf/edit.h"

struct edit_pen {
    struct buffer *out;
    enum sting_status status;
    const struct content_show *show;
    struct edit_seams *seams; /* where words meet; or NULL */
    bool is_open;             /* an array has been begun */
    char string;      /* what the string at hand began with; 0: none is */
    bool always;      /* write zeros too */
    double along;     /* displacement now in force, in TJ numbers */
    double rise;      /* text rise now in force */
    double pending;   /* number due before the next string */
    struct bytes raw; /* its bytes, when it stands as it was */
    bool is_due;
};

void edit_pen_put(struct edit_pen *pen, struct bytes bytes);
void edit_pen_text(struct edit_pen *pen, const char *text);
void edit_pen_number(struct edit_pen *pen, double value, int decimals);

/* A blank where the next word would else run into the last. */
void edit_pen_gap(struct edit_pen *pen);

/* A number that the array has already; it is written by the next of these. */
void edit_pen_take(struct edit_pen *pen, double number, struct bytes raw);
void edit_pen_settle(struct edit_pen *pen);

/* From here on displaced by so much; at_word: a null edit writes it too. */
void edit_pen_shift(struct edit_pen *pen, double along, bool at_word);
void edit_pen_rise(struct edit_pen *pen, double rise, bool at_word);

/* Up to where the bytes of the next glyph come, and such glyphs; `first` is
 * what their string begins with. */
void edit_pen_open(struct edit_pen *pen, char first);
void edit_pen_glyphs(struct edit_pen *pen, struct bytes glyphs, char first);
void edit_pen_close(struct edit_pen *pen);

#endif
