/* One candidate: is the page there? */
#include "image/refine.h"
#include "mark/read.h"
#include "trace/search_state.h"

#define WEAK_LOOKS 4       /* before those with few inliers are given up */
#define FEWEST_UNITS 8     /* in the picture, of a page worth reading */
#define LEAST_LIKENESS 0.4 /* right ones have 0.7 and more, wrong ones 0.2 */
#define LEAST_FOUND 0.5

bool search_overlaps(const struct search *search, const struct page_map *map,
                     const struct page_candidate *other)
{
    struct homography back;
    struct page_size size = search_size_of(search, other->page);
    struct point middle = {map->width_pt / 2, map->height_pt / 2};
    if (homography_invert(&other->sighting.h, &back)) {
        return true;
    }
    struct point p = homography_apply(&back, page_map_at(map, middle));
    return p.x > 0 && p.y > 0 && p.x < (double)size.width_pt &&
           p.y < (double)size.height_pt;
}

static bool is_settled(const struct search *search,
                       const struct page_candidate *candidate)
{
    for (size_t i = 0; i < search->hits; i++) {
        if (search_overlaps(search, &search->hit[i].map, candidate)) {
            return true;
        }
    }
    for (size_t i = 0; i < search->refusals; i++) {
        if (search->refused[i] == candidate->page) {
            return true;
        }
    }
    return false;
}

enum sting_status search_look_closely(const struct search *search,
                                      const struct page_candidate *candidate,
                                      struct search_hit *out, bool *is_hit,
                                      struct fault *fault)
{
    struct search_hit hit STING_AUTO(search_hit_release) = {
        .number = candidate->page, .inliers = candidate->sighting.inliers};
    struct page_size size = search_size_of(search, candidate->page);
    struct refine_report report = {0};
    *is_hit = false;
    enum sting_status status =
        search->source->render(search->source->context, hit.number,
                               MARK_READ_DPI, &hit.original, fault);
    if (!status) {
        status = page_map_init(&hit.map, &candidate->sighting.h,
                               (double)size.width_pt, (double)size.height_pt);
    }
    if (!status) {
        status = refine_map(&hit.map, search->photo, &hit.original,
                            MARK_READ_DPI, &report);
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
    hit.found = report.found;
    *is_hit = true;
    *out = hit;
    hit = (struct search_hit){0};
    return STING_OK;
}

bool search_is_bare(const struct search *search, const struct search_hit *hit)
{
    const struct plane *photo = &search->photo->level[0];
    return search->source->units && hit->inliers < SURE_INLIERS &&
           search->source->units(search->source->context, hit->number,
                                 &hit->map, photo->width_px,
                                 photo->height_px) < FEWEST_UNITS;
}

/* Kept until nothing better is found, and not looked at again. */
static void spare_take(struct search *search, struct search_hit *hit)
{
    if (search->has_spare) {
        search_hit_release(hit);
        return;
    }
    search->spare = *hit;
    search->has_spare = true;
    *hit = (struct search_hit){0};
}

enum sting_status search_try(struct search *search,
                             const struct page_candidate *candidate,
                             bool *is_hit, struct fault *fault)
{
    *is_hit = false;
    if (search->hits == SEARCH_MOST_SPOTS || search->looks == CLOSE_LOOKS ||
        candidate->sighting.inliers < search->fewest ||
        (candidate->sighting.inliers < RIVAL_INLIERS &&
         search->looks >= WEAK_LOOKS) ||
        is_settled(search, candidate)) {
        return STING_OK;
    }
    search->looks++;
    enum sting_status status = search_look_closely(
        search, candidate, &search->hit[search->hits], is_hit, fault);
    if (*is_hit && search_is_bare(search, &search->hit[search->hits])) {
        spare_take(search, &search->hit[search->hits]);
        *is_hit = false;
    }
    if (*is_hit) {
        search->hit[search->hits].spot = search->hits;
        search->hits++;
        search->last = candidate->sighting.h;
    } else {
        search->refused[search->refusals++] = candidate->page;
    }
    return status;
}
