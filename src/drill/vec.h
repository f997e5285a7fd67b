/*
 * vec: points and directions in the garage, in metres: x to the right along
 * the back wall, y up, z away from the camera.
 */
#ifndef STING_DRILL_VEC_H
#define STING_DRILL_VEC_H

#include <math.h>

struct vec {
    float x, y, z;
};

static inline struct vec vec_add(struct vec a, struct vec b)
{
    return (struct vec){a.x + b.x, a.y + b.y, a.z + b.z};
}

static inline struct vec vec_sub(struct vec a, struct vec b)
{
    return (struct vec){a.x - b.x, a.y - b.y, a.z - b.z};
}

static inline struct vec vec_scaled(struct vec a, float by)
{
    return (struct vec){a.x * by, a.y * by, a.z * by};
}

static inline float vec_dot(struct vec a, struct vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct vec vec_cross(struct vec a, struct vec b)
{
    return (struct vec){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
                        a.x * b.y - a.y * b.x};
}

static inline float vec_length(struct vec a)
{
    return sqrtf(vec_dot(a, a));
}

static inline struct vec vec_unit(struct vec a)
{
    return vec_scaled(a, 1.0F / vec_length(a));
}

/* a + t (b - a) */
static inline struct vec vec_mix(struct vec a, struct vec b, float t)
{
    return vec_add(a, vec_scaled(vec_sub(b, a), t));
}

#endif
