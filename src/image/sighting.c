#include "image/sighting.h"

#include <math.h>

#define NEAR_PT 6.3F     /* of the seed's own error: 0.35 of a quarter inch */
#define GROWTH 0.11F     /* of the tolerance with distance from the seed */
#define MOST_LN 0.5F     /* of the ratio of sizes */
#define MOST_TURN 0.5F   /* radians */
#define SAME_PT 1.0      /* several features at one place are one pair */
#define TOLERANCE_PT 4.0 /* of the homography, on the page */
#define TRIALS 3000
#define SEED UINT64_C(0x7374696e67)

/* The similarity that one match alone proposes. */
struct similarity {
    float x, y, seen_x, seen_y;
    float scale, turn, ln; /* photo pixels a point; radians; log of scale */
    float cosine, sine;    /* times scale */
    float weight;
};

static struct similarity similarity_of(const struct match *match)
{
    struct similarity s = {match->page.x, match->page.y, match->photo.x,
                           match->photo.y, .weight = match->weight};
    s.scale = match->photo.scale / match->page.scale;
    s.turn = match->photo.angle - match->page.angle;
    s.ln = logf(s.scale);
    s.cosine = s.scale * cosf(s.turn);
    s.sine = s.scale * sinf(s.turn);
    return s;
}

static bool agrees(const struct similarity *s, const struct similarity *other)
{
    float x = other->x - s->x;
    float y = other->y - s->y;
    float off_x = s->cosine * x - s->sine * y - (other->seen_x - s->seen_x);
    float off_y = s->sine * x + s->cosine * y - (other->seen_y - s->seen_y);
    float most = s->scale * (NEAR_PT + GROWTH * sqrtf(x * x + y * y));
    if (off_x * off_x + off_y * off_y > most * most ||
        fabsf(other->ln - s->ln) >= MOST_LN) {
        return false;
    }
    return fabsf(remainderf(other->turn - s->turn, 2 * (float)M_PI)) <
           MOST_TURN;
}

struct consensus sighting_consensus(const struct match *match, size_t count)
{
    struct similarity s[SIGHTING_MOST_MATCHES];
    struct consensus best = {0};
    for (size_t i = 0; i < count; i++) {
        s[i] = similarity_of(&match[i]);
    }
    for (size_t i = 0; i < count; i++) {
        double votes = 0;
        for (size_t j = 0; j < count; j++) {
            votes += agrees(&s[i], &s[j]) ? (double)s[j].weight : 0;
        }
        if (votes > best.votes) {
            best = (struct consensus){i, votes};
        }
    }
    return best;
}

static size_t pairs_fill(const struct match *match, size_t count, size_t seed,
                         struct pair *pair)
{
    struct similarity s = similarity_of(&match[seed]);
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++) {
        struct similarity other = similarity_of(&match[i]);
        bool is_new = agrees(&s, &other);
        struct pair now = {{(double)other.x, (double)other.y},
                           {(double)other.seen_x, (double)other.seen_y}};
        for (size_t k = 0; is_new && k < pairs; k++) {
            is_new = hypot(pair[k].from.x - now.from.x,
                           pair[k].from.y - now.from.y) > SAME_PT;
        }
        if (is_new) {
            pair[pairs++] = now;
        }
    }
    return pairs;
}

/* Is the part of the page that the inliers span seen from in front? */
static bool part_is_plausible(const struct homography *h,
                              const struct pair *pair, const bool *is_inlier,
                              size_t pairs)
{
    struct point low = {INFINITY, INFINITY};
    struct point high = {-INFINITY, -INFINITY};
    for (size_t i = 0; i < pairs; i++) {
        if (is_inlier[i]) {
            low.x = fmin(low.x, pair[i].from.x);
            low.y = fmin(low.y, pair[i].from.y);
            high.x = fmax(high.x, pair[i].from.x);
            high.y = fmax(high.y, pair[i].from.y);
        }
    }
    return homography_is_plausible_on(h, low, high);
}

enum sting_status sighting_fit(const struct match *match, size_t count,
                               size_t seed, double width_pt, double height_pt,
                               struct sighting *out)
{
    struct pair pair[SIGHTING_MOST_MATCHES];
    bool is_inlier[SIGHTING_MOST_MATCHES];
    size_t pairs = pairs_fill(match, count, seed, pair);
    double scale = (double)(match[seed].photo.scale / match[seed].page.scale);
    const struct robust_options options = {TOLERANCE_PT * scale, TRIALS, SEED};
    *out = (struct sighting){0};
    enum sting_status status = homography_fit_robust(
        pair, pairs, &options, &out->h, is_inlier, &out->inliers);
    if (status == STING_E_FORMAT) {
        out->inliers = 0;
        return STING_OK;
    }
    if (!status && !homography_is_plausible(&out->h, width_pt, height_pt)) {
        bool is_part = part_is_plausible(&out->h, pair, is_inlier, pairs);
        out->partly = is_part ? out->inliers : 0;
        out->inliers = 0;
    }
    return status;
}
