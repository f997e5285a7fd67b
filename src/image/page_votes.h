/*
 * page_votes: which features of which pages look like a photograph's.
 *
 * Each feature of the photograph asks the cells near it; what is at most 20
 * of 64 bits apart is a vote, the rarer so near a likeness the heavier, one
 * a page at most. Source: Jegou, Douze and Schmid, IJCV 87 (2010).
 */
#ifndef STING_IMAGE_PAGE_VOTES_H
#define STING_IMAGE_PAGE_VOTES_H

#include "image/page_index.h"

#define PAGE_VOTES_MOST_FEATURES 4096 /* of a photograph */

struct page_vote {
    uint32_t page;
    uint32_t place;   /* on it, packed */
    uint16_t feature; /* of the photograph */
    float weight;
};

struct page_votes {
    size_t count;
    struct page_vote *vote; /* owned; page by page, by feature in each */
};

/* Fails: E_NOMEM. The caller releases *out. */
STING_MUST_USE enum sting_status page_votes_init(
    struct page_votes *out, const struct page_index *index,
    const struct feature_list *photo);
void page_votes_release(struct page_votes *votes);

#endif
