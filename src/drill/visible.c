#include "drill/visible.h"

#include <stdlib.h>

enum {
    HALF_WIDTH = GARAGE_WIDTH / 2,
    HALF_HEIGHT = GARAGE_HEIGHT / 2,
    LAMP_RAYS = 9,
    SKY_RAYS = 9,
    DOOR_RAYS = 4,
    SHELL_SOLIDS = 9 /* floor, walls, ceiling: they stand behind all else */
};

static const float pi = 3.14159265F;

static bool sees(const struct garage *garage, int first, struct vec from,
                 struct vec to)
{
    struct vec way = vec_sub(to, from);
    float reach = vec_length(way);
    struct ray ray = {from, vec_scaled(way, 1 / reach)};
    return !solid_blocks(garage->solid + first, garage->solids - first, ray,
                         reach - 0.02F);
}

static float lamp_share(const struct garage *garage, struct vec from,
                        float turn)
{
    int open = 0;
    for (int i = 0; i < LAMP_RAYS; i++) {
        float angle = 2 * pi * ((float)i / 3 + turn);
        int ring = i / 3;
        float radius = 0.075F * sqrtf(((float)ring + 0.5F) / 3);
        struct vec to = garage->lamp;
        to.x += radius * cosf(angle);
        to.y -= 0.02F;
        to.z += radius * sinf(angle);
        open += sees(garage, SHELL_SOLIDS, from, to);
    }
    return (float)open / LAMP_RAYS;
}

/* Rays with the density of the cosine, so that each weighs the same. */
static float sky_share(const struct garage *garage, struct vec from,
                       struct vec normal, float turn)
{
    struct vec side =
        fabsf(normal.y) > 0.5F ? (struct vec){1, 0, 0} : (struct vec){0, 1, 0};
    struct vec u = vec_unit(vec_cross(side, normal));
    struct vec v = vec_cross(normal, u);
    int open = 0;
    for (int i = 0; i < SKY_RAYS; i++) {
        float angle = 2 * pi * ((float)i * 0.381966F + turn);
        float radius = sqrtf(((float)i + 0.5F) / SKY_RAYS);
        float up = sqrtf(1 - radius * radius);
        struct vec way = vec_add(vec_scaled(normal, up),
                                 vec_add(vec_scaled(u, radius * cosf(angle)),
                                         vec_scaled(v, radius * sinf(angle))));
        struct ray ray = {from, way};
        open += !solid_blocks(garage->solid, garage->solids, ray, 0.9F);
    }
    return (float)open / SKY_RAYS;
}

static float door_light(const struct garage *garage, struct vec from,
                        struct vec normal, float turn)
{
    float sum = 0;
    for (int i = 0; i < DOOR_RAYS; i++) {
        struct vec to = {0.5F + 1.1F * fmodf((float)i * 0.618F + turn, 1),
                         2.08F * ((float)i + 0.5F) / DOOR_RAYS, 6.19F};
        struct vec way = vec_sub(to, from);
        float square = vec_dot(way, way);
        float length = sqrtf(square);
        float here = vec_dot(way, normal) / length;
        float there = way.z / length; /* the doorway faces the camera */
        if (here > 0 && there > 0 && sees(garage, SHELL_SOLIDS, from, to)) {
            sum += here * there / (square + 0.05F);
        }
    }
    return 0.16F * sum / DOOR_RAYS;
}

/* A turn for each pixel breaks up the pattern of the rays. */
static float turn_of(int x, int y)
{
    return fmodf(0.7548777F * (float)x + 0.5698403F * (float)y, 1);
}

static void place_look(const struct garage *garage, int x, int y,
                       struct seen *seen, struct hit *hit)
{
    struct ray ray = garage_ray(garage, 2 * (float)x + 1, 2 * (float)y + 1);
    *hit = (struct hit){1e9F, {0, 1, 0}, -1};
    *seen = (struct seen){0};
    if (!solid_trace(garage->solid, garage->solids, ray, hit)) {
        return;
    }
    struct vec point = vec_add(ray.from, vec_scaled(ray.way, hit->distance));
    struct vec from = vec_add(point, vec_scaled(hit->normal, 0.002F));
    float turn = turn_of(x, y);
    bool faces = vec_dot(vec_sub(garage->lamp, point), hit->normal) > 0;
    seen->lamp = faces ? lamp_share(garage, from, turn) : 0;
    seen->sky = sky_share(garage, from, hit->normal, turn);
    seen->door = door_light(garage, from, hit->normal, turn);
}

enum sting_status visible_init(struct visible *out, const struct garage *garage)
{
    size_t places = (size_t)HALF_WIDTH * HALF_HEIGHT;
    out->seen = calloc(places, sizeof *out->seen);
    out->hit = calloc(places, sizeof *out->hit);
    if (!out->seen || !out->hit) {
        visible_release(out);
        return STING_E_NOMEM;
    }
    for (int y = 0; y < HALF_HEIGHT; y++) {
        for (int x = 0; x < HALF_WIDTH; x++) {
            size_t i = (size_t)y * HALF_WIDTH + (size_t)x;
            place_look(garage, x, y, &out->seen[i], &out->hit[i]);
        }
    }
    return STING_OK;
}

void visible_release(struct visible *visible)
{
    free(visible->seen);
    free(visible->hit);
    *visible = (struct visible){0};
}

/* The mean over a window of 5 x 5 of those that lie on the same surface. */
struct seen visible_at(const struct visible *visible, int x, int y,
                       float distance, struct vec normal)
{
    struct seen sum = {0};
    float weight = 1e-6F;
    for (int j = y / 2 - 2; j <= y / 2 + 2; j++) {
        for (int i = x / 2 - 2; i <= x / 2 + 2; i++) {
            if (i < 0 || j < 0 || i >= HALF_WIDTH || j >= HALF_HEIGHT) {
                continue;
            }
            size_t at = (size_t)j * HALF_WIDTH + (size_t)i;
            const struct hit *hit = &visible->hit[at];
            if (fabsf(hit->distance - distance) < 0.08F &&
                vec_dot(hit->normal, normal) > 0.8F) {
                sum.lamp += visible->seen[at].lamp;
                sum.sky += visible->seen[at].sky;
                sum.door += visible->seen[at].door;
                weight += 1;
            }
        }
    }
    return (struct seen){sum.lamp / weight, sum.sky / weight,
                         sum.door / weight};
}
