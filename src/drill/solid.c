#include "drill/solid.h"

#include <stddef.h>

struct solid solid_box(struct vec middle, struct vec half, float yaw,
                       int material)
{
    return (struct solid){.kind = SOLID_BOX,
                          .material = (uint8_t)material,
                          .cos_yaw = cosf(yaw),
                          .sin_yaw = sinf(yaw),
                          .a = middle,
                          .b = half,
                          .middle = middle,
                          .reach = vec_length(half)};
}

struct solid solid_cone(struct vec a, struct vec b, float ra, float rb,
                        int material)
{
    return (struct solid){.kind = SOLID_CONE,
                          .material = (uint8_t)material,
                          .a = a,
                          .b = b,
                          .ra = ra,
                          .rb = rb,
                          .middle = vec_mix(a, b, 0.5F),
                          .reach =
                              0.5F * vec_length(vec_sub(b, a)) + fmaxf(ra, rb)};
}

static struct vec turned(const struct solid *box, struct vec v)
{
    return (struct vec){box->cos_yaw * v.x - box->sin_yaw * v.z, v.y,
                        box->sin_yaw * v.x + box->cos_yaw * v.z};
}

static struct vec turned_back(const struct solid *box, struct vec v)
{
    return (struct vec){box->cos_yaw * v.x + box->sin_yaw * v.z, v.y,
                        -box->sin_yaw * v.x + box->cos_yaw * v.z};
}

struct vec solid_local(const struct solid *box, struct vec point)
{
    return turned(box, vec_sub(point, box->a));
}

/* Entry and exit along one axis; false when the ray passes by. */
static bool slab(float from, float way, float half, float range[2], int axis,
                 int *face)
{
    float inverse = 1.0F / (fabsf(way) < 1e-9F ? 1e-9F : way);
    float near = (-half - from) * inverse;
    float far = (half - from) * inverse;
    if (near > far) {
        float swap = near;
        near = far;
        far = swap;
    }
    if (near > range[0]) {
        range[0] = near;
        *face = axis;
    }
    range[1] = far < range[1] ? far : range[1];
    return range[0] <= range[1];
}

static bool box_meet(const struct solid *box, struct ray ray, float *distance,
                     struct vec *normal)
{
    struct vec from = turned(box, vec_sub(ray.from, box->a));
    struct vec way = turned(box, ray.way);
    float range[2] = {-1e9F, 1e9F};
    int face = 0;
    if (!slab(from.x, way.x, box->b.x, range, 0, &face) ||
        !slab(from.y, way.y, box->b.y, range, 1, &face) ||
        !slab(from.z, way.z, box->b.z, range, 2, &face) || range[0] < 1e-4F) {
        return false;
    }
    struct vec out = {face == 0 ? -copysignf(1, way.x) : 0,
                      face == 1 ? -copysignf(1, way.y) : 0,
                      face == 2 ? -copysignf(1, way.z) : 0};
    *distance = range[0];
    *normal = turned_back(box, out);
    return true;
}

static bool ball_meet(struct vec middle, float radius, struct ray ray,
                      float *distance)
{
    struct vec out = vec_sub(ray.from, middle);
    float b = vec_dot(out, ray.way);
    float root = b * b - vec_dot(out, out) + radius * radius;
    if (root < 0) {
        return false;
    }
    *distance = -b - sqrtf(root);
    return *distance > 1e-4F;
}

/* What the intersections with a round cone need of it and of the ray. */
struct cone_frame {
    float m0, m1, m2, m3; /* axis.axis, axis.out, way.axis, way.out */
    float d2;             /* m0 - (ra - rb)^2 */
    float slope;          /* ra - rb */
};

static bool side_meet(const struct solid *cone, const struct cone_frame *f,
                      float out_square, float *distance, float *along)
{
    float rr = f->slope;
    float k2 = f->d2 - f->m2 * f->m2;
    float k1 = f->d2 * f->m3 - f->m1 * f->m2 + f->m2 * rr * cone->ra;
    float k0 = f->d2 * out_square - f->m1 * f->m1 + f->m1 * rr * cone->ra * 2 -
               f->m0 * cone->ra * cone->ra;
    float root = k1 * k1 - k0 * k2;
    if (root < 0 || fabsf(k2) < 1e-12F) {
        return false;
    }
    *distance = (-sqrtf(root) - k1) / k2;
    *along = f->m1 - cone->ra * rr + *distance * f->m2;
    return *along > 0 && *along<f->d2 && * distance> 1e-4F;
}

static bool cone_meet(const struct solid *cone, struct ray ray, float *distance,
                      struct vec *normal)
{
    struct vec axis = vec_sub(cone->b, cone->a);
    struct vec out = vec_sub(ray.from, cone->a);
    float rr = cone->ra - cone->rb;
    struct cone_frame f = {vec_dot(axis, axis),
                           vec_dot(axis, out),
                           vec_dot(ray.way, axis),
                           vec_dot(ray.way, out),
                           0,
                           rr};
    float along;
    f.d2 = f.m0 - rr * rr;
    if (side_meet(cone, &f, vec_dot(out, out), distance, &along)) {
        struct vec at = vec_add(out, vec_scaled(ray.way, *distance));
        *normal =
            vec_unit(vec_sub(vec_scaled(at, f.d2), vec_scaled(axis, along)));
        return true;
    }
    float ta;
    float tb;
    bool in_a = ball_meet(cone->a, cone->ra, ray, &ta);
    bool in_b = ball_meet(cone->b, cone->rb, ray, &tb);
    if (!in_a && !in_b) {
        return false;
    }
    bool first = in_a && (!in_b || ta < tb);
    *distance = first ? ta : tb;
    struct vec at = vec_add(ray.from, vec_scaled(ray.way, *distance));
    *normal = vec_unit(vec_sub(at, first ? cone->a : cone->b));
    return true;
}

static bool solid_meet(const struct solid *solid, struct ray ray,
                       float *distance, struct vec *normal)
{
    return solid->kind == SOLID_BOX ? box_meet(solid, ray, distance, normal)
                                    : cone_meet(solid, ray, distance, normal);
}

/* Most solids are far from most rays: a ball around each tells at once. */
static bool passes_by(const struct solid *solid, struct ray ray, float most)
{
    struct vec to = vec_sub(solid->middle, ray.from);
    float along = vec_dot(to, ray.way);
    float aside = vec_dot(to, to) - along * along;
    return aside > solid->reach * solid->reach || along < -solid->reach ||
           along > most + solid->reach;
}

bool solid_trace(const struct solid *solid, int count, struct ray ray,
                 struct hit *hit)
{
    bool found = false;
    for (int i = 0; i < count; i++) {
        float distance;
        struct vec normal;
        if (!passes_by(&solid[i], ray, hit->distance) &&
            solid_meet(&solid[i], ray, &distance, &normal) &&
            distance < hit->distance) {
            *hit = (struct hit){distance, normal, i};
            found = true;
        }
    }
    return found;
}

bool solid_blocks(const struct solid *solid, int count, struct ray ray,
                  float reach)
{
    for (int i = 0; i < count; i++) {
        float distance;
        struct vec normal;
        if (!passes_by(&solid[i], ray, reach) &&
            solid_meet(&solid[i], ray, &distance, &normal) &&
            distance > 1e-3F && distance < reach) {
            return true;
        }
    }
    return false;
}
