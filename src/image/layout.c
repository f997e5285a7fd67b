#include "image/layout.h"

#include <math.h>
#include <stdlib.h>

#include "image/filter.h"

#define PAGE_FEATURES 700
#define PHOTO_FEATURES 2500
#define PAGE_BLUR 0.8        /* at LAYOUT_DPI: half of 1.6 px at 100 dpi */
#define DOUBLED_SIDE_PX 1000 /* larger ones have detail enough */
#define MOST_MATCHES 600
#define ELSEWHERE_PT 9.0 /* farther on the page is another place */
#define MOST_RATIO 0.92  /* of distances, best to best elsewhere */
#define TOLERANCE_PT 4.0 /* of the homography, on the page */
#define TRIALS 3000
#define SEED UINT64_C(0x7374696e67)

/* One feature of the page seen, perhaps, in the photograph. */
struct match {
    const struct feature *page;
    const struct feature *photo;
    double weight;
};

void layout_release(struct layout *layout)
{
    feature_list_release(&layout->list);
    *layout = (struct layout){0};
}

/* Places and scales from pixels of the reduced plane to the layout's unit. */
static void unit_set(struct layout *layout, double unit_per_px)
{
    for (size_t i = 0; i < layout->list.count; i++) {
        struct feature *f = &layout->list.feature[i];
        f->x = (float)((double)f->x * unit_per_px);
        f->y = (float)((double)f->y * unit_per_px);
        f->scale = (float)((double)f->scale * unit_per_px);
    }
}

enum sting_status layout_of_page(const struct plane *page, double dpi,
                                 struct layout *out)
{
    const struct feature_options options = {PAGE_FEATURES, 0.8, 15, true};
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    struct layout made = {
        page->width_px * 72 / dpi, page->height_px * 72 / dpi, {0}};
    enum sting_status status = plane_shrink(page, LAYOUT_DPI / dpi, &small);
    if (!status) {
        status = plane_blur(&small, PAGE_BLUR);
    }
    if (!status) {
        status = feature_find(&small, &options, &made.list);
    }
    if (!status) {
        unit_set(&made, 72 / LAYOUT_DPI);
        *out = made;
    }
    return status;
}

enum sting_status layout_of_photo(const struct photo *photo, double side_px,
                                  struct layout *out)
{
    const struct feature_options options = {PHOTO_FEATURES, 0.65, 15,
                                            side_px <= DOUBLED_SIDE_PX};
    const struct plane *full = &photo->level[0];
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    double side = fmax(full->width_px, full->height_px);
    double factor = fmin(1, side_px / side);
    struct layout made = {full->width_px, full->height_px, {0}};
    enum sting_status status = plane_shrink(full, factor, &small);
    if (!status) {
        status = plane_blur(&small, PAGE_BLUR);
    }
    if (!status) {
        status = feature_find(&small, &options, &made.list);
    }
    if (!status) {
        unit_set(&made, 1 / factor);
        *out = made;
    }
    return status;
}

/* How far apart two descriptions are, squared. */
static double distance_of(int likeness)
{
    return fmax(2.0 * (FEATURE_SAME - likeness), 1);
}

/* The page's feature most like this one, if none elsewhere is as like. */
static bool match_find(const struct layout *page, const struct feature *photo,
                       int *scratch, struct match *out)
{
    size_t count = page->list.count;
    const struct feature *feature = page->list.feature;
    size_t best = 0;
    int second = 0;
    for (size_t i = 0; i < count; i++) {
        scratch[i] = feature_likeness(&feature[i], photo);
        if (scratch[i] > scratch[best]) {
            best = i;
        }
    }
    for (size_t i = 0; i < count; i++) {
        double away = hypot((double)(feature[i].x - feature[best].x),
                            (double)(feature[i].y - feature[best].y));
        if (away > ELSEWHERE_PT && scratch[i] > second) {
            second = scratch[i];
        }
    }
    double ratio = sqrt(distance_of(scratch[best]) / distance_of(second));
    *out = (struct match){&feature[best], photo, 1.05 - ratio};
    return ratio < MOST_RATIO;
}

static int heavier(const void *left, const void *right)
{
    const struct match *a = left;
    const struct match *b = right;
    if (a->weight < b->weight || a->weight > b->weight) {
        return a->weight < b->weight ? 1 : -1;
    }
    return (a->photo > b->photo) - (a->photo < b->photo);
}

static size_t matches_find(const struct layout *page,
                           const struct layout *photo, int *scratch,
                           struct match *match)
{
    size_t matches = 0;
    if (page->list.count < 2) {
        return 0;
    }
    for (size_t i = 0; i < photo->list.count; i++) {
        matches +=
            match_find(page, &photo->list.feature[i], scratch, &match[matches]);
    }
    qsort(match, matches, sizeof *match, heavier);
    return matches < MOST_MATCHES ? matches : MOST_MATCHES;
}

/* The similarity that one match alone proposes. */
struct similarity {
    const struct match *from;
    double scale, turn;  /* photo pixels a point; radians */
    double cosine, sine; /* times scale */
};

static struct similarity similarity_of(const struct match *match)
{
    struct similarity s = {.from = match};
    s.scale = (double)match->photo->scale / (double)match->page->scale;
    s.turn = (double)(match->photo->angle - match->page->angle);
    s.cosine = s.scale * cos(s.turn);
    s.sine = s.scale * sin(s.turn);
    return s;
}

/* An angle brought to -pi .. pi. */
static double wrapped(double angle)
{
    return remainder(angle, 2 * M_PI);
}

static bool agrees(const struct similarity *s, const struct match *match)
{
    double x = (double)(match->page->x - s->from->page->x);
    double y = (double)(match->page->y - s->from->page->y);
    double seen_x = (double)(match->photo->x - s->from->photo->x);
    double seen_y = (double)(match->photo->y - s->from->photo->y);
    double off_x = s->cosine * x - s->sine * y - seen_x;
    double off_y = s->sine * x + s->cosine * y - seen_y;
    /* A quarter inch at the seed itself, more with distance from it. */
    double most = s->scale * 18 * (0.35 + 0.44 * sqrt(x * x + y * y) / 72);
    if (off_x * off_x + off_y * off_y > most * most) {
        return false;
    }
    struct similarity other = similarity_of(match);
    return fabs(log(other.scale / s->scale)) < 0.5 &&
           fabs(wrapped(other.turn - s->turn)) < 0.5;
}

static double votes_for(const struct similarity *s, const struct match *match,
                        size_t matches)
{
    double votes = 0;
    for (size_t i = 0; i < matches; i++) {
        votes += agrees(s, &match[i]) ? match[i].weight : 0;
    }
    return votes;
}

/* The seed whose similarity most matches agree with. */
static size_t consensus_find(const struct match *match, size_t matches,
                             double *votes)
{
    size_t best = 0;
    *votes = 0;
    for (size_t i = 0; i < matches; i++) {
        struct similarity s = similarity_of(&match[i]);
        double now = votes_for(&s, match, matches);
        if (now > *votes) {
            *votes = now;
            best = i;
        }
    }
    return best;
}

/* Pairs of the consensus, several features at one place being one pair. */
static size_t pairs_fill(const struct match *match, size_t matches,
                         const struct similarity *s, struct pair *pair)
{
    size_t pairs = 0;
    for (size_t i = 0; i < matches; i++) {
        const struct match *m = &match[i];
        bool is_new = agrees(s, m);
        struct pair now = {{(double)m->page->x, (double)m->page->y},
                           {(double)m->photo->x, (double)m->photo->y}};
        for (size_t k = 0; is_new && k < pairs; k++) {
            is_new = hypot(pair[k].from.x - now.from.x,
                           pair[k].from.y - now.from.y) > 1;
        }
        if (is_new) {
            pair[pairs++] = now;
        }
    }
    return pairs;
}

static enum sting_status sighting_fit(const struct match *match, size_t matches,
                                      const struct layout *page,
                                      struct sighting *out)
{
    struct pair pair[MOST_MATCHES];
    size_t seed = consensus_find(match, matches, &out->votes);
    struct similarity s = similarity_of(&match[seed]);
    size_t pairs = pairs_fill(match, matches, &s, pair);
    const struct robust_options options = {TOLERANCE_PT * s.scale, TRIALS,
                                           SEED};
    enum sting_status status = homography_fit_robust(
        pair, pairs, &options, &out->h, NULL, &out->inliers);
    if (status == STING_E_FORMAT ||
        (!status &&
         !homography_is_plausible(&out->h, page->width, page->height))) {
        out->inliers = 0;
        return STING_OK;
    }
    return status;
}

/* Room for the search, freed together. */
struct room {
    int *scratch;
    struct match *match;
};

static void room_release(struct room *room)
{
    free(room->scratch);
    free(room->match);
}

enum sting_status layout_match(const struct layout *page,
                               const struct layout *photo, struct sighting *out)
{
    struct room room STING_AUTO(room_release) = {
        calloc(page->list.count + 1, sizeof *room.scratch),
        calloc(photo->list.count + 1, sizeof *room.match)};
    struct sighting found = {0};
    enum sting_status status = STING_OK;
    if (!room.scratch || !room.match) {
        return STING_E_NOMEM;
    }
    size_t matches = matches_find(page, photo, room.scratch, room.match);
    if (matches >= 4) {
        status = sighting_fit(room.match, matches, page, &found);
    }
    if (!status) {
        *out = found;
    }
    return status;
}
