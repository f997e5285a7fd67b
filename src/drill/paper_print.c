/* A sheet as a laser printer makes it, and what it shows between its dots. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/chance.h"
#include "drill/feed.h"
#include "drill/paper.h"
#include "drill/texture_rows.h"

/* What makes a sheet uneven, at all dots of a row: the same for all three
 * channels. */
#define GRAINS 3

struct unevenness {
    struct texture_rows grain[GRAINS]; /* of the paper, about 1.5 % */
    struct texture_rows fray, toner;
    float *white; /* owned: reflectance without ink */
};

static void unevenness_release(struct unevenness *uneven)
{
    for (int i = 0; i < GRAINS; i++) {
        texture_rows_release(&uneven->grain[i]);
    }
    texture_rows_release(&uneven->fray);
    texture_rows_release(&uneven->toner);
    free(uneven->white);
}

static enum sting_status unevenness_init(struct unevenness *out,
                                         const struct paper *paper,
                                         uint32_t seed)
{
    float mm = (float)(25.4 / paper->dpi);
    int dots = colour_width(&paper->ink);
    enum sting_status status = STING_OK;
    *out = (struct unevenness){.white = calloc((size_t)dots, sizeof(float))};
    for (int i = 0; !status && i < GRAINS; i++) {
        status = texture_rows_init(&out->grain[i], 2.5F * (float)(1 << i) * mm,
                                   dots, seed + 17 + (uint32_t)i);
    }
    status =
        status ? status : texture_rows_init(&out->fray, 18 * mm, dots, seed);
    status = status ? status
                    : texture_rows_init(&out->toner, 5 * mm, dots, seed + 7);
    return out->white ? status : STING_E_NOMEM;
}

static void whites_fill(struct unevenness *uneven, float v, int dots)
{
    for (int x = 0; x < dots; x++) {
        uneven->white[x] = PAPER_WHITE;
    }
    for (int i = 0; i < GRAINS; i++) {
        float each = PAPER_WHITE * 0.014F * ldexpf(0.5F, -i);
        const float *grain =
            texture_rows_at(&uneven->grain[i], v * 2.5F * (float)(1 << i));
        for (int x = 0; x < dots; x++) {
            uneven->white[x] += each * grain[x];
        }
    }
}

static const float least_ink = 0.002F;

static bool row_has_ink(const float *row, int dots)
{
    float least = 1;
    for (int x = 0; x < dots; x++) {
        least = row[x] < least ? row[x] : least;
    }
    return 1.0F - least >= least_ink;
}

/* Edges fray where ink is neither full nor absent, dots gain, and toner is
 * uneven. */
static void row_print(struct unevenness *uneven, float v, float *row, int dots)
{
    if (!row_has_ink(row, dots)) {
        memcpy(row, uneven->white, sizeof(float) * (size_t)dots);
        return;
    }
    const float *fray = texture_rows_at(&uneven->fray, v * 18);
    const float *toner = texture_rows_at(&uneven->toner, v * 5);
    for (int x = 0; x < dots; x++) {
        float ink = 1.0F - row[x];
        row[x] = uneven->white[x];
        if (ink >= least_ink) {
            ink += 4.0F * ink * (1.0F - ink) * 0.14F * fray[x];
            ink = ink < 0 ? 0 : ink > 1 ? 1 : powf(ink, 0.85F);
            row[x] += (0.035F * (1.0F + 0.6F * toner[x]) - row[x]) * ink;
        }
    }
}

static void sheet_print(struct paper *paper, struct unevenness *uneven)
{
    int dots = colour_width(&paper->ink);
    int channels = paper->is_grey ? 1 : 3;
    for (int y = 0; y < colour_height(&paper->ink); y++) {
        float v = (float)y * (float)(25.4 / paper->dpi);
        const float *first = plane_f_row(&paper->ink.channel[0], y);
        whites_fill(uneven, v, dots);
        for (int c = 0; c < channels; c++) {
            row_print(uneven, v, plane_f_row(&paper->ink.channel[c], y), dots);
        }
        for (int c = channels; c < 3; c++) {
            memcpy(plane_f_row(&paper->ink.channel[c], y), first,
                   sizeof(float) * (size_t)dots);
        }
    }
}

enum sting_status paper_print(struct paper *paper, uint64_t seed)
{
    struct unevenness uneven STING_AUTO(unevenness_release) = {0};
    struct chance chance = chance_of(seed, 1);
    uint32_t pattern = (uint32_t)chance_bits(&chance);
    float spread_px = (float)(0.035 / 25.4 * paper->dpi); /* 35 um of spread */
    int channels = paper->is_grey ? 1 : 3;
    enum sting_status status = unevenness_init(&uneven, paper, pattern);
    for (int c = 0; !status && c < channels; c++) {
        status = blur_gauss(&paper->ink.channel[c], spread_px);
    }
    if (!status) {
        sheet_print(paper, &uneven);
    }
    return status;
}

/* Rollers and drum of a printer that is in order; a copier, which pulls twice
 * and carries a lamp, has three times as much (photocopy.h). Chosen so that
 * words in good light lie as far off as in real photographs
 * (docs/results/camera.md). */
static const double down_mm = 0.010;
static const double sideways_mm = 0.006;

enum sting_status paper_feed(struct paper *paper, uint64_t seed)
{
    struct chance chance = chance_of(seed, 9);
    struct feed down = feed_of(down_mm, &chance);
    struct feed sideways = feed_of(sideways_mm, &chance);
    int rows = colour_height(&paper->ink);
    free(paper->slip);
    paper->slip = calloc((size_t)rows, sizeof *paper->slip);
    for (int y = 0; paper->slip && y < rows; y++) {
        double v = y * 25.4 / paper->dpi;
        paper->slip[y] =
            (struct spot){feed_at(&sideways, v), feed_at(&down, v)};
    }
    return paper->slip ? STING_OK : STING_E_NOMEM;
}

static int between(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* The four dots around a place. */
struct around {
    int left, right;
    ptrdiff_t upper, lower; /* where their rows begin */
    float s, t;             /* shares of the right and the lower ones */
};

/* The last number that is not above: to compare with, in its own width. */
static float not_above(double most)
{
    float near = (float)most;
    return (double)near > most ? nextafterf(near, 0) : near;
}

struct paper_dots paper_dots_of(const struct paper *paper)
{
    return (struct paper_dots){
        .paper = paper,
        .a_mm = (float)(paper->dpi / 25.4),
        .most_u = not_above(paper->width_mm),
        .most_v = not_above(paper->height_mm),
        .right = colour_width(&paper->ink) - 1,
        .bottom = colour_height(&paper->ink) - 1,
        .stride = paper->ink.channel[0].stride,
    };
}

/* At the rim of the sheet its last dots stand for those beyond. */
static struct around around_rim(const struct paper_dots *dots, float x, float y)
{
    int i = (int)floorf(x);
    int j = (int)floorf(y);
    return (struct around){.left = between(i, 0, dots->right),
                           .right = between(i + 1, 0, dots->right),
                           .upper = dots->stride * between(j, 0, dots->bottom),
                           .lower =
                               dots->stride * between(j + 1, 0, dots->bottom),
                           .s = x - (float)i,
                           .t = y - (float)j};
}

static inline bool around_find(const struct paper_dots *dots, float u, float v,
                               struct around *out)
{
    if (u < 0 || v < 0 || u > dots->most_u || v > dots->most_v) {
        return false;
    }
    const struct spot *slip = dots->paper->slip;
    if (slip) {
        slip += between((int)(v * dots->a_mm), 0, dots->bottom);
        u += (float)slip->x;
        v += (float)slip->y;
    }
    float x = u * dots->a_mm - 0.5F;
    float y = v * dots->a_mm - 0.5F;
    int i = (int)x;
    int j = (int)y;
    if (x < 0 || y < 0 || i >= dots->right || j >= dots->bottom) {
        *out = around_rim(dots, x, y);
        return true;
    }
    *out = (struct around){.left = i,
                           .right = i + 1,
                           .upper = dots->stride * j,
                           .lower = dots->stride * (j + 1),
                           .s = x - (float)i,
                           .t = y - (float)j};
    return true;
}

static inline bool blend(const struct plane_f *plane, const struct around *at,
                         float *out)
{
    const float *upper = plane->data + at->upper;
    const float *lower = plane->data + at->lower;
    float a = upper[at->left];
    float b = upper[at->right];
    float c = lower[at->left];
    float d = lower[at->right];
    *out = (1 - at->t) * ((1 - at->s) * a + at->s * b) +
           at->t * ((1 - at->s) * c + at->s * d);
    return a >= 0 && b >= 0 && c >= 0 && d >= 0;
}

static bool colours_at(const struct paper_dots *dots, float u, float v,
                       float out[3])
{
    const struct plane_f *channel = dots->paper->ink.channel;
    struct around at;
    if (!around_find(dots, u, v, &at)) {
        return false;
    }
    bool is_there = blend(&channel[0], &at, &out[0]);
    is_there = blend(&channel[1], &at, &out[1]) && is_there;
    return blend(&channel[2], &at, &out[2]) && is_there;
}

static inline bool grey_at(const struct paper_dots *dots, float u, float v,
                           float *out)
{
    struct around at;
    return around_find(dots, u, v, &at) &&
           blend(&dots->paper->ink.channel[0], &at, out);
}

bool paper_at(const struct paper_dots *dots, float u, float v, float out[3])
{
    if (!dots->paper->is_grey) {
        return colours_at(dots, u, v, out);
    }
    float grey;
    if (!grey_at(dots, u, v, &grey)) {
        return false;
    }
    out[0] = out[1] = out[2] = grey;
    return true;
}

static int colours_sum(const struct paper_dots *dots,
                       const struct paper_line *line, float sum[3])
{
    int off = 0;
    for (int i = 0; i < line->places; i++) {
        float s = line->first + ((float)i + 0.5F) * line->step;
        float seen[3];
        if (!colours_at(dots, line->u + s * line->way_u,
                        line->v + s * line->way_v, seen)) {
            off++;
            continue;
        }
        for (int c = 0; c < 3; c++) {
            sum[c] += seen[c];
        }
    }
    return off;
}

int paper_sum(const struct paper_dots *dots, const struct paper_line *line,
              float sum[3])
{
    int off = 0;
    float grey = sum[0];
    if (!dots->paper->is_grey) {
        return colours_sum(dots, line, sum);
    }
    for (int i = 0; i < line->places; i++) {
        float s = line->first + ((float)i + 0.5F) * line->step;
        float seen;
        if (grey_at(dots, line->u + s * line->way_u, line->v + s * line->way_v,
                    &seen)) {
            grey += seen;
        } else {
            off++;
        }
    }
    sum[0] = sum[1] = sum[2] = grey;
    return off;
}
