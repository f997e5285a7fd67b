#include "image/homography.h"

#include <math.h>
#include <stdlib.h>

#include "image/linear.h"
#include "image/seeded.h"

#define SAMPLE 4        /* pairs that determine a homography */
#define REFIT_ROUNDS 3  /* of each new best, on its inliers */
#define POLISH_ROUNDS 8 /* of the winner, reweighted */
#define SURE 0.9999     /* wanted chance of one clean sample */

/* x' = scale (x - centre): brings points near the unit circle. */
struct frame {
    struct point centre;
    double scale;
};

struct point homography_apply(const struct homography *h, struct point p)
{
    const double *m = h->m;
    double w = m[6] * p.x + m[7] * p.y + m[8];
    return (struct point){(m[0] * p.x + m[1] * p.y + m[2]) / w,
                          (m[3] * p.x + m[4] * p.y + m[5]) / w};
}

enum sting_status homography_invert(const struct homography *h,
                                    struct homography *out)
{
    const double *m = h->m;
    double c[9] = {m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8],
                   m[1] * m[5] - m[2] * m[4], m[5] * m[6] - m[3] * m[8],
                   m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                   m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7],
                   m[0] * m[4] - m[1] * m[3]};
    double determinant = m[0] * c[0] + m[1] * c[3] + m[2] * c[6];
    if (!(fabs(determinant) > 1e-300)) {
        return STING_E_FORMAT;
    }
    for (int i = 0; i < 9; i++) {
        out->m[i] = c[i] / determinant;
    }
    return STING_OK;
}

static struct point pair_end(const struct pair *pair, bool is_to)
{
    return is_to ? pair->to : pair->from;
}

static struct frame frame_of(const struct pair *pair, size_t count, bool is_to)
{
    struct frame frame = {{0, 0}, 1};
    double spread = 0;
    for (size_t i = 0; i < count; i++) {
        struct point p = pair_end(&pair[i], is_to);
        frame.centre.x += p.x / (double)count;
        frame.centre.y += p.y / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        struct point p = pair_end(&pair[i], is_to);
        spread += hypot(p.x - frame.centre.x, p.y - frame.centre.y);
    }
    if (spread > 0) {
        frame.scale = M_SQRT2 * (double)count / spread;
    }
    return frame;
}

static struct point into(const struct frame *frame, struct point p)
{
    return (struct point){(p.x - frame->centre.x) * frame->scale,
                          (p.y - frame->centre.y) * frame->scale};
}

/* The two equations of one pair in the eight unknowns, m8 being 1. */
static void pair_add(struct normal_equations *normal, struct point from,
                     struct point to, double weight)
{
    const double across[8] = {from.x,         from.y,        1, 0, 0, 0,
                              -to.x * from.x, -to.x * from.y};
    const double down[8] = {
        0, 0, 0, from.x, from.y, 1, -to.y * from.x, -to.y * from.y};
    normal_add(normal, across, to.x, weight);
    normal_add(normal, down, to.y, weight);
}

/* h between frames becomes h between the points themselves. */
static void unframe(const double *h, const struct frame *from,
                    const struct frame *to, struct homography *out)
{
    /* inverse(T_to) * h * T_from, written out. */
    for (int row = 0; row < 3; row++) {
        const double *r = h + (ptrdiff_t)3 * row;
        double *o = out->m + (ptrdiff_t)3 * row;
        o[0] = r[0] * from->scale;
        o[1] = r[1] * from->scale;
        o[2] = r[2] - o[0] * from->centre.x - o[1] * from->centre.y;
    }
    for (int col = 0; col < 3; col++) {
        double w = out->m[6 + col];
        out->m[col] = out->m[col] / to->scale + to->centre.x * w;
        out->m[3 + col] = out->m[3 + col] / to->scale + to->centre.y * w;
    }
}

enum sting_status homography_fit(const struct pair *pair, const double *weight,
                                 size_t count, struct homography *out)
{
    struct normal_equations normal;
    double h[9];
    if (count < SAMPLE) {
        return STING_E_FORMAT;
    }
    struct frame from = frame_of(pair, count, false);
    struct frame to = frame_of(pair, count, true);
    normal_init(&normal, 8);
    for (size_t i = 0; i < count; i++) {
        pair_add(&normal, into(&from, pair[i].from), into(&to, pair[i].to),
                 weight ? weight[i] : 1);
    }
    enum sting_status status = normal_solve(&normal, h);
    if (status) {
        return status;
    }
    h[8] = 1;
    unframe(h, &from, &to, out);
    return STING_OK;
}

static double error_squared(const struct homography *h, const struct pair *pair)
{
    struct point p = homography_apply(h, pair->from);
    double x = p.x - pair->to.x;
    double y = p.y - pair->to.y;
    double error = x * x + y * y;
    return isfinite(error) ? error : INFINITY;
}

/* What a robust fit is working on. */
struct search {
    const struct pair *pair;
    size_t count;
    double limit;   /* tolerance squared */
    double *weight; /* owned by the caller, count places */
};

/* MSAC: the sum of squared errors, each cut off at the limit. */
static double cost_of(const struct search *search, const struct homography *h,
                      size_t *inliers)
{
    double cost = 0;
    *inliers = 0;
    for (size_t i = 0; i < search->count; i++) {
        double error = error_squared(h, &search->pair[i]);
        *inliers += error < search->limit;
        cost += fmin(error, search->limit);
    }
    return cost;
}

/* Refit with weights that fade out towards the limit; keep what is better. */
static void refit(const struct search *search, int rounds,
                  struct homography *best, double *cost)
{
    struct homography h = *best;
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < search->count; i++) {
            double e = error_squared(&h, &search->pair[i]) / search->limit;
            search->weight[i] = e < 1 ? 1 / (1 + 8 * e) : 0;
        }
        size_t inliers;
        if (homography_fit(search->pair, search->weight, search->count, &h)) {
            return;
        }
        double now = cost_of(search, &h, &inliers);
        if (now < *cost) {
            *cost = now;
            *best = h;
        }
    }
}

static bool sample_fit(const struct search *search, struct seeded *seeded,
                       struct homography *out)
{
    struct pair four[SAMPLE];
    for (int i = 0; i < SAMPLE; i++) {
        four[i] = search->pair[seeded_below(seeded, search->count)];
        for (int j = 0; j < i; j++) {
            if (hypot(four[i].from.x - four[j].from.x,
                      four[i].from.y - four[j].from.y) < 1e-6) {
                return false;
            }
        }
    }
    return homography_fit(four, NULL, SAMPLE, out) == STING_OK;
}

/* Samples needed to be sure of a clean one when this share is clean. */
static double trials_needed(size_t inliers, size_t count)
{
    double share = (double)inliers / (double)count;
    double clean = share * share * share * share;
    return clean > 1 - 1e-9 ? 1 : log(1 - SURE) / log1p(-clean);
}

static size_t search_run(const struct search *search,
                         const struct robust_options *options,
                         struct homography *best)
{
    struct seeded seeded = {options->seed};
    double cost = search->limit * (double)search->count;
    double needed = options->trials;
    size_t inliers = 0;
    for (int trial = 0; trial < options->trials && trial < needed; trial++) {
        struct homography h;
        size_t agree;
        if (!sample_fit(search, &seeded, &h)) {
            continue;
        }
        double now = cost_of(search, &h, &agree);
        if (agree > SAMPLE && now < cost) {
            cost = now;
            *best = h;
            refit(search, REFIT_ROUNDS, best, &cost);
            cost_of(search, best, &inliers);
            needed = trials_needed(inliers, search->count);
        }
    }
    if (inliers >= SAMPLE) {
        refit(search, POLISH_ROUNDS, best, &cost);
        cost_of(search, best, &inliers);
    }
    return inliers;
}

static void weight_free(double **weight)
{
    free(*weight);
    *weight = NULL;
}

enum sting_status homography_fit_robust(const struct pair *pair, size_t count,
                                        const struct robust_options *options,
                                        struct homography *out, bool *is_inlier,
                                        size_t *inliers)
{
    double *weight STING_AUTO(weight_free) = calloc(count + 1, sizeof *weight);
    struct homography best = {{0}};
    if (!weight) {
        return STING_E_NOMEM;
    }
    struct search search = {pair, count,
                            options->tolerance * options->tolerance, weight};
    size_t agree = count < SAMPLE ? 0 : search_run(&search, options, &best);
    if (agree < SAMPLE) {
        return STING_E_FORMAT;
    }
    for (size_t i = 0; is_inlier && i < count; i++) {
        is_inlier[i] = error_squared(&best, &pair[i]) < search.limit;
    }
    *out = best;
    *inliers = agree;
    return STING_OK;
}

bool homography_is_plausible_on(const struct homography *h, struct point low,
                                struct point high)
{
    const struct point corner[4] = {
        low, {high.x, low.y}, high, {low.x, high.y}};
    struct point seen[4];
    double sign = 0;
    for (int i = 0; i < 4; i++) {
        const double *m = h->m;
        double w = m[6] * corner[i].x + m[7] * corner[i].y + m[8];
        if (w == 0 || (i > 0 && w * sign <= 0)) {
            return false;
        }
        sign = w;
        seen[i] = homography_apply(h, corner[i]);
    }
    for (int i = 0; i < 4; i++) {
        struct point a = seen[i];
        struct point b = seen[(i + 1) % 4];
        struct point c = seen[(i + 2) % 4];
        double turn = (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
        if (!(turn > 0) || turn > 1e10) {
            return false;
        }
    }
    return true;
}

bool homography_is_plausible(const struct homography *h, double width,
                             double height)
{
    return homography_is_plausible_on(h, (struct point){0, 0},
                                      (struct point){width, height});
}
