/*
 * presence: of a picture in which no page of ours is seen, what would have
 * been? Pages of ours are put into that very picture, as blurred, as dark and
 * as grainy as it is, and it is searched again: without that, "not our page"
 * is only half an answer.
 */
#ifndef STING_TRACE_PRESENCE_H
#define STING_TRACE_PRESENCE_H

#include "trace/search.h"

#define PRESENCE_PAGES 4
#define PRESENCE_SIZES 3

struct presence {
    size_t put;   /* pages, at each size; 0: it was not asked */
    size_t sizes; /* that were tried, the larger first */
    struct {
        double part; /* of the picture's width and height that one fills */
        size_t found;
    } size[PRESENCE_SIZES];
    double blur_px; /* of the picture, as found: sd of a Gaussian */
    double noise;   /* in grey levels */
};

/* Smaller pages are not tried once fewer than half were found. Fails: as
 * search_run. */
STING_MUST_USE enum sting_status presence_find(
    const struct plane *picture, const struct page_index *index,
    const struct search_source *source, struct presence *out,
    struct fault *fault);

#endif
