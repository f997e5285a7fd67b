#include "image/refine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/align.h"
#include "image/filter.h"
#include "image/surface.h"

#define LEAST_DEVIATION 8.0 /* grey levels: a block with less has no ink */
#define LEAST_LIKENESS 0.35
#define SURE_LIKENESS 0.7 /* of all that is looked at, where that is little */
#define ROUNDS 3          /* of Gauss-Newton: a block begins near its place */
#define ENOUGH_A_TERM 45  /* blocks: half as many again as a surface needs */
#define MOST_PATCH 96
#define MOST_WINDOW (MOST_PATCH + 2 * 16)

/* One pass over the page. Lengths in pixels at `dpi`. */
struct pass {
    double dpi;
    double blur_px;
    int patch;  /* a multiple of 4 */
    int step;   /* at least */
    int search; /* whole pixels tried each way; 0: Gauss-Newton alone */
    int degree;
};

static const struct pass pass_table[] = {
    {50, 0.6, 32, 14, 8, 3},  {50, 0.6, 28, 12, 5, 4},
    {100, 1.0, 56, 22, 3, 5}, {100, 1.0, 48, 18, 0, 7},
    {100, 1.0, 48, 16, 0, 8},
};

/* What one pass works on. */
struct scene {
    const struct pass *pass;
    struct align_reference reference; /* owned */
    struct plane_f flat;              /* owned: the photograph laid flat */
    struct plane seen;                /* owned */
    int width_px;                     /* of what reference and flat both */
    int height_px;                    /* hold: either may end first */
    struct block *block;              /* owned */
    size_t blocks;
    double *likeness; /* owned: of every block looked for */
    size_t looked;
};

static void scene_release(struct scene *scene)
{
    align_reference_release(&scene->reference);
    plane_f_release(&scene->flat);
    plane_release(&scene->seen);
    free(scene->block);
    free(scene->likeness);
    *scene = (struct scene){0};
}

/* White 255 becomes the photograph's paper. */
static void to_paper(struct plane_f *plane)
{
    for (int y = 0; y < plane->height_px; y++) {
        float *row = plane_f_row(plane, y);
        for (int x = 0; x < plane->width_px; x++) {
            row[x] *= PHOTO_PAPER / 255.0F;
        }
    }
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

static enum sting_status scene_init(struct scene *out, const struct pass *pass,
                                    const struct page_map *map,
                                    const struct photo *photo,
                                    const struct plane_f *page)
{
    struct scene scene STING_AUTO(scene_release) = {.pass = pass};
    size_t most = (size_t)(page->width_px / pass->step + 1) *
                  (size_t)(page->height_px / pass->step + 1);
    scene.block = reallocarray(NULL, most, sizeof *scene.block);
    scene.likeness = reallocarray(NULL, most, sizeof *scene.likeness);
    if (!scene.block || !scene.likeness) {
        return STING_E_NOMEM;
    }
    enum sting_status status =
        align_reference_init(&scene.reference, page, pass->blur_px);
    if (!status) {
        status = page_map_warp(map, photo, pass->dpi, &scene.flat, &scene.seen);
    }
    if (!status) {
        status = plane_blur(&scene.flat, 0.5 * pass->blur_px);
    }
    if (!status) {
        scene.width_px = smaller(page->width_px, scene.flat.width_px);
        scene.height_px = smaller(page->height_px, scene.flat.height_px);
        *out = scene;
        scene = (struct scene){0};
    }
    return status;
}

static bool all_seen(const struct plane *seen, struct box box)
{
    for (int y = box.y0; y < box.y1; y += 4) {
        for (int x = box.x0; x < box.x1; x += 4) {
            if (!plane_row(seen, y)[x]) {
                return false;
            }
        }
    }
    return plane_row(seen, box.y1 - 1)[box.x1 - 1] &&
           plane_row(seen, box.y0)[box.x1 - 1] &&
           plane_row(seen, box.y1 - 1)[box.x0];
}

/* A block of the original without its mean. Gives its deviation. */
static double template_fill(const struct plane_f *plane, struct box box,
                            float *out)
{
    int side = box.x1 - box.x0;
    double sum = 0;
    double square = 0;
    if (side < 1) {
        return 0;
    }
    for (int y = 0; y < side; y++) {
        const float *row = plane_f_row(plane, box.y0 + y) + box.x0;
        for (int x = 0; x < side; x++) {
            sum += (double)row[x];
            square += (double)row[x] * (double)row[x];
        }
    }
    double count = (double)side * side;
    for (int y = 0; y < side; y++) {
        const float *row = plane_f_row(plane, box.y0 + y) + box.x0;
        for (int x = 0; x < side; x++) {
            *out++ = row[x] - (float)(sum / count);
        }
    }
    return sqrt(fmax(square / count - sum * sum / count / count, 0));
}

typedef float pixels __attribute__((vector_size(16)));

static pixels take(const float *from)
{
    pixels p;
    memcpy(&p, from, sizeof p);
    return p;
}

static double total(pixels p)
{
    return (double)((p[0] + p[1]) + (p[2] + p[3]));
}

/* a . b, the sum of b and of its squares; count is a multiple of 4. */
static void row_sums(const float *a, const float *b, int count, double out[3])
{
    pixels cross = {0};
    pixels plain = {0};
    pixels square = {0};
    for (int i = 0; i + 4 <= count; i += 4) {
        pixels v = take(b + i);
        cross += take(a + i) * v;
        plain += v;
        square += v * v;
    }
    out[0] += total(cross);
    out[1] += total(plain);
    out[2] += total(square);
}

/* Correlation of the template with the photograph at one offset. */
static double likeness_at(const float *template, double deviation, int side,
                          const struct plane_f *flat, int x0, int y0)
{
    double sum[3] = {0, 0, 0};
    for (int y = 0; y < side; y++) {
        row_sums(template + (ptrdiff_t)y * side, plane_f_row(flat, y0 + y) + x0,
                 side, sum);
    }
    double count = (double)side * side;
    double spread = sum[2] / count - sum[1] * sum[1] / count / count;
    return spread > 1e-3 ? sum[0] / count / deviation / sqrt(spread) : 0;
}

/* Top of the parabola through three values, the middle one largest. */
static double peak_of(double before, double at, double after)
{
    double curve = before - 2 * at + after;
    return curve < -1e-12 ? 0.5 * (before - after) / curve : 0;
}

/* Try every offset; the best, to a fraction of a pixel, into *found. */
static bool search_block(const struct scene *scene, struct box box,
                         const float *template, double deviation,
                         struct alignment *found)
{
    enum { MOST = 17 };
    double value[MOST][MOST];
    int reach = scene->pass->search;
    int side = box.x1 - box.x0;
    int best_x = -reach;
    int best_y = -reach;
    for (int dy = -reach; dy <= reach; dy++) {
        for (int dx = -reach; dx <= reach; dx++) {
            double v = likeness_at(template, deviation, side, &scene->flat,
                                   box.x0 + dx, box.y0 + dy);
            value[dy + reach][dx + reach] = v;
            if (v > value[best_y + reach][best_x + reach]) {
                best_x = dx;
                best_y = dy;
            }
        }
    }
    double *row = &value[best_y + reach][best_x + reach];
    found->fit = *row;
    if (abs(best_x) == reach || abs(best_y) == reach) {
        return false;
    }
    found->x = best_x + peak_of(row[-1], row[0], row[1]);
    found->y = best_y + peak_of(row[-MOST], row[0], row[MOST]);
    return true;
}

static bool find_block(const struct scene *scene, struct box box,
                       const float *template, double deviation,
                       struct alignment *found)
{
    if (scene->pass->search > 0) {
        return search_block(scene, box, template, deviation, found);
    }
    bool is_found =
        align_box(&scene->reference, &scene->flat, box, ROUNDS, 3.0, found);
    found->fit = found->gain > 0 ? sqrt(fmax(found->fit, 0)) : 0;
    return is_found;
}

static void look_at(struct scene *scene, struct box box)
{
    float template[MOST_PATCH * MOST_PATCH];
    int reach = scene->pass->search;
    struct box wide = {box.x0 - reach, box.y0 - reach, box.x1 + reach,
                       box.y1 + reach};
    if (wide.x0 < 0 || wide.y0 < 0 || wide.x1 > scene->width_px ||
        wide.y1 > scene->height_px || !all_seen(&scene->seen, box)) {
        return;
    }
    double deviation = template_fill(&scene->reference.value, box, template);
    if (deviation < LEAST_DEVIATION) {
        return;
    }
    struct alignment found = {0};
    bool is_found = find_block(scene, box, template, deviation, &found);
    scene->likeness[scene->looked++] = is_found ? found.fit : 0;
    if (!is_found || found.fit < LEAST_LIKENESS) {
        return;
    }
    double pt = 72 / scene->pass->dpi;
    struct point from = {0.5 * (box.x0 + box.x1) * pt,
                         0.5 * (box.y0 + box.y1) * pt};
    struct point to = {from.x + found.x * pt, from.y + found.y * pt};
    scene->block[scene->blocks++] =
        (struct block){{from, to}, found.fit * found.fit};
}

/* From block to block: a whole page needs no finer a grid than gives
 * enough blocks, a crop takes all it can get. */
static int step_for(const struct scene *scene)
{
    double area = 0;
    for (int y = 0; y < scene->seen.height_px; y += 8) {
        const uint8_t *row = plane_row(&scene->seen, y);
        for (int x = 0; x < scene->seen.width_px; x += 8) {
            area += row[x] ? 64 : 0;
        }
    }
    int degree = scene->pass->degree;
    double enough = ENOUGH_A_TERM * (degree + 1) * (degree + 2) / 2.0;
    int step = (int)sqrt(area / enough);
    return step > scene->pass->step ? step : scene->pass->step;
}

static void look_everywhere(struct scene *scene)
{
    const struct pass *pass = scene->pass;
    int step = step_for(scene);
    for (int y = 0; y + pass->patch <= scene->height_px; y += step) {
        for (int x = 0; x + pass->patch <= scene->width_px; x += step) {
            struct box box = {x, y, x + pass->patch, y + pass->patch};
            look_at(scene, box);
        }
    }
}

/* Every place of the page is now looked up where the surface moves it. */
static enum sting_status map_correct(struct page_map *map,
                                     const struct surface *surface)
{
    size_t points = (size_t)map->columns * (size_t)map->rows;
    struct page_map old = *map;
    struct point *at = reallocarray(NULL, points, sizeof *at);
    if (!at) {
        return STING_E_NOMEM;
    }
    for (int row = 0; row < map->rows; row++) {
        for (int column = 0; column < map->columns; column++) {
            struct point p = {column * PAGE_MAP_STEP_PT,
                              row * PAGE_MAP_STEP_PT};
            struct point d = surface_at(surface, p);
            struct point moved = {p.x + d.x, p.y + d.y};
            at[row * map->columns + column] = page_map_at(&old, moved);
        }
    }
    free(map->at);
    map->at = at;
    return STING_OK;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static void report_fill(struct scene *scene, struct refine_report *report)
{
    qsort(scene->likeness, scene->looked, sizeof *scene->likeness, ascending);
    *report = (struct refine_report){
        .looked = scene->looked,
        .found = scene->blocks,
        .likeness = scene->looked ? scene->likeness[scene->looked / 2] : 0,
    };
}

static enum sting_status pass_run(const struct pass *pass, struct page_map *map,
                                  const struct photo *photo,
                                  const struct plane_f *page,
                                  struct refine_report *report)
{
    struct scene scene STING_AUTO(scene_release) = {0};
    struct surface surface;
    enum sting_status status = scene_init(&scene, pass, map, photo, page);
    if (status) {
        return status;
    }
    look_everywhere(&scene);
    report_fill(&scene, report);
    /* Of a small piece that is there nearly all blocks are found; of pages
     * that are not, chance finds a few of many. */
    if (scene.blocks < SURFACE_BLOCKS && report->likeness < SURE_LIKENESS) {
        return STING_E_FORMAT;
    }
    status = surface_fit(scene.block, scene.blocks, pass->degree, &surface);
    return status ? status : map_correct(map, &surface);
}

enum sting_status refine_map(struct page_map *map, const struct photo *photo,
                             const struct plane *page, double dpi,
                             struct refine_report *report)
{
    struct plane_f small STING_AUTO(plane_f_release) = {0};
    enum sting_status status = STING_OK;
    double small_dpi = 0;
    for (size_t i = 0; i < sizeof pass_table / sizeof *pass_table; i++) {
        const struct pass *pass = &pass_table[i];
        if (pass->dpi != small_dpi) {
            plane_f_release(&small);
            status = plane_shrink(page, pass->dpi / dpi, &small);
            if (status) {
                return status;
            }
            to_paper(&small);
            small_dpi = pass->dpi;
        }
        status = pass_run(pass, map, photo, &small, report);
        if (status) {
            return status;
        }
    }
    return STING_OK;
}
