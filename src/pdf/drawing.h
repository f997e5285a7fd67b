/*
 * drawing: a content's bytes again, with its paths displaced by the field.
 *
 * Only operators that build paths and lie where something is displaced are
 * written anew; all other bytes are copied. Straight lines become as many
 * pieces as the field needs, rectangles become paths. Inline images are made by
 * whoever knows how. What stays: rectangles that clip or cover the page, text.
 * Source: ISO 32000-1, 8.4.4 and 8.5.2.
 */
#ifndef STING_PDF_DRAWING_H
#define STING_PDF_DRAWING_H

#include "base/buffer.h"
#include "pdf/field.h"

/* A content as edited so far, and what it becomes. */
struct drawing {
    struct bytes text;
    struct place_map map; /* to the display, where the content begins */
    const struct pdf_field *field;
    double width_pt, height_pt; /* of the page */
    size_t *part_begin;         /* where streams begin in the text; set anew */
    uint32_t parts;
    /* The inline image that is the nth from 0, displaced, from BI to EI; empty
     * where it stays. Fails: E_NOMEM. NULL: all stay. */
    enum sting_status (*picture)(const void *pictures, uint32_t nth,
                                 struct buffer *out);
    const void *pictures; /* borrowed */
};

/* Append the edited text to *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status drawing_edit(const struct drawing *drawing,
                                              struct buffer *out);

#endif
