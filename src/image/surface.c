#include "image/surface.h"

#include <math.h>
#include <stdlib.h>

#include "image/linear.h"

#define ROUNDS 5
#define FLOOR_PT 0.05 /* residuals below this are never outliers */

static int terms_of(int degree)
{
    return (degree + 1) * (degree + 2) / 2;
}

static double held(double v, double low, double high)
{
    double t = high > low ? 2 * (v - low) / (high - low) - 1 : 0;
    return t < -1 ? -1 : t > 1 ? 1 : t;
}

static void chebyshev(double t, int degree, double out[])
{
    out[0] = 1;
    for (int i = 1; i <= degree; i++) {
        out[i] = i == 1 ? t : 2 * t * out[i - 1] - out[i - 2];
    }
}

static void terms_fill(const struct surface *surface, struct point p,
                       double out[SURFACE_TERMS])
{
    double u[SURFACE_MOST_DEGREE + 1];
    double v[SURFACE_MOST_DEGREE + 1];
    int degree = surface->degree;
    int k = 0;
    chebyshev(held(p.x, surface->low.x, surface->high.x), degree, u);
    chebyshev(held(p.y, surface->low.y, surface->high.y), degree, v);
    for (int i = 0; i <= degree; i++) {
        for (int j = 0; i + j <= degree; j++) {
            out[k++] = u[i] * v[j];
        }
    }
}

struct point surface_at(const struct surface *surface, struct point p)
{
    double term[SURFACE_TERMS] = {0};
    struct point sum = {0, 0};
    terms_fill(surface, p, term);
    for (int i = 0; i < terms_of(surface->degree); i++) {
        sum.x += surface->x[i] * term[i];
        sum.y += surface->y[i] * term[i];
    }
    return sum;
}

static struct point moved(const struct block *block)
{
    return (struct point){block->place.to.x - block->place.from.x,
                          block->place.to.y - block->place.from.y};
}

/* One round for both directions, with the weights given. */
static enum sting_status round_fit(const struct block *block,
                                   const double *weight, size_t blocks,
                                   struct surface *out)
{
    struct normal_equations across;
    struct normal_equations down;
    int terms = terms_of(out->degree);
    normal_init(&across, terms);
    normal_init(&down, terms);
    for (size_t i = 0; i < blocks; i++) {
        double term[SURFACE_TERMS];
        struct point d = moved(&block[i]);
        terms_fill(out, block[i].place.from, term);
        normal_add(&across, term, d.x, weight[i]);
        for (int k = 0; k < terms; k++) {
            down.b[k] += weight[i] * d.y * term[k];
        }
    }
    for (int k = 0; k < terms * terms; k++) {
        down.a[k] = across.a[k];
    }
    enum sting_status status = normal_solve(&across, out->x);
    return status ? status : normal_solve(&down, out->y);
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* weight = base / (1 + (residual / spread)^2), spread from the median. */
static void reweight(const struct surface *surface, const struct block *block,
                     size_t blocks, double *weight, double *scratch)
{
    for (size_t i = 0; i < blocks; i++) {
        struct point d = moved(&block[i]);
        struct point s = surface_at(surface, block[i].place.from);
        weight[i] = hypot(d.x - s.x, d.y - s.y);
        scratch[i] = weight[i];
    }
    qsort(scratch, blocks, sizeof *scratch, ascending);
    double spread = 1.5 * scratch[blocks / 2] + FLOOR_PT;
    for (size_t i = 0; i < blocks; i++) {
        double r = weight[i] / spread;
        weight[i] = block[i].weight / (1 + r * r);
    }
}

static void bounds_find(const struct block *block, size_t blocks,
                        struct surface *out)
{
    out->low = block[0].place.from;
    out->high = block[0].place.from;
    for (size_t i = 1; i < blocks; i++) {
        struct point p = block[i].place.from;
        out->low.x = fmin(out->low.x, p.x);
        out->low.y = fmin(out->low.y, p.y);
        out->high.x = fmax(out->high.x, p.x);
        out->high.y = fmax(out->high.y, p.y);
    }
}

static void scratch_free(double **p)
{
    free(*p);
    *p = NULL;
}

enum sting_status surface_fit(struct block *block, size_t blocks, int degree,
                              struct surface *out)
{
    struct surface made = {.degree = degree};
    if (blocks < SURFACE_FEWEST) {
        return STING_E_FORMAT;
    }
    if (made.degree > SURFACE_MOST_DEGREE) {
        made.degree = SURFACE_MOST_DEGREE;
    }
    while (made.degree > 0 &&
           (size_t)terms_of(made.degree) * SURFACE_BLOCKS > blocks) {
        made.degree--;
    }
    double *weight STING_AUTO(scratch_free) =
        reallocarray(NULL, blocks, 2 * sizeof *weight);
    if (!weight) {
        return STING_E_NOMEM;
    }
    bounds_find(block, blocks, &made);
    for (size_t i = 0; i < blocks; i++) {
        weight[i] = block[i].weight;
    }
    for (int round = 0; round < ROUNDS; round++) {
        enum sting_status status = round_fit(block, weight, blocks, &made);
        if (status) {
            return status;
        }
        reweight(&made, block, blocks, weight, weight + blocks);
    }
    for (size_t i = 0; i < blocks; i++) {
        block[i].weight = weight[i];
    }
    *out = made;
    return STING_OK;
}
