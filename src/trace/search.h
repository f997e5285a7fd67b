/*
 * search: which of our pages does a photograph show, and exactly where?
 *
 * Knows pages by their index and asks for a rendering of the few that it
 * looks at closely; no key, no code, no process in here.
 *
 * Pages that look alike (a document registered twice, a form, a revised
 * edition) cannot be told apart by their looks: all of them are given, as hits
 * of one spot, and their marks must decide. A page of which hardly a unit is in
 * the picture tells nothing: it is given when nothing better is found.
 */
#ifndef STING_TRACE_SEARCH_H
#define STING_TRACE_SEARCH_H

#include "base/fault.h"
#include "image/page_index.h"
#include "image/page_map.h"

#define SEARCH_MOST_SPOTS 4 /* pages in one picture */
#define SEARCH_MOST_ALIKE 8 /* that look alike, of one spot */
#define SEARCH_MOST_HITS 16 /* of all spots */

/* Render a page again, `dpi` pixels an inch; the search releases *out. */
struct search_source {
    void *context;
    enum sting_status (*render)(void *context, size_t number, double dpi,
                                struct plane *out, struct fault *fault);
    /* How many of the page's units would be in a picture of this size? NULL:
     * nobody knows. */
    size_t (*units)(void *context, size_t number, const struct page_map *map,
                    int width_px, int height_px);
};

struct search_hit {
    size_t number;         /* of the page, in the index */
    struct page_map map;   /* owned */
    struct plane original; /* owned: the page at MARK_READ_DPI */
    size_t inliers;        /* of the homography that led here */
    double likeness;       /* of its blocks after refinement, 0 to 1 */
    size_t found;          /* its blocks that are where they should be */
    size_t spot;           /* in the picture, from 0: of hits that look alike */
    size_t left; /* more candidates for this spot, not looked at for want of
                    room */
    bool is_mirrored;
};

void search_hit_release(struct search_hit *hit);

/* Pages found in the picture, *hits of them: best spot first, those of one
 * spot in a row, the one that is shown where they differ before those like it.
 * The caller releases each. None is no failure.
 * Fails: E_NOMEM, and what render() gives. */
STING_MUST_USE enum sting_status search_run(
    const struct photo *photo, const struct page_index *index,
    const struct search_source *source, struct search_hit hit[SEARCH_MOST_HITS],
    size_t *hits, struct fault *fault);

/* The same in a mirror alone, where search_run looks when nothing else is
 * found: for who finds that what it gave is none. */
STING_MUST_USE enum sting_status search_mirrored(
    const struct photo *photo, const struct page_index *index,
    const struct search_source *source, struct search_hit hit[SEARCH_MOST_HITS],
    size_t *hits, struct fault *fault);

#endif
