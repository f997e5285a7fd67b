#include "detect/page_patch.h"

#include <math.h>
#include <stdlib.h>

#include "detect/grid.h"

#define MARGIN 0.2F
#define NEAR_PX 3
#define FAR_PX 13

static int bounded(float value, int most)
{
    return value < 0 ? 0 : value > (float)most ? most : (int)value;
}

bool patch_place(const struct detect_zone *zone, int width_px, int height_px,
                 struct patch_place *out)
{
    float x0 = 1, y0 = 1, x1 = 0, y1 = 0;
    for (int i = 0; i < zone->points; i++) {
        x0 = fminf(x0, zone->point[i].x);
        x1 = fmaxf(x1, zone->point[i].x);
        y0 = fminf(y0, zone->point[i].y);
        y1 = fmaxf(y1, zone->point[i].y);
    }
    float mx = MARGIN * (x1 - x0), my = MARGIN * (y1 - y0);
    float w = (float)width_px, h = (float)height_px;
    struct patch_place p = {bounded((x0 - mx) * w, width_px),
                            bounded((y0 - my) * h, height_px),
                            bounded((x1 + mx) * w, width_px),
                            bounded((y1 + my) * h, height_px),
                            0,
                            0};
    int wide = p.x1 - p.x0, high = p.y1 - p.y0;
    int most = wide > high ? wide : high;
    if (wide < PATCH_LEAST || high < PATCH_LEAST) {
        return false;
    }
    int by = (most + PATCH_MOST - 1) / PATCH_MOST;
    p.width = wide / by;
    p.height = high / by;
    *out = p;
    return true;
}

static float mean_of(const struct plane *picture, int x0, int x1, int y0,
                     int y1)
{
    uint32_t sum = 0;
    for (int y = y0; y < y1; y++) {
        const uint8_t *row = plane_row(picture, y);
        for (int x = x0; x < x1; x++) {
            sum += row[x];
        }
    }
    return (float)sum / (float)((x1 - x0) * (y1 - y0));
}

void patch_cut(const struct patch_place *place, const struct plane *picture,
               struct plane_f *out)
{
    int wide = place->x1 - place->x0, high = place->y1 - place->y0;
    for (int j = 0; j < place->height; j++) {
        int y0 = place->y0 + j * high / place->height;
        int y1 = place->y0 + (j + 1) * high / place->height;
        float *row = plane_f_row(out, j);
        for (int i = 0; i < place->width; i++) {
            int x0 = place->x0 + i * wide / place->width;
            int x1 = place->x0 + (i + 1) * wide / place->width;
            row[i] = mean_of(picture, x0, x1, y0, y1);
        }
    }
}

void patch_fine(const struct plane_f *patch, double *sum, struct plane_f *flat,
                struct plane_f *fine)
{
    grid_mean(patch, NEAR_PX, NEAR_PX, sum, flat);
    grid_mean(patch, FAR_PX, FAR_PX, sum, fine);
    for (int y = 0; y < patch->height_px; y++) {
        const float *near = plane_f_row(flat, y);
        float *row = plane_f_row(fine, y);
        for (int x = 0; x < patch->width_px; x++) {
            row[x] = near[x] - row[x];
        }
    }
}

static int ascending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

float median_of(float *value, int count)
{
    if (count == 0) {
        return 0;
    }
    qsort(value, (size_t)count, sizeof *value, ascending);
    return value[count / 2];
}
