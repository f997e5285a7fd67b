/*
 * letter: where a glyph of a page has its origin.
 *
 * Points on the page as displayed: top left, y down. Where a font draws its
 * glyphs as pictures (Type 3), viewers do not put them as they put letters.
 */
#ifndef STING_PDF_LETTER_H
#define STING_PDF_LETTER_H

#include <stdint.h>

struct pdf_letter {
    float x_pt, y_pt;
    uint32_t is_picture; /* 1, else 0 */
};

#endif
