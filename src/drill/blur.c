#include "drill/blur.h"

#include <math.h>
#include <string.h>

#define BLUR_MOST_RADIUS 64

struct kernel {
    int radius;
    float weight[BLUR_MOST_RADIUS + 1]; /* of the centre, then outwards */
};

static struct kernel kernel_gauss(float sigma)
{
    struct kernel kernel = {.radius = (int)ceilf(3.2F * sigma)};
    if (kernel.radius > BLUR_MOST_RADIUS) {
        kernel.radius = BLUR_MOST_RADIUS;
    }
    float sum = 0;
    for (int i = 0; i <= kernel.radius; i++) {
        float t = (float)i / sigma;
        kernel.weight[i] = expf(-0.5F * t * t);
        sum += i ? 2 * kernel.weight[i] : kernel.weight[i];
    }
    for (int i = 0; i <= kernel.radius; i++) {
        kernel.weight[i] /= sum;
    }
    return kernel;
}

static int inside(int i, int size)
{
    return i < 0 ? 0 : i >= size ? size - 1 : i;
}

static void row_blur(const float *from, float *to, int width,
                     const struct kernel *kernel)
{
    int last = width - kernel->radius;
    for (int x = kernel->radius; x < last; x++) { /* away from the edges */
        float sum = kernel->weight[0] * from[x];
        for (int i = 1; i <= kernel->radius; i++) {
            sum += kernel->weight[i] * (from[x - i] + from[x + i]);
        }
        to[x] = sum;
    }
    for (int x = 0; x < width; x++) {
        if (x == kernel->radius && last > x) {
            x = last;
        }
        float sum = kernel->weight[0] * from[x];
        for (int i = 1; i <= kernel->radius; i++) {
            sum += kernel->weight[i] *
                   (from[inside(x - i, width)] + from[inside(x + i, width)]);
        }
        to[x] = sum;
    }
}

/* Rows above and below are added whole, so that memory is read in order. */
static void column_blur(const struct plane_f *from, struct plane_f *to, int y,
                        const struct kernel *kernel)
{
    float *out = plane_f_row(to, y);
    const float *centre = plane_f_row(from, y);
    for (int x = 0; x < from->width_px; x++) {
        out[x] = kernel->weight[0] * centre[x];
    }
    for (int i = 1; i <= kernel->radius; i++) {
        const float *above = plane_f_row(from, inside(y - i, from->height_px));
        const float *below = plane_f_row(from, inside(y + i, from->height_px));
        for (int x = 0; x < from->width_px; x++) {
            out[x] += kernel->weight[i] * (above[x] + below[x]);
        }
    }
}

enum sting_status blur_gauss(struct plane_f *plane, float sigma_px)
{
    if (sigma_px < 0.05F) {
        return STING_OK;
    }
    struct plane_f half STING_AUTO(plane_f_release) = {0};
    enum sting_status status =
        plane_f_init(&half, plane->width_px, plane->height_px);
    if (status) {
        return status;
    }
    struct kernel kernel = kernel_gauss(sigma_px);
    for (int y = 0; y < plane->height_px; y++) {
        row_blur(plane_f_row(plane, y), plane_f_row(&half, y), plane->width_px,
                 &kernel);
    }
    for (int y = 0; y < plane->height_px; y++) {
        column_blur(&half, plane, y, &kernel);
    }
    return STING_OK;
}

/* The way of a shake as weights of pixels around: places along it, each
 * shared between four pixels. */
#define MOTION_REACH 9

struct motion {
    int reach;
    float weight[2 * MOTION_REACH + 1][2 * MOTION_REACH + 1]; /* y, x */
};

static void motion_add(struct motion *motion, float x, float y, float weight)
{
    float left = floorf(x);
    float top = floorf(y);
    float u = x - left;
    float v = y - top;
    float(*row)[2 * MOTION_REACH + 1] =
        &motion->weight[(int)top + MOTION_REACH];
    int at = (int)left + MOTION_REACH;
    row[0][at] += weight * (1 - v) * (1 - u);
    row[0][at + 1] += weight * (1 - v) * u;
    row[1][at] += weight * v * (1 - u);
    row[1][at + 1] += weight * v * u;
}

static struct motion motion_of(float dx_px, float dy_px)
{
    float length = hypotf(dx_px, dy_px);
    float most = 2 * (MOTION_REACH - 1);
    float scale = length > most ? most / length : 1;
    int steps = 3 + (int)(2 * length);
    struct motion motion = {.reach = 1 + (int)(scale * length / 2)};
    for (int i = 0; i < steps; i++) {
        float t = ((float)i + 0.5F) / (float)steps - 0.5F;
        motion_add(&motion, t * scale * dx_px, t * scale * dy_px,
                   1.0F / (float)steps);
    }
    return motion;
}

/* Add one row, moved by `by` pixels, held at its ends. */
static void row_add(const float *from, int by, float weight, int width,
                    float *to)
{
    int first = by < 0 ? -by : 0;
    int last = by > 0 ? width - by : width;
    for (int x = 0; x < width && x < first; x++) {
        to[x] += weight * from[0];
    }
    for (int x = first; x < last; x++) {
        to[x] += weight * from[x + by];
    }
    for (int x = last > first ? last : first; x < width; x++) {
        to[x] += weight * from[width - 1];
    }
}

static void row_shake(const struct plane_f *still, const struct motion *motion,
                      int y, float *to)
{
    memset(to, 0, sizeof(float) * (size_t)still->width_px);
    for (int j = -motion->reach; j <= motion->reach; j++) {
        const float *from = plane_f_row(still, inside(y + j, still->height_px));
        for (int i = -motion->reach; i <= motion->reach; i++) {
            float weight = motion->weight[j + MOTION_REACH][i + MOTION_REACH];
            if (weight > 0) {
                row_add(from, i, weight, still->width_px, to);
            }
        }
    }
}

enum sting_status blur_motion(struct plane_f *plane, float dx_px, float dy_px)
{
    if (hypotf(dx_px, dy_px) < 0.05F) {
        return STING_OK;
    }
    struct plane_f still STING_AUTO(plane_f_release) = {0};
    struct motion motion = motion_of(dx_px, dy_px);
    enum sting_status status =
        plane_f_init(&still, plane->width_px, plane->height_px);
    if (status) {
        return status;
    }
    memcpy(still.data, plane->data,
           sizeof(float) * (size_t)plane->stride * (size_t)plane->height_px);
    for (int y = 0; y < plane->height_px; y++) {
        row_shake(&still, &motion, y, plane_f_row(plane, y));
    }
    return STING_OK;
}
