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

static float bilinear(const struct plane_f *plane, float x, float y)
{
    float left = floorf(x);
    float top = floorf(y);
    float u = x - left;
    float v = y - top;
    int x0 = inside((int)left, plane->width_px);
    int x1 = inside((int)left + 1, plane->width_px);
    const float *upper = plane_f_row(plane, inside((int)top, plane->height_px));
    const float *lower =
        plane_f_row(plane, inside((int)top + 1, plane->height_px));
    return (1 - v) * ((1 - u) * upper[x0] + u * upper[x1]) +
           v * ((1 - u) * lower[x0] + u * lower[x1]);
}

enum sting_status blur_motion(struct plane_f *plane, float dx_px, float dy_px)
{
    float length = hypotf(dx_px, dy_px);
    if (length < 0.05F) {
        return STING_OK;
    }
    struct plane_f still STING_AUTO(plane_f_release) = {0};
    enum sting_status status =
        plane_f_init(&still, plane->width_px, plane->height_px);
    if (status) {
        return status;
    }
    memcpy(still.data, plane->data,
           sizeof(float) * (size_t)plane->stride * (size_t)plane->height_px);
    int steps = 3 + (int)(2 * length);
    for (int y = 0; y < plane->height_px; y++) {
        float *row = plane_f_row(plane, y);
        for (int x = 0; x < plane->width_px; x++) {
            float sum = 0;
            for (int i = 0; i < steps; i++) {
                float t = ((float)i + 0.5F) / (float)steps - 0.5F;
                sum += bilinear(&still, (float)x + t * dx_px,
                                (float)y + t * dy_px);
            }
            row[x] = sum / (float)steps;
        }
    }
    return STING_OK;
}
