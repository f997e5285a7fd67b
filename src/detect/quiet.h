/*
 * quiet: how high the loudest spot of a picture climbs while nothing happens,
 * and from that the height which it passes by chance once in so many looks.
 *
 * The maximum of many windows follows a Gumbel law. It is fitted to the lower
 * tail of what was seen (quantiles 5 and 30 %), because visits contaminate
 * the upper part; with median and quartiles the threshold runs away.
 */
#ifndef STING_DETECT_QUIET_H
#define STING_DETECT_QUIET_H

#include "base/base.h"

#define QUIET_MOST 600 /* looks remembered */
#define QUIET_FEWEST 20

struct quiet {
    float seen[QUIET_MOST]; /* a ring */
    int count;              /* in use */
    int next;
    float mode; /* of the fitted law */
    float scale;
    float q30;
    float least, most; /* bounds of the scale; 0: those of logarithms */
    bool fitted;
    int since_fit;
};

/* Remember a quiet maximum (a logarithm). */
void quiet_learn(struct quiet *quiet, float height);

/* Begin again. */
void quiet_forget(struct quiet *quiet);

/* Fit now if there is enough; done by itself every few looks. */
void quiet_fit(struct quiet *quiet);

/* What chance passes once in `looks` looks. A law of few looks, at least
 * four, takes its width from `other`, which may be NULL. */
float quiet_threshold(const struct quiet *quiet, double looks,
                      const struct quiet *other);

#endif
