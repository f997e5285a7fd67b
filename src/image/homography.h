/*
 * homography: how a flat page lies in a photograph.
 *
 * Source: Hartley and Zisserman, Multiple View Geometry, 4.4 (normalised
 * linear fit) and 4.7 (robust fit); the score is MSAC of Torr and Zisserman
 * 2000, each new best refitted on its inliers (Chum et al. 2003).
 * Limits: all randomness comes from the seed; equal input, equal output.
 */
#ifndef STING_IMAGE_HOMOGRAPHY_H
#define STING_IMAGE_HOMOGRAPHY_H

#include "base/base.h"

struct point {
    double x, y;
};

/* A place on the page and where it was seen in the photograph. */
struct pair {
    struct point from;
    struct point to;
};

/* Row by row; (x, y) goes to ((m0 x + m1 y + m2) / (m6 x + m7 y + m8), ..).
 */
struct homography {
    double m[9];
};

struct point homography_apply(const struct homography *h, struct point p);

/* Fails: E_FORMAT when there is none. */
STING_MUST_USE enum sting_status homography_invert(const struct homography *h,
                                                   struct homography *out);

/* Least squares over count >= 4 pairs; weight may be NULL (all equal).
 * Fails: E_FORMAT when the pairs do not determine one. */
STING_MUST_USE enum sting_status homography_fit(const struct pair *pair,
                                                const double *weight,
                                                size_t count,
                                                struct homography *out);

struct robust_options {
    double tolerance; /* in units of `to`: farther is an outlier */
    int trials;       /* at most; fewer when the best is good */
    uint64_t seed;
};

/* The homography that most pairs agree with. is_inlier (may be NULL) has
 * count places. Gives how many pairs agree in *inliers.
 * Fails: E_FORMAT when fewer than 4 agree, E_NOMEM. */
STING_MUST_USE enum sting_status homography_fit_robust(
    const struct pair *pair, size_t count, const struct robust_options *options,
    struct homography *out, bool *is_inlier, size_t *inliers);

/* Could a camera have seen a page of this size so: right way round (not
 * mirrored), whole page in front of the lens, no fold? */
bool homography_is_plausible(const struct homography *h, double width,
                             double height);

/* The same of a part of the page. */
bool homography_is_plausible_on(const struct homography *h, struct point low,
                                struct point high);

#endif
