/*
 * paper: a page of a PDF, printed: the reflectance of ink on paper.
 *
 * Rendered by poppler and cairo, so that it shares nothing with the code
 * that marks pages and reads marks. The bytes of the PDF are ours or the
 * user's own; this runs in drills only.
 *
 * Limits: pages of 10 to 2000 mm a side, 50 to 600 dpi.
 */
#ifndef STING_DRILL_PAPER_H
#define STING_DRILL_PAPER_H

#include "base/fault.h"
#include "drill/colour.h"
#include "drill/spot.h"

#define PAPER_WHITE 0.86F /* reflectance of plain paper */

struct paper {
    struct colour ink; /* reflectance, 0 to 1, at `dpi`; below 0: no sheet */
    bool is_grey;      /* all three channels are the same */
    struct spot *slip; /* owned, may be NULL: by row, how far from its place
                          the printer put it, mm */
    double dpi;
    double width_mm;
    double height_mm;
    bool is_lcd; /* a screen: pixels of `dpi` in three stripes that shine */
};

/* A word of a page as poppler sees it. */
struct paper_word {
    struct spot low, high;
};

void paper_release(struct paper *paper);

/* Page `page`, counted from 0, as an ideal printer would put it on white.
 * Fails: E_FORMAT, E_ABSENT when there is no such page, E_LIMIT, E_NOMEM. */
STING_MUST_USE enum sting_status paper_render(struct bytes pdf, int page,
                                              double dpi, struct paper *out,
                                              struct fault *fault);

/* The same out of a printer's raster of 600 dots an inch, every glyph on a
 * whole dot: a printer draws a letter once and puts copies of it on whole
 * dots of its own (PostScript Language Reference, third edition, "Font
 * Cache"). */
STING_MUST_USE enum sting_status paper_raster(struct bytes pdf, int page,
                                              double dpi, struct paper *out,
                                              struct fault *fault);

/* The same as a viewer shows it: one pixel a dot, every glyph put on a whole
 * pixel (cairo 1.16 does that), edges smoothed. */
STING_MUST_USE enum sting_status paper_view(struct bytes pdf, int page,
                                            double dpi, struct paper *out,
                                            struct fault *fault);

/* All words of a page, and its size; the caller frees out->word. Fails: as
 * paper_render. */
struct paper_words {
    double width_mm, height_mm;
    size_t words;
    struct paper_word *word; /* owned */
};
STING_MUST_USE enum sting_status paper_words(struct bytes pdf, int page,
                                             struct paper_words *out,
                                             struct fault *fault);

/* Pages of a PDF. Fails: E_FORMAT. */
STING_MUST_USE enum sting_status paper_pages(struct bytes pdf, int *out,
                                             struct fault *fault);

/* What a laser printer makes of it: ink spreads, edges fray, toner and
 * paper are uneven, paper is not quite white. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status paper_print(struct paper *paper,
                                             uint64_t seed);

/* How it pulls the sheet: rows lie where rollers and drum put them. Fails:
 * E_NOMEM. */
STING_MUST_USE enum sting_status paper_feed(struct paper *paper, uint64_t seed);

/* A sheet and what is worked out of it once for many places; borrows it. */
struct paper_dots {
    const struct paper *paper;
    float a_mm;           /* dots */
    float most_u, most_v; /* mm */
    int right, bottom;    /* the last dots */
    ptrdiff_t stride;
};
struct paper_dots paper_dots_of(const struct paper *paper);

/* What the sheet shows at a place, between its dots; false where none lies. */
bool paper_at(const struct paper_dots *dots, float u, float v, float out[3]);

/* A straight line over the sheet. */
struct paper_line {
    float u, v, way_u, way_v; /* begin and way, mm */
    float first, step;        /* in ways: half a step before the first place */
    int places;
};

/* Add up what paper_at shows at those places. Sums of the channels of a grey
 * sheet are equal before and after. Gives how many places lie off the sheet. */
int paper_sum(const struct paper_dots *dots, const struct paper_line *line,
              float sum[3]);

#endif
