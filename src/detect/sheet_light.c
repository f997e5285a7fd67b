#include "detect/sheet_light.h"

#include <math.h>

#define BINS 256

float sheet_light_at(const struct sheet_light *light,
                     const struct plane_f *flat, int x, int y)
{
    float u = 2 * (float)x / (float)flat->width_px - 1;
    float v = 2 * (float)y / (float)flat->height_px - 1;
    return fmaxf(0.2F, 1 + light->across * u + light->down * v);
}

/* Otsu: the level that parts the two kinds best; false when all are one. */
static bool levels_part(const uint32_t bin[BINS], float *low, float *high)
{
    double all = 0, sum = 0, below = 0, below_sum = 0, best = 0;
    for (int i = 0; i < BINS; i++) {
        all += bin[i];
        sum += (double)bin[i] * i;
    }
    for (int i = 0; i < BINS - 1; i++) {
        below += bin[i];
        below_sum += (double)bin[i] * i;
        if (below < 0.02 * all || below > 0.98 * all) {
            continue;
        }
        double a = below_sum / below;
        double b = (sum - below_sum) / (all - below);
        double apart = below * (all - below) * (b - a) * (b - a);
        if (apart > best) {
            best = apart;
            *low = (float)a;
            *high = (float)b;
        }
    }
    return best > 0;
}

struct slope {
    double uu, vv, uv, u, v, n, ur, vr, r;
};

/* One step of the light's slope: ratios of pixels to their kind's level. */
static void slope_take(struct slope *s, double u, double v, double ratio)
{
    s->n += 1;
    s->u += u;
    s->v += v;
    s->r += ratio;
    s->uu += u * u;
    s->vv += v * v;
    s->uv += u * v;
    s->ur += u * ratio;
    s->vr += v * ratio;
}

static void slope_solve(const struct slope *s, struct sheet_light *light)
{
    double uu = s->uu - s->u * s->u / s->n, vv = s->vv - s->v * s->v / s->n;
    double uv = s->uv - s->u * s->v / s->n;
    double ur = s->ur - s->u * s->r / s->n, vr = s->vr - s->v * s->r / s->n;
    double det = uu * vv - uv * uv;
    if (det > 1e-6 * s->n * s->n) {
        light->across = (float)((ur * vv - vr * uv) / det);
        light->down = (float)((vr * uu - ur * uv) / det);
    }
}

/* Pixels over black, the light taken out, every second each way. */
static void bins_fill(const struct plane_f *flat,
                      const struct sheet_light *light, uint32_t bin[BINS])
{
    for (int y = 0; y < flat->height_px; y += 2) {
        for (int x = 0; x < flat->width_px; x += 2) {
            float v = (plane_f_row(flat, y)[x] - SHEET_BLACK) /
                      sheet_light_at(light, flat, x, y);
            bin[v < 0 ? 0 : v > BINS - 1 ? BINS - 1 : (int)v]++;
        }
    }
}

static void light_step(const struct plane_f *flat, struct sheet_light *light)
{
    uint32_t bin[BINS] = {0};
    struct slope slope = {0};
    bins_fill(flat, light, bin);
    if (!levels_part(bin, &light->table, &light->paper)) {
        return;
    }
    float middle = (light->table + light->paper) / 2;
    for (int y = 0; y < flat->height_px; y += 2) {
        for (int x = 0; x < flat->width_px; x += 2) {
            float v = plane_f_row(flat, y)[x] - SHEET_BLACK;
            float is = v / sheet_light_at(light, flat, x, y);
            float level = is > middle ? light->paper : light->table;
            slope_take(&slope, 2.0 * x / flat->width_px - 1,
                       2.0 * y / flat->height_px - 1,
                       (double)(v / fmaxf(level, 1)));
        }
    }
    slope_solve(&slope, light);
}

void sheet_light_learn(const struct plane_f *flat, struct sheet_light *out)
{
    struct sheet_light light = {0};
    for (int i = 0; i < 3; i++) {
        light_step(flat, &light);
    }
    *out = light;
}
