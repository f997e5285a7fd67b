#include "trace/search.h"

#include <math.h>
#include <stdlib.h>

#include "image/refine.h"
#include "mark/read.h"

/* Sizes, of the longer side, at which layout features are looked for: a
 * whole page in the picture, a crop or a far one, a close one. */
static const double side_table[] = {1000, 600, 1500};

#define SURE_INLIERS 40    /* no other size is tried then */
#define FEWEST_INLIERS 5   /* wrong pages reach 8: blocks decide */
#define CLOSE_LOOKS 6      /* pages refined in one picture, at most */
#define LEAST_LIKENESS 0.4 /* right ones have 0.7 and more, wrong ones 0.2 */
#define LEAST_FOUND 0.5

void search_hit_release(struct search_hit *hit)
{
    page_map_release(&hit->map);
    plane_release(&hit->original);
    *hit = (struct search_hit){0};
}

/* The best sighting of each page so far. */
struct candidate {
    const struct search_page *page;
    struct sighting sighting;
};

static void candidates_free(struct candidate **candidate)
{
    free(*candidate);
    *candidate = NULL;
}

/* Match every page at one size. Gives the most inliers of any. */
static enum sting_status look_at_size(const struct photo *photo, double side_px,
                                      struct candidate *candidate,
                                      size_t candidates, size_t *most)
{
    struct layout layout STING_AUTO(layout_release) = {0};
    enum sting_status status = layout_of_photo(photo, side_px, &layout);
    for (size_t i = 0; !status && i < candidates; i++) {
        struct candidate *c = &candidate[i];
        struct sighting seen;
        status = layout_match(&c->page->layout, &layout, &seen);
        if (!status && seen.inliers > c->sighting.inliers) {
            c->sighting = seen;
        }
        *most = c->sighting.inliers > *most ? c->sighting.inliers : *most;
    }
    return status;
}

static int more_inliers(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->sighting.inliers != b->sighting.inliers) {
        return a->sighting.inliers < b->sighting.inliers ? 1 : -1;
    }
    return (a->page > b->page) - (a->page < b->page);
}

/* Does the middle of one page lie on the other, in the picture? */
static bool overlaps(const struct page_map *map, const struct candidate *other)
{
    struct homography back;
    const struct layout *layout = &other->page->layout;
    struct point middle = {map->width_pt / 2, map->height_pt / 2};
    if (homography_invert(&other->sighting.h, &back)) {
        return true;
    }
    struct point p = homography_apply(&back, page_map_at(map, middle));
    return p.x > 0 && p.y > 0 && p.x < layout->width && p.y < layout->height;
}

static bool is_taken(const struct search_hit *hit, size_t hits,
                     const struct candidate *candidate)
{
    for (size_t i = 0; i < hits; i++) {
        if (overlaps(&hit[i].map, candidate)) {
            return true;
        }
    }
    return false;
}

/* Refine one candidate; *is_hit says whether the page is really there. */
static enum sting_status look_closely(const struct photo *photo,
                                      const struct candidate *candidate,
                                      const struct search_source *source,
                                      struct search_hit *out, bool *is_hit,
                                      struct fault *fault)
{
    struct search_hit hit STING_AUTO(search_hit_release) = {
        .number = candidate->page->number,
        .inliers = candidate->sighting.inliers};
    const struct layout *layout = &candidate->page->layout;
    struct refine_report report = {0};
    *is_hit = false;
    enum sting_status status = source->render(
        source->context, hit.number, MARK_READ_DPI, &hit.original, fault);
    if (!status) {
        status = page_map_init(&hit.map, &candidate->sighting.h, layout->width,
                               layout->height);
    }
    if (!status) {
        status =
            refine_map(&hit.map, photo, &hit.original, MARK_READ_DPI, &report);
        /* Too little found: then it is not this page. */
        if (status == STING_E_FORMAT) {
            return STING_OK;
        }
    }
    if (status || report.likeness < LEAST_LIKENESS ||
        (double)report.found < LEAST_FOUND * (double)report.looked) {
        return status;
    }
    hit.likeness = report.likeness;
    *is_hit = true;
    *out = hit;
    hit = (struct search_hit){0};
    return STING_OK;
}

static int more_alike(const void *left, const void *right)
{
    const struct search_hit *a = left;
    const struct search_hit *b = right;
    double first = a->likeness * sqrt((double)a->inliers);
    double second = b->likeness * sqrt((double)b->inliers);
    return (first < second) - (first > second);
}

static enum sting_status look_at_best(const struct photo *photo,
                                      const struct candidate *candidate,
                                      size_t candidates,
                                      const struct search_source *source,
                                      struct search_hit *hit, size_t *hits,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    int looks = 0;
    for (size_t i = 0; !status && i < candidates && looks < CLOSE_LOOKS &&
                       *hits < SEARCH_MOST_HITS;
         i++) {
        bool is_hit = false;
        if (candidate[i].sighting.inliers < FEWEST_INLIERS) {
            break;
        }
        if (is_taken(hit, *hits, &candidate[i])) {
            continue;
        }
        looks++;
        status = look_closely(photo, &candidate[i], source, &hit[*hits],
                              &is_hit, fault);
        *hits += is_hit;
    }
    return status;
}

enum sting_status search_run(const struct photo *photo,
                             const struct search_page *page, size_t pages,
                             const struct search_source *source,
                             struct search_hit hit[SEARCH_MOST_HITS],
                             size_t *hits, struct fault *fault)
{
    struct candidate *candidate STING_AUTO(candidates_free) =
        calloc(pages + 1, sizeof *candidate);
    enum sting_status status = candidate ? STING_OK : STING_E_NOMEM;
    size_t most = 0;
    *hits = 0;
    for (size_t i = 0; !status && i < pages; i++) {
        candidate[i].page = &page[i];
    }
    for (size_t i = 0; !status && most < SURE_INLIERS &&
                       i < sizeof side_table / sizeof *side_table;
         i++) {
        status = look_at_size(photo, side_table[i], candidate, pages, &most);
    }
    if (status) {
        return fault_set(fault, status, "",
                         "the picture could not be searched");
    }
    qsort(candidate, pages, sizeof *candidate, more_inliers);
    status = look_at_best(photo, candidate, pages, source, hit, hits, fault);
    if (status) {
        for (size_t i = 0; i < *hits; i++) {
            search_hit_release(&hit[i]);
        }
        *hits = 0;
        return status;
    }
    qsort(hit, *hits, sizeof *hit, more_alike);
    return STING_OK;
}
