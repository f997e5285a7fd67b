#include "drill/develop.h"

#include <math.h>
#include <string.h>

#include "drill/blur.h"
#include "drill/sensor.h"

/* Eighths of the five 5x5 kernels of the paper, as sums over symmetric
 * places: the centre, the four neighbours ... */
struct around {
    float centre;
    float beside, above;         /* sums of 2 direct neighbours */
    float corners;               /* sum of 4 diagonal neighbours */
    float beside_far, above_far; /* sums of 2 at distance two */
};

static float raw_at(const struct plane_f *raw, int x, int y)
{
    /* Mirrored at the edge, so that the filter's parity is kept. */
    x = x < 0 ? -x : x >= raw->width_px ? 2 * raw->width_px - 2 - x : x;
    y = y < 0 ? -y : y >= raw->height_px ? 2 * raw->height_px - 2 - y : y;
    return plane_f_row(raw, y)[x];
}

static struct around around(const struct plane_f *raw, int x, int y)
{
    return (struct around){
        raw_at(raw, x, y),
        raw_at(raw, x - 1, y) + raw_at(raw, x + 1, y),
        raw_at(raw, x, y - 1) + raw_at(raw, x, y + 1),
        raw_at(raw, x - 1, y - 1) + raw_at(raw, x + 1, y - 1) +
            raw_at(raw, x - 1, y + 1) + raw_at(raw, x + 1, y + 1),
        raw_at(raw, x - 2, y) + raw_at(raw, x + 2, y),
        raw_at(raw, x, y - 2) + raw_at(raw, x, y + 2)};
}

/* Green at a red or blue place. */
static float cross_green(const struct around *a)
{
    return (4 * a->centre + 2 * (a->beside + a->above) - a->beside_far -
            a->above_far) /
           8;
}

/* Red or blue at a green place whose neighbours of it are beside. */
static float row_colour(const struct around *a)
{
    return (5 * a->centre + 4 * a->beside - a->corners - a->beside_far +
            0.5F * a->above_far) /
           8;
}

static float column_colour(const struct around *a)
{
    struct around turned = {a->centre,  a->above,     a->beside,
                            a->corners, a->above_far, a->beside_far};
    return row_colour(&turned);
}

/* Red at a blue place, and the reverse. */
static float diagonal_colour(const struct around *a)
{
    return (6 * a->centre + 2 * a->corners -
            1.5F * (a->beside_far + a->above_far)) /
           8;
}

static void pixel_colours(const struct plane_f *raw, int x, int y, float out[3])
{
    struct around a = around(raw, x, y);
    int filter = sensor_filter(x, y);
    if (filter == 1) {
        bool red_row = (y & 1) == 0;
        out[0] = red_row ? row_colour(&a) : column_colour(&a);
        out[1] = a.centre;
        out[2] = red_row ? column_colour(&a) : row_colour(&a);
        return;
    }
    out[filter] = a.centre;
    out[1] = cross_green(&a);
    out[2 - filter] = diagonal_colour(&a);
}

enum sting_status develop_mosaic(const struct plane_f *raw, struct colour *out)
{
    struct colour made = {0};
    if (raw->width_px < 3 || raw->height_px < 3) {
        return STING_E_ARG;
    }
    enum sting_status status =
        colour_init(&made, raw->width_px, raw->height_px);
    if (status) {
        return status;
    }
    for (int y = 0; y < raw->height_px; y++) {
        for (int x = 0; x < raw->width_px; x++) {
            float colour[3];
            pixel_colours(raw, x, y, colour);
            for (int c = 0; c < 3; c++) {
                plane_f_row(&made.channel[c], y)[x] = colour[c];
            }
        }
    }
    *out = made;
    return STING_OK;
}

/* To luma and two colour differences, or back; in place. */
static void luma_split(struct colour *colour)
{
    size_t pixels =
        (size_t)colour_width(colour) * (size_t)colour_height(colour);
    float *r = colour->channel[0].data;
    float *g = colour->channel[1].data;
    float *b = colour->channel[2].data;
    for (size_t i = 0; i < pixels; i++) {
        float luma = 0.299F * r[i] + 0.587F * g[i] + 0.114F * b[i];
        g[i] = luma;
        r[i] -= luma;
        b[i] -= luma;
    }
}

static void luma_join(struct colour *colour)
{
    size_t pixels =
        (size_t)colour_width(colour) * (size_t)colour_height(colour);
    float *r = colour->channel[0].data;
    float *g = colour->channel[1].data;
    float *b = colour->channel[2].data;
    for (size_t i = 0; i < pixels; i++) {
        float luma = g[i];
        r[i] += luma;
        b[i] += luma;
        g[i] = (luma - 0.299F * r[i] - 0.114F * b[i]) / 0.587F;
    }
}

/* What one row of neighbours, moved by `by` pixels, adds to the sums of a row:
 * values within reach of the middle's, and behind these how many. */
static void neighbours_add(const float *middle, const float *row, int by,
                           int width, float reach, float *sum)
{
    float *count = sum + width;
    int first = by < 0 ? -by : 0;
    int last = by > 0 ? width - by : width;
    for (int x = first; x < last; x++) {
        float value = row[x + by];
        bool is_near = fabsf(value - middle[x]) <= reach;
        sum[x] += is_near ? value : 0;
        count[x] += is_near ? 1.0F : 0;
    }
}

/* The sigma filter: neighbours that noise could explain. Keeps edges, as a
 * telephone does. */
static void row_denoise(const struct plane_f *noisy, int y, float reach,
                        float share, float *sum, float *out)
{
    int width = noisy->width_px;
    const float *count = sum + width;
    const float *middle = plane_f_row(noisy, y);
    memset(sum, 0, 2 * (size_t)width * sizeof *sum);
    for (int j = y < 2 ? 0 : y - 2; j <= y + 2 && j < noisy->height_px; j++) {
        for (int by = -2; by <= 2; by++) {
            neighbours_add(middle, plane_f_row(noisy, j), by, width, reach,
                           sum);
        }
    }
    for (int x = 0; x < width; x++) {
        out[x] += share * (sum[x] / count[x] - out[x]);
    }
}

enum sting_status develop_denoise(struct plane_f *luma, float reach,
                                  float share)
{
    struct plane_f noisy STING_AUTO(plane_f_release) = {0};
    struct plane_f sums STING_AUTO(plane_f_release) = {0};
    enum sting_status status =
        plane_f_init(&noisy, luma->width_px, luma->height_px);
    status = status ? status : plane_f_init(&sums, luma->width_px, 2);
    if (status) {
        return status;
    }
    memcpy(noisy.data, luma->data,
           sizeof(float) * (size_t)luma->stride * (size_t)luma->height_px);
    for (int y = 0; y < luma->height_px; y++) {
        row_denoise(&noisy, y, reach, share, sums.data, plane_f_row(luma, y));
    }
    return STING_OK;
}

static enum sting_status luma_sharpen(struct plane_f *luma, float amount,
                                      float sigma_px)
{
    struct plane_f soft STING_AUTO(plane_f_release) = {0};
    enum sting_status status =
        plane_f_init(&soft, luma->width_px, luma->height_px);
    if (status) {
        return status;
    }
    size_t pixels = (size_t)luma->width_px * (size_t)luma->height_px;
    memcpy(soft.data, luma->data, sizeof(float) * pixels);
    status = blur_gauss(&soft, sigma_px);
    for (size_t i = 0; !status && i < pixels; i++) {
        luma->data[i] += amount * (luma->data[i] - soft.data[i]);
    }
    return status;
}

static void tone_curve(struct colour *colour, const float gain[3])
{
    size_t pixels =
        (size_t)colour_width(colour) * (size_t)colour_height(colour);
    for (int c = 0; c < 3; c++) {
        float *value = colour->channel[c].data;
        for (size_t i = 0; i < pixels; i++) {
            value[i] = colour_srgb(value[i] * gain[c]);
        }
    }
}

enum sting_status develop_picture(const struct develop *develop,
                                  struct colour *colour)
{
    tone_curve(colour, develop->gain);
    luma_split(colour);
    float chroma_px = 0.8F + 2.5F * develop->denoise;
    /* The tone curve has a slope of about 0.55 near white. */
    float reach = 0.55F * develop->noise * (1 + 2 * develop->denoise);
    enum sting_status status = blur_gauss(&colour->channel[0], chroma_px);
    status = status ? status : blur_gauss(&colour->channel[2], chroma_px);
    if (!status && develop->denoise > 0) {
        status = develop_denoise(&colour->channel[1], reach,
                                 0.9F * develop->denoise);
    }
    if (!status && develop->sharpen > 0) {
        status = luma_sharpen(&colour->channel[1], develop->sharpen,
                              develop->sharpen_px);
    }
    luma_join(colour);
    return status;
}
