#include "image/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_RADIUS 256

/* Half a Gaussian, centre first, together (mirrored) of sum 1. */
static int kernel_fill(double sigma_px, float half[MOST_RADIUS + 1])
{
    int radius = (int)fmin(ceil(3 * sigma_px), MOST_RADIUS);
    double sum = 0;
    for (int i = 0; i <= radius; i++) {
        double v = exp(-0.5 * i * i / (sigma_px * sigma_px));
        half[i] = (float)v;
        sum += i ? 2 * v : v;
    }
    for (int i = 0; i <= radius; i++) {
        half[i] = (float)((double)half[i] / sum);
    }
    return radius;
}

static int held(int i, int size)
{
    return i < 0 ? 0 : i >= size ? size - 1 : i;
}

static void float_free(float **p)
{
    free(*p);
    *p = NULL;
}

/* Rows: each is copied between two margins, then convolved back. */
static void blur_rows(struct plane_f *plane, const float *half, int radius,
                      float *line)
{
    int width = plane->width_px;
    for (int y = 0; y < plane->height_px; y++) {
        float *row = plane_f_row(plane, y);
        for (int x = -radius; x < width + radius; x++) {
            line[x + radius] = row[held(x, width)];
        }
        const float *centre = line + radius;
        for (int x = 0; x < width; x++) {
            row[x] = half[0] * centre[x];
        }
        for (int k = 1; k <= radius; k++) {
            for (int x = 0; x < width; x++) {
                row[x] += half[k] * (centre[x - k] + centre[x + k]);
            }
        }
    }
}

/* Columns: whole rows at a time, from a ring that keeps the old rows. */
static void blur_columns(struct plane_f *plane, const float *half, int radius,
                         float *ring)
{
    int width = plane->width_px;
    int height = plane->height_px;
    int rows = 2 * radius + 1;
    size_t bytes = (size_t)width * sizeof *ring;
    for (int y = -radius; y < height + radius; y++) {
        float *slot = ring + (ptrdiff_t)((y + radius) % rows) * width;
        /* Rows past the end repeat the last old row, already in the ring. */
        const float *from =
            y < height ? plane_f_row(plane, held(y, height))
                       : ring + (ptrdiff_t)((y + radius - 1) % rows) * width;
        memmove(slot, from, bytes);
        int at = y - radius;
        if (at < 0) {
            continue;
        }
        float *out = plane_f_row(plane, at);
        const float *mid = ring + (ptrdiff_t)((at + radius) % rows) * width;
        for (int x = 0; x < width; x++) {
            out[x] = half[0] * mid[x];
        }
        for (int k = 1; k <= radius; k++) {
            const float *up =
                ring + (ptrdiff_t)((at + radius - k) % rows) * width;
            const float *down =
                ring + (ptrdiff_t)((at + radius + k) % rows) * width;
            for (int x = 0; x < width; x++) {
                out[x] += half[k] * (up[x] + down[x]);
            }
        }
    }
}

enum sting_status plane_blur(struct plane_f *plane, double sigma_px)
{
    float half[MOST_RADIUS + 1] = {0};
    if (!(sigma_px > 0.01)) {
        return STING_OK;
    }
    int radius = kernel_fill(sigma_px, half);
    size_t width = (size_t)plane->width_px;
    size_t rows = 2 * (size_t)radius + 1;
    float *scratch STING_AUTO(float_free) =
        reallocarray(NULL, rows, (width + rows) * sizeof *scratch);
    if (!scratch) {
        return STING_E_NOMEM;
    }
    blur_rows(plane, half, radius, scratch);
    blur_columns(plane, half, radius, scratch);
    return STING_OK;
}

/* The root of the light that black sends, of that of white. */
#define BLACK 0.1F

enum sting_status plane_blur_light(struct plane_f *plane, double white,
                                   double sigma_px)
{
    float part = (1 - BLACK) / (float)white;
    for (int y = 0; y < plane->height_px; y++) {
        float *row = plane_f_row(plane, y);
        for (int x = 0; x < plane->width_px; x++) {
            float root = BLACK + row[x] * part;
            row[x] = root * root;
        }
    }
    enum sting_status status = plane_blur(plane, sigma_px);
    for (int y = 0; !status && y < plane->height_px; y++) {
        float *row = plane_f_row(plane, y);
        for (int x = 0; x < plane->width_px; x++) {
            row[x] = (sqrtf(row[x]) - BLACK) / part;
        }
    }
    return status;
}

enum sting_status plane_to_float(const struct plane *plane, struct plane_f *out)
{
    enum sting_status status =
        plane_f_init(out, plane->width_px, plane->height_px);
    for (int y = 0; !status && y < plane->height_px; y++) {
        const uint8_t *from = plane_row(plane, y);
        float *to = plane_f_row(out, y);
        for (int x = 0; x < plane->width_px; x++) {
            to[x] = from[x];
        }
    }
    return status;
}

enum sting_status plane_f_copy(const struct plane_f *plane, struct plane_f *out)
{
    enum sting_status status =
        plane_f_init(out, plane->width_px, plane->height_px);
    for (int y = 0; !status && y < plane->height_px; y++) {
        memcpy(plane_f_row(out, y), plane_f_row(plane, y),
               (size_t)plane->width_px * sizeof(float));
    }
    return status;
}

enum sting_status plane_halve(const struct plane *plane, struct plane *out)
{
    enum sting_status status =
        plane_init(out, plane->width_px / 2, plane->height_px / 2);
    for (int y = 0; !status && y < out->height_px; y++) {
        const uint8_t *a = plane_row(plane, 2 * y);
        const uint8_t *b = plane_row(plane, 2 * y + 1);
        uint8_t *to = plane_row(out, y);
        for (int x = 0; x < out->width_px; x++) {
            const uint8_t *left = a + (ptrdiff_t)2 * x;
            const uint8_t *below = b + (ptrdiff_t)2 * x;
            int sum = left[0] + left[1] + below[0] + below[1];
            to[x] = (uint8_t)((sum + 2) / 4);
        }
    }
    return status;
}

/* Halve while that stays above the wanted size; *out is then owned. */
static enum sting_status halve_towards(const struct plane *plane,
                                       double *factor, struct plane *out)
{
    enum sting_status status = STING_OK;
    while (!status && *factor <= 0.5) {
        struct plane half = {0};
        status = plane_halve(out->data ? out : plane, &half);
        plane_release(out);
        *out = half;
        *factor *= 2;
    }
    return status;
}

static enum sting_status resample(const struct plane_f *from, double factor,
                                  struct plane_f *out)
{
    int width = (int)(from->width_px * factor + 0.5);
    int height = (int)(from->height_px * factor + 0.5);
    enum sting_status status =
        plane_f_init(out, width > 0 ? width : 1, height > 0 ? height : 1);
    for (int y = 0; !status && y < out->height_px; y++) {
        float *row = plane_f_row(out, y);
        for (int x = 0; x < out->width_px; x++) {
            row[x] = (float)sample_linear(from, (x + 0.5) / factor,
                                          (y + 0.5) / factor);
        }
    }
    return status;
}

enum sting_status plane_shrink(const struct plane *plane, double factor,
                               struct plane_f *out)
{
    struct plane half STING_AUTO(plane_release) = {0};
    struct plane_f full STING_AUTO(plane_f_release) = {0};
    if (!(factor > 0 && factor <= 1)) {
        return STING_E_ARG;
    }
    enum sting_status status = halve_towards(plane, &factor, &half);
    if (!status) {
        status = plane_to_float(half.data ? &half : plane, &full);
    }
    if (!status) {
        /* Takes what lies above the new Nyquist frequency down to a tenth. */
        status = plane_blur(&full, 0.5 * sqrt(1 / (factor * factor) - 1));
    }
    return status ? status : resample(&full, factor, out);
}

static void dilate_line(const float *from, float *to, int count, int reach)
{
    for (int i = 0; i < count; i++) {
        float most = from[i];
        int end = held(i + reach, count);
        for (int k = held(i - reach, count); k <= end; k++) {
            most = from[k] > most ? from[k] : most;
        }
        to[i] = most;
    }
}

enum sting_status plane_dilate(struct plane_f *plane, int reach)
{
    int width = plane->width_px;
    int height = plane->height_px;
    size_t longest = (size_t)(width > height ? width : height);
    float *scratch STING_AUTO(float_free) =
        reallocarray(NULL, longest, 2 * sizeof *scratch);
    if (!scratch) {
        return STING_E_NOMEM;
    }
    for (int y = 0; y < height; y++) {
        float *row = plane_f_row(plane, y);
        dilate_line(row, scratch, width, reach);
        memcpy(row, scratch, (size_t)width * sizeof *row);
    }
    for (int x = 0; x < width; x++) {
        for (int y = 0; y < height; y++) {
            scratch[y] = plane_f_row(plane, y)[x];
        }
        dilate_line(scratch, scratch + longest, height, reach);
        for (int y = 0; y < height; y++) {
            plane_f_row(plane, y)[x] = scratch[longest + (size_t)y];
        }
    }
    return STING_OK;
}

double sample_linear(const struct plane_f *plane, double x, double y)
{
    double u = floor(x - 0.5);
    double v = floor(y - 0.5);
    double s = x - 0.5 - u;
    double t = y - 0.5 - v;
    int x0 = held((int)u, plane->width_px);
    int x1 = held((int)u + 1, plane->width_px);
    const float *a = plane_f_row(plane, held((int)v, plane->height_px));
    const float *b = plane_f_row(plane, held((int)v + 1, plane->height_px));
    double top = (1 - s) * (double)a[x0] + s * (double)a[x1];
    double bottom = (1 - s) * (double)b[x0] + s * (double)b[x1];
    return (1 - t) * top + t * bottom;
}

void cubic_weights(double t, float weight[4])
{
    double u = 1 - t;
    weight[0] = (float)(-0.5 * t * u * u);
    weight[1] = (float)(1 + t * t * (1.5 * t - 2.5));
    weight[2] = (float)(1 + u * u * (1.5 * u - 2.5));
    weight[3] = (float)(-0.5 * u * t * t);
}

typedef float lanes __attribute__((vector_size(16)));
typedef uint8_t pixels __attribute__((vector_size(4)));

static lanes four(const uint8_t *row, lanes weight)
{
    pixels pixel;
    memcpy(&pixel, row, sizeof pixel);
    return __builtin_convertvector(pixel, lanes) * weight;
}

/* The sum of each, from left to right. */
static lanes sums(lanes a, lanes b, lanes c, lanes d)
{
    lanes ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    lanes cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    lanes ab_late = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    lanes cd_late = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) +
           __builtin_shufflevector(ab, cd, 2, 3, 6, 7) +
           __builtin_shufflevector(ab_late, cd_late, 0, 1, 4, 5) +
           __builtin_shufflevector(ab_late, cd_late, 2, 3, 6, 7);
}

/* All sixteen pixels lie on the plane: four rows at once. */
static double cubic_inside(const struct plane *plane, int left, int top,
                           const float across[4], const float down[4])
{
    const uint8_t *row = plane_row(plane, top) + left;
    ptrdiff_t stride = plane->stride;
    const lanes weight = {across[0], across[1], across[2], across[3]};
    const lanes share = {down[0], down[1], down[2], down[3]};
    lanes line = share * sums(four(row, weight), four(row + stride, weight),
                              four(row + 2 * stride, weight),
                              four(row + 3 * stride, weight));
    return (double)line[0] + (double)line[1] + (double)line[2] +
           (double)line[3];
}

double sample_cubic(const struct plane *plane, double x, double y)
{
    double u = floor(x - 0.5);
    double v = floor(y - 0.5);
    float across[4];
    float down[4];
    double sum = 0;
    cubic_weights(x - 0.5 - u, across);
    cubic_weights(y - 0.5 - v, down);
    int left = (int)u - 1;
    int top = (int)v - 1;
    if (left >= 0 && top >= 0 && left + 4 <= plane->width_px &&
        top + 4 <= plane->height_px) {
        return cubic_inside(plane, left, top, across, down);
    }
    for (int j = 0; j < 4; j++) {
        const uint8_t *row = plane_row(plane, held(top + j, plane->height_px));
        float line = 0;
        for (int i = 0; i < 4; i++) {
            line += across[i] * (float)row[held(left + i, plane->width_px)];
        }
        sum += (double)(down[j] * line);
    }
    return sum;
}
