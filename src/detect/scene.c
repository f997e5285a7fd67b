#include "detect/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"

#define WINDOW_WIDTH 4
#define WINDOW_HEIGHT 6 /* people are taller than wide */
#define FINE 5
#define LOUDEST 1e4f /* of a cell, against overflow only */
#define CLEARLY 4.0f /* times the noise */
#define TREMBLE_BINS 1024
#define TREMBLE_BINS_A_SIGMA 32.0f

static enum sting_status planes_init(struct scene *s)
{
    struct plane_f *plane[] = {&s->mean,    &s->variance[0], &s->variance[1],
                               &s->now,     &s->past,        &s->between,
                               &s->rest,    &s->work,        &s->window,
                               &s->fine[0], &s->fine[1]};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        enum sting_status status = plane_f_init(plane[i], s->width, s->height);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}

enum sting_status scene_init(struct scene *scene, int width_px, int height_px)
{
    *scene = (struct scene){.width = GRID_WIDTH,
                            .height = grid_height(width_px, height_px)};
    size_t cells = (size_t)scene->width * (size_t)scene->height;
    scene->sum =
        calloc((size_t)(scene->width + 1) * (size_t)(scene->height + 1),
               sizeof *scene->sum);
    scene->busy = calloc(cells, 1);
    enum sting_status status = planes_init(scene);
    if (status || !scene->sum || !scene->busy) {
        scene_release(scene);
        return STING_E_NOMEM;
    }
    return STING_OK;
}

void scene_release(struct scene *s)
{
    struct plane_f *plane[] = {&s->mean,    &s->variance[0], &s->variance[1],
                               &s->now,     &s->past,        &s->between,
                               &s->rest,    &s->work,        &s->window,
                               &s->fine[0], &s->fine[1]};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        plane_f_release(plane[i]);
    }
    free(s->sum);
    free(s->busy);
    *s = (struct scene){0};
}

static size_t cells_of(const struct scene *s)
{
    return (size_t)s->width * (size_t)s->height;
}

static float sigma_at(const struct scene *s, enum scene_mode mode, size_t i)
{
    float noise = noise_at(&s->noise[mode], s->mean.data[i]);
    float own = 0.7f * sqrtf(s->variance[mode].data[i]);
    return own > noise ? own : noise;
}

/* The loudest window, where all of it lies on cells that count. */
static void loudest_find(struct scene *s)
{
    grid_mean(&s->work, WINDOW_WIDTH, WINDOW_HEIGHT, s->sum, &s->window);
    size_t best = 0, cells = cells_of(s);
    for (size_t i = 1; i < cells; i++) {
        if (s->window.data[i] > s->window.data[best]) {
            best = i;
        }
    }
    s->height_log = logf(s->window.data[best] + 1e-6f);
    s->peak_x = (int)(best % (size_t)s->width);
    s->peak_y = (int)(best / (size_t)s->width);
}

/* How much more than usual the whole picture trembles: gain of the camera
 * goes up at dusk within seconds, faster than any noise can be learned. The
 * median over all cells takes no notice of a person. At least 1. */
static float tremble_of(const struct scene *s)
{
    uint32_t bin[TREMBLE_BINS] = {0}, seen = 0;
    size_t cells = cells_of(s);
    for (size_t i = 0; i < cells; i++) {
        float at = sqrtf(s->work.data[i]) * TREMBLE_BINS_A_SIGMA;
        bin[at < TREMBLE_BINS - 1 ? (int)at : TREMBLE_BINS - 1]++;
    }
    int i = 0;
    while (i < TREMBLE_BINS - 1 && 2 * (size_t)(seen += bin[i]) < cells) {
        i++;
    }
    float median = ((float)i + 0.5f) / TREMBLE_BINS_A_SIGMA;
    return median > 0.6745f ? median / 0.6745f : 1;
}

static void level_measure(struct scene *s)
{
    size_t cells = cells_of(s);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < cells; i++) {
        double m = (double)s->mean.data[i];
        sum += m;
        squares += m * m;
    }
    double level = sum / (double)cells;
    double variance = squares / (double)cells - level * level;
    s->level = (float)level;
    s->contrast = variance > 0 ? (float)sqrt(variance) : 0;
}

void scene_compare(struct scene *scene, const struct plane *picture,
                   enum scene_mode mode)
{
    struct scene *s = scene;
    size_t cells = cells_of(s), clear = 0;
    grid_fill(picture, &s->now);
    if (s->looks++ == 0) {
        memcpy(s->mean.data, s->now.data, cells * sizeof(float));
    }
    level_measure(s);
    s->light = light_fit(&s->mean, &s->now);
    for (size_t i = 0; i < cells; i++) {
        float rest =
            s->now.data[i] - s->light.gain * s->mean.data[i] - s->light.lift;
        float sigma = s->noise[mode].known ? sigma_at(s, mode, i) : 2.0f;
        float z = rest / sigma;
        s->rest.data[i] = rest;
        s->work.data[i] = z * z < LOUDEST ? z * z : LOUDEST;
        clear += fabsf(z) > CLEARLY;
    }
    s->changed = (float)clear / (float)cells;
    s->tremble = tremble_of(s);
    float calm = 1 / (s->tremble * s->tremble);
    for (size_t i = 0; i < cells; i++) {
        s->work.data[i] *= calm;
    }
    loudest_find(s);
}

void scene_compare_again(struct scene *scene, enum scene_mode mode)
{
    struct scene *s = scene;
    size_t cells = cells_of(s);
    for (size_t i = 0; i < cells; i++) {
        float z = s->rest.data[i] / (s->tremble * sigma_at(s, mode, i));
        s->work.data[i] = z * z < LOUDEST ? z * z : LOUDEST;
    }
    loudest_find(s);
}

int scene_mark(struct scene *scene, float threshold)
{
    float bound = expf(threshold);
    size_t cells = cells_of(scene);
    int count = 0;
    for (size_t i = 0; i < cells; i++) {
        scene->busy[i] = scene->window.data[i] > bound;
        count += scene->busy[i];
    }
    return count;
}

float scene_motion(struct scene *scene, const struct plane_f *then,
                   enum scene_mode mode)
{
    struct scene *s = scene;
    struct light light = light_fit(then, &s->now);
    size_t cells = cells_of(s);
    bool any = false;
    for (size_t i = 0; i < cells; i++) {
        if (!s->busy[i]) {
            s->work.data[i] = 0;
            continue;
        }
        float d = s->now.data[i] - light.gain * then->data[i] - light.lift;
        float z = d / (1.4142f * s->tremble * sigma_at(s, mode, i));
        s->work.data[i] = z * z < LOUDEST ? z * z : LOUDEST;
        any = true;
    }
    if (!any) {
        return -INFINITY;
    }
    int x = s->peak_x, y = s->peak_y;
    float height = s->height_log;
    loudest_find(s);
    float motion = s->height_log;
    s->peak_x = x;
    s->peak_y = y;
    s->height_log = height;
    return motion;
}

void scene_follow(struct scene *scene, enum scene_mode mode, float rate,
                  float variance_rate)
{
    size_t cells = cells_of(scene);
    float *variance = scene->variance[mode].data;
    struct light light = scene->light;
    for (size_t i = 0; i < cells; i++) {
        float *mean = &scene->mean.data[i];
        /* Light falls on what is hidden too: if only the rest followed, the
         * scene would come apart where somebody stands. */
        *mean += rate * ((light.gain - 1) * *mean + light.lift);
        if (scene->busy[i]) {
            continue;
        }
        float r = scene->rest.data[i];
        float most = 9 * variance[i] + 1;
        float square = r * r < most ? r * r : most;
        variance[i] += variance_rate * (square - variance[i]);
        *mean += rate * r;
    }
    struct noise before = scene->noise[mode];
    noise_learn(&scene->noise[mode], &scene->mean, &scene->rest,
                variance_rate * 2 < 1 ? variance_rate * 2 : 1);
    /* Other frames are seldom seen: their noise goes with the keyframes'. */
    if (mode == SCENE_KEY && before.known) {
        noise_scale(&scene->noise[SCENE_OTHER], &before,
                    &scene->noise[SCENE_KEY]);
    }
}

void scene_settle(struct scene *scene)
{
    size_t cells = cells_of(scene);
    for (int mode = 0; mode < SCENE_MODES; mode++) {
        float *variance = scene->variance[mode].data;
        for (size_t i = 0; scene->noise[mode].known && i < cells; i++) {
            float noise = noise_at(&scene->noise[mode], scene->mean.data[i]);
            float most = 4 * noise * noise;
            variance[i] = variance[i] < most ? variance[i] : most;
        }
    }
}

static float grey(float level)
{
    return level < 0 ? 0 : level > 255 ? 255 : level;
}

void scene_absorb(struct scene *scene)
{
    size_t cells = cells_of(scene);
    for (size_t i = 0; i < cells; i++) {
        if (scene->busy[i]) { /* in the light in which the scene is kept */
            scene->mean.data[i] = grey(
                (scene->now.data[i] - scene->light.lift) / scene->light.gain);
        }
    }
}

void scene_relight(struct scene *scene)
{
    size_t cells = cells_of(scene);
    for (size_t i = 0; i < cells; i++) {
        scene->mean.data[i] =
            grey(scene->light.gain * scene->mean.data[i] + scene->light.lift);
    }
}

void scene_replace(struct scene *scene)
{
    memcpy(scene->mean.data, scene->now.data, cells_of(scene) * sizeof(float));
}

static void fine_fill(struct scene *s, const struct plane_f *from,
                      struct plane_f *to)
{
    grid_mean(from, FINE, FINE, s->sum, to);
    size_t cells = cells_of(s);
    for (size_t i = 0; i < cells; i++) {
        to->data[i] = from->data[i] - to->data[i];
    }
}

struct light_edges scene_edges(struct scene *scene, bool everywhere)
{
    fine_fill(scene, &scene->mean, &scene->fine[0]);
    fine_fill(scene, &scene->now, &scene->fine[1]);
    return light_edges_compare(&scene->fine[0], &scene->fine[1],
                               everywhere ? NULL : scene->busy);
}
