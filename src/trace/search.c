#include "trace/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/oblique.h"
#include "image/page_find.h"
#include "image/refine.h"
#include "mark/read.h"

/* Sizes, of the longer side, at which layout features are looked for: a
 * whole page in the picture, a crop, one far away. Each serves what is
 * printed at 0.6 to 1.3 times the scale it is made for. */
static const double side_table[] = {600, 330, 1100};
#define SIDES (sizeof side_table / sizeof *side_table)

#define MOST_CANDIDATES ((size_t)6 * PAGE_FIND_MOST)

#define SURE_INLIERS 25   /* looked at closely before another size is tried */
#define RIVAL_RATIO 5     /* pages with so many times fewer are no rivals */
#define RIVAL_INLIERS 12  /* nor those with fewer than wrong pages have */
#define RIVAL_MARGIN 1.05 /* what a rival must agree better by */
#define FEWEST_INLIERS 5  /* wrong pages reach 8: blocks decide */
#define CLOSE_LOOKS 8     /* pages refined in one picture, at most */
#define WEAK_LOOKS 4      /* before those with few inliers are given up */
#define RIVAL_LOOKS 3     /* beside one hit, at what does not look alike */
#define ALIKE_SHARE 0.8   /* of a hit's agreement: not told apart by looks */
#define MOST_ALIKE (SEARCH_MOST_HITS - SEARCH_MOST_SPOTS)
#define BESIDE_INLIERS 12  /* of a further page in the picture */
#define FEWEST_UNITS 8     /* in the picture, of a page worth reading */
#define LEAST_LIKENESS 0.4 /* right ones have 0.7 and more, wrong ones 0.2 */
#define LEAST_FOUND 0.5

void search_hit_release(struct search_hit *hit)
{
    page_map_release(&hit->map);
    plane_release(&hit->original);
    *hit = (struct search_hit){0};
}

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

/* The photograph at one size, and who votes for what. */
struct view {
    struct layout layout;    /* owned */
    struct page_votes votes; /* owned */
};

static void view_release(struct view *view)
{
    layout_release(&view->layout);
    page_votes_release(&view->votes);
}

static enum sting_status view_init(struct view *out,
                                   const struct search *search, double side_px)
{
    enum sting_status status =
        layout_of_photo(search->photo, side_px, &out->layout);
    return status
               ? status
               : page_votes_init(&out->votes, search->index, &out->layout.list);
}

static struct page_size size_of(const struct search *search, size_t page)
{
    return search->index->page[page];
}

/* Does the middle of one page lie on the other, in the picture? */
static bool overlaps(const struct search *search, const struct page_map *map,
                     const struct page_candidate *other)
{
    struct homography back;
    struct page_size size = size_of(search, other->page);
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
        if (overlaps(search, &search->hit[i].map, candidate)) {
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

/* Refine one candidate; *is_hit says whether the page is really there. */
static enum sting_status look_closely(const struct search *search,
                                      const struct page_candidate *candidate,
                                      struct search_hit *out, bool *is_hit,
                                      struct fault *fault)
{
    struct search_hit hit STING_AUTO(search_hit_release) = {
        .number = candidate->page, .inliers = candidate->sighting.inliers};
    struct page_size size = size_of(search, candidate->page);
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

/* Hardly a unit of the page is in the picture, and it may be another page. */
static bool is_bare(const struct search *search, const struct search_hit *hit)
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

/* Look at a candidate, unless that was done or there is no room. */
static enum sting_status candidate_try(struct search *search,
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
    enum sting_status status = look_closely(
        search, candidate, &search->hit[search->hits], is_hit, fault);
    if (*is_hit && is_bare(search, &search->hit[search->hits])) {
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
           overlaps(search, &hit->map, candidate);
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

/* Twins, pages with the same figure, form or passage: where further pages
 * have inliers as well, the one of which most is seen is the page, and those
 * of which as much is seen may be it. */
static enum sting_status rivals_try(struct search *search,
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
        status = look_closely(search, &candidate[i], &rival, &is_hit, fault);
        bool is_better = is_hit && !is_bare(search, &rival) &&
                         rival_take(search, &rival, &candidate[i]);
        if (!is_better) {
            search->looks++;
        }
    }
    alikes_prune(search, first);
    hit->left = left;
    return status;
}

/* More pages beside those found: the votes of what lies on them are dropped,
 * and the rest agree on others. */
static enum sting_status look_beside(struct search *search, struct view *view,
                                     struct fault *fault)
{
    enum sting_status status = STING_OK;
    bool is_hit = true;
    while (!status && is_hit && search->hits < SEARCH_MOST_SPOTS) {
        struct page_candidate candidate[PAGE_FIND_MOST];
        size_t last = search->hit[search->hits - 1].number;
        size_t found = 0;
        is_hit = false;
        page_votes_drop(&view->votes, &view->layout.list, &search->last,
                        size_of(search, last));
        status = page_find(search->index, &view->layout.list, &view->votes,
                           candidate, &found);
        for (size_t i = 0; !status && !is_hit && i < found &&
                           candidate[i].sighting.inliers >= BESIDE_INLIERS;
             i++) {
            status = candidate_try(search, &candidate[i], &is_hit, fault);
        }
        if (!status && is_hit) {
            status = rivals_try(search, candidate, found, fault);
        }
    }
    return status;
}

/* Try one size. Candidates that are not sure are kept for later. */
static enum sting_status look_at_size(struct search *search, double side_px,
                                      struct fault *fault)
{
    struct view view STING_AUTO(view_release) = {0};
    struct page_candidate *candidate = &search->best[search->candidates];
    size_t found = 0;
    bool is_hit = false;
    enum sting_status status = view_init(&view, search, side_px);
    if (!status) {
        status = page_find(search->index, &view.layout.list, &view.votes,
                           candidate, &found);
    }
    search->candidates += found;
    if (!status && found > 0 && candidate[0].sighting.inliers >= SURE_INLIERS) {
        status = candidate_try(search, &candidate[0], &is_hit, fault);
    }
    if (!status && is_hit) {
        status = rivals_try(search, candidate, found, fault);
    }
    return !status && is_hit ? look_beside(search, &view, fault) : status;
}

static int more_inliers(const void *left, const void *right)
{
    const struct page_candidate *a = left;
    const struct page_candidate *b = right;
    if (a->sighting.inliers != b->sighting.inliers) {
        return a->sighting.inliers < b->sighting.inliers ? 1 : -1;
    }
    return (a->votes < b->votes) - (a->votes > b->votes);
}

/* Nothing was sure: look at the best of all sizes. */
static enum sting_status look_at_best(struct search *search,
                                      struct fault *fault)
{
    enum sting_status status = STING_OK;
    qsort(search->best, search->candidates, sizeof *search->best, more_inliers);
    for (size_t i = 0; !status && i < search->candidates; i++) {
        bool is_hit;
        status = candidate_try(search, &search->best[i], &is_hit, fault);
        if (!status && is_hit) {
            status =
                rivals_try(search, search->best, search->candidates, fault);
        }
    }
    return status;
}

static int more_alike(const void *left, const void *right)
{
    const struct search_hit *a = left;
    const struct search_hit *b = right;
    double first = a->likeness * sqrt((double)a->inliers);
    double second = b->likeness * sqrt((double)b->inliers);
    return (first < second) - (first > second);
}

/* Spot by spot, best first, and in each the hit before those like it. */
static size_t hits_arrange(struct search *search)
{
    struct search_hit arranged[SEARCH_MOST_HITS] = {0};
    size_t count = 0;
    qsort(search->hit, search->hits, sizeof *search->hit, more_alike);
    for (size_t i = 0; i < search->hits; i++) {
        size_t begin = count;
        arranged[count++] = search->hit[i];
        for (size_t k = 0; k < search->alikes; k++) {
            if (search->alike[k].spot == search->hit[i].spot) {
                arranged[count++] = search->alike[k];
            }
        }
        for (size_t k = begin; k < count; k++) {
            arranged[k].spot = i;
            arranged[k].left = search->hit[i].left;
        }
    }
    memcpy(search->hit, arranged, sizeof arranged);
    return count;
}

static void search_free(struct search **search)
{
    if (*search) {
        search_hit_release(&(*search)->spare);
    }
    free(*search);
    *search = NULL;
}

/* Pieces seen from near by, whose page reaches behind the camera: chance gives
 * such maps as well, so that they come after all others. */
static enum sting_status look_at_parts(struct search *search,
                                       struct fault *fault)
{
    for (size_t i = 0; i < search->candidates; i++) {
        struct sighting *sighting = &search->best[i].sighting;
        sighting->inliers = sighting->partly;
        sighting->partly = 0;
    }
    search->looks = 0;
    search->refusals = 0;
    return look_at_best(search, fault);
}

/* Nothing so far: pieces of pages, then the picture squeezed. */
static enum sting_status look_harder(struct search *search, struct fault *fault)
{
    enum sting_status status = look_at_parts(search, fault);
    if (status || search->hits) {
        return status;
    }
    search->looks = 0;
    search->refusals = 0;
    status = oblique_find(search->photo, search->index, search->best,
                          MOST_CANDIDATES, &search->candidates);
    if (!status) {
        status = look_at_best(search, fault);
    }
    return status || search->hits ? status : look_at_parts(search, fault);
}

/* `wanted` says what to search for; the rest of it is empty. */
static enum sting_status photo_search(const struct search *wanted, size_t *hits,
                                      struct fault *fault)
{
    struct search *search STING_AUTO(search_free) = calloc(1, sizeof *search);
    enum sting_status status = search ? STING_OK : STING_E_NOMEM;
    if (status) {
        return status;
    }
    *search = *wanted;
    search->alike = search->hit + SEARCH_MOST_SPOTS;
    for (size_t i = 0; !status && !search->hits && i < SIDES; i++) {
        status = look_at_size(search, side_table[i], fault);
    }
    if (!status && !search->hits) {
        status = look_at_best(search, fault);
    }
    if (!status && !search->hits && search->fewest == FEWEST_INLIERS) {
        status = look_harder(search, fault);
    }
    if (!status && !search->hits && search->has_spare) {
        search->hit[search->hits++] = search->spare;
        search->spare = (struct search_hit){0};
    }
    *hits = hits_arrange(search);
    return status;
}

/* Mirrored pictures are rare: looked for when nothing else is found, and
 * only where they are plain to see. */
static enum sting_status mirror_search(const struct search *wanted,
                                       size_t *hits, struct fault *fault)
{
    struct photo photo STING_AUTO(photo_release) = {0};
    struct search mirrored = *wanted;
    mirrored.photo = &photo;
    mirrored.fewest = BESIDE_INLIERS;
    enum sting_status status = photo_mirror(wanted->photo, &photo);
    if (!status) {
        status = photo_search(&mirrored, hits, fault);
    }
    for (size_t i = 0; !status && i < *hits; i++) {
        page_map_mirror(&wanted->hit[i].map, photo.level[0].width_px);
    }
    return status;
}

enum sting_status search_run(const struct photo *photo,
                             const struct page_index *index,
                             const struct search_source *source,
                             struct search_hit hit[SEARCH_MOST_HITS],
                             size_t *hits, struct fault *fault)
{
    const struct search wanted = {.photo = photo,
                                  .index = index,
                                  .source = source,
                                  .hit = hit,
                                  .fewest = FEWEST_INLIERS};
    *hits = 0;
    enum sting_status status = photo_search(&wanted, hits, fault);
    if (!status && *hits == 0) {
        status = mirror_search(&wanted, hits, fault);
    }
    for (size_t i = 0; status && i < *hits; i++) {
        search_hit_release(&hit[i]);
    }
    if (status) {
        *hits = 0;
        return status == STING_E_NOMEM
                   ? fault_set(fault, status, "", "the memory is used up")
                   : status;
    }
    return STING_OK;
}
