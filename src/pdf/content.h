/*
 * content: what a page draws, with the place of every glyph in its bytes.
 *
 * A page's streams are read as one text, as viewers do; each Form XObject is
 * a text of its own. The operators that show text are kept as ranges, so
 * that edit.c can rewrite them alone.
 * Source: ISO 32000-1, 7.8, 8.4, 9.3, 9.4. Limits: forms 12 deep.
 */
#ifndef STING_PDF_CONTENT_H
#define STING_PDF_CONTENT_H

#include "base/buffer.h"
#include "base/fault.h"
#include "pdf/source.h"
#include "pdf/word.h"

enum show_kind { SHOW_TJ_STRING, SHOW_TJ_ARRAY, SHOW_NEXT, SHOW_SPACED };

struct face;

/* One operator that shows text, with its operands. */
struct content_show {
    size_t begin, end;           /* in the content's text */
    size_t lean_begin, lean_end; /* in its lean text */
    uint8_t kind;                /* enum show_kind */
    bool ends_line; /* what is shown next is placed anew: Td, Tm, T*, BT */
    /* Of the lean text: the pen comes here from the operator before; its
     * glyphs are in that operator itself, whose range it has. */
    bool goes_on, is_joined;
    uint32_t first_glyph, glyphs;
    double step_pt; /* displayed shift of a TJ number of one; signed */
    double spacing; /* Tc where it stands, in TJ numbers */
    double rise;    /* Ts where it stands */
    double rise_pt; /* displayed shift of a Ts of one */
};

struct content_glyph {
    uint32_t word;     /* of the page, or WORD_NONE */
    int32_t unicode;   /* 0 when unknown */
    struct face *face; /* borrowed from the source */
    float width;       /* at size 1 */
    uint8_t bytes;     /* of its code */
};

/* A stream object whose bytes begin at `begin` of the text, and of the lean
 * text, after a newline that is nobody's. */
struct content_part {
    int number;
    size_t begin, lean_begin;
};

/* An image that a page draws, or the mask of one. */
struct content_image {
    int number;        /* of its object; 0: inline */
    uint32_t content;  /* of an inline image: where it stands, */
    struct bytes dict; /* what is between its BI and ID, borrowed from the */
    struct bytes data; /* content, and what is behind */
    struct pdf_obj *resources; /* the same: borrowed from the source */
    bool is_mask;              /* of an image */
    struct place_map map;      /* from the unit square, y up, to the display */
    bool stays;                /* drawn larger elsewhere, or optional */
    size_t order;              /* among all of the file */
};

struct content {
    struct buffer text;
    struct place_map map;        /* to the display, where the content begins */
    bool is_shared;              /* some stream of it is drawn elsewhere too */
    bool is_twin;                /* all of it is, and is written there */
    struct buffer lean;          /* the same in fewer bytes: spell.h */
    bool is_split;               /* an operator lies in two parts */
    struct content_part *part;   /* owned */
    struct content_show *show;   /* owned */
    struct content_glyph *glyph; /* owned */
    uint32_t parts, shows, glyphs;
    uint32_t shows_room, glyphs_room;
};

/* A straight line that is drawn, or an edge of a filled shape. */
struct content_rule {
    float x0_pt, y0_pt, x1_pt, y1_pt;
};

#define CONTENT_MOST_RULES 20000
#define CONTENT_MOST_IMAGES 1000

struct page_content {
    struct content *content; /* owned */
    uint32_t contents;
    struct word_list list;
    struct content_rule *rule; /* owned */
    uint32_t rules, rules_room;
    float width_pt, height_pt;
    bool has_picture;
    bool shares;                 /* some content or image with another place */
    bool has_two_levels;         /* an image of black and white alone */
    bool has_large;              /* an image of too many samples */
    struct content_image *image; /* owned */
    uint32_t images;
};

void page_content_release(struct page_content *page);

/* How numbers of a page's text are written (spell.h). */
enum content_spelling {
    CONTENT_FINE = 0, /* as they are where rounding might tear (tear.h) */
    CONTENT_ROUNDED,  /* rounded everywhere, as copies had it at first */
};

/* Read a page. Fails: E_FORMAT, E_LIMIT, E_NOMEM; *out is then empty. */
STING_MUST_USE enum sting_status page_content_read(
    struct source *source, int page, enum content_spelling spelling,
    struct page_content *out, struct fault *fault);

#endif
