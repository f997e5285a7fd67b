#include "image/align.h"

#include <math.h>
#include <string.h>

#include "image/filter.h"
#include "image/linear.h"

#define UNKNOWNS 6
#define MOST_WIDTH 1024 /* of a box; wider ones are cut */
#define LEAST_SIDE 6
#define MOST_STEP 0.7 /* pixels a round */
#define CLOSE_ENOUGH 0.005
#define LEAST_GAIN 1e-3
#define PAPER 200.0F /* what gain leaves as it is */

void align_reference_release(struct align_reference *reference)
{
    plane_f_release(&reference->value);
    plane_f_release(&reference->across);
    plane_f_release(&reference->down);
}

static void slopes(const struct plane_f *value, struct plane_f *across,
                   struct plane_f *down)
{
    int width = value->width_px;
    int height = value->height_px;
    for (int y = 0; y < height; y++) {
        const float *row = plane_f_row(value, y);
        const float *up = plane_f_row(value, y > 0 ? y - 1 : y);
        const float *low = plane_f_row(value, y + 1 < height ? y + 1 : y);
        float *gx = plane_f_row(across, y);
        float *gy = plane_f_row(down, y);
        for (int x = 0; x < width; x++) {
            int l = x > 0 ? x - 1 : x;
            int r = x + 1 < width ? x + 1 : x;
            gx[x] = 0.5F * (row[r] - row[l]);
            gy[x] = 0.5F * (low[x] - up[x]);
        }
    }
}

enum sting_status align_reference_init(struct align_reference *out,
                                       const struct plane_f *plane,
                                       double blur_px)
{
    struct align_reference made STING_AUTO(align_reference_release) = {0};
    int width = plane->width_px;
    int height = plane->height_px;
    enum sting_status status = plane_f_copy(plane, &made.value);
    if (!status) {
        status = plane_blur(&made.value, blur_px);
    }
    if (!status) {
        status = plane_f_init(&made.across, width, height);
    }
    if (!status) {
        status = plane_f_init(&made.down, width, height);
    }
    if (status) {
        return status;
    }
    slopes(&made.value, &made.across, &made.down);
    *out = made;
    made = (struct align_reference){0};
    return STING_OK;
}

/* A displacement as whole pixels and the cubic weights of the rest. */
struct offset {
    int whole;
    float weight[4];
};

static struct offset offset_of(double displacement)
{
    struct offset offset;
    double down = floor(-displacement);
    offset.whole = (int)down;
    cubic_weights(-displacement - down, offset.weight);
    return offset;
}

/* plane(x - dx, y - dy) for one row of the box; the box lies far enough
 * inside for all that is read. */
static void shifted_row(const struct plane_f *plane, struct box box, int y,
                        const struct offset offset[2], float *out)
{
    int width = box.x1 - box.x0;
    memset(out, 0, (size_t)width * sizeof *out);
    for (int j = 0; j < 4; j++) {
        const float *row = plane_f_row(plane, y + offset[1].whole - 1 + j) +
                           box.x0 + offset[0].whole - 1;
        const float *w = offset[0].weight;
        float v = offset[1].weight[j];
        for (int x = 0; x < width; x++) {
            out[x] += v * (w[0] * row[x] + w[1] * row[x + 1] +
                           w[2] * row[x + 2] + w[3] * row[x + 3]);
        }
    }
}

/* Sums over the box of what the normal equations and the residual need. */
struct sums {
    double a[UNKNOWNS][UNKNOWNS];
    double b[UNKNOWNS];
    double square; /* of the photograph */
    double plain;
    double count;
};

/* One pixel's equation: photo = gain (value - paper) + light + slopes of
 * light - gain dx across - gain dy down. */
static void pixel_add(struct sums *sums, const double v[UNKNOWNS], double p)
{
    for (int i = 0; i < UNKNOWNS; i++) {
        for (int j = i; j < UNKNOWNS; j++) {
            sums->a[i][j] += v[i] * v[j];
        }
        sums->b[i] += v[i] * p;
    }
    sums->square += p * p;
    sums->plain += p;
    sums->count += 1;
}

static void box_sum(const struct align_reference *reference,
                    const struct plane_f *photo, struct box box,
                    const struct offset offset[2], struct sums *sums)
{
    float value[MOST_WIDTH];
    float across[MOST_WIDTH];
    float down[MOST_WIDTH];
    memset(sums, 0, sizeof *sums);
    for (int y = box.y0; y < box.y1; y++) {
        const float *p = plane_f_row(photo, y) + box.x0;
        shifted_row(&reference->value, box, y, offset, value);
        shifted_row(&reference->across, box, y, offset, across);
        shifted_row(&reference->down, box, y, offset, down);
        double low = (y - box.y0) / 50.0;
        for (int x = 0; x < box.x1 - box.x0; x++) {
            const double v[UNKNOWNS] = {(double)(value[x] - PAPER),
                                        1,
                                        x / 50.0,
                                        low,
                                        -(double)across[x],
                                        -(double)down[x]};
            pixel_add(sums, v, (double)p[x]);
        }
    }
}

static bool sums_solve(const struct sums *sums, struct normal_equations *normal,
                       double x[UNKNOWNS])
{
    normal_init(normal, UNKNOWNS);
    for (int i = 0; i < UNKNOWNS; i++) {
        for (int j = i; j < UNKNOWNS; j++) {
            normal->a[i * UNKNOWNS + j] = sums->a[i][j];
        }
        /* Far below any real slope: keeps a blank box solvable. */
        normal->a[i * UNKNOWNS + i] += 1e-6;
        normal->b[i] = sums->b[i];
    }
    return normal_solve(normal, x) == STING_OK && fabs(x[0]) > LEAST_GAIN;
}

/* |photo - model|^2 = p'p - 2 x'b + x'Ax; at the solution x'Ax = x'b. */
static void judge(const struct sums *sums,
                  const struct normal_equations *normal,
                  const double x[UNKNOWNS], struct alignment *out)
{
    double explained = 0;
    for (int i = 0; i < UNKNOWNS; i++) {
        explained += x[i] * sums->b[i];
    }
    double left = fmax(sums->square - explained, 0);
    double spread = sums->square - sums->plain * sums->plain / sums->count;
    out->residual = left / fmax(sums->count - UNKNOWNS, 1);
    out->gain = x[0];
    out->fit = spread > 0 ? 1 - left / spread : 0;
    double noise = out->residual / fmax(x[0] * x[0], 1e-4);
    out->var_x = noise * normal_variance(normal, 4);
    out->var_y = noise * normal_variance(normal, 5);
}

static double limited(double v, double most)
{
    return v > most ? most : v < -most ? -most : v;
}

/* The box cut so that every shifted read stays inside both planes. */
static bool box_cut(const struct align_reference *reference,
                    const struct plane_f *photo, double reach_px,
                    struct box *box)
{
    const struct plane_f *value = &reference->value;
    int margin = (int)ceil(reach_px) + 3;
    int width =
        value->width_px < photo->width_px ? value->width_px : photo->width_px;
    int height = value->height_px < photo->height_px ? value->height_px
                                                     : photo->height_px;
    box->x0 = box->x0 < margin ? margin : box->x0;
    box->y0 = box->y0 < margin ? margin : box->y0;
    box->x1 = box->x1 > width - margin ? width - margin : box->x1;
    box->y1 = box->y1 > height - margin ? height - margin : box->y1;
    if (box->x1 - box->x0 > MOST_WIDTH) {
        box->x1 = box->x0 + MOST_WIDTH;
    }
    return box->x1 - box->x0 >= LEAST_SIDE && box->y1 - box->y0 >= LEAST_SIDE;
}

bool align_box(const struct align_reference *reference,
               const struct plane_f *photo, struct box box, int rounds,
               double reach_px, struct alignment *out)
{
    struct alignment at = {.x = out->x, .y = out->y};
    double far = fmax(fabs(at.x), fabs(at.y)) + reach_px;
    if (!box_cut(reference, photo, far, &box)) {
        return false;
    }
    for (int round = 0; round < rounds; round++) {
        const struct offset offset[2] = {offset_of(at.x), offset_of(at.y)};
        struct normal_equations normal;
        struct sums sums;
        double x[UNKNOWNS];
        box_sum(reference, photo, box, offset, &sums);
        if (!sums_solve(&sums, &normal, x)) {
            return false;
        }
        judge(&sums, &normal, x, &at);
        double step_x = limited(x[4] / x[0], MOST_STEP);
        double step_y = limited(x[5] / x[0], MOST_STEP);
        at.x += step_x;
        at.y += step_y;
        if (fabs(at.x - out->x) > reach_px || fabs(at.y - out->y) > reach_px) {
            return false;
        }
        if (fabs(step_x) < CLOSE_ENOUGH && fabs(step_y) < CLOSE_ENOUGH) {
            break;
        }
    }
    *out = at;
    return true;
}
