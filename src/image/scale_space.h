/*
 * scale_space: a picture in ever coarser blurs, as SIFT looks at it.
 *
 * Source: Lowe, IJCV 60 (2004), section 3: three levels an octave, the
 * first at sigma 1.6 of the octave's own pixels.
 */
#ifndef STING_IMAGE_SCALE_SPACE_H
#define STING_IMAGE_SCALE_SPACE_H

#include "base/plane.h"

#define SCALE_LEVELS 3 /* an octave */
#define SCALE_PLANES                                                           \
    (SCALE_LEVELS + 3) /* of blurs, to find extrema between                    \
                        */
#define SCALE_SIGMA 1.6
#define SCALE_MOST_OCTAVES 12
#define SCALE_LEAST_SIDE 12 /* pixels; smaller ones show nothing */

struct octave {
    double px; /* pixels of the picture that one of its own covers */
    struct plane_f blurred[SCALE_PLANES];
};

struct scale_space {
    int octaves;
    struct octave octave[SCALE_MOST_OCTAVES]; /* owned */
};

/* `doubled` begins at twice the picture's size. None fits a picture that is
 * too small. The caller releases *out. Fails: E_NOMEM. */
STING_MUST_USE enum sting_status scale_space_init(struct scale_space *out,
                                                  const struct plane_f *plane,
                                                  bool doubled);
void scale_space_release(struct scale_space *space);

/* Sigma of a level (fractions are between two), in the octave's pixels. */
double scale_space_sigma(double level);

#endif
