#include "image/page_map.h"

#include <math.h>
#include <stdlib.h>

#include "image/filter.h"

#define MOST_PT 14400.0
#define LEAST_DEPTH 0.01 /* of what is seen, 1 in the midst of the matches */
#define EDGE_PX 2.0  /* nearer to the picture's edge nothing counts as seen */
#define COARSEST 1.5 /* level pixels a warped pixel before it would alias */

/* Towards the horizon and beyond it nothing is seen: places there go where
 * the last ones before it are. */
static struct point seen_at(const struct homography *h, struct point p)
{
    const double *m = h->m;
    double w = fmax(m[6] * p.x + m[7] * p.y + m[8], LEAST_DEPTH);
    return (struct point){(m[0] * p.x + m[1] * p.y + m[2]) / w,
                          (m[3] * p.x + m[4] * p.y + m[5]) / w};
}

enum sting_status page_map_init(struct page_map *out,
                                const struct homography *h, double width_pt,
                                double height_pt)
{
    if (!(width_pt >= 1 && height_pt >= 1 && width_pt <= MOST_PT &&
          height_pt <= MOST_PT)) {
        return STING_E_ARG;
    }
    struct page_map map = {.width_pt = width_pt, .height_pt = height_pt};
    map.columns = (int)ceil(width_pt / PAGE_MAP_STEP_PT) + 1;
    map.rows = (int)ceil(height_pt / PAGE_MAP_STEP_PT) + 1;
    map.at = reallocarray(NULL, (size_t)map.columns * (size_t)map.rows,
                          sizeof *map.at);
    if (!map.at) {
        return STING_E_NOMEM;
    }
    for (int row = 0; row < map.rows; row++) {
        for (int column = 0; column < map.columns; column++) {
            struct point p = {column * PAGE_MAP_STEP_PT,
                              row * PAGE_MAP_STEP_PT};
            map.at[row * map.columns + column] = seen_at(h, p);
        }
    }
    *out = map;
    return STING_OK;
}

void page_map_release(struct page_map *map)
{
    free(map->at);
    *map = (struct page_map){0};
}

void page_map_mirror(struct page_map *map, double width_px)
{
    for (int i = 0; i < map->columns * map->rows; i++) {
        map->at[i].x = width_px - map->at[i].x;
    }
}

static double clamp(double v, double low, double high)
{
    return v < low ? low : v > high ? high : v;
}

struct point page_map_at(const struct page_map *map, struct point page)
{
    double u = page.x / PAGE_MAP_STEP_PT;
    double v = page.y / PAGE_MAP_STEP_PT;
    int i = (int)clamp(u, 0, map->columns - 2);
    int j = (int)clamp(v, 0, map->rows - 2);
    double s = u - i;
    double t = v - j;
    const struct point *a = map->at + (ptrdiff_t)j * map->columns + i;
    const struct point *b = a + map->columns;
    return (struct point){(1 - t) * ((1 - s) * a[0].x + s * a[1].x) +
                              t * ((1 - s) * b[0].x + s * b[1].x),
                          (1 - t) * ((1 - s) * a[0].y + s * a[1].y) +
                              t * ((1 - s) * b[0].y + s * b[1].y)};
}

double page_map_scale(const struct page_map *map, struct point page)
{
    const double reach = 2 * PAGE_MAP_STEP_PT;
    struct point a = {clamp(page.x, reach, map->width_pt - reach),
                      clamp(page.y, reach, map->height_pt - reach)};
    struct point l = page_map_at(map, (struct point){a.x - reach, a.y});
    struct point r = page_map_at(map, (struct point){a.x + reach, a.y});
    struct point u = page_map_at(map, (struct point){a.x, a.y - reach});
    struct point d = page_map_at(map, (struct point){a.x, a.y + reach});
    double area = (r.x - l.x) * (d.y - u.y) - (r.y - l.y) * (d.x - u.x);
    return sqrt(fabs(area)) / (2 * reach);
}

/* The level to read at, by the scale in the middle of what is seen. */
static int level_for(const struct page_map *map, const struct photo *photo,
                     double dpi)
{
    double sum = 0;
    int count = 0;
    for (int j = 1; j < 10; j++) {
        for (int i = 1; i < 10; i++) {
            struct point p = {map->width_pt * i / 10, map->height_pt * j / 10};
            struct point q = page_map_at(map, p);
            if (q.x > 0 && q.y > 0 && q.x < photo->level[0].width_px &&
                q.y < photo->level[0].height_px) {
                sum += page_map_scale(map, p);
                count++;
            }
        }
    }
    double step = count ? sum / count * 72 / dpi : 1;
    int level = 0;
    while (level + 1 < photo->levels && step > COARSEST) {
        step /= 2;
        level++;
    }
    return level;
}

/* One row of the warp; the map is read at both ends of each grid cell and
 * runs straight between. */
static void warp_row(const struct page_map *map, const struct plane *from,
                     const double at[3], float *out, uint8_t *seen, int width)
{
    double dot = at[0]; /* points a pixel */
    double y = at[1];
    double shrink = at[2];
    int run = (int)fmax(1, PAGE_MAP_STEP_PT / dot);
    struct point a = page_map_at(map, (struct point){0.5 * dot, y});
    for (int x0 = 0; x0 < width; x0 += run) {
        double end = (x0 + run + 0.5) * dot;
        struct point b = page_map_at(map, (struct point){end, y});
        int stop = x0 + run < width ? x0 + run : width;
        for (int x = x0; x < stop; x++) {
            double s = (double)(x - x0) / run;
            double px = (a.x + s * (b.x - a.x)) * shrink;
            double py = (a.y + s * (b.y - a.y)) * shrink;
            bool is_in = px > EDGE_PX && py > EDGE_PX &&
                         px < from->width_px - EDGE_PX &&
                         py < from->height_px - EDGE_PX;
            out[x] = is_in ? (float)sample_cubic(from, px, py) : PHOTO_PAPER;
            if (seen) {
                seen[x] = is_in;
            }
        }
        a = b;
    }
}

enum sting_status page_map_warp(const struct page_map *map,
                                const struct photo *photo, double dpi,
                                struct plane_f *out, struct plane *seen)
{
    struct plane_f flat STING_AUTO(plane_f_release) = {0};
    struct plane mask STING_AUTO(plane_release) = {0};
    int width = (int)(map->width_pt * dpi / 72 + 0.5);
    int height = (int)(map->height_pt * dpi / 72 + 0.5);
    int level = level_for(map, photo, dpi);
    enum sting_status status = plane_f_init(&flat, width, height);
    if (!status && seen) {
        status = plane_init(&mask, width, height);
    }
    for (int y = 0; !status && y < height; y++) {
        const double at[3] = {72 / dpi, (y + 0.5) * 72 / dpi,
                              1.0 / (1 << level)};
        warp_row(map, &photo->level[level], at, plane_f_row(&flat, y),
                 seen ? plane_row(&mask, y) : NULL, width);
    }
    if (!status) {
        *out = flat;
        flat = (struct plane_f){0};
    }
    if (!status && seen) {
        *seen = mask;
        mask = (struct plane){0};
    }
    return status;
}
