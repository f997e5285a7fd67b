#include "detect/page_register.h"

#include <math.h>

#define BLOCK 44 /* pixels a side */
#define APART 30 /* from one block's middle to the next */
#define REACH 14 /* a block is looked for so far around */
#define EVERY 3  /* of its pixels, each way */
#define ALIKE 0.4
#define FEWEST 8 /* blocks that agree */
#define MOST_BLOCKS 200
#define TOLERANCE_PX 2.0
#define TRIALS 200
#define SEED 20260727
#define INK 0.25 /* of the page's mean square: a block with less is empty */

struct block {
    int x, y; /* its middle */
    double sum, square;
    int count;
};

/* Sums over the page's own block; false when it leaves the plane. */
static bool block_take(const struct plane_f *laid, int x, int y,
                       struct block *out)
{
    const int half = BLOCK / 2, edge = half + REACH + 1;
    *out = (struct block){.x = x, .y = y};
    if (x < edge || y < edge || x >= laid->width_px - edge ||
        y >= laid->height_px - edge) {
        return false;
    }
    for (int j = y - half; j < y + half; j += EVERY) {
        const float *row = plane_f_row(laid, j);
        for (int i = x - half; i < x + half; i += EVERY) {
            out->sum += (double)row[i];
            out->square += (double)row[i] * (double)row[i];
            out->count++;
        }
    }
    return true;
}

static double block_alike(const struct plane_f *fine,
                          const struct plane_f *laid, const struct block *b,
                          int dx, int dy)
{
    const int half = BLOCK / 2;
    double sum = 0, square = 0, both = 0;
    for (int j = b->y - half; j < b->y + half; j += EVERY) {
        const float *one = plane_f_row(laid, j);
        const float *two = plane_f_row(fine, j + dy) + dx;
        for (int i = b->x - half; i < b->x + half; i += EVERY) {
            double v = (double)two[i];
            sum += v;
            square += v * v;
            both += v * (double)one[i];
        }
    }
    double aa = b->square - b->sum * b->sum / b->count;
    double bb = square - sum * sum / b->count;
    double ab = both - b->sum * sum / b->count;
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

/* Where it is most alike; false when nowhere enough. */
static bool block_find(const struct plane_f *fine, const struct plane_f *laid,
                       const struct block *b, struct point *shift)
{
    double best = ALIKE;
    int x = 0, y = 0;
    bool found = false;
    for (int dy = -REACH; dy <= REACH; dy += 2) {
        for (int dx = -REACH; dx <= REACH; dx += 2) {
            double alike = block_alike(fine, laid, b, dx, dy);
            if (alike > best) {
                best = alike;
                x = dx;
                y = dy;
                found = true;
            }
        }
    }
    *shift = (struct point){x, y};
    for (int dy = y - 1; found && dy <= y + 1; dy++) {
        for (int dx = x - 1; dx <= x + 1; dx++) {
            double alike = block_alike(fine, laid, b, dx, dy);
            if (alike > best) {
                best = alike;
                *shift = (struct point){dx, dy};
            }
        }
    }
    return found;
}

static double mean_square(const struct plane_f *laid,
                          const struct page_sheet *sheet)
{
    double sum = 0;
    int count = 0;
    for (int y = 0; y < laid->height_px; y += EVERY) {
        const float *row = plane_f_row(laid, y);
        for (int x = 0; x < laid->width_px; x += EVERY) {
            if (page_sheet_has(sheet, x, y)) {
                sum += (double)row[x] * (double)row[x];
                count++;
            }
        }
    }
    return count ? sum / count : 0;
}

static size_t pairs_find(const struct plane_f *fine, const struct plane_f *laid,
                         const struct page_sheet *sheet,
                         struct pair pair[MOST_BLOCKS])
{
    size_t count = 0;
    double ink = INK * mean_square(laid, sheet);
    for (int y = APART / 2; y < laid->height_px; y += APART) {
        for (int x = APART / 2; x < laid->width_px && count < MOST_BLOCKS;
             x += APART) {
            struct block b;
            struct point shift;
            if (page_sheet_has(sheet, x, y) && block_take(laid, x, y, &b) &&
                b.square > ink * b.count &&
                block_find(fine, laid, &b, &shift)) {
                pair[count++] =
                    (struct pair){{x, y}, {x + shift.x, y + shift.y}};
            }
        }
    }
    return count;
}

bool page_register(const struct plane_f *fine, const struct plane_f *laid,
                   struct page_sheet *sheet)
{
    struct pair pair[MOST_BLOCKS];
    const struct robust_options options = {TOLERANCE_PX, TRIALS, SEED};
    struct homography moved;
    size_t agree = 0, count = pairs_find(fine, laid, sheet, pair);
    if (count < FEWEST ||
        homography_fit_robust(pair, count, &options, &moved, NULL, &agree) ||
        agree < FEWEST) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        sheet->corner[i] = homography_apply(&moved, sheet->corner[i]);
    }
    return true;
}
