/* A sheet as a laser printer makes it, and what it shows between its dots. */
#include <math.h>

#include "drill/blur.h"
#include "drill/chance.h"
#include "drill/paper.h"
#include "drill/texture.h"

/* A place on the sheet; all three channels have the same unevenness. */
struct place {
    float u, v; /* mm */
    uint32_t seed;
};

/* Paper has a grain of about 1.5 %. */
static float white_at(const struct place *at)
{
    float grain = texture_cloud(at->u * 2.5F, at->v * 2.5F, 3, at->seed + 17);
    return PAPER_WHITE * (1.0F + 0.014F * grain);
}

/* Edges fray where ink is neither full nor absent, dots gain, and toner is
 * uneven. */
static float printed(float reflectance, float white, const struct place *at)
{
    float ink = 1.0F - reflectance;
    if (ink < 0.002F) {
        return white;
    }
    float fray = 0.14F * texture_noise(at->u * 18, at->v * 18, at->seed);
    float toner = 0.6F * texture_noise(at->u * 5, at->v * 5, at->seed + 7);
    ink += 4.0F * ink * (1.0F - ink) * fray;
    ink = ink < 0 ? 0 : ink > 1 ? 1 : powf(ink, 0.85F);
    float black = 0.035F * (1.0F + toner);
    return white + (black - white) * ink;
}

static void row_print(struct paper *paper, int y, uint32_t seed)
{
    float mm = (float)(25.4 / paper->dpi);
    for (int x = 0; x < colour_width(&paper->ink); x++) {
        struct place at = {(float)x * mm, (float)y * mm, seed};
        float white = white_at(&at);
        for (int c = 0; c < 3; c++) {
            float *pixel = plane_f_row(&paper->ink.channel[c], y) + x;
            *pixel = printed(*pixel, white, &at);
        }
    }
}

enum sting_status paper_print(struct paper *paper, uint64_t seed)
{
    struct chance chance = chance_of(seed, 1);
    uint32_t pattern = (uint32_t)chance_bits(&chance);
    float spread_px = (float)(0.035 / 25.4 * paper->dpi); /* 35 um of spread */
    for (int c = 0; c < 3; c++) {
        enum sting_status status =
            blur_gauss(&paper->ink.channel[c], spread_px);
        if (status) {
            return status;
        }
    }
    for (int y = 0; y < colour_height(&paper->ink); y++) {
        row_print(paper, y, pattern);
    }
    return STING_OK;
}

static bool blend(const struct plane_f *plane, const int x[2], const int y[2],
                  const float share[2], float *out)
{
    const float *upper = plane_f_row(plane, y[0]);
    const float *lower = plane_f_row(plane, y[1]);
    float s = share[0];
    float t = share[1];
    *out = (1 - t) * ((1 - s) * upper[x[0]] + s * upper[x[1]]) +
           t * ((1 - s) * lower[x[0]] + s * lower[x[1]]);
    return upper[x[0]] >= 0 && upper[x[1]] >= 0 && lower[x[0]] >= 0 &&
           lower[x[1]] >= 0;
}

static int between(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

bool paper_at(const struct paper *paper, float u, float v, float out[3])
{
    if (u < 0 || v < 0 || (double)u > paper->width_mm ||
        (double)v > paper->height_mm) {
        return false;
    }
    float scale = (float)(paper->dpi / 25.4);
    float x = u * scale - 0.5F;
    float y = v * scale - 0.5F;
    int i = (int)floorf(x);
    int j = (int)floorf(y);
    float share[2] = {x - (float)i, y - (float)j};
    int right = colour_width(&paper->ink) - 1;
    int bottom = colour_height(&paper->ink) - 1;
    int across[2] = {between(i, 0, right), between(i + 1, 0, right)};
    int down[2] = {between(j, 0, bottom), between(j + 1, 0, bottom)};
    bool is_there = true;
    for (int c = 0; c < 3; c++) {
        is_there =
            blend(&paper->ink.channel[c], across, down, share, &out[c]) &&
            is_there;
    }
    return is_there;
}
