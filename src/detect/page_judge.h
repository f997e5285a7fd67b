/*
 * page_judge: what one look at a page that is not whole in its place means.
 * Only detect/ includes this.
 *
 * To be told of as touched, a page must be seen to have left: its sheet
 * elsewhere, or the table where it lay, with most of the table around it as
 * known. Else something is before it, and nothing more is known. And what has
 * left is in somebody's hands until it is seen to lie: whole, flat, still, and
 * with nothing but the table around it.
 */
#ifndef STING_DETECT_PAGE_JUDGE_H
#define STING_DETECT_PAGE_JUDGE_H

#include "detect/page_blocks.h"
#include "detect/page_event.h"

#define SOLID 0.9F

struct page_sight {
    struct page_evidence seen;
    float relit;       /* the light now over that when it was seen in place */
    int64_t bare_us;   /* for how long nothing stirs and no sheet is seen */
    int64_t calm_us;   /* for how long nothing stirs */
    bool was_away;     /* paper was seen on its way a moment ago */
    bool is_gone;      /* and was told of as gone by now */
    bool is_ring_gone; /* the table around it is not seen: page_ring.h */
    bool has_sheet;    /* one was found; then: */
    bool is_whole;
    float solid;
    float size; /* 1: that of the known sheet */
    float unlike;
    int64_t still_us;
};

/* All of it in its place, and nothing on it: a hand hides paper and print, a
 * shadow leaves the print. */
bool page_judge_whole(const struct page_evidence *seen);

bool page_judge_calm(const struct page_sight *sight);

/* Paper on its way: less of the known is in place than the piece that is seen
 * would show there, or none is and it sticks out. */
bool page_judge_away(const struct page_sight *sight);

/* Nothing but the table, still, in the light that was. */
bool page_judge_bare(const struct page_sight *sight);

/* A sheet that lies there: flat, still, nobody's hand at it. */
bool page_judge_lies(const struct page_sight *sight);

/* PAGE_MOVED: a sheet lies there, whichever it is. */
enum page_state page_judge(const struct page_sight *sight);

#endif
