/* Pages that look like one that was found. */
#include "trace/search_state.h"

#define RIVAL_RATIO 5     /* pages with so many times fewer are no rivals */
#define RIVAL_MARGIN 1.05 /* what a rival must agree better by */
#define RIVAL_LOOKS 3     /* beside one hit, at what does not look alike */
#define ALIKE_SHARE 0.8   /* of a hit's agreement: not told apart by looks */

/* How well a hit is borne out, to choose between pages that look alike. */
static double agreement_of(const struct search_hit *hit)
{
    return hit->likeness * (double)hit->found;
}

static bool is_kept(const struct search *search, size_t page)
{
    for (size_t i = 0; i < search->alikes; i++) {
        if (search->alike[i].number == page) {
            return true;
        }
    }
    return false;
}

/* Wrong pages reach few inliers, and so does the right one where little is
 * seen: then only those with nearly as many are rivals. */
static bool is_rival(const struct search *search,
                     const struct page_candidate *candidate,
                     const struct search_hit *hit)
{
    size_t inliers = candidate->sighting.inliers;
    bool is_strong =
        inliers >= RIVAL_INLIERS && inliers * RIVAL_RATIO >= hit->inliers;
    bool is_near = inliers >= FEWEST_INLIERS && inliers * 4 >= hit->inliers * 3;
    return (is_strong || is_near) && candidate->page != hit->number &&
           !is_kept(search, candidate->page) &&
           search_overlaps(search, &hit->map, candidate);
}

static bool has_room(const struct search *search, size_t first)
{
    return search->alikes < MOST_ALIKE &&
           search->alikes - first < SEARCH_MOST_ALIKE - 1;
}

static void hits_swap(struct search_hit *a, struct search_hit *b)
{
    struct search_hit kept = *a;
    *a = *b;
    *b = kept;
}

/* A rival that is really there: it may be the better one, and what is about
 * as good stays beside it. */
static bool rival_take(struct search *search, struct search_hit *rival,
                       const struct page_candidate *candidate)
{
    struct search_hit *hit = &search->hit[search->hits - 1];
    rival->spot = hit->spot;
    if (agreement_of(rival) > RIVAL_MARGIN * agreement_of(hit)) {
        hits_swap(hit, rival);
        search->last = candidate->sighting.h;
    }
    if (agreement_of(rival) < ALIKE_SHARE * agreement_of(hit)) {
        return false;
    }
    search->alike[search->alikes++] = *rival;
    *rival = (struct search_hit){0};
    return true;
}

/* What looked like an earlier, less good hit of the spot does not stay. */
static void alikes_prune(struct search *search, size_t first)
{
    const struct search_hit *hit = &search->hit[search->hits - 1];
    size_t kept = first;
    for (size_t i = first; i < search->alikes; i++) {
        struct search_hit *alike = &search->alike[i];
        if (agreement_of(alike) < ALIKE_SHARE * agreement_of(hit)) {
            search_hit_release(alike);
        } else {
            hits_swap(&search->alike[kept++], alike);
        }
    }
    search->alikes = kept;
}

enum sting_status search_rivals(struct search *search,
                                const struct page_candidate *candidate,
                                size_t candidates, struct fault *fault)
{
    enum sting_status status = STING_OK;
    struct search_hit *hit = &search->hit[search->hits - 1];
    const size_t first = search->alikes;
    int most = search->looks + RIVAL_LOOKS;
    size_t left = 0;
    most = most < CLOSE_LOOKS ? most : CLOSE_LOOKS;
    for (size_t i = 0; !status && i < candidates && search->looks < most; i++) {
        struct search_hit rival STING_AUTO(search_hit_release) = {0};
        bool is_hit = false;
        if (!is_rival(search, &candidate[i], hit)) {
            continue;
        }
        if (!has_room(search, first)) {
            left++;
            continue;
        }
        status =
            search_look_closely(search, &candidate[i], &rival, &is_hit, fault);
        bool is_better = is_hit && !search_is_bare(search, &rival) &&
                         rival_take(search, &rival, &candidate[i]);
        if (!is_better) {
            search->looks++;
        }
    }
    alikes_prune(search, first);
    hit->left = left;
    return status;
}
