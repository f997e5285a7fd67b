#include "detect/tamper_tile.h"

#include <math.h>

#define LEAST 0.05 /* grey levels squared a cell */
#define LEAST_LEFT 0.02

struct tile tile_of(const struct view_scale *scale, int x, int y)
{
    double noise = (double)(scale->noise * scale->noise);
    struct tile t = {.floor = TILE * TILE * noise};
    for (int j = y; j < y + TILE; j++) {
        const float *a = plane_f_row(&scale->known, j);
        const float *b = plane_f_row(&scale->now, j);
        for (int i = x; i < x + TILE; i++) {
            t.known += (double)(a[i] * a[i]);
            t.now += (double)(b[i] * b[i]);
            t.both += (double)(a[i] * b[i]);
        }
    }
    return t;
}

bool tile_tells(const struct tile *tile, float times)
{
    return tile->known >
           (double)(times * times) * tile->floor + LEAST * TILE * TILE;
}

double tile_same(const struct tile *tile)
{
    double clean = fmax(tile->now - tile->floor, LEAST_LEFT * tile->known);
    return tile->both / sqrt(tile->known * clean);
}
