/*
 * unit: what can be displaced on a page, and by how much.
 *
 * A word gives one unit along its writing direction and, where the lines
 * leave room, one across it. The order of units on a page is final once a
 * document is registered: code bits are counted by it.
 *
 * Places are in points (1/72 inch) on the page as displayed: origin top
 * left, x right, y down, /Rotate and the crop box applied.
 */
#ifndef STING_MARK_UNIT_H
#define STING_MARK_UNIT_H

#include "base/base.h"
#include "base/buffer.h"

#define MARK_MOST_UNITS 65535 /* a page */
#define MARK_FAINTS 64

/* Of a word along its line and across it; of a cell (cell.h) right and down. */
enum mark_axis {
    MARK_ALONG = 0,
    MARK_ACROSS = 1,
    MARK_CELL_X = 2,
    MARK_CELL_Y = 3,
    MARK_AXES
};

/* In which turn the bytes of a copy are spent on units (budget.h). */
enum mark_turn {
    MARK_TURN_FIRST = 0,
    MARK_TURN_NEXT, /* at the ends of lines, and of one sign */
    MARK_TURN_LAST, /* across the line */
    MARK_TURNS,
    MARK_TURN_NEVER = MARK_TURNS
};

struct mark_unit {
    float x0_pt, y0_pt, x1_pt, y1_pt; /* box of its ink in the original */
    float ux, uy;                     /* unit vector in which a one moves */
    float shift_pt; /* one: +shift_pt along (ux, uy); zero: -shift_pt */
    uint16_t word;  /* units of one word share this number */
    uint16_t line;  /* words of one line of text share this number */
    uint8_t axis;   /* enum mark_axis */
    uint8_t faint;  /* of a cell, below MARK_FAINTS: cell.h */
    uint8_t turn;   /* enum mark_turn; not in its record */
};

/* Why a page carries no mark; MARK_PAGE_OK when it does. */
enum mark_page_state {
    MARK_PAGE_OK = 0,
    MARK_PAGE_EMPTY,   /* no text at all */
    MARK_PAGE_SPARSE,  /* too few words to name a copy */
    MARK_PAGE_PICTURE, /* a scan or a drawing */
    MARK_PAGE_HELD,    /* words enough, but of a kind that stays */
    MARK_PAGE_LARGE,   /* a picture of more samples than are displaced */
    MARK_PAGE_STATES
};

struct mark_page {
    float width_pt;
    float height_pt;
    uint8_t state; /* enum mark_page_state */
    uint32_t units;
    struct mark_unit *unit; /* owned */
};

void mark_page_release(struct mark_page *page);

/* Append the page's record (docs/formats/bait.md). Fails: E_NOMEM. */
STING_MUST_USE enum sting_status mark_page_write(const struct mark_page *page,
                                                 struct buffer *out);

/* Read one record from the front of *from and move *from past it; the
 * bytes may be hostile. The caller releases *out. Fails: E_FORMAT, E_NOMEM. */
STING_MUST_USE enum sting_status mark_page_read(struct bytes *from,
                                                struct mark_page *out);

#endif
