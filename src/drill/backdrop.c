#include "drill/backdrop.h"

#include <stdlib.h>

#include "drill/blur.h"
#include "drill/texture.h"
#include "drill/visible.h"

const float backdrop_lamp_colour[3] = {1.0F, 0.80F, 0.56F};
const float backdrop_even_colour[3] = {0.80F, 0.95F, 1.15F};
const float backdrop_door_colour[3] = {0.62F, 0.82F, 1.25F};

static const float luma_share[3] = {0.299F, 0.587F, 0.114F};
static const float lens_px = 0.6F; /* sd of the lens's blur */

/* A small lamp: inverse square and cosine, about 1 on the table under it.
 * Its shade makes a pool of light and leaves little beside it. */
float backdrop_lamp(const struct garage *garage, struct vec point,
                    struct vec normal)
{
    struct vec to = vec_sub(garage->lamp, point);
    float square = vec_dot(to, to);
    float facing = vec_dot(to, normal) / sqrtf(square);
    float steep = to.y / sqrtf(square);
    float pool = 0.10F + 0.90F * texture_step(0.30F, 0.80F, steep);
    return facing > 0 ? 1.15F * pool * facing / square : 0;
}

/* The lit table, as a second lamp that shines upwards. */
float backdrop_bounce(const struct garage *garage, struct vec point,
                      struct vec normal)
{
    struct vec to = vec_sub(garage->table, point);
    float square = vec_dot(to, to) + 0.25F;
    float facing = 0.35F + 0.65F * vec_dot(to, normal) / sqrtf(square);
    return facing > 0 ? 0.055F * facing / square : 0;
}

struct pixel {
    float albedo[3];
    float even, lamp, door; /* light falling there */
    struct hit hit;
    struct vec point;
};

static struct pixel pixel_trace(const struct garage *garage,
                                const struct visible *visible, int x, int y)
{
    struct pixel out = {.hit = {1e9F, {0, 1, 0}, -1}};
    struct ray ray = garage_ray(garage, (float)x + 0.5F, (float)y + 0.5F);
    if (!solid_trace(garage->solid, garage->solids, ray, &out.hit)) {
        return out;
    }
    out.point = vec_add(ray.from, vec_scaled(ray.way, out.hit.distance));
    garage_albedo(garage, &out.hit, out.point, out.albedo);
    struct seen seen =
        visible_at(visible, x, y, out.hit.distance, out.hit.normal);
    out.even =
        0.020F * seen.sky + backdrop_bounce(garage, out.point, out.hit.normal) *
                                (0.3F + 0.7F * seen.sky);
    out.lamp = backdrop_lamp(garage, out.point, out.hit.normal) * seen.lamp;
    out.door = seen.door;
    return out;
}

/* Dust in the air around the lamp. */
static float haze_of(const struct garage *garage, int x, int y)
{
    float lx;
    float ly;
    if (!garage_place(garage, garage->lamp, &lx, &ly)) {
        return 0;
    }
    float dx = ((float)x - lx) / (1 + fmaxf(0, (float)y - ly) / 160);
    float dy = (float)y - ly;
    float away = hypotf(dx, dy < 0 ? 2.2F * dy : 0.45F * dy);
    return 0.05F * expf(-away / 26) + 0.008F * expf(-away / 110);
}

/* Bulb and shade shine by themselves. */
static float glow_of(const struct garage *garage, const struct pixel *pixel)
{
    int material =
        pixel->hit.index < 0 ? 0 : garage->solid[pixel->hit.index].material;
    return material == MATERIAL_BULB ? 2.5F
           : material == MATERIAL_SHADE
               ? 0.004F + 0.05F * fmaxf(0, -pixel->hit.normal.y)
               : 0;
}

static void half_add(struct plane_f *plane, int x, int y, float value)
{
    plane_f_row(plane, y / 2)[x / 2] += value / 4;
}

static void pixel_keep(struct backdrop *backdrop, const struct pixel *pixel,
                       float glow, int x, int y)
{
    float luma[4] = {0};
    for (int c = 0; c < 3; c++) {
        const float part[4] = {
            pixel->albedo[c] * pixel->even * backdrop_even_colour[c],
            (pixel->albedo[c] * pixel->lamp + glow) * backdrop_lamp_colour[c],
            pixel->albedo[c] * pixel->door * backdrop_door_colour[c],
            pixel->albedo[c]};
        struct backdrop_layers *half = &backdrop->colour[c];
        half_add(&half->even, x, y, part[0]);
        half_add(&half->lamp, x, y, part[1]);
        half_add(&half->door, x, y, part[2]);
        half_add(&half->albedo, x, y, part[3]);
        for (int i = 0; i < 4; i++) {
            luma[i] += luma_share[c] * part[i];
        }
    }
    plane_f_row(&backdrop->luma.even, y)[x] = luma[0];
    plane_f_row(&backdrop->luma.lamp, y)[x] = luma[1];
    plane_f_row(&backdrop->luma.door, y)[x] = luma[2];
    plane_f_row(&backdrop->luma.albedo, y)[x] = luma[3];
}

static void row_trace(struct backdrop *backdrop, const struct garage *garage,
                      const struct visible *visible, int y)
{
    for (int x = 0; x < GARAGE_WIDTH; x++) {
        struct pixel pixel = pixel_trace(garage, visible, x, y);
        float glow = glow_of(garage, &pixel) + haze_of(garage, x, y);
        pixel_keep(backdrop, &pixel, glow, x, y);
        if (x % 2 == 0 && y % 2 == 0) {
            bool leaf =
                pixel.hit.index >= 0 &&
                garage->solid[pixel.hit.index].material == MATERIAL_DOOR;
            plane_f_row(&backdrop->depth, y / 2)[x / 2] = pixel.hit.distance;
            plane_f_row(&backdrop->leaf, y / 2)[x / 2] =
                leaf ? pixel.point.x : -1;
        }
        if (x % 4 == 2 && y % 4 == 2) {
            backdrop->place[(y / 4) * (GARAGE_WIDTH / 4) + x / 4] =
                (struct backdrop_place){pixel.point, pixel.hit.normal};
        }
    }
}

static enum sting_status layers_init(struct backdrop_layers *out, int width,
                                     int height)
{
    enum sting_status status = plane_f_init(&out->even, width, height);
    status = status ? status : plane_f_init(&out->lamp, width, height);
    status = status ? status : plane_f_init(&out->door, width, height);
    return status ? status : plane_f_init(&out->albedo, width, height);
}

static void layers_release(struct backdrop_layers *layers)
{
    plane_f_release(&layers->even);
    plane_f_release(&layers->lamp);
    plane_f_release(&layers->door);
    plane_f_release(&layers->albedo);
}

void backdrop_release(struct backdrop *backdrop)
{
    layers_release(&backdrop->luma);
    for (int c = 0; c < 3; c++) {
        layers_release(&backdrop->colour[c]);
    }
    plane_f_release(&backdrop->leaf);
    plane_f_release(&backdrop->depth);
    free(backdrop->place);
    backdrop->place = NULL;
}

static enum sting_status planes_init(struct backdrop *out)
{
    int w = GARAGE_WIDTH;
    int h = GARAGE_HEIGHT;
    enum sting_status status = layers_init(&out->luma, w, h);
    for (int c = 0; !status && c < 3; c++) {
        status = layers_init(&out->colour[c], w / 2, h / 2);
    }
    status = status ? status : plane_f_init(&out->leaf, w / 2, h / 2);
    status = status ? status : plane_f_init(&out->depth, w / 2, h / 2);
    out->place = calloc((size_t)(w / 4) * (size_t)(h / 4), sizeof *out->place);
    return status ? status : out->place ? STING_OK : STING_E_NOMEM;
}

static enum sting_status lens_blur(struct backdrop *backdrop)
{
    struct backdrop_layers *luma = &backdrop->luma;
    enum sting_status status = blur_gauss(&luma->even, lens_px);
    status = status ? status : blur_gauss(&luma->lamp, lens_px);
    status = status ? status : blur_gauss(&luma->door, lens_px);
    return status ? status : blur_gauss(&luma->albedo, lens_px);
}

enum sting_status backdrop_init(struct backdrop *out,
                                const struct garage *garage)
{
    struct backdrop made = {0};
    struct visible visible STING_AUTO(visible_release) = {0};
    enum sting_status status = planes_init(&made);
    status = status ? status : visible_init(&visible, garage);
    for (int y = 0; !status && y < GARAGE_HEIGHT; y++) {
        row_trace(&made, garage, &visible, y);
    }
    status = status ? status : lens_blur(&made);
    if (status) {
        backdrop_release(&made);
        return status;
    }
    *out = made;
    return STING_OK;
}
