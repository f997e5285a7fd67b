#include "drill/grain.h"

#include <math.h>
#include <stdlib.h>

#include "drill/blur.h"

enum { TILE_WIDTH = 2048, TILE_HEIGHT = 512 };

static enum sting_status noise_fill(int8_t *noise, struct chance *chance)
{
    struct plane_f plane STING_AUTO(plane_f_release) = {0};
    enum sting_status status = plane_f_init(&plane, TILE_WIDTH, TILE_HEIGHT);
    if (status) {
        return status;
    }
    for (int i = 0; i < TILE_WIDTH * TILE_HEIGHT; i++) {
        plane.data[i] = (float)chance_normal(chance);
    }
    status = blur_gauss(&plane, 0.55F);
    double square = 0;
    for (int i = 0; i < TILE_WIDTH * TILE_HEIGHT; i++) {
        square += (double)plane.data[i] * (double)plane.data[i];
    }
    float scale = 32 / (float)sqrt(square / (TILE_WIDTH * TILE_HEIGHT));
    for (int i = 0; i < TILE_WIDTH * TILE_HEIGHT; i++) {
        float value = fmaxf(-127, fminf(127, plane.data[i] * scale));
        noise[i] = (int8_t)lrintf(value);
    }
    return status;
}

enum sting_status grain_tile_init(struct grain_tile *out, double strength,
                                  uint64_t seed)
{
    struct chance chance = chance_of(seed, 21);
    int8_t *noise = malloc((size_t)TILE_WIDTH * TILE_HEIGHT);
    enum sting_status status =
        noise ? noise_fill(noise, &chance) : STING_E_NOMEM;
    if (status) {
        free(noise);
        return status;
    }
    out->noise = noise;
    for (int i = 0; i < 256; i++) {
        /* Shot noise through a tone curve is widest in the lower greys. */
        double level = i / 128.0;
        double shape = (0.55 + level) / (0.8 + 0.75 * level * level);
        double sd = strength * fmin(1.25, shape) * (i > 245 ? 0.4 : 1);
        out->sd[i] = (uint8_t)fmin(255, round(16 * sd));
    }
    return STING_OK;
}

void grain_tile_release(struct grain_tile *tile)
{
    free(tile->noise);
    tile->noise = NULL;
}

static void row_add(const struct grain_tile *tile, const int8_t *noise,
                    uint8_t *pixel, int width, int share)
{
    for (int x = 0; x < width; x++) {
        int sd = tile->sd[pixel[x]] * share / 256;
        int value = pixel[x] + ((noise[x] * sd + 256) >> 9);
        pixel[x] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
    }
}

/* Eight rows of the tile at a time, from a random place: no two frames share
 * their noise. Planes are at most TILE_WIDTH wide. */
void grain_add(const struct grain_tile *tile, struct plane *plane, int share,
               struct chance *chance)
{
    for (int top = 0; top < plane->height_px; top += 8) {
        int left = chance_below(chance, TILE_WIDTH - plane->width_px + 1);
        int from = chance_below(chance, TILE_HEIGHT - 8);
        for (int y = top; y < top + 8 && y < plane->height_px; y++) {
            const int8_t *noise =
                &tile->noise[(ptrdiff_t)(from + y - top) * TILE_WIDTH + left];
            row_add(tile, noise, plane_row(plane, y), plane->width_px, share);
        }
    }
}
