#include "image/scale_space.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/filter.h"

#define SIGMA_GIVEN 0.5 /* of any picture, in its own pixels */
#define MOST_RADIUS 16

static void octave_release(struct octave *octave)
{
    for (int i = 0; i < SCALE_PLANES; i++) {
        plane_f_release(&octave->blurred[i]);
    }
}

void scale_space_release(struct scale_space *space)
{
    for (int i = 0; i < SCALE_MOST_OCTAVES; i++) {
        octave_release(&space->octave[i]);
    }
    *space = (struct scale_space){0};
}

double scale_space_sigma(double level)
{
    return SCALE_SIGMA * exp2(level / SCALE_LEVELS);
}

static int held(int i, int size)
{
    return i < 0 ? 0 : i >= size ? size - 1 : i;
}

/* One row between two, and each pixel twice as wide: straight lines between
 * pixel centres. */
static void double_row(const float *near, const float *far, float *to,
                       int width)
{
    for (int x = 0; x < 2 * width; x++) {
        int a = x / 2;
        int b = held(x % 2 ? a + 1 : a - 1, width);
        float first = 0.75F * near[a] + 0.25F * far[a];
        float second = 0.75F * near[b] + 0.25F * far[b];
        to[x] = 0.75F * first + 0.25F * second;
    }
}

static enum sting_status plane_double(const struct plane_f *plane,
                                      struct plane_f *out)
{
    int height = plane->height_px;
    enum sting_status status =
        plane_f_init(out, 2 * plane->width_px, 2 * height);
    for (int y = 0; !status && y < 2 * height; y++) {
        int a = y / 2;
        int b = held(y % 2 ? a + 1 : a - 1, height);
        double_row(plane_f_row(plane, a), plane_f_row(plane, b),
                   plane_f_row(out, y), plane->width_px);
    }
    return status;
}

/* Half the size, each pixel the mean of four. */
static enum sting_status plane_f_halve(const struct plane_f *plane,
                                       struct plane_f *out)
{
    enum sting_status status =
        plane_f_init(out, plane->width_px / 2, plane->height_px / 2);
    for (int y = 0; !status && y < out->height_px; y++) {
        const float *a = plane_f_row(plane, 2 * y);
        const float *b = plane_f_row(plane, 2 * y + 1);
        float *to = plane_f_row(out, y);
        for (int x = 0; x < out->width_px; x++) {
            const float *up = a + (ptrdiff_t)2 * x;
            const float *low = b + (ptrdiff_t)2 * x;
            to[x] = 0.25F * (up[0] + up[1] + low[0] + low[1]);
        }
    }
    return status;
}

/* The blur that makes `to` of `from`. */
static double blur_between(double from, double to)
{
    double square = to * to - from * from;
    return square > 0 ? sqrt(square) : 0;
}

/* Half a Gaussian, centre first, together (mirrored) of sum 1. */
struct taps {
    int radius;
    float half[MOST_RADIUS + 1];
};

static struct taps taps_of(double sigma)
{
    struct taps taps = {.radius =
                            (int)lround(fmin(ceil(3 * sigma), MOST_RADIUS))};
    double value[MOST_RADIUS + 1] = {0};
    double sum = 0;
    assert(taps.radius >= 0 && taps.radius <= MOST_RADIUS);
    for (int i = 0; i <= taps.radius; i++) {
        value[i] = exp(-0.5 * i * i / (sigma * sigma));
        sum += i ? 2 * value[i] : value[i];
    }
    for (int i = 0; i <= taps.radius; i++) {
        taps.half[i] = (float)(value[i] / sum);
    }
    return taps;
}

/* A stretch of pixels and its neighbours on both sides, k pixels away. */
struct stretch {
    const float *low[MOST_RADIUS + 1];
    const float *high[MOST_RADIUS + 1];
};

/* Eight pixels at a time, wherever they begin. */
typedef float lanes __attribute__((vector_size(32), aligned(4), may_alias));
#define LANES 8
#define BLOCK (2 * LANES)

static inline __attribute__((always_inline)) void taps_sum(
    const struct taps *taps, const struct stretch *from, int width, float *to)
{
    int x = 0;
    for (; x + BLOCK <= width; x += BLOCK) {
        const lanes *mid = (const lanes *)(from->low[0] + x);
        lanes first = taps->half[0] * mid[0];
        lanes second = taps->half[0] * mid[1];
        for (int k = 1; k <= taps->radius; k++) {
            const lanes *low = (const lanes *)(from->low[k] + x);
            const lanes *high = (const lanes *)(from->high[k] + x);
            first += taps->half[k] * (low[0] + high[0]);
            second += taps->half[k] * (low[1] + high[1]);
        }
        lanes *out = (lanes *)(to + x);
        out[0] = first;
        out[1] = second;
    }
    for (; x < width; x++) {
        float sum = taps->half[0] * from->low[0][x];
        for (int k = 1; k <= taps->radius; k++) {
            sum += taps->half[k] * (from->low[k][x] + from->high[k][x]);
        }
        to[x] = sum;
    }
}

typedef void summing(const struct taps *taps, const struct stretch *from,
                     int width, float *to);

static void taps_sum_plain(const struct taps *taps, const struct stretch *from,
                           int width, float *to)
{
    taps_sum(taps, from, width, to);
}

#if defined(__x86_64__)
/* Eight at a time; no fused products, so that all machines agree. */
__attribute__((target("avx2"))) static void taps_sum_avx2(
    const struct taps *taps, const struct stretch *from, int width, float *to)
{
    taps_sum(taps, from, width, to);
}
#endif

static summing *summing_choose(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        return taps_sum_avx2;
    }
#endif
    return taps_sum_plain;
}

/* `line` is as long as a row and two margins. */
static void rows_blur(const struct plane_f *from, const struct taps *taps,
                      float *line, struct plane_f *to)
{
    summing *sum = summing_choose();
    struct stretch stretch;
    int width = from->width_px;
    for (int k = 0; k <= taps->radius; k++) {
        stretch.low[k] = line + taps->radius - k;
        stretch.high[k] = line + taps->radius + k;
    }
    for (int y = 0; y < from->height_px; y++) {
        const float *row = plane_f_row(from, y);
        for (int k = 0; k < taps->radius; k++) {
            line[k] = row[0];
            line[taps->radius + width + k] = row[width - 1];
        }
        memcpy(line + taps->radius, row, (size_t)width * sizeof *line);
        sum(taps, &stretch, width, plane_f_row(to, y));
    }
}

static void columns_blur(const struct plane_f *from, const struct taps *taps,
                         struct plane_f *to)
{
    summing *sum = summing_choose();
    int height = from->height_px;
    for (int y = 0; y < height; y++) {
        struct stretch stretch;
        for (int k = 0; k <= taps->radius; k++) {
            stretch.low[k] = plane_f_row(from, held(y - k, height));
            stretch.high[k] = plane_f_row(from, held(y + k, height));
        }
        sum(taps, &stretch, from->width_px, plane_f_row(to, y));
    }
}

/* Room for blurring planes of one size. */
struct bench {
    struct plane_f half; /* owned: rows are blurred, columns not yet */
    float *line;         /* owned */
};

static void bench_release(struct bench *bench)
{
    plane_f_release(&bench->half);
    free(bench->line);
}

static enum sting_status bench_init(struct bench *out,
                                    const struct plane_f *plane)
{
    size_t width = (size_t)plane->width_px + (size_t)2 * MOST_RADIUS;
    out->line = reallocarray(NULL, width, sizeof *out->line);
    return out->line
               ? plane_f_init(&out->half, plane->width_px, plane->height_px)
               : STING_E_NOMEM;
}

/* Blur; to and from may be one plane. */
static void blur(const struct plane_f *from, double sigma, struct bench *bench,
                 struct plane_f *to)
{
    struct taps taps = taps_of(fmax(sigma, 0.1));
    rows_blur(from, &taps, bench->line, &bench->half);
    columns_blur(&bench->half, &taps, to);
}

static enum sting_status first_fill(struct octave *octave,
                                    const struct plane_f *plane, bool doubled)
{
    octave->px = doubled ? 0.5 : 1;
    return doubled ? plane_double(plane, &octave->blurred[0])
                   : plane_f_copy(plane, &octave->blurred[0]);
}

/* The level of twice the first sigma is the next octave's first. */
static enum sting_status next_fill(struct octave *octave,
                                   const struct octave *last)
{
    octave->px = 2 * last->px;
    return plane_f_halve(&last->blurred[SCALE_LEVELS], &octave->blurred[0]);
}

/* From the plane at hand, which is blurred by `given`, to all levels. */
static enum sting_status octave_blur(struct octave *octave, double given)
{
    struct bench bench STING_AUTO(bench_release) = {0};
    struct plane_f *level = octave->blurred;
    enum sting_status status = bench_init(&bench, &level[0]);
    if (!status && given < SCALE_SIGMA) {
        blur(&level[0], blur_between(given, SCALE_SIGMA), &bench, &level[0]);
    }
    for (int i = 1; !status && i < SCALE_PLANES; i++) {
        double sigma =
            blur_between(scale_space_sigma(i - 1), scale_space_sigma(i));
        status = plane_f_init(&level[i], level[0].width_px, level[0].height_px);
        if (!status) {
            blur(&level[i - 1], sigma, &bench, &level[i]);
        }
    }
    return status;
}

static bool is_large(const struct plane_f *plane)
{
    return plane->width_px >= SCALE_LEAST_SIDE &&
           plane->height_px >= SCALE_LEAST_SIDE;
}

enum sting_status scale_space_init(struct scale_space *out,
                                   const struct plane_f *plane, bool doubled)
{
    struct scale_space space STING_AUTO(scale_space_release) = {0};
    enum sting_status status = STING_OK;
    const struct plane_f *last = plane;
    while (!status && is_large(last) && space.octaves < SCALE_MOST_OCTAVES) {
        struct octave *octave = &space.octave[space.octaves];
        status = space.octaves ? next_fill(octave, octave - 1)
                               : first_fill(octave, plane, doubled);
        if (!status) {
            double given = SIGMA_GIVEN / octave->px;
            status = octave_blur(octave, space.octaves ? SCALE_SIGMA : given);
        }
        last = &octave->blurred[0];
        space.octaves += is_large(last);
    }
    if (!status) {
        *out = space;
        space = (struct scale_space){0};
    }
    return status;
}
