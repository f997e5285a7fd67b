/*
 * tear: does rounding decide what readers of text take a gap for?
 *
 * They compare gaps with parts of the font's size, and some documents have gaps
 * of just that: typewriter words of type 3 with what follows them in another
 * font. Where two operators of other sizes meet, each is moved in steps of its
 * own, and a place that is spelt shorter may already be too much.
 * Source: what poppler's pdftotext and MuPDF's structured text say.
 */
#ifndef STING_PDF_TEAR_H
#define STING_PDF_TEAR_H

#include "pdf/word.h"

struct tear {
    bool if_moved; /* when one word that goes across the gap moves, */
    bool if_spelt; /* or when numbers are rounded */
};

/* Of the gap between the last glyph of the list's last word and this one. */
struct tear tear_before(const struct word_list *list,
                        const struct word_glyph *glyph);

#endif
