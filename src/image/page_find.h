/*
 * page_find: the pages that a photograph's votes agree on, and where it
 * shows them.
 *
 * Votes that lie turned alike say where on the picture the middle of their
 * page would be (Hough); text may run along any side of its page. The pages on
 * whose middle most agree are looked at by consensus and homography
 * (sighting.h).
 */
#ifndef STING_IMAGE_PAGE_FIND_H
#define STING_IMAGE_PAGE_FIND_H

#include "image/page_votes.h"

#define PAGE_FIND_MOST 24 /* candidates */

struct page_candidate {
    size_t page;
    struct sighting sighting;
    double votes; /* of the largest consensus */
};

/* Pages that the photograph may show, most inliers first; *found of them.
 * `votes` of `photo` in `index`, which may have been thinned.
 * Fails: E_NOMEM. */
STING_MUST_USE enum sting_status page_find(
    const struct page_index *index, const struct feature_list *photo,
    const struct page_votes *votes,
    struct page_candidate candidate[PAGE_FIND_MOST], size_t *found);

/* Drop the votes of features that lie on this page of the picture: another
 * page may be beside it. */
void page_votes_drop(struct page_votes *votes, const struct feature_list *photo,
                     const struct homography *h, struct page_size size);

#endif
