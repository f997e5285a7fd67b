#include "drill/people.h"

#include <stdlib.h>

#include "drill/texture.h"

enum {
    HALF_WIDTH = GARAGE_WIDTH / 2,
    HALF_HEIGHT = GARAGE_HEIGHT / 2,
    PLACE_WIDTH = GARAGE_WIDTH / 4,
    PLACE_HEIGHT = GARAGE_HEIGHT / 4
};

static const float nobody = 1e8F;

enum sting_status people_init(struct people *out)
{
    size_t pixels = (size_t)HALF_WIDTH * HALF_HEIGHT;
    out->pixel = calloc(pixels, sizeof *out->pixel);
    enum sting_status status =
        plane_f_init(&out->cover, HALF_WIDTH, HALF_HEIGHT);
    status =
        status ? status : plane_f_init(&out->lamp, PLACE_WIDTH, PLACE_HEIGHT);
    status =
        status ? status : plane_f_init(&out->even, PLACE_WIDTH, PLACE_HEIGHT);
    status =
        status ? status : plane_f_init(&out->glow, PLACE_WIDTH, PLACE_HEIGHT);
    for (size_t i = 0; out->pixel && i < pixels; i++) {
        out->pixel[i].depth = nobody;
    }
    return status ? status : out->pixel ? STING_OK : STING_E_NOMEM;
}

void people_release(struct people *people)
{
    free(people->pixel);
    people->pixel = NULL;
    plane_f_release(&people->cover);
    plane_f_release(&people->lamp);
    plane_f_release(&people->even);
    plane_f_release(&people->glow);
}

/* ---- light around them ---- */

/* Distance between two segments, and where along the first it is least.
 * Source: Ericson, Real-Time Collision Detection, 5.1.9. */
static float segment_gap(struct vec p, struct vec q, struct vec a, struct vec b,
                         float *along)
{
    struct vec d1 = vec_sub(q, p);
    struct vec d2 = vec_sub(b, a);
    struct vec r = vec_sub(p, a);
    float aa = vec_dot(d1, d1);
    float ee = vec_dot(d2, d2) + 1e-9F;
    float f = vec_dot(d2, r);
    float c = vec_dot(d1, r);
    float bb = vec_dot(d1, d2);
    float det = aa * ee - bb * bb;
    float s = det > 1e-9F ? (bb * f - c * ee) / det : 0;
    s = s < 0 ? 0 : s > 1 ? 1 : s;
    float t = (bb * s + f) / ee;
    if (t < 0 || t > 1) {
        t = t < 0 ? 0.0F : 1.0F;
        s = (bb * t - c) / aa;
        s = s < 0 ? 0 : s > 1 ? 1 : s;
    }
    *along = s;
    struct vec gap =
        vec_sub(vec_add(p, vec_scaled(d1, s)), vec_add(a, vec_scaled(d2, t)));
    return vec_length(gap);
}

static bool may_shade(const struct figure *figure, struct vec point,
                      struct vec lamp)
{
    struct vec foot = vec_mix(figure->low, figure->high, 0.5F);
    struct vec head = foot;
    foot.y = figure->low.y;
    head.y = figure->high.y;
    float reach = 0.55F * fmaxf(figure->high.x - figure->low.x,
                                figure->high.z - figure->low.z) +
                  0.2F;
    float along;
    return segment_gap(point, lamp, foot, head, &along) < reach;
}

/* The share of the lamp that a figure leaves: the bulb is small, so its
 * penumbra grows with the way from what throws the shadow. */
static float lamp_left(const struct figure *figure, struct vec point,
                       struct vec lamp)
{
    float left = 1;
    for (int i = 0; i < figure->solids && left > 0.01F; i++) {
        const struct solid *s = &figure->solid[i];
        if (s->kind == SOLID_BOX) {
            continue;
        }
        float along;
        float gap = segment_gap(point, lamp, s->a, s->b, &along);
        float radius = 0.5F * (s->ra + s->rb);
        float soft = 0.015F + 0.07F * along;
        left = fminf(left, texture_step(radius - soft, radius + soft, gap));
    }
    return left;
}

/* Near feet and bodies less of the even light arrives. */
static float even_left(const struct figure *figure, struct vec point)
{
    float x = point.x - 0.5F * (figure->low.x + figure->high.x);
    float z = point.z - 0.5F * (figure->low.z + figure->high.z);
    float square = x * x + z * z;
    float high = fmaxf(0, point.y - 0.2F);
    return 1 - 0.5F * expf(-square / 0.16F) * expf(-2 * high);
}

static float glow_light(const struct glow *glow,
                        const struct backdrop_place *place)
{
    struct vec to = vec_sub(glow->at, place->point);
    float square = vec_dot(to, to) + 0.004F;
    float facing = vec_dot(to, place->normal) / sqrtf(square);
    return facing > 0 ? glow->power * facing / square : 0;
}

static void place_light(struct people *people, const struct garage *garage,
                        const struct backdrop *backdrop,
                        const struct moment_seen *seen, int x, int y)
{
    const struct backdrop_place *place = &backdrop->place[y * PLACE_WIDTH + x];
    float lamp = 1;
    float even = 1;
    float glow = 0;
    for (int i = 0; i < seen->figures; i++) {
        const struct figure *figure = &seen->figure[i];
        if (may_shade(figure, place->point, garage->lamp)) {
            lamp *= lamp_left(figure, place->point, garage->lamp);
        }
        even *= even_left(figure, place->point);
    }
    for (int i = 0; i < seen->glows; i++) {
        glow += glow_light(&seen->glow[i], place);
    }
    plane_f_row(&people->lamp, y)[x] = lamp;
    plane_f_row(&people->even, y)[x] = even;
    plane_f_row(&people->glow, y)[x] = glow;
}

static void lights_draw(struct people *people, const struct garage *garage,
                        const struct backdrop *backdrop,
                        const struct moment_seen *seen)
{
    if (seen->figures == 0 && people->light_is_whole) {
        return;
    }
    for (int y = 0; y < PLACE_HEIGHT; y++) {
        for (int x = 0; x < PLACE_WIDTH; x++) {
            place_light(people, garage, backdrop, seen, x, y);
        }
    }
    people->light_is_whole = seen->figures == 0;
}

/* ---- the figures themselves ---- */

/* Above its rim the shade hides the bulb. */
static float lamp_on(const struct garage *garage, struct vec point,
                     struct vec normal)
{
    float x = point.x - garage->lamp.x;
    float z = point.z - garage->lamp.z;
    float steep = (garage->lamp.y - point.y) / sqrtf(x * x + z * z + 0.01F);
    return backdrop_lamp(garage, point, normal) *
           texture_step(0.1F, 0.35F, steep);
}

static float door_on(const struct garage *garage, struct vec point,
                     struct vec normal, float open)
{
    struct vec to = vec_sub(garage->door, point);
    to.y += 1;
    float square = vec_dot(to, to) + 0.3F;
    float facing = 0.2F + 0.8F * vec_dot(to, normal) / sqrtf(square);
    return facing > 0 ? 0.22F * open * facing / square : 0;
}

struct shade {
    float lamp, even, door, glow;
};

static struct shade shade_of(const struct garage *garage,
                             const struct moment_seen *seen, int owner,
                             struct vec point, struct vec normal)
{
    struct shade out = {lamp_on(garage, point, normal),
                        0.012F * (0.6F + 0.4F * normal.y) +
                            backdrop_bounce(garage, point, normal),
                        door_on(garage, point, normal, seen->door), 0};
    for (int i = 0; i < seen->figures; i++) {
        if (i != owner && may_shade(&seen->figure[i], point, garage->lamp)) {
            out.lamp *= lamp_left(&seen->figure[i], point, garage->lamp);
        }
    }
    struct backdrop_place place = {point, normal};
    for (int i = 0; i < seen->glows; i++) {
        out.glow += glow_light(&seen->glow[i], &place);
    }
    return out;
}

/* Folds of cloth: noise that goes with the limb. */
static float fold_of(const struct solid *solid, struct vec point, int index)
{
    struct vec axis = vec_sub(solid->b, solid->a);
    struct vec out = vec_sub(point, solid->a);
    float along = vec_dot(out, axis) / (vec_length(axis) + 0.01F);
    float around = out.x * 9 - out.z * 7;
    return 1 + 0.5F * texture_cloud(along * 11 + (float)index * 7, around, 2,
                                    77U + (uint32_t)index);
}

struct brush {
    const struct garage *garage;
    const struct moment_seen *seen;
    int owner; /* which figure */
    int index; /* which of its solids */
};

static void pixel_paint(const struct brush *brush, struct ray ray,
                        const struct hit *hit, struct people_pixel *out)
{
    const struct solid *solid =
        &brush->seen->figure[brush->owner].solid[brush->index];
    struct vec point = vec_add(ray.from, vec_scaled(ray.way, hit->distance));
    struct shade shade =
        shade_of(brush->garage, brush->seen, brush->owner, point, hit->normal);
    const float *colour =
        clothes_colour(brush->seen->clothes[brush->owner], solid->material);
    bool cloth = solid->material == MATERIAL_JACKET ||
                 solid->material == MATERIAL_TROUSERS;
    float fold = cloth ? fold_of(solid, point, brush->index) : 1;
    bool screen = solid->material == MATERIAL_PHONE && hit->normal.y > 0.5F;
    out->depth = hit->distance;
    for (int c = 0; c < 3; c++) {
        out->rgb[c] = colour[c] * fold *
                      (shade.lamp * backdrop_lamp_colour[c] +
                       shade.even * backdrop_even_colour[c] +
                       shade.door * backdrop_door_colour[c] + shade.glow);
        out->rgb[c] += screen ? 0.35F + 0.08F * (float)c : 0;
    }
}

struct extent {
    int left, top, right, bottom; /* half size, right and bottom excluded */
};

/* Widen to hold another one. */
static void extent_hold(struct extent *out, struct extent seen)
{
    out->left = seen.left < out->left ? seen.left : out->left;
    out->top = seen.top < out->top ? seen.top : out->top;
    out->right = seen.right > out->right ? seen.right : out->right;
    out->bottom = seen.bottom > out->bottom ? seen.bottom : out->bottom;
}

static struct extent extent_cut(struct extent e)
{
    return (struct extent){e.left < 0 ? 0 : e.left, e.top < 0 ? 0 : e.top,
                           e.right > HALF_WIDTH ? HALF_WIDTH : e.right,
                           e.bottom > HALF_HEIGHT ? HALF_HEIGHT : e.bottom};
}

static struct extent extent_of(const struct garage *garage,
                               const struct solid *solid)
{
    struct extent out = {HALF_WIDTH, HALF_HEIGHT, 0, 0};
    bool box = solid->kind == SOLID_BOX;
    struct vec end[2] = {solid->a, box ? solid->a : solid->b};
    float radius[2] = {box ? 0.09F : solid->ra, box ? 0.09F : solid->rb};
    for (int k = 0; k < 2; k++) {
        float x;
        float y;
        if (!garage_place(garage, end[k], &x, &y)) {
            return (struct extent){0, 0, 0, 0};
        }
        float depth = vec_dot(vec_sub(end[k], garage->eye), garage->ahead);
        float r = 1.15F * radius[k] * garage->focal_px / (depth - radius[k]);
        const struct extent seen = {
            (int)floorf((x - r) / 2), (int)floorf((y - r) / 2),
            (int)ceilf((x + r) / 2) + 1, (int)ceilf((y + r) / 2) + 1};
        extent_hold(&out, seen);
    }
    return extent_cut(out);
}

static void extent_join(struct people *people, struct extent e)
{
    people->left = e.left < people->left ? e.left : people->left;
    people->top = e.top < people->top ? e.top : people->top;
    people->right = e.right > people->right ? e.right : people->right;
    people->bottom = e.bottom > people->bottom ? e.bottom : people->bottom;
}

/* The open door hides nothing behind its leaf. */
static float depth_behind(const struct backdrop *backdrop, float door, int x,
                          int y)
{
    float leaf = plane_f_row(&backdrop->leaf, y)[x];
    return leaf >= 0 && leaf < 0.5F + 1.1F * door
               ? nobody
               : plane_f_row(&backdrop->depth, y)[x];
}

static void solid_draw(struct people *people, const struct brush *brush,
                       const struct backdrop *backdrop)
{
    const struct solid *solid =
        &brush->seen->figure[brush->owner].solid[brush->index];
    struct extent e = extent_of(brush->garage, solid);
    for (int y = e.top; y < e.bottom; y++) {
        for (int x = e.left; x < e.right; x++) {
            struct people_pixel *pixel = &people->pixel[y * HALF_WIDTH + x];
            float behind = depth_behind(backdrop, brush->seen->door, x, y);
            struct hit hit = {fminf(pixel->depth, behind), {0, 1, 0}, -1};
            struct ray ray =
                garage_ray(brush->garage, 2 * (float)x + 1, 2 * (float)y + 1);
            if (solid_trace(solid, 1, ray, &hit)) {
                pixel_paint(brush, ray, &hit, pixel);
                plane_f_row(&people->cover, y)[x] = 1;
            }
        }
    }
    extent_join(people, e);
}

static void canvas_clear(struct people *people)
{
    for (int y = people->top; y < people->bottom; y++) {
        for (int x = people->left; x < people->right; x++) {
            people->pixel[y * HALF_WIDTH + x] =
                (struct people_pixel){nobody, {0, 0, 0}};
            plane_f_row(&people->cover, y)[x] = 0;
        }
    }
    people->left = HALF_WIDTH;
    people->top = HALF_HEIGHT;
    people->right = people->bottom = 0;
}

void people_draw(struct people *people, const struct garage *garage,
                 const struct backdrop *backdrop,
                 const struct moment_seen *seen)
{
    canvas_clear(people);
    lights_draw(people, garage, backdrop, seen);
    for (int i = 0; i < seen->figures; i++) {
        for (int k = 0; k < seen->figure[i].solids; k++) {
            struct brush brush = {garage, seen, i, k};
            solid_draw(people, &brush, backdrop);
        }
    }
}

bool people_near(const struct people *people, int x, int y)
{
    return x >= people->left - 2 && x < people->right + 2 &&
           y >= people->top - 2 && y < people->bottom + 2;
}

/* Bilinear between the four nearest of half size: soft by about a pixel, as
 * a lens and a moving body are. */
struct cover people_cover(const struct people *people, int x, int y)
{
    struct cover out = {0};
    float u = ((float)x + 0.5F) / 2 - 0.5F;
    float v = ((float)y + 0.5F) / 2 - 0.5F;
    int i = (int)floorf(u);
    int j = (int)floorf(v);
    for (int k = 0; k < 4; k++) {
        int px = i + k % 2;
        int py = j + k / 2;
        if (px < 0 || py < 0 || px >= HALF_WIDTH || py >= HALF_HEIGHT ||
            plane_f_row(&people->cover, py)[px] < 0.5F) {
            continue;
        }
        float weight = (1 - fabsf(u - (float)px)) * (1 - fabsf(v - (float)py));
        const float *rgb = people->pixel[py * HALF_WIDTH + px].rgb;
        out.share += weight;
        for (int c = 0; c < 3; c++) {
            out.rgb[c] += weight * rgb[c];
        }
    }
    return out;
}
