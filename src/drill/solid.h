/*
 * solid: the two shapes that everything in the garage is made of, and where
 * a ray meets them.
 *
 * Source: the slab test for boxes; for round cones (two balls and the cone
 * that touches both) the quadratic of their cone and of each ball.
 */
#ifndef STING_DRILL_SOLID_H
#define STING_DRILL_SOLID_H

#include <stdbool.h>
#include <stdint.h>

#include "drill/vec.h"

enum solid_kind { SOLID_BOX, SOLID_CONE };

struct solid {
    uint8_t kind;     /* enum solid_kind */
    uint8_t material; /* enum material */
    float cos_yaw, sin_yaw;
    struct vec a;      /* middle of a box; end of a cone */
    struct vec b;      /* half its sides; the other end */
    float ra, rb;      /* radii of a cone's ends */
    struct vec middle; /* of a ball around all of it */
    float reach;       /* its radius */
};

struct ray {
    struct vec from;
    struct vec way; /* unit length */
};

struct hit {
    float distance; /* along the ray; the nearest so far */
    struct vec normal;
    int index; /* of the solid, -1 for none */
};

/* A box turned by `yaw` radians about the vertical. */
struct solid solid_box(struct vec middle, struct vec half, float yaw,
                       int material);
struct solid solid_cone(struct vec a, struct vec b, float ra, float rb,
                        int material);

/* Take the nearest of `count` solids that is nearer than hit->distance. */
bool solid_trace(const struct solid *solid, int count, struct ray ray,
                 struct hit *hit);

/* Is anything between 1 mm and `reach` along the ray? */
bool solid_blocks(const struct solid *solid, int count, struct ray ray,
                  float reach);

/* A box's own coordinates of a point, from its middle. */
struct vec solid_local(const struct solid *box, struct vec point);

#endif
