#include "detect/evidence.h"

#include <math.h>
#include <string.h>

#include "detect/grid.h"

#define KEPT_COST 10.0f
#define KEPT_MOST 20.0f   /* so that it is forgotten in a few looks */
#define FOLLOWS_US 250000 /* frames further apart are not added up */
#define SHARE 0.15f       /* of all evidence, that this look has to give */
#define PACES 5
#define AROUND 81 /* cells */
#define BINS 512
#define BINS_A_SIGMA 40.0f

/* A third of a figure, and how far apart places are tried, in cells. */
static const struct size {
    int width, height, step;
} size[EVIDENCE_SIZES] = {{2, 2, 1},  {3, 3, 1},  {4, 5, 1},  {5, 8, 1},
                          {6, 10, 2}, {8, 13, 2}, {9, 16, 2}, {11, 20, 3}};

/* Own heights a second. */
static const float pace[PACES] = {0, 0.4f, -0.4f, 0.85f, -0.85f};

/* Figures may be cut by the upper edge by a third, by the lower by two. */
static int rows_of(const struct evidence *e, int s)
{
    return (e->height + size[s].height) / size[s].step;
}

static int columns_of(const struct evidence *e, int s)
{
    return (e->width + size[s].step - 1) / size[s].step;
}

enum sting_status evidence_init(struct evidence *evidence, int width,
                                int height, double *sum)
{
    struct evidence *e = evidence;
    *e = (struct evidence){.width = width, .height = height, .sum = sum};
    enum sting_status status = plane_f_init(&e->work, width, 2 * height + 20);
    status = status ? status : plane_f_init(&e->near, width, 2 * height + 20);
    for (int s = 0; !status && s < EVIDENCE_SIZES; s++) {
        int columns = columns_of(e, s), rows = rows_of(e, s);
        status = plane_f_init(&e->kept[s], columns, rows);
        for (int k = 0; !status && k < EVIDENCE_LOOKS; k++) {
            status = plane_f_init(&e->block[s][k], columns, rows);
        }
        e->spread[0][s] = e->spread[1][s] = 1;
    }
    for (int k = 0; k < EVIDENCE_LOOKS; k++) {
        e->slot[k] = k;
    }
    if (status) {
        evidence_release(e);
    }
    return status;
}

void evidence_release(struct evidence *evidence)
{
    plane_f_release(&evidence->work);
    plane_f_release(&evidence->near);
    for (int s = 0; s < EVIDENCE_SIZES; s++) {
        plane_f_release(&evidence->kept[s]);
        for (int k = 0; k < EVIDENCE_LOOKS; k++) {
            plane_f_release(&evidence->block[s][k]);
        }
    }
}

static void kept_clear(struct plane_f *kept)
{
    memset(kept->data, 0,
           (size_t)kept->stride * (size_t)kept->height_px * sizeof(float));
}

static int within(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* A row of blocks: `sum` above it and below it, so many lines apart. */
struct blocks {
    const double *upper, *lower;
    int lines;
};

/* Those from first to last, which the border may cut. */
static void cut_fill(const struct evidence *e, int s, const struct blocks *of,
                     int first, int last, float *to)
{
    int w = size[s].width;
    for (int i = first; i < last; i++) {
        int left = i * size[s].step - w / 2;
        int x0 = within(left, e->width), x1 = within(left + w, e->width);
        int cells = (x1 - x0) * of->lines;
        double all =
            of->lower[x1] - of->lower[x0] - of->upper[x1] + of->upper[x0];
        to[i] = 2 * cells < w * size[s].height
                    ? 0
                    : (float)all / sqrtf((float)cells);
    }
}

/* The same of those that have their whole width. */
static void whole_fill(int s, const struct blocks *of, int first, int last,
                       float *to)
{
    int w = size[s].width, step = size[s].step;
    int cells = w * of->lines;
    bool is_cut = 2 * cells < w * size[s].height;
    float root = sqrtf((float)cells);
    for (int i = first; i < last; i++) {
        int x0 = i * step - w / 2, x1 = x0 + w;
        double all =
            of->lower[x1] - of->lower[x0] - of->upper[x1] + of->upper[x0];
        to[i] = is_cut ? 0 : (float)all / root;
    }
}

/* Blocks of one size, each in units of what independent cells would give. */
static void blocks_fill(struct evidence *e, int s, struct plane_f *out)
{
    int w = size[s].width, step = size[s].step, stride = e->width + 1;
    int columns = out->width_px;
    int first = within((w / 2 + step - 1) / step, columns);
    int last = within((e->width - w + w / 2) / step + 1, columns);
    for (int j = 0; j < out->height_px; j++) {
        int top = j * step - size[s].height;
        int y0 = within(top, e->height);
        int y1 = within(top + size[s].height, e->height);
        const struct blocks of = {e->sum + (ptrdiff_t)y0 * stride,
                                  e->sum + (ptrdiff_t)y1 * stride, y1 - y0};
        float *to = plane_f_row(out, j);
        cut_fill(e, s, &of, 0, first, to);
        whole_fill(s, &of, first, last, to);
        cut_fill(e, s, &of, last, columns, to);
    }
}

/* The deviation of a plane of blocks, of every third row, by how many stay
 * under it: half of them for `now`, whom a person does not disturb; for
 * `usual` also 95 and 99.5 in a hundred, since rain has long tails. */
struct deviation {
    float now, usual;
};

static float quantile_of(const uint32_t bin[BINS], uint32_t count, float part)
{
    uint32_t seen = 0;
    int i = 0;
    while (i < BINS - 1 && (float)(seen += bin[i]) < part * (float)count) {
        i++;
    }
    return ((float)i + 0.5f) / BINS_A_SIGMA;
}

static struct deviation deviation_of(const struct plane_f *block, int rows,
                                     int columns)
{
    uint32_t bin[BINS] = {0}, count = 0;
    for (int j = 1; j < rows; j += 3) {
        const float *row = plane_f_row(block, j);
        for (int i = 0; i < columns; i++) {
            float at = fabsf(row[i]) * BINS_A_SIGMA;
            bin[at < BINS - 1 ? (int)at : BINS - 1]++;
            count++;
        }
    }
    float half = quantile_of(bin, count, 0.5f) / 0.6745f;
    float most = fmaxf(quantile_of(bin, count, 0.95f) / 1.96f,
                       quantile_of(bin, count, 0.995f) / 2.807f);
    return (struct deviation){half, fmaxf(half, most)};
}

/* Where it moves, more than one look is added up along its way. */
static void looks_add(const struct evidence *e, int s, float cells_a_s,
                      struct plane_f *out)
{
    int rows = rows_of(e, s), columns = columns_of(e, s);
    float unit = 1 / sqrtf((float)e->looks);
    for (int k = 0; k < e->looks; k++) {
        float ago_s = (float)(e->at_us[0] - e->at_us[k]) * 1e-6f;
        int shift = (int)lroundf(cells_a_s * ago_s / (float)size[s].step);
        const struct plane_f *from = &e->block[s][e->slot[k]];
        int i0 = shift < 0 ? 0 : shift,
            i1 = shift < 0 ? columns + shift : columns;
        for (int j = 0; j < rows; j++) {
            const float *a = plane_f_row(from, j);
            float *to = plane_f_row(out, j);
            if (k == 0) {
                memset(to, 0, (size_t)columns * sizeof *to);
            }
            for (int i = i0; i < i1; i++) {
                to[i] += unit * a[i - shift];
            }
        }
    }
}

static void spot_take(struct evidence *e, int s, float height, int i, int j,
                      float cells_a_s)
{
    if (height > e->best.height) {
        int top = j * size[s].step - size[s].height;
        e->best = (struct evidence_spot){height,
                                         i * size[s].step,
                                         top + size[s].height * 3 / 2,
                                         size[s].width,
                                         3 * size[s].height,
                                         cells_a_s,
                                         0,
                                         s,
                                         i,
                                         j};
    }
}

/* What figures in one column of blocks and standing there would explain. */
static float still_at(const struct evidence *e, int column)
{
    const struct evidence_spot *at = &e->best;
    int below = size[at->size].height / size[at->size].step;
    int last = rows_of(e, at->size);
    float height = 0;
    for (int j = at->row; j < last && j <= at->row + 2 * below; j += below) {
        float sum = 0;
        for (int k = 0; k < e->looks; k++) {
            const struct plane_f *block = &e->block[at->size][e->slot[k]];
            sum += plane_f_row(block, j)[column];
        }
        height += sum * sum / (float)e->looks;
    }
    float noise = e->noise[at->size];
    return height / (2 * noise * noise);
}

/* A thing that stays may look as if it walked, for noise; then standing a
 * little aside explains nearly as much. */
static void walk_judge(struct evidence *e)
{
    struct evidence_spot *at = &e->best;
    int reach = size[at->size].width / size[at->size].step + 1;
    float most = 0;
    for (int i = at->column - 2 * reach; i <= at->column + 2 * reach; i++) {
        if (i >= 0 && i < columns_of(e, at->size)) {
            most = fmaxf(most, still_at(e, i));
        }
    }
    at->walks = at->height - most;
}

/* Half the squares of three blocks, in units of their noise. */
static void figures_fill(const struct evidence *e, int s,
                         const struct plane_f *block, float noise,
                         struct plane_f *out)
{
    int rows = rows_of(e, s), columns = columns_of(e, s);
    int below = size[s].height / size[s].step;
    float unit = 0.5f / (noise * noise);
    for (int j = 0; j < rows; j++) {
        float *to = plane_f_row(out, j);
        memset(to, 0, (size_t)columns * sizeof *to);
        for (int k = j; k < rows && k <= j + 2 * below; k += below) {
            const float *a = plane_f_row(block, k);
            for (int i = 0; i < columns; i++) {
                to[i] += unit * a[i] * a[i];
            }
        }
    }
}

/* Is any of them more? Few rows have one, and to ask all at once is quick. */
static bool any_above(const float *row, int count, float bound)
{
    int above = 0;
    for (int i = 0; i < count; i++) {
        above |= row[i] > bound;
    }
    return above != 0;
}

static void loudest_take(struct evidence *e, int s, const struct plane_f *of,
                         float cells_a_s)
{
    int columns = columns_of(e, s);
    for (int j = 0; j < rows_of(e, s); j++) {
        const float *row = plane_f_row(of, j);
        for (int i = any_above(row, columns, e->best.height) ? 0 : columns;
             i < columns; i++) {
            spot_take(e, s, row[i], i, j, cells_a_s);
        }
    }
}

static void most_take(const float *from, int count, float *to)
{
    for (int i = 0; i < count; i++) {
        to[i] = from[i] > to[i] ? from[i] : to[i];
    }
}

/* The most in reach of every place, first along rows, then down columns. */
static void reach_fill(struct evidence *e, int s, int across, int down)
{
    int rows = rows_of(e, s), columns = columns_of(e, s);
    int shifts = within(across, columns - 1);
    for (int j = 0; j < rows; j++) {
        const float *from = plane_f_row(&e->kept[s], j);
        float *to = plane_f_row(&e->near, j);
        memset(to, 0, (size_t)columns * sizeof *to);
        for (int k = 0; k <= shifts; k++) {
            most_take(from, columns - k, to + k);
            most_take(from + k, columns - k, to);
        }
    }
    for (int j = 0; j < rows; j++) {
        float *to = plane_f_row(&e->kept[s], j);
        memset(to, 0, (size_t)columns * sizeof *to);
        for (int k = within(j - down, rows - 1);
             k <= within(j + down, rows - 1); k++) {
            most_take(plane_f_row(&e->near, k), columns, to);
        }
    }
}

/* Carry on what keyframes gave: e->work becomes what speaks for a figure by
 * now, e->kept what is left for the next. */
static void keys_gather(struct evidence *e, int s, float past_s)
{
    if (past_s > 5) {
        kept_clear(&e->kept[s]);
    }
    float way = 0.6f * 3 * (float)size[s].height * past_s;
    int across = within((int)(way / (float)size[s].step) + 1, 10);
    reach_fill(e, s, across, (across + 2) / 3);
    for (int j = 0; j < rows_of(e, s); j++) {
        float *now = plane_f_row(&e->work, j);
        float *kept = plane_f_row(&e->kept[s], j);
        for (int i = 0; i < columns_of(e, s); i++) {
            now[i] += kept[i];
            float left = now[i] - KEPT_COST;
            kept[i] = left < 0 ? 0 : left < KEPT_MOST ? left : KEPT_MOST;
        }
    }
}

/* What is louder than usual in this look is not trusted more for it. */
static float noise_now(struct evidence *e, int s, unsigned mode,
                       const struct plane_f *block)
{
    struct deviation is = deviation_of(block, rows_of(e, s), columns_of(e, s));
    e->measured[s] = is.usual;
    float usual = e->spread[mode][s];
    return is.now > usual ? is.now : usual;
}

static void slots_turn(struct evidence *e, int64_t at_us)
{
    bool follows = e->looks > 0 && at_us - e->at_us[0] <= FOLLOWS_US;
    int oldest = e->slot[EVIDENCE_LOOKS - 1];
    for (int k = EVIDENCE_LOOKS - 1; k > 0; k--) {
        e->slot[k] = e->slot[k - 1];
        e->at_us[k] = e->at_us[k - 1];
    }
    e->slot[0] = oldest;
    e->at_us[0] = at_us;
    e->looks = !follows                    ? 1
               : e->looks < EVIDENCE_LOOKS ? e->looks + 1
                                           : EVIDENCE_LOOKS;
}

static void size_look(struct evidence *e, int s, unsigned mode, float past_s)
{
    if (mode == 0) { /* a keyframe */
        const struct plane_f *block = &e->block[s][e->slot[0]];
        figures_fill(e, s, block, noise_now(e, s, mode, block), &e->work);
        keys_gather(e, s, past_s);
        loudest_take(e, s, &e->work, 0);
        return;
    }
    float noise = 1;
    for (int p = 0; p < (e->looks > 1 ? PACES : 1); p++) {
        float cells_a_s = pace[p] * 3 * (float)size[s].height;
        looks_add(e, s, cells_a_s, &e->near);
        noise = p == 0 ? noise_now(e, s, mode, &e->near) : noise;
        e->noise[s] = noise;
        figures_fill(e, s, &e->near, noise, &e->work);
        loudest_take(e, s, &e->work, cells_a_s);
    }
}

/* What is uneven over more than a figure is light. */
static void around_remove(struct evidence *e, const struct plane_f *deviation)
{
    struct plane_f near = e->near;
    near.height_px = e->height;
    grid_mean(deviation, AROUND, AROUND, e->sum, &near);
    for (int j = 0; j < e->height; j++) {
        const float *from = plane_f_row(deviation, j);
        float *to = plane_f_row(&near, j);
        for (int i = 0; i < e->width; i++) {
            to[i] = from[i] - to[i];
        }
    }
    grid_sums(&near, e->sum);
}

/* What this look alone says at the spot. */
static float now_of(const struct evidence *e)
{
    const struct evidence_spot *at = &e->best;
    const struct plane_f *block = &e->block[at->size][e->slot[0]];
    int below = size[at->size].height / size[at->size].step;
    float sum = 0;
    for (int k = at->row; k < rows_of(e, at->size) && k <= at->row + 2 * below;
         k += below) {
        float t = plane_f_row(block, k)[at->column];
        sum += t * t / 2;
    }
    return sum;
}

void evidence_look(struct evidence *evidence, const struct plane_f *deviation,
                   int64_t at_us, unsigned mode)
{
    struct evidence *e = evidence;
    float past_s = (float)(at_us - e->key_us) * 1e-6f;
    slots_turn(e, at_us);
    around_remove(e, deviation);
    e->best = (struct evidence_spot){0};
    for (int s = 0; s < EVIDENCE_SIZES; s++) {
        blocks_fill(e, s, &e->block[s][e->slot[0]]);
        size_look(e, s, mode, past_s);
    }
    if (e->best.pace != 0) {
        walk_judge(e);
    }
    e->stands = mode == 0 || now_of(e) >= SHARE * e->best.height;
    if (mode == 0) {
        e->key_us = at_us;
    }
}

void evidence_learn(struct evidence *evidence, unsigned mode)
{
    int n = evidence->learned[mode]++;
    float rate = n < 20 ? 1 / (float)(n + 1) : 0.05f;
    for (int s = 0; s < EVIDENCE_SIZES; s++) {
        float *spread = &evidence->spread[mode][s];
        *spread += rate * (evidence->measured[s] - *spread);
    }
}

float evidence_spread(const struct evidence *evidence, unsigned mode,
                      float tall)
{
    int best = 0;
    for (int s = 1; s < EVIDENCE_SIZES; s++) {
        if (fabsf(logf(3 * (float)size[s].height / tall)) <
            fabsf(logf(3 * (float)size[best].height / tall))) {
            best = s;
        }
    }
    return evidence->spread[mode][best];
}

void evidence_forget(struct evidence *evidence)
{
    evidence->looks = 0;
    for (int s = 0; s < EVIDENCE_SIZES; s++) {
        kept_clear(&evidence->kept[s]);
    }
}
