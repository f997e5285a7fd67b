#include "detect/light.h"

#include <math.h>
#include <string.h>

#define EVERY 3 /* cells across and down: enough for two numbers */
#define BINS 256
#define BINS_A_LEVEL 4.0f

struct sums {
    double n, x, y, xx, xy;
};

static void sums_take(struct sums *s, float x, float y)
{
    s->n += 1;
    s->x += (double)x;
    s->y += (double)y;
    s->xx += (double)x * (double)x;
    s->xy += (double)x * (double)y;
}

static struct light solve(const struct sums *s)
{
    double variance = s->xx / s->n - s->x / s->n * (s->x / s->n);
    double covariance = s->xy / s->n - s->x / s->n * (s->y / s->n);
    double gain = variance > 1e-3 ? covariance / variance : 1;
    gain = gain < 0.05 ? 0.05 : gain > 10 ? 10 : gain;
    return (struct light){(float)gain,
                          (float)(s->y / s->n - gain * s->x / s->n)};
}

static float deviation(const struct light *l, float x, float y)
{
    return fabsf(y - l->gain * x - l->lift);
}

/* Twice the deviation that 60 % of the cells stay under. */
static float bound_of(const struct light *l, const struct plane_f *scene,
                      const struct plane_f *picture)
{
    uint32_t bin[BINS] = {0}, count = 0, seen = 0;
    for (int y = 0; y < scene->height_px; y += EVERY) {
        const float *m = plane_f_row(scene, y), *p = plane_f_row(picture, y);
        for (int x = 0; x < scene->width_px; x += EVERY) {
            if (m[x] >= LIGHT_BURNT) {
                continue;
            }
            float d = deviation(l, m[x], p[x]) * BINS_A_LEVEL;
            bin[d < BINS - 1 ? (int)d : BINS - 1]++;
            count++;
        }
    }
    int i = 0;
    for (; i < BINS - 1 && seen * 10 < count * 6; i++) {
        seen += bin[i];
    }
    float bound = 2.0f * (float)i / BINS_A_LEVEL;
    return bound < 1.5f ? 1.5f : bound;
}

/* The sums over all cells that a light explains within a bound. */
static struct sums sums_within(const struct light *light, float bound,
                               const struct plane_f *scene,
                               const struct plane_f *picture)
{
    struct sums sums = {0};
    for (int y = 0; y < scene->height_px; y += EVERY) {
        const float *m = plane_f_row(scene, y);
        const float *p = plane_f_row(picture, y);
        for (int x = 0; x < scene->width_px; x += EVERY) {
            if (m[x] < LIGHT_BURNT && deviation(light, m[x], p[x]) <= bound) {
                sums_take(&sums, m[x], p[x]);
            }
        }
    }
    return sums;
}

struct light light_fit(const struct plane_f *scene,
                       const struct plane_f *picture)
{
    struct light light = {1, 0};
    float bound = INFINITY;
    for (int turn = 0; turn < 4; turn++) {
        struct sums sums = sums_within(&light, bound, scene, picture);
        if (sums.n < 10) {
            break;
        }
        light = solve(&sums);
        bound = bound_of(&light, scene, picture);
    }
    return light;
}

/* Normal equations of four unknowns, right side in the fifth column. */
struct normal {
    double row[4][5];
};

static void normal_take(struct normal *n, const double term[5])
{
    for (int i = 0; i < 4; i++) {
        for (int j = i; j < 5; j++) {
            n->row[i][j] += term[i] * term[j];
        }
    }
}

/* Gauss; the matrix is positive, since its diagonal was raised. */
static void normal_solve(struct normal *n, double out[4])
{
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < i; j++) {
            n->row[i][j] = n->row[j][i];
        }
        n->row[i][i] += 1e-6 + 1e-4 * n->row[i][i];
    }
    for (int i = 0; i < 4; i++) {
        for (int k = i + 1; k < 4; k++) {
            double part = n->row[k][i] / n->row[i][i];
            for (int j = i; j < 5; j++) {
                n->row[k][j] -= part * n->row[i][j];
            }
        }
    }
    for (int i = 3; i >= 0; i--) {
        double sum = n->row[i][4];
        for (int j = i + 1; j < 4; j++) {
            sum -= n->row[i][j] * out[j];
        }
        out[i] = sum / n->row[i][i];
    }
}

struct lean light_lean(const struct plane_f *scene, const struct plane_f *rest,
                       float bound)
{
    struct normal normal = {0};
    int width = scene->width_px, height = scene->height_px;
    for (int y = 0; y < height; y += EVERY) {
        const float *m = plane_f_row(scene, y), *r = plane_f_row(rest, y);
        double v = (y + 0.5) / height - 0.5;
        for (int x = 0; x < width; x += EVERY) {
            double light = (double)m[x], u = (x + 0.5) / width - 0.5;
            double term[5] = {light, 30, light * u, light * v, (double)r[x]};
            if (m[x] < LIGHT_BURNT && fabsf(r[x]) <= bound) {
                normal_take(&normal, term);
            }
        }
    }
    double out[4];
    normal_solve(&normal, out);
    return (struct lean){(float)out[0], (float)(30 * out[1]), (float)out[2],
                         (float)out[3]};
}
