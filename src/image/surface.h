/*
 * surface: a smooth displacement over a page, fitted to many single ones
 * of which some are wrong.
 *
 * Chebyshev products up to a degree, reweighted least squares. The degree
 * is held down so that at least SURFACE_BLOCKS overlapping blocks stand
 * behind each coefficient: a surface that can follow single words would
 * swallow the very displacements that are to be read. Fewer blocks, of a small
 * piece of a page, still tell where all of it is.
 */
#ifndef STING_IMAGE_SURFACE_H
#define STING_IMAGE_SURFACE_H

#include "image/homography.h"

#define SURFACE_MOST_DEGREE 8
#define SURFACE_TERMS                                                          \
    ((SURFACE_MOST_DEGREE + 1) * (SURFACE_MOST_DEGREE + 2) / 2)
#define SURFACE_BLOCKS 30
#define SURFACE_FEWEST 9 /* blocks, for one displacement of everything */

struct surface {
    int degree;
    struct point low, high; /* the support; held constant beyond */
    double x[SURFACE_TERMS];
    double y[SURFACE_TERMS];
};

/* A block at `from` was found displaced to `to`. */
struct block {
    struct pair place;
    double weight; /* > 0 */
};

/* Fails: E_FORMAT with fewer than SURFACE_FEWEST blocks or when they do not
 * determine it. The weights are changed: outliers end near 0. */
STING_MUST_USE enum sting_status surface_fit(struct block *block, size_t blocks,
                                             int degree, struct surface *out);

/* The displacement at a place. */
struct point surface_at(const struct surface *surface, struct point p);

#endif
