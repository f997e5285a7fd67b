/*
 * search_state: a search under way; search*.c share it.
 */
#ifndef STING_TRACE_SEARCH_STATE_H
#define STING_TRACE_SEARCH_STATE_H

#include "image/page_find.h"
#include "image/photo.h"
#include "trace/search.h"

#define MOST_CANDIDATES ((size_t)6 * PAGE_FIND_MOST)
#define SURE_INLIERS 25  /* looked at closely before another size is tried */
#define RIVAL_INLIERS 12 /* nor those with fewer than wrong pages have */
#define FEWEST_INLIERS 5 /* wrong pages reach 8: blocks decide */
#define CLOSE_LOOKS 8    /* pages refined in one picture, at most */
#define MOST_ALIKE (SEARCH_MOST_HITS - SEARCH_MOST_SPOTS)

/* What is searched, and what was found so far. */
struct search {
    const struct photo *photo;
    const struct page_index *index;
    const struct search_source *source;
    size_t fewest;          /* inliers of what is looked at closely */
    struct search_hit *hit; /* one a spot, SEARCH_MOST_SPOTS */
    size_t hits;
    struct search_hit *alike; /* what looks like them, MOST_ALIKE */
    size_t alikes;
    int looks;
    struct page_candidate best[MOST_CANDIDATES]; /* of every size */
    size_t candidates;
    size_t refused[CLOSE_LOOKS]; /* pages that were looked at in vain */
    size_t refusals;
    struct homography last;  /* of the last hit */
    struct search_hit spare; /* the first that shows hardly a unit; owned */
    bool has_spare;
};

static inline struct page_size search_size_of(const struct search *search,
                                              size_t page)
{
    return search->index->page[page];
}

/* Does the middle of one page lie on the other, in the picture? */
bool search_overlaps(const struct search *search, const struct page_map *map,
                     const struct page_candidate *other);

/* Refine one candidate; *is_hit says whether the page is really there. Fails:
 * E_NOMEM, and what render() gives, as those below. */
STING_MUST_USE enum sting_status search_look_closely(
    const struct search *search, const struct page_candidate *candidate,
    struct search_hit *out, bool *is_hit, struct fault *fault);

/* Hardly a unit of the page is in the picture, and it may be another page. */
bool search_is_bare(const struct search *search, const struct search_hit *hit);

/* Look at a candidate, unless that was done or there is no room. */
STING_MUST_USE enum sting_status search_try(
    struct search *search, const struct page_candidate *candidate, bool *is_hit,
    struct fault *fault);

/* Twins of the last hit, pages with the same figure, form or passage: where
 * further pages have inliers as well, the one of which most is seen is the
 * page, and those of which as much is seen may be it. */
STING_MUST_USE enum sting_status search_rivals(
    struct search *search, const struct page_candidate *candidate,
    size_t candidates, struct fault *fault);

/* Hits of one spot: the page that the picture shows where they differ comes
 * first. What is of another size, or differs out of view only, keeps its
 * place. Fails: E_NOMEM, E_ARG. */
STING_MUST_USE enum sting_status search_tell_apart(const struct photo *photo,
                                                   struct search_hit *hit,
                                                   size_t hits);

#endif
