/*
 * figure: a person as round cones, in the pose that a few numbers say.
 */
#ifndef STING_DRILL_FIGURE_H
#define STING_DRILL_FIGURE_H

#include "drill/garage.h"

#define FIGURE_SOLIDS 20

struct pose {
    struct vec at;      /* on the floor, between the feet */
    float heading;      /* radians, 0 looks along z, pi / 2 along x */
    float phase;        /* of the gait, radians */
    float stride;       /* swing of the thighs, radians; 0 stands */
    float bend;         /* of the trunk, radians */
    struct vec hand[2]; /* where the hands reach, when `reach` says so */
    float reach;        /* 0 arms swing, 1 hands are where they should be */
    bool phone;         /* between the hands */
};

struct clothes {
    float tall_m;
    float broad;     /* 1 is average */
    float jacket[3]; /* reflectances */
    float trousers[3];
    float hair[3];
    float skin[3];
};

struct figure {
    struct solid solid[FIGURE_SOLIDS];
    int solids;
    struct vec low, high; /* a box around all of it */
};

void figure_stand(struct figure *out, const struct pose *pose,
                  const struct clothes *clothes);

/* What a person might wear. */
struct clothes clothes_choose(struct chance *chance);

/* The reflectance of one of its materials. */
const float *clothes_colour(const struct clothes *clothes, int material);

#endif
