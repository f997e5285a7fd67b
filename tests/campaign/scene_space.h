/*
 * scene_space: places and directions on and above a table, in inches, and
 * sheets that lie or are held there.
 */
#ifndef STING_TESTS_CAMPAIGN_SCENE_SPACE_H
#define STING_TESTS_CAMPAIGN_SCENE_SPACE_H

#include <math.h>

#define SHEET_AREA (8.27 * 11.69) /* of A4, square inches */

struct v3 {
    double x, y, z;
};

/* A sheet in space: its middle and its own directions. */
struct pose {
    struct v3 at, u, v; /* u along its width, v down its height */
};

static inline struct v3 v3(double x, double y, double z)
{
    return (struct v3){x, y, z};
}

static inline struct v3 add(struct v3 a, struct v3 b, double k)
{
    return v3(a.x + k * b.x, a.y + k * b.y, a.z + k * b.z);
}

static inline double dot(struct v3 a, struct v3 b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline struct v3 cross(struct v3 a, struct v3 b)
{
    return v3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
              a.x * b.y - a.y * b.x);
}

static inline struct v3 unit(struct v3 a)
{
    return add(v3(0, 0, 0), a, 1 / sqrt(dot(a, a)));
}

static inline struct pose pose_of(double x, double y, double z, double yaw)
{
    return (struct pose){v3(x, y, z), v3(cos(yaw), sin(yaw), 0),
                         v3(-sin(yaw), cos(yaw), 0)};
}

/* Turn a pose around an axis through its middle. */
static inline struct v3 turned(struct v3 a, struct v3 axis, double angle)
{
    struct v3 c = cross(axis, a);
    double k = dot(axis, a) * (1 - cos(angle));
    struct v3 out = add(v3(0, 0, 0), a, cos(angle));
    return add(add(out, c, sin(angle)), axis, k);
}

static inline struct pose tilted(struct pose p, struct v3 axis, double angle)
{
    return (struct pose){p.at, turned(p.u, axis, angle),
                         turned(p.v, axis, angle)};
}

/* From 0 to 1 while t does, with level ends. */
static inline double smooth(double t)
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

#endif
