/*
 * sighting: where a photograph shows a page, from places of the page that
 * were perhaps seen in it.
 *
 * Each match alone proposes a similarity (place, turn, size); the one that
 * most others agree with gives the pairs for a homography. Source: the fast
 * spatial matching of Philbin et al., CVPR 2007, with tolerances that grow
 * with distance, as a tilted page needs.
 */
#ifndef STING_IMAGE_SIGHTING_H
#define STING_IMAGE_SIGHTING_H

#include "image/homography.h"

#define SIGHTING_MOST_MATCHES 600

/* A feature where it was seen: on a page in points, in a photograph in pixels.
 */
struct sight {
    float x, y;
    float scale; /* sigma of the blob there */
    float angle; /* radians */
};

struct match {
    struct sight page;
    struct sight photo;
    float weight;
};

/* What most matches agree with. */
struct consensus {
    size_t seed;  /* the match that proposes it */
    double votes; /* weight of those that agree */
};

/* count <= SIGHTING_MOST_MATCHES. Time: count squared. */
struct consensus sighting_consensus(const struct match *match, size_t count);

struct sighting {
    struct homography h; /* page points to photo pixels */
    size_t inliers;      /* pairs that agree with h; 0: not found */
    size_t partly; /* instead of inliers, where h fits the part of the page that
                      they span but sends the rest behind the camera: a piece
                      seen from near by and far to the side, or chance */
};

/* A homography through the matches that agree with the seed. Not finding one
 * is no failure: inliers is then 0. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status sighting_fit(const struct match *match,
                                              size_t count, size_t seed,
                                              double width_pt, double height_pt,
                                              struct sighting *out);

#endif
