/*
 * page_ring: is it the table that is seen around the sheet, or somebody as
 * dark? Only detect/ includes this.
 *
 * The structure of a table is as strong in each look as it was while the page
 * was in view, but for noise; somebody before it has none of it. How strong it
 * was is learned, since what codes a picture leaves more of it or less; looks
 * since the page went out of view are averaged.
 */
#ifndef STING_DETECT_PAGE_RING_H
#define STING_DETECT_PAGE_RING_H

#include "detect/page_blocks.h"

struct page_ring {
    float known; /* strength while the page was in view, so many looks */
    int known_looks;
    float since; /* and since it went out of view */
    int since_looks;
};

void page_ring_follow(struct page_ring *ring, const struct page_evidence *seen,
                      bool is_in_view);

/* The structure is not there, though it would be seen: it was strong, three
 * deviations of what is averaged, and little of it is left; or in a look or two
 * that will be known. */
bool page_ring_is_gone(const struct page_ring *ring, float unsure);

#endif
