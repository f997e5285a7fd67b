/*
 * feature: places of a picture that are found again after it was turned,
 * scaled, tilted and lit otherwise, each with a description to compare.
 *
 * Source: Lowe, IJCV 60 (2004), sections 5 and 6; descriptions are RootSIFT
 * (Arandjelovic and Zisserman, CVPR 2012).
 */
#ifndef STING_IMAGE_FEATURE_H
#define STING_IMAGE_FEATURE_H

#include "base/plane.h"

#define FEATURE_LENGTH 128

struct feature {
    float x, y;                   /* pixel centres at +0.5 */
    float scale;                  /* sigma in pixels */
    float angle;                  /* radians */
    float strength;               /* contrast of the blob, grey levels */
    int16_t part[FEATURE_LENGTH]; /* unit length is 512 */
};

struct feature_list {
    struct feature *feature; /* owned; strongest first */
    size_t count;
};

struct feature_options {
    size_t most;     /* keep the strongest */
    double contrast; /* least contrast in grey levels */
    double edge;     /* largest ratio of curvatures */
    bool doubled;    /* begin at twice the size */
};

/* Fails: E_NOMEM. The caller releases *out. */
STING_MUST_USE enum sting_status feature_find(
    const struct plane_f *plane, const struct feature_options *options,
    struct feature_list *out);
void feature_list_release(struct feature_list *list);

#endif
