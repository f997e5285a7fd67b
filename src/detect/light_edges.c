#include "detect/light.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 10        /* cells, or twice that */
#define MOST_BLOCKS 512 /* of the largest grid */
#define TEXTURE 30.0f   /* grey levels rms times cells: less is lost in noise */
#define FEWEST 8        /* blocks with texture, to be believed */
#define TENTH 10        /* of all texture: so much is in view */
#define SHOWS 0.6f      /* of the gain: such a block is in view, */
#define HIDDEN 0.15f    /* and such a one is not; */
#define BETWEEN 0.2     /* of all texture: more is light that is uneven */

struct light_edges light_edges_compare(const struct plane_f *scene_fine,
                                       const struct plane_f *picture_fine,
                                       const uint8_t *where)
{
    double n = 0, aa = 0, bb = 0, ab = 0;
    int width = scene_fine->width_px;
    for (int y = 0; y < scene_fine->height_px; y++) {
        const float *a = plane_f_row(scene_fine, y);
        const float *b = plane_f_row(picture_fine, y);
        for (int x = 0; x < width; x++) {
            if (where && !where[y * width + x]) {
                continue;
            }
            n++;
            aa += (double)a[x] * (double)a[x];
            bb += (double)b[x] * (double)b[x];
            ab += (double)a[x] * (double)b[x];
        }
    }
    if (n < 1 || aa <= 0 || bb <= 0) {
        return (struct light_edges){0};
    }
    return (struct light_edges){(float)(ab / sqrt(aa * bb)),
                                (float)sqrt(aa / n), (float)(ab / aa)};
}

/* A block with texture: how much of it there is, and how many times that in
 * the picture. */
struct textured {
    int left, top, size;
    double weight;
    float gain;
};

static struct textured block_of(const struct plane_f *scene_fine,
                                const struct plane_f *picture_fine, int left,
                                int top, int size)
{
    double aa = 0, ab = 0;
    for (int y = top; y < top + size; y++) {
        const float *a = plane_f_row(scene_fine, y);
        const float *b = plane_f_row(picture_fine, y);
        for (int x = left; x < left + size; x++) {
            aa += (double)a[x] * (double)a[x];
            ab += (double)a[x] * (double)b[x];
        }
    }
    return (struct textured){left, top, size, aa,
                             aa > 0 ? (float)(ab / aa) : 0};
}

static int blocks_find(const struct plane_f *scene_fine,
                       const struct plane_f *picture_fine, int size,
                       struct textured block[MOST_BLOCKS])
{
    double least = (double)(TEXTURE * TEXTURE);
    int count = 0;
    for (int y = 0; y + size <= scene_fine->height_px; y += size) {
        for (int x = 0; x + size <= scene_fine->width_px; x += size) {
            struct textured one =
                block_of(scene_fine, picture_fine, x, y, size);
            if (one.weight >= least && count < MOST_BLOCKS) {
                block[count++] = one;
            }
        }
    }
    return count;
}

static int is_stronger(const void *a, const void *b)
{
    const struct textured *one = a, *two = b;
    return (one->gain < two->gain) - (one->gain > two->gain);
}

static double weight_over(const struct textured *block, int count, float gain)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += block[i].gain > gain ? block[i].weight : 0;
    }
    return sum;
}

/* What a tenth of all texture is stronger than. */
static float upper_gain(const struct textured *block, int count)
{
    double all = weight_over(block, count, -INFINITY), seen = 0;
    int i = 0;
    while (i < count - 1 && TENTH * (seen += block[i].weight) < all) {
        i++;
    }
    return block[i].gain;
}

/* Is texture in view or hidden, and little of it between the two? */
static bool is_parted(const struct textured *block, int count, float gain)
{
    double all = weight_over(block, count, -INFINITY);
    double between = weight_over(block, count, HIDDEN * gain) -
                     weight_over(block, count, SHOWS * gain);
    return between < BETWEEN * all;
}

/* Sorted: those in view come first. */
static void view_mark(const struct textured *block, int count, float gain,
                      int width, uint8_t *in_view)
{
    for (int i = 0; i < count && block[i].gain > SHOWS * gain; i++) {
        for (int y = block[i].top; y < block[i].top + block[i].size; y++) {
            memset(in_view + y * width + block[i].left, 1,
                   (size_t)block[i].size);
        }
    }
}

/* Least squares over the cells in view. */
static struct light light_in_view(const struct plane_f *scene,
                                  const struct plane_f *picture,
                                  const uint8_t *in_view)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (int i = 0; i < scene->width_px * scene->height_px; i++) {
        if (in_view[i]) {
            double was = (double)scene->data[i], is = (double)picture->data[i];
            n++;
            x += was;
            y += is;
            xx += was * was;
            xy += was * is;
        }
    }
    double gain = (xy - x * y / n) / (xx - x * x / n + 1);
    return (struct light){(float)gain, (float)((y - gain * x) / n)};
}

bool light_fit_edges(const struct plane_f *scene, const struct plane_f *picture,
                     const struct plane_f *scene_fine,
                     const struct plane_f *picture_fine, struct light *out,
                     uint8_t *in_view)
{
    struct textured block[MOST_BLOCKS];
    int count = blocks_find(scene_fine, picture_fine, BLOCK, block);
    if (count < FEWEST) { /* faint everywhere: larger ones know it */
        count = blocks_find(scene_fine, picture_fine, 2 * BLOCK, block);
    }
    if (count < FEWEST) {
        return false;
    }
    qsort(block, (size_t)count, sizeof *block, is_stronger);
    float gain = upper_gain(block, count);
    if (gain <= 0 || !is_parted(block, count, gain)) {
        return false;
    }
    view_mark(block, count, gain, scene->width_px, in_view);
    *out = light_in_view(scene, picture, in_view);
    return true;
}
