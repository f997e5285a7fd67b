#include "trace/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/oblique.h"
#include "trace/search_state.h"

/* Sizes, of the longer side, at which layout features are looked for: a
 * whole page in the picture, a crop, one far away. Each serves what is
 * printed at 0.6 to 1.3 times the scale it is made for. */
static const double side_table[] = {600, 330, 1100};
#define SIDES (sizeof side_table / sizeof *side_table)

#define BESIDE_INLIERS 12 /* of a further page in the picture */

void search_hit_release(struct search_hit *hit)
{
    page_map_release(&hit->map);
    plane_release(&hit->original);
    *hit = (struct search_hit){0};
}

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
                        search_size_of(search, last));
        status = page_find(search->index, &view->layout.list, &view->votes,
                           candidate, &found);
        for (size_t i = 0; !status && !is_hit && i < found &&
                           candidate[i].sighting.inliers >= BESIDE_INLIERS;
             i++) {
            status = search_try(search, &candidate[i], &is_hit, fault);
        }
        if (!status && is_hit) {
            status = search_rivals(search, candidate, found, fault);
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
        status = search_try(search, &candidate[0], &is_hit, fault);
    }
    if (!status && is_hit) {
        status = search_rivals(search, candidate, found, fault);
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
        status = search_try(search, &search->best[i], &is_hit, fault);
        if (!status && is_hit) {
            status =
                search_rivals(search, search->best, search->candidates, fault);
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
static enum sting_status hits_arrange(struct search *search, size_t *hits)
{
    struct search_hit arranged[SEARCH_MOST_HITS] = {0};
    enum sting_status status = STING_OK;
    size_t count = 0;
    qsort(search->hit, search->hits, sizeof *search->hit, more_alike);
    for (size_t i = 0; i < search->hits; i++) {
        size_t begin = count, left = search->hit[i].left;
        arranged[count++] = search->hit[i];
        for (size_t k = 0; k < search->alikes; k++) {
            if (search->alike[k].spot == search->hit[i].spot) {
                arranged[count++] = search->alike[k];
            }
        }
        if (!status) {
            status = search_tell_apart(search->photo, &arranged[begin],
                                       count - begin);
        }
        for (size_t k = begin; k < count; k++) {
            arranged[k].spot = i;
            arranged[k].left = left;
        }
    }
    memcpy(search->hit, arranged, sizeof arranged);
    *hits = count;
    return status;
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
    enum sting_status arranged = hits_arrange(search, hits);
    return status ? status : arranged;
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
        wanted->hit[i].is_mirrored = true;
    }
    return status;
}

/* After a search that failed nothing is left to be released. */
static enum sting_status search_end(enum sting_status status,
                                    struct search_hit *hit, size_t *hits,
                                    struct fault *fault)
{
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
    return search_end(status, hit, hits, fault);
}

enum sting_status search_mirrored(const struct photo *photo,
                                  const struct page_index *index,
                                  const struct search_source *source,
                                  struct search_hit hit[SEARCH_MOST_HITS],
                                  size_t *hits, struct fault *fault)
{
    const struct search wanted = {
        .photo = photo, .index = index, .source = source, .hit = hit};
    *hits = 0;
    return search_end(mirror_search(&wanted, hits, fault), hit, hits, fault);
}
