/*
 * photo: a photograph made ready for comparing with pages: paper is 200
 * everywhere, whatever the lamp did, and it exists in halved sizes.
 */
#ifndef STING_IMAGE_PHOTO_H
#define STING_IMAGE_PHOTO_H

#include "base/plane.h"

#define PHOTO_PAPER 200 /* grey of white paper after flattening */
#define PHOTO_MOST_LEVELS 6

struct photo {
    int levels;
    struct plane level[PHOTO_MOST_LEVELS]; /* owned; each half the last */
};

/* Flatten and halve. The caller releases *out. Fails: E_ARG below 32 x 32
 * pixels, E_NOMEM. */
STING_MUST_USE enum sting_status photo_init(struct photo *out,
                                            const struct plane *grey);
void photo_release(struct photo *photo);

/* Left for right. The caller releases *out, also when it fails: E_NOMEM. */
STING_MUST_USE enum sting_status photo_mirror(const struct photo *photo,
                                              struct photo *out);

/* Divide by the paper's white nearby, which becomes PHOTO_PAPER: the local
 * maximum of a small blurred copy, smoothed. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status photo_flatten(const struct plane *grey,
                                               struct plane *out);

#endif
