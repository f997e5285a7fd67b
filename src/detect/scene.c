#include "detect/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/grid.h"

#define WINDOW_WIDTH 4
#define WINDOW_HEIGHT 6 /* people are taller than wide */
#define FINE 5
#define LOUDEST 1e4f       /* of a cell, against overflow only */
#define LEAN_MOST 2.0f     /* grey levels: more is no light that leans */
#define STEP_PART 0.05f    /* of a step, that a coder leaves there */
#define DOUBTFUL 0.8f      /* gain of a light that texture is asked about, */
#define CONTRADICTED 0.85f /* times what texture says */
#define TREMBLE_BINS 1024
#define TREMBLE_BINS_A_SIGMA 32.0f

static enum sting_status planes_init(struct scene *s)
{
    struct plane_f *plane[] = {&s->mean,    &s->variance[0], &s->variance[1],
                               &s->now,     &s->past,        &s->between,
                               &s->rest,    &s->work,        &s->window,
                               &s->fine[0], &s->fine[1],     &s->units};
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
    scene->mask = calloc(cells, 1);
    scene->in_view = calloc(cells, 1);
    scene->restless = calloc(cells, 1);
    scene->known = malloc(cells);
    enum sting_status status = planes_init(scene);
    if (status || !scene->sum || !scene->busy || !scene->mask ||
        !scene->in_view || !scene->restless || !scene->known) {
        scene_release(scene);
        return STING_E_NOMEM;
    }
    memset(scene->known, UINT8_MAX, cells);
    return STING_OK;
}

void scene_release(struct scene *s)
{
    struct plane_f *plane[] = {&s->mean,    &s->variance[0], &s->variance[1],
                               &s->now,     &s->past,        &s->between,
                               &s->rest,    &s->work,        &s->window,
                               &s->fine[0], &s->fine[1],     &s->units};
    for (size_t i = 0; i < sizeof plane / sizeof *plane; i++) {
        plane_f_release(plane[i]);
    }
    free(s->sum);
    free(s->busy);
    free(s->mask);
    free(s->in_view);
    free(s->restless);
    free(s->known);
    *s = (struct scene){0};
}

static size_t cells_of(const struct scene *s)
{
    return (size_t)s->width * (size_t)s->height;
}

float scene_sigma(const struct scene *s, enum scene_mode mode, size_t i)
{
    float noise = noise_at(&s->noise[mode], s->mean.data[i]);
    float own = 0.7f * sqrtf(s->variance[mode].data[i]);
    return own > noise ? own : noise;
}

/* Does the cell say nothing: never looked at, or as white as it was? */
static bool is_mute(const struct scene *s, size_t i)
{
    return s->mask[i] ||
           (s->mean.data[i] > LIGHT_BURNT && s->now.data[i] > LIGHT_BURNT);
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
 * median over cells in view takes no notice of a person. At least 1. */
static float tremble_of(const struct scene *s)
{
    uint32_t bin[TREMBLE_BINS] = {0}, seen = 0, count = 0;
    size_t cells = cells_of(s);
    for (size_t i = 0; i < cells; i++) {
        float at = sqrtf(s->work.data[i]) * TREMBLE_BINS_A_SIGMA;
        bool counts = !s->is_parted || s->in_view[i];
        bin[at < TREMBLE_BINS - 1 ? (int)at : TREMBLE_BINS - 1] += counts;
        count += counts;
    }
    int i = 0;
    while (i < TREMBLE_BINS - 1 && 2 * (seen += bin[i]) < count) {
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

/* Tubes that beat with the shutter lay bands over the picture. */
static void bands_remove(struct scene *s, float bound)
{
    for (int y = 0; y < s->height; y++) {
        float *r = plane_f_row(&s->rest, y), *m = plane_f_row(&s->mean, y);
        float mm = 1, mr = 0;
        for (int x = 0; x < s->width; x++) {
            float part = fabsf(r[x]) <= bound ? m[x] : 0;
            mm += part * m[x];
            mr += part * r[x];
        }
        for (int x = 0; x < s->width; x++) {
            r[x] -= mr / mm * m[x];
        }
    }
}

/* What gain, lift and lean of the light leave of the picture. */
static void rest_fill(struct scene *s, enum scene_mode mode)
{
    float bound = s->noise[mode].known
                      ? 3 * noise_at(&s->noise[mode], s->level) + LEAN_MOST
                      : 3 * LEAN_MOST;
    for (size_t i = 0; i < cells_of(s); i++) {
        s->rest.data[i] =
            s->now.data[i] - s->light.gain * s->mean.data[i] - s->light.lift;
    }
    if (s->is_parted) {
        return; /* they would follow what hides the scene */
    }
    bands_remove(s, bound); /* else the lean would follow them */
    struct lean lean = light_lean(&s->mean, &s->rest, bound);
    for (int y = 0; y < s->height; y++) {
        float down = lean.down * (((float)y + 0.5f) / (float)s->height - 0.5f);
        float *r = plane_f_row(&s->rest, y), *m = plane_f_row(&s->mean, y);
        for (int x = 0; x < s->width; x++) {
            float at = ((float)x + 0.5f) / (float)s->width - 0.5f;
            r[x] -= m[x] * (lean.gain + lean.right * at + down) + lean.lift;
        }
    }
    bands_remove(s, bound);
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

/* Where much is hidden, its texture knows the light better: a fit over all
 * cells then says that there is less contrast than is seen. */
static struct light light_of(struct scene *s)
{
    struct light light = light_fit(&s->mean, &s->now), edges;
    s->is_parted = false;
    memset(s->in_view, 0, cells_of(s));
    if (light.gain > DOUBTFUL) {
        return light;
    }
    fine_fill(s, &s->mean, &s->fine[0]);
    fine_fill(s, &s->now, &s->fine[1]);
    s->is_parted = light_fit_edges(&s->mean, &s->now, &s->fine[0], &s->fine[1],
                                   &edges, s->in_view) &&
                   light.gain < CONTRADICTED * edges.gain;
    return s->is_parted ? edges : light;
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
    s->light = light_of(s);
    rest_fill(s, mode);
    for (size_t i = 0; i < cells; i++) {
        float sigma = s->noise[mode].known ? scene_sigma(s, mode, i) : 2.0f;
        float z = is_mute(s, i) ? 0 : s->rest.data[i] / sigma;
        s->units.data[i] = z;
        s->work.data[i] = z * z < LOUDEST ? z * z : LOUDEST;
        clear += fabsf(z) > SCENE_CLEARLY;
    }
    s->changed = (float)clear / (float)cells;
    s->tremble = tremble_of(s);
    float calm = 1 / (s->tremble * s->tremble);
    for (size_t i = 0; i < cells; i++) {
        s->work.data[i] *= calm;
        s->units.data[i] /= s->tremble;
    }
    loudest_find(s);
}

void scene_compare_again(struct scene *scene, enum scene_mode mode)
{
    struct scene *s = scene;
    size_t cells = cells_of(s);
    for (size_t i = 0; i < cells; i++) {
        float z = s->rest.data[i] / (s->tremble * scene_sigma(s, mode, i));
        z = is_mute(s, i) ? 0 : z;
        s->work.data[i] = z * z < LOUDEST ? z * z : LOUDEST;
    }
    loudest_find(s);
}

/* How far brightness goes up or down within a cell of this one. */
static float step_at(const struct scene *s, int x, int y)
{
    float least = plane_f_row(&s->mean, y)[x], most = least;
    for (int k = 0; k < 9; k++) {
        int column = x + k % 3 - 1, row = y + k / 3 - 1;
        if (column >= 0 && row >= 0 && column < s->width && row < s->height) {
            float at = plane_f_row(&s->mean, row)[column];
            least = fminf(least, at);
            most = fmaxf(most, at);
        }
    }
    return (most - least) / 2;
}

float scene_height_off_steps(struct scene *scene, enum scene_mode mode,
                             float *left)
{
    struct scene *s = scene;
    float all = s->height_log, whole = 1e-6f, rest = 0;
    int x = s->peak_x, y = s->peak_y;
    for (size_t i = 0; i < cells_of(s); i++) {
        float step = step_at(s, (int)i % s->width, (int)i / s->width);
        float sigma = scene_sigma(s, mode, i);
        float z = is_mute(s, i) ? 0 : s->rest.data[i] / (s->tremble * sigma);
        float off = z * sigma / hypotf(sigma, STEP_PART * step);
        s->work.data[i] = off * off < LOUDEST ? off * off : LOUDEST;
        whole += s->busy[i] ? z * z : 0;
        rest += s->busy[i] ? off * off : 0;
    }
    loudest_find(s);
    float height = s->height_log;
    *left = rest / whole;
    s->height_log = all;
    s->peak_x = x;
    s->peak_y = y;
    return height;
}

void scene_mark_at(struct scene *scene, int x, int y, int width, int height)
{
    for (int j = y - height / 2; j <= y + height / 2; j++) {
        for (int i = x - width / 2; i <= x + width / 2; i++) {
            if (i >= 0 && j >= 0 && i < scene->width && j < scene->height) {
                scene->busy[j * scene->width + i] = 1;
            }
        }
    }
}

bool scene_is_bright(const struct scene *scene, int x, int y, int width,
                     int height)
{
    int brighter = 0, darker = 0;
    for (int j = y - height / 2; j <= y + height / 2; j++) {
        for (int i = x - width / 2; i <= x + width / 2; i++) {
            if (i >= 0 && j >= 0 && i < scene->width && j < scene->height) {
                float z = scene->units.data[j * scene->width + i];
                brighter += z > SCENE_CLEARLY / 2;
                darker += z < -SCENE_CLEARLY / 2;
            }
        }
    }
    return brighter > 8 * darker;
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
        float z = d / (1.4142f * s->tremble * scene_sigma(s, mode, i));
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
    s->motion_x = s->peak_x;
    s->motion_y = s->peak_y;
    s->peak_x = x;
    s->peak_y = y;
    s->height_log = height;
    return motion;
}

float scene_height_beside(struct scene *scene, enum scene_mode mode, int width,
                          int height)
{
    struct scene *s = scene;
    for (int y = 0; y < s->height; y++) {
        for (int x = 0; x < s->width; x++) {
            bool is_in =
                abs(x - s->peak_x) < width && abs(y - s->peak_y) < height;
            float *square = &plane_f_row(&s->work, y)[x];
            *square = is_in ? 0 : *square;
        }
    }
    loudest_find(s);
    float height_log = s->height_log;
    scene_compare_again(s, mode);
    return height_log;
}

/* A cell that was just taken over holds the noise of one look: it follows
 * faster at first, as a mean over all looks since would. */
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
        *mean += fmaxf(rate, 1 / (1.0f + (float)scene->known[i])) * r;
        scene->known[i] =
            (uint8_t)(scene->known[i] + (scene->known[i] < UINT8_MAX));
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
            scene->mean.data[i] =
                grey(scene->mean.data[i] +
                     scene->rest.data[i] / fmaxf(scene->light.gain, 0.2f));
            scene->known[i] = 1;
        }
    }
}

void scene_relight(struct scene *scene, int left, int top, int right,
                   int bottom)
{
    for (int y = 0; y < scene->height; y++) {
        for (int x = 0; x < scene->width; x++) {
            ptrdiff_t i = (ptrdiff_t)y * scene->width + x;
            bool within = x >= left && x <= right && y >= top && y <= bottom;
            scene->mean.data[i] =
                within ? grey(scene->light.gain * scene->mean.data[i] +
                              scene->light.lift)
                       : scene->now.data[i];
        }
    }
}

void scene_replace(struct scene *scene)
{
    memcpy(scene->mean.data, scene->now.data, cells_of(scene) * sizeof(float));
    memset(scene->known, 1, cells_of(scene));
}

struct light_edges scene_edges(struct scene *scene, bool everywhere)
{
    fine_fill(scene, &scene->mean, &scene->fine[0]);
    fine_fill(scene, &scene->now, &scene->fine[1]);
    return light_edges_compare(&scene->fine[0], &scene->fine[1],
                               everywhere ? NULL : scene->busy);
}
