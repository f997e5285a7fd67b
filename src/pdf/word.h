/*
 * word: glyphs, as they are shown one after another, gathered into words.
 *
 * A word ends at a blank, at a gap of more than 0.18 em, and where direction,
 * size or baseline change; where a script has no blanks, after three signs.
 * Signs that a script sets over or under its letters are of the letters' word.
 * Glyphs of scripts from right to left come in either order. Places are as
 * displayed: points, top left, y down.
 */
#ifndef STING_PDF_WORD_H
#define STING_PDF_WORD_H

#include "base/base.h"
#include "pdf/place.h"

#define WORD_NONE UINT32_MAX
#define WORD_MOST 200000 /* a page */

/* Why a word stays where it is, and what it is like. */
enum pdf_word_flag {
    PDF_WORD_HIDDEN = 1, /* invisible, clipping or optional text */
    PDF_WORD_SHARED = 2, /* goes as another place of its stream says, or not */
    PDF_WORD_VERTICAL = 4, /* vertical writing, or a direction askew */
    PDF_WORD_DIGITS = 8,   /* half of its glyphs or more are digits */
    PDF_WORD_FIXED_PITCH = 16,
    PDF_WORD_GRID = 32,     /* a few signs of a script without blanks */
    PDF_WORD_BACKWARD = 64, /* a script that runs from right to left */
    PDF_WORD_TORN = 128,    /* readers of text might part it if it moved */
};

struct pdf_word {
    float x0_pt, y0_pt, x1_pt, y1_pt; /* box of its ink */
    float ux, uy;                     /* writing direction */
    float vx, vy;                     /* where a text rise goes */
    float em_pt;                      /* size of its font */
    float reader_em_pt; /* as readers of text take it (face_reader_size), */
    float last_em_pt;   /* and that of its last glyph */
    float baseline_pt;  /* distance of its baseline from the top left corner */
    float from_pt, to_pt; /* its advance box, measured along (ux, uy) */
    float step_pt;        /* what a TJ number of one moves it along */
    uint16_t glyphs;
    uint16_t digits;
    uint16_t signs;  /* of its glyphs, over or under others */
    uint8_t flags;   /* enum pdf_word_flag */
    uint32_t family; /* words of one go together: twin.h; 0: none */
};

/* One glyph as shown. */
struct word_glyph {
    struct place_map map; /* from glyph space at size 1 to the display */
    double advance;       /* along x of that space, spacing left out */
    double reader_size;   /* of its font, there */
    const float *box;     /* of its ink, there */
    double step_pt;
    bool has_ink, is_digit;
    bool is_sign;    /* set over or under letters */
    bool may_follow; /* the pen, with its operator: spell_pen.c */
    uint8_t flags;
};

struct word_list {
    struct pdf_word *word; /* owned */
    uint32_t words, capacity;
    bool is_open;       /* the last word may go on */
    struct place end;   /* where its last glyph ended that is no sign */
    double end_step_pt; /* and its step_pt */
    bool
        is_fine; /* rounding might change what readers take a gap for: tear.h */
};

void word_list_release(struct word_list *list);

/* Take the next glyph; *word is the word that it belongs to, or WORD_NONE
 * for a blank. Fails: E_NOMEM, E_LIMIT. */
STING_MUST_USE enum sting_status word_list_take(struct word_list *list,
                                                const struct word_glyph *glyph,
                                                uint32_t *word);

/* What comes next is no continuation. */
void word_list_break(struct word_list *list);

#endif
